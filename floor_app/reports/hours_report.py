"""Insertion hours of one contract and month, for the facilitator of the social clause: PDF on A4, or XLSX."""

import io
from dataclasses import asdict, dataclass
from datetime import date

from floor_app.reports.typeset import pdf_of
from floor_app.texts import Words, words


@dataclass(frozen=True, slots=True)
class PersonHours:
    name: str
    half_days: int
    minutes: int


@dataclass(frozen=True, slots=True)
class HoursReport:
    """`rows`: of the month. `done`, `asked`, `forecast`: minutes of the whole contract; `None` where nobody said what it asks for."""

    atelier: str
    contract: str
    month: date
    rows: tuple[PersonHours, ...]
    done: int
    asked: int | None
    forecast: int | None
    printed_on: date

    @property
    def month_minutes(self) -> int:
        return sum(row.minutes for row in self.rows)


def in_hours(minutes: int) -> str:
    """195 → « 3 h 15 » (Lexique des règles typographiques)."""
    return f"{minutes // 60}\u00a0h\u00a0{minutes % 60:02d}"


def hours_xlsx(report: HoursReport) -> bytes:
    """Minutes and decimal hours as numbers, so that they can be added up."""
    from openpyxl import Workbook
    from openpyxl.cell.cell import Cell
    from openpyxl.styles import Font

    t = words()
    book = Workbook()
    sheet = book.active
    assert sheet is not None, "a new workbook has a sheet"
    sheet.title = f"{report.month:%Y-%m}"
    for line in _head(report, t):
        sheet.append(line)
    sheet.append([])
    sheet.append(
        [t("hours.column_name"), t("hours.column_half_days"), t("hours.column_minutes"), t("hours.column_hours")]
    )
    for cell in sheet[sheet.max_row]:
        cell.font = Font(bold=True)
    for row in report.rows:
        sheet.append([row.name, row.half_days, row.minutes, round(row.minutes / 60, 2)])
        name = sheet.cell(sheet.max_row, 1)
        if isinstance(name, Cell):
            name.data_type = "s"  # a name that begins with = is a name
    sheet.append([t("hours.column_total"), None, report.month_minutes, round(report.month_minutes / 60, 2)])
    sheet.column_dimensions["A"].width = 36
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def hours_pdf(report: HoursReport) -> bytes:
    """One A4 page or more; texts go in as data, never as markup."""
    t = words()
    said = {
        "title": t("hours.report_title"),
        "head": [[str(part) for part in line] for line in _head(report, t)],
        "columns": [t("hours.column_name"), t("hours.column_half_days"), t("hours.column_hours")],
        "rows": [[row["name"], str(row["half_days"]), in_hours(row["minutes"])] for row in map(asdict, report.rows)],
        "total": [t("hours.column_total"), "", in_hours(report.month_minutes)],
        "signature": t("hours.report_signature"),
        "note": t("hours.report_note"),
    }
    return pdf_of(_PAGE, said)


def _head(report: HoursReport, t: Words) -> list[list[str]]:
    lines = [
        [t("hours.report_atelier"), report.atelier],
        [t("hours.report_contract"), report.contract],
        [t("hours.report_month"), f"{report.month:%m/%Y}"],
        [t("hours.report_done"), in_hours(report.done)],
    ]
    if report.asked is not None:
        lines.append([t("hours.report_asked"), in_hours(report.asked)])
    if report.forecast is not None:
        lines.append([t("hours.report_forecast"), in_hours(report.forecast)])
    return [*lines, [t("hours.report_printed"), f"{report.printed_on:%d/%m/%Y}"]]


_PAGE = b"""
#let said = json(bytes(sys.inputs.said))
#set page(paper: "a4", margin: 20mm, numbering: "1 / 1")
#set text(font: ("Libertinus Serif", "DejaVu Sans Condensed"), size: 11pt, lang: "fr")
#text(size: 17pt, weight: "bold", said.title)
#v(4mm)
#table(columns: (55mm, 1fr), stroke: none, inset: (x: 0mm, y: 1.4mm),
  ..said.head.map(line => (text(weight: "bold", line.at(0)), line.at(1))).flatten())
#v(4mm)
#table(columns: (1fr, 35mm, 35mm), align: (left, right, right), stroke: 0.5pt + gray, inset: 2mm,
  table.header(..said.columns.map(name => text(weight: "bold", name))),
  ..said.rows.flatten(),
  ..said.total.map(part => text(weight: "bold", part)))
#v(6mm)
#said.note
#v(16mm)
#said.signature
"""
