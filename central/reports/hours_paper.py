"""Insertion hours of a contract: CSV, XLSX, and a page on A4."""

from collections.abc import Sequence

from central.counting_hours import ContractHours, HoursRow
from central.reports.wording import day, hours, moment, people
from central.texts import Words
from groundwork.spreadsheets import Cell, csv_of, xlsx_of
from groundwork.typeset import pdf_of


def hours_csv(counted: ContractHours, t: Words) -> bytes:
    """By month, then by atelier; minutes, and hours with decimals, as numbers."""
    head: list[Cell] = [t("contracts.column_contract"), t("contracts.column_month"), t("contracts.column_atelier")]
    rows = [[counted.contract.contract, row.key, "", *_cells(row, t)] for row in counted.months]
    rows += [[counted.contract.contract, "", row.name, *_cells(row, t)] for row in counted.ateliers]
    return csv_of([[*head, *_figure_names(t)], *rows])


def hours_xlsx(counted: ContractHours, network: str, as_of_ms: int, t: Words) -> bytes:
    sheets: list[tuple[str, list[list[Cell]]]] = [
        (t("contracts.paper_title"), [[t("contracts.paper_title"), ""], *head_of(counted, network, as_of_ms, t)]),
        (t("contracts.by_month"), _rows(t("contracts.column_month"), counted.months, t)),
    ]
    if counted.ateliers:
        sheets.append((t("contracts.by_atelier"), _rows(t("contracts.column_atelier"), counted.ateliers, t)))
    return xlsx_of(sheets)


def hours_pdf(counted: ContractHours, network: str, as_of_ms: int, t: Words) -> bytes:
    said = {
        "language": t("faults.language"),
        "title": t("contracts.paper_title"),
        "code": counted.contract.contract,
        "head": head_of(counted, network, as_of_ms, t),
        "tables": [
            _printed(t("contracts.by_month"), t("contracts.column_month"), counted.months, t),
            *(
                [_printed(t("contracts.by_atelier"), t("contracts.column_atelier"), counted.ateliers, t)]
                if counted.ateliers
                else []
            ),
        ],
        "people": t("contracts.people_means"),
        "none": "" if counted.months else t("contracts.no_hours"),
    }
    return pdf_of(_PAGE, said)


def head_of(counted: ContractHours, network: str, as_of_ms: int, t: Words) -> list[list[Cell]]:
    """Of one atelier's own hours: no target, which is all ateliers' together."""
    contract = counted.contract
    lines: list[list[Cell]] = [
        [t("contracts.paper_network"), network],
        [t("contracts.column_contract"), contract.contract],
        [t("contracts.column_title"), contract.title],
        [t("contracts.column_buyer"), contract.buyer],
    ]
    if counted.term is not None:
        term = t("contracts.term", first=day(counted.term.first), last=day(counted.term.last))
        lines.append([t("contracts.column_term"), term])
    lines.append([t("contracts.done"), hours(counted.done, t)])
    if counted.due and not counted.own:
        lines.append([t("contracts.due"), hours(counted.due, t)])
    if counted.forecast is not None:
        lines.append([t("contracts.forecast"), hours(counted.forecast, t)])
    lines.append([t("contracts.paper_as_of"), moment(as_of_ms)])
    return [line for line in lines if line[1]]


def _figure_names(t: Words) -> list[Cell]:
    return [t("contracts.column_minutes"), t("contracts.column_hours"), t("contracts.column_people")]


def _cells(row: HoursRow, t: Words) -> list[Cell]:
    return [row.minutes, round(row.minutes / 60, 2), people(row.people, t)]


def _rows(first: str, rows: Sequence[HoursRow], t: Words) -> list[list[Cell]]:
    total = sum(row.minutes for row in rows)
    listed: list[list[Cell]] = [[row.name, *_cells(row, t)] for row in rows]
    return [[first, *_figure_names(t)], *listed, [t("contracts.total"), total, round(total / 60, 2), ""]]


def _printed(title: str, first: str, rows: Sequence[HoursRow], t: Words) -> dict[str, object]:
    return {
        "title": title,
        "columns": [first, t("contracts.column_hours"), t("contracts.column_people")],
        "rows": [[row.name, hours(row.minutes, t), people(row.people, t)] for row in rows],
        "total": [t("contracts.total"), hours(sum(row.minutes for row in rows), t), ""],
    }


_PAGE = b"""
#let said = json(bytes(sys.inputs.said))
#set document(title: said.title + " " + said.code, date: none)
#set page(paper: "a4", margin: (x: 18mm, top: 18mm, bottom: 18mm),
  footer: context [#set text(size: 9pt); #said.title #said.code #h(1fr) #counter(page).display("1 / 1", both: true)])
#set text(font: "Libertinus Serif", size: 11pt, lang: said.language)
#let bold(it) = text(weight: "bold", it)
#text(size: 20pt, bold(said.title)) \\
#text(font: "DejaVu Sans Mono", size: 14pt, weight: "bold", said.code)
#v(2mm)
#grid(columns: (auto, 1fr), column-gutter: 6mm, row-gutter: 2.2mm,
  ..said.head.map(fact => (fact.at(0), bold(fact.at(1)))).flatten())
#said.none
#for one in said.tables [
  #if one.rows.len() > 0 [
    #block(sticky: true, above: 7mm, below: 3mm, text(size: 13pt, bold(one.title)))
    #table(columns: (1fr, 38mm, 45mm), align: (left, right, right), inset: 2mm,
      stroke: (_, row) => (bottom: 0.4pt + luma(150), top: if row == 0 { 0.4pt + luma(150) } else { 0pt }),
      fill: (_, row) => if row == 0 { luma(238) },
      table.header(..one.columns.map(bold)),
      ..one.rows.flatten(),
      ..one.total.map(bold))
  ]
]
#v(4mm)
#text(size: 9.5pt, said.people)
"""
