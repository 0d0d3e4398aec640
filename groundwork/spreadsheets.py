"""Tables for a spreadsheet: CSV as French ones read it (`;`, decimal comma, BOM), and XLSX. No cell is run as a formula."""

import csv
import io
from collections.abc import Iterable, Sequence

Cell = str | int | float | None
Rows = Iterable[Sequence[Cell]]

_RUNS_IN_A_SPREADSHEET = ("=", "+", "-", "@", "\t", "\r")
_WIDEST = 48


def csv_of(rows: Rows) -> bytes:
    """UTF-8 with BOM; the first row has the names of the columns."""
    written = io.StringIO(newline="")
    writer = csv.writer(written, delimiter=";", lineterminator="\r\n")
    writer.writerows([_as_text(cell) for cell in row] for row in rows)
    return written.getvalue().encode("utf-8-sig")


def xlsx_of(sheets: Iterable[tuple[str, Sequence[Sequence[Cell]]]]) -> bytes:
    """(title, rows) of each sheet, the first row in bold. A number stays a number, so that it can be added up."""
    from openpyxl import Workbook
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    book = Workbook()
    book.remove(book.worksheets[0])
    for title, rows in sheets:
        sheet = book.create_sheet(title[:31])
        for number, row in enumerate(rows, start=1):
            for column, value in enumerate(row, start=1):
                cell = sheet.cell(number, column, value)
                if isinstance(value, str):
                    cell.data_type = "s"  # a text that begins with = is a text
                if number == 1:
                    cell.font = Font(bold=True)
        for column in range(1, sheet.max_column + 1):
            longest = max((len(str(row[column - 1])) for row in rows if len(row) >= column), default=8)
            sheet.column_dimensions[get_column_letter(column)].width = min(longest + 2, _WIDEST)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def harmless(text: str) -> str:
    """A leading apostrophe keeps a spreadsheet from running a text as a formula (OWASP, CSV injection)."""
    return f"'{text}" if text.startswith(_RUNS_IN_A_SPREADSHEET) else text


def _as_text(cell: Cell) -> str:
    if isinstance(cell, float):
        return str(cell).replace(".", ",")
    return "" if cell is None else harmless(cell) if isinstance(cell, str) else str(cell)
