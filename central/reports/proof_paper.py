"""A proof on A4 and as a spreadsheet: the same rows."""

from collections.abc import Sequence

from central.domain.sheet_figures import Figures
from central.proving import AtelierCheck, Proof, ProofNote
from central.reports.wording import day, days, moment
from central.texts import Words
from groundwork.spreadsheets import Cell, xlsx_of
from groundwork.typeset import pdf_of
from groundwork.words import grouped_number

FIGURES = ("cut", "sewn", "finished", "second", "rejected", "missing", "in_progress")
NOTES_NOT_CERTIFIED = 3


def proof_pdf(proof: Proof, network: str, t: Words) -> bytes:
    said = {
        "language": t("faults.language"),
        "title": t("proof.title"),
        "code": proof.order.code,
        "head": _head(proof, network, t),
        "quantities": _table(t("proof.quantities"), _quantity_rows(proof, t), "", total=True),
        "places": _table(t("proof.places"), _place_rows(proof, t), t("proof.no_places")),
        "notes": _table(t("proof.notes"), _note_rows(proof, t), t("proof.no_notes")),
        "checks": _table(t("proof.checks"), _check_rows(proof, t), t("proof.no_places")),
        "law": [in_and_out(proof, t), t("proof.law_holds" if proof.law_holds else "proof.law_broken")],
        "not_certified": [t("proof.not_certified"), *not_certified(t)],
    }
    return pdf_of(_PAGE, said)


def proof_xlsx(proof: Proof, network: str, t: Words) -> bytes:
    """A sheet for each table; pieces by section, place, day, size and colour beside."""
    remarks = [[text] for text in (in_and_out(proof, t), *not_certified(t))]
    return xlsx_of(
        [
            (t("proof.title"), [[t("proof.title"), proof.order.code], *_head(proof, network, t), [], *remarks]),
            (t("proof.quantities"), _quantity_rows(proof, t)),
            (t("proof.places"), _place_rows(proof, t)),
            (t("proof.column_day"), _day_rows(proof, t)),
            (t("proof.notes"), _note_rows(proof, t)),
            (t("proof.checks"), _check_rows(proof, t)),
        ]
    )


def state_of(note: ProofNote, t: Words) -> str:
    if note.cancelled:
        return t("proof.state_cancelled")
    if note.received_day is None:
        return t("proof.state_transit")
    if note.sent_day is None:
        return t("proof.state_unannounced")
    return t("proof.state_agreed") if note.agreed else t("proof.state_differs", n=abs(note.sent - note.received))


def section_name(section: str, t: Words) -> str:
    key = f"proof.section_{section}"
    return t(key) if t.has(key) else section


def in_and_out(proof: Proof, t: Words) -> str:
    total = proof.total
    shown = {name: grouped_number(getattr(total, name)) for name in ("received", "shipped", "in_rework", "presumed")}
    return t("proof.in_and_out", **shown)


def not_certified(t: Words) -> list[str]:
    return [t(f"proof.not_certified_{number}") for number in range(1, NOTES_NOT_CERTIFIED + 1)]


def _head(proof: Proof, network: str, t: Words) -> list[list[Cell]]:
    order = proof.order
    known: tuple[tuple[str, str], ...] = (
        ("network", network),
        ("client", order.client),
        ("contract", order.contract),
        ("style", order.style),
        ("due", day(order.due)),
        ("as_of", moment(proof.as_of_ms)),
    )
    return [[t(f"proof.{name}"), value] for name, value in known if value]


def _quantity_rows(proof: Proof, t: Words) -> list[list[Cell]]:
    names = ("size", "colour", "ordered", *FIGURES)
    rows: list[list[Cell]] = [[t(f"proof.column_{name}") for name in names]]
    rows += [[line.size, line.colour, line.ordered, *_numbers(line.figures)] for line in proof.lines]
    return [*rows, [t("proof.total"), "", proof.ordered, *_numbers(proof.total)]]


def _numbers(figures: Figures) -> list[Cell]:
    return [getattr(figures, name) for name in FIGURES]


def _place_rows(proof: Proof, t: Words) -> list[list[Cell]]:
    rows: list[list[Cell]] = [[t(f"proof.column_{name}") for name in ("section", "atelier", "first", "last", "pieces")]]
    return rows + [
        [section_name(one.section, t), one.name, day(one.first_day), day(one.last_day), one.pieces]
        for one in proof.places
    ]


def _day_rows(proof: Proof, t: Words) -> list[list[Cell]]:
    rows: list[list[Cell]] = [
        [t(f"proof.column_{name}") for name in ("section", "atelier", "day", "size", "colour", "pieces")]
    ]
    return rows + [
        [
            section_name(row.section, t),
            proof.names.get(row.atelier, row.atelier),
            day(row.day),
            row.size,
            row.colour,
            row.pieces,
        ]
        for row in proof.rows
    ]


def _note_rows(proof: Proof, t: Words) -> list[list[Cell]]:
    rows: list[list[Cell]] = [
        [t(f"proof.column_{name}") for name in ("note", "from", "to", "sent", "received", "state")]
    ]
    return rows + [
        [
            note.note,
            proof.names.get(note.sender, note.sender),
            proof.names.get(note.receiver, note.receiver),
            _moved(note.sent, note.sent_day),
            _moved(note.received, note.received_day),
            state_of(note, t),
        ]
        for note in proof.notes
    ]


def _moved(pieces: int, on: object) -> str:
    return f"{grouped_number(pieces)} ({day(str(on))})" if on else "–"


def _check_rows(proof: Proof, t: Words) -> list[list[Cell]]:
    names = ("atelier", "between", "agreeing", "gaps", "missing_days", "unsure")
    rows: list[list[Cell]] = [[t(f"proof.column_{name}") for name in names]]
    return rows + [_check_row(check, t) for check in proof.checks]


def _check_row(check: AtelierCheck, t: Words) -> list[Cell]:
    between = f"{day(check.first_day)} – {day(check.last_day)}"
    lists = (days(values, t) for values in (check.gaps, check.missing, check.unsure))
    return [check.name, between, check.agreeing, *lists]


def _table(title: str, rows: Sequence[Sequence[Cell]], when_empty: str, *, total: bool = False) -> dict[str, object]:
    """`numbers`: columns that stand to the right. `total`: of the last row."""
    numbers = [column for column in range(len(rows[0])) if any(isinstance(row[column], int) for row in rows[1:])]
    shown = [[grouped_number(cell) if isinstance(cell, int) else str(cell) for cell in row] for row in rows]
    return {
        "title": title,
        "columns": shown[0],
        "rows": shown[1:-1] if total else shown[1:],
        "total": shown[-1] if total else [],
        "numbers": numbers,
        "empty": when_empty if len(rows) == 1 else "",
    }


_PAGE = b"""
#let said = json(bytes(sys.inputs.said))
#set document(title: said.title + " " + said.code, date: none)
#set page(paper: "a4", margin: (x: 16mm, top: 16mm, bottom: 18mm),
  footer: context [#set text(size: 9pt); #said.title #said.code #h(1fr) #counter(page).display("1 / 1", both: true)])
#set text(font: "Libertinus Serif", size: 10.5pt, lang: said.language)
#let bold(it) = text(weight: "bold", it)
#let part(one) = {
  block(sticky: true, above: 7mm, below: 3mm, text(size: 13pt, bold(one.title)))
  if one.empty != "" { one.empty } else {
    set text(size: if one.columns.len() > 7 { 8.5pt } else { 9.5pt })
    table(columns: one.columns.enumerate().map(((n, name)) => if one.numbers.contains(n) { auto } else { 1fr }),
      align: (n, _) => (if one.numbers.contains(n) { right } else { left }) + horizon,
      stroke: (_, row) => (bottom: 0.4pt + luma(150), top: if row == 0 { 0.4pt + luma(150) } else { 0pt }),
      fill: (_, row) => if row == 0 { luma(238) },
      inset: (x: 1.6mm, y: 1.5mm),
      table.header(..one.columns.map(bold)),
      ..one.rows.map(row => row.map(cell => table.cell(breakable: false, cell))).flatten(),
      ..one.total.map(bold))
  }
}
#text(size: 20pt, bold(said.title)) \\
#text(font: "DejaVu Sans Mono", size: 14pt, weight: "bold", said.code)
#v(2mm)
#grid(columns: (auto, 1fr), column-gutter: 6mm, row-gutter: 2mm,
  ..said.head.map(fact => (fact.at(0), bold(fact.at(1)))).flatten())
#part(said.quantities)
#v(1mm)
#said.law.at(0)
#part(said.places)
#part(said.notes)
#part(said.checks)
#v(1mm)
#said.law.at(1)
#block(breakable: false, above: 7mm, width: 100%, inset: 3.5mm, radius: 1.5mm, stroke: 0.6pt)[
  #text(size: 12pt, bold(said.not_certified.first()))
  #list(..said.not_certified.slice(1))]
"""
