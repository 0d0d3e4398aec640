"""What goes with bundles to another atelier, on A4: the delivery note people sign, and the codes that are scanned on arrival.

The codes are QR at level M, version 13 at most, in modules of 0.65 mm: cheap scanners read them from an office printer's paper.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from floor_app.domain.codes import grouped
from floor_app.domain.note_parts import parts_of
from floor_app.domain.transfers import Note, NoteBundle
from floor_app.note_files import Receipt
from floor_app.reports.typeset import pdf_of
from floor_app.texts import Words, grouped_number, words

MODULE_MM = 0.65
QUIET_MODULES = 4


@dataclass(frozen=True, slots=True)
class NotePaper:
    """A note and the signed file that its codes say."""

    note: Note
    content: bytes
    language: str = "fr"


@dataclass(frozen=True, slots=True)
class ReceiptPaper:
    """A receipt of a note: `note` as the sender wrote it; `receiver_name`: who received."""

    receipt: Receipt
    note: Note
    receiver_name: str
    content: bytes
    language: str = "fr"


def note_pdf(paper: NotePaper) -> bytes:
    """The delivery note with its codes; without them where they would be too many, and then it says so."""
    note, t = paper.note, words(paper.language)
    said = {
        "title": t("transfers.paper_title"),
        "code": note.code,
        "date": _french(note.sent_on),
        "from": [t("transfers.paper_from"), note.sender_name, note.sender],
        "to": [t("transfers.paper_to"), note.to_name, note.to],
        "facts": _facts(note, t),
        "columns": [t(f"transfers.column_{name}") for name in ("bundle", "size", "colour", "shade", "code", "pieces")],
        "rows": [_row(bundle, bundle.pieces, t) for bundle in note.bundles],
        "total": _total(len(note.bundles), note.pieces, t),
        "signatures": [t("transfers.paper_handed_over"), t("transfers.paper_received")],
        **_codes(paper.content, t("transfers.paper_scan"), t),
    }
    return pdf_of(_PAGE, said)


def receipt_pdf(paper: ReceiptPaper) -> bytes:
    """What arrived, for the sender: the same page, with the pieces that were counted on arrival."""
    note, received, t = paper.note, dict(paper.receipt.bundles), words(paper.language)
    said = {
        "title": t("transfers.paper_receipt_title"),
        "code": note.code,
        "date": _french(note.sent_on),
        "from": [t("transfers.paper_receipt_by"), paper.receiver_name, paper.receipt.receiver],
        "to": [t("transfers.paper_receipt_for"), note.sender_name, note.sender],
        "facts": _facts(note, t),
        "columns": [t(f"transfers.column_{name}") for name in ("bundle", "size", "colour", "sent", "code", "received")],
        "rows": [
            [*row[:3], grouped_number(bundle.pieces), *row[4:]]
            for bundle in note.bundles
            for row in [_row(bundle, received.get(bundle.code, 0), t)]
        ],
        "total": _total(len(note.bundles), sum(received.values()), t),
        "signatures": [t("transfers.paper_received")],
        **_codes(paper.content, t("transfers.paper_receipt_scan"), t),
    }
    return pdf_of(_PAGE, said)


def code_drawing(text: str) -> tuple[str, int]:
    """(SVG of a QR at level M in its quiet zone, one unit per module; modules along a side)."""
    import qrcode

    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, border=QUIET_MODULES)
    code.add_data(text)
    rows = code.get_matrix()
    dark = "".join(f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, is_dark in enumerate(row) if is_dark)
    side = len(rows)
    box = f'xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" shape-rendering="crispEdges"'
    return f'<svg {box}><rect width="{side}" height="{side}" fill="#fff"/><path d="{dark}"/></svg>', side


def _codes(content: bytes, how: str, t: Words) -> dict[str, object]:
    parts = parts_of(content)
    drawn = [code_drawing(part) for part in parts]
    return {
        "how": how if parts else t("transfers.paper_no_codes"),
        "codes": [
            {
                "svg": svg,
                "side_mm": side * MODULE_MM,
                "number": t("transfers.paper_part", n=number, of=len(parts)),
                "about": t("transfers.paper_part_alt", n=number, of=len(parts)),
            }
            for number, (svg, side) in enumerate(drawn, start=1)
        ],
    }


def _facts(note: Note, t: Words) -> list[list[str]]:
    named = (("order", note.order), ("style", note.style), ("client", note.client), ("contract", note.contract))
    return [[t(f"transfers.paper_{name}"), value] for name, value in named if value]


def _row(bundle: NoteBundle, pieces: int, t: Words) -> list[str]:
    number = t("transfers.number_of", n=bundle.number, of=bundle.bundle_count)
    return [number, bundle.size, bundle.colour, bundle.shade, grouped(bundle.code), grouped_number(pieces)]


def _total(bundles: int, pieces: int, t: Words) -> Sequence[str]:
    return [t("common.bundles", count=bundles), t("transfers.pieces", count=pieces, n=grouped_number(pieces))]


def _french(day: str) -> str:
    return f"{date.fromisoformat(day):%d/%m/%Y}"


_PAGE = b"""
#let said = json(bytes(sys.inputs.said))
#set document(title: said.title + " " + said.code, date: none)
#set page(paper: "a4", margin: (x: 15mm, top: 15mm, bottom: 18mm),
  footer: context [#set text(size: 9pt); #said.code #h(1fr) #counter(page).display("1 / 1", both: true)])
#set text(font: ("Libertinus Serif", "DejaVu Sans"), size: 11pt, lang: "fr")
#let bold(it) = text(weight: "bold", it)
#grid(columns: (1fr, auto), align: (left, right + bottom),
  [#text(size: 20pt, bold(said.title)) \\ #text(font: "DejaVu Sans Mono", size: 15pt, weight: "bold", said.code)],
  text(size: 13pt, said.date))
#v(3mm)
#grid(columns: (1fr, 1fr), gutter: 6mm,
  ..(said.from, said.to).map(who => rect(width: 100%, inset: 3mm, radius: 1.5mm, stroke: 0.6pt)[
    #text(size: 9pt, who.at(0)) \\ #text(size: 14pt, bold(who.at(1))) \\ #who.at(2)]))
#v(1mm)
#grid(columns: (auto, 1fr), column-gutter: 6mm, row-gutter: 2mm,
  ..said.facts.map(fact => (fact.at(0), text(weight: "bold", fact.at(1)))).flatten())
#v(2mm)
#table(columns: (auto, auto, 1fr, auto, auto, auto), align: (left, left, left, left, left, right), stroke: 0.5pt + luma(130),
  inset: (x: 2mm, y: 1.5mm),
  table.header(..said.columns.map(bold)),
  ..said.rows.map(row => (text(weight: "bold", row.at(0)), row.at(1), row.at(2), row.at(3),
    text(font: "DejaVu Sans Mono", size: 9pt, row.at(4)), text(weight: "bold", row.at(5)))).flatten(),
  table.cell(colspan: 4, text(size: 13pt, bold(said.total.at(0)))),
  table.cell(colspan: 2, align: right, text(size: 13pt, bold(said.total.at(1)))))
#v(3mm)
#grid(columns: (1fr,) * said.signatures.len(), gutter: 6mm,
  ..said.signatures.map(what => rect(width: 100%, height: 24mm, inset: 2.5mm, radius: 1.5mm, stroke: 0.6pt, text(size: 9pt, what))))
#v(4mm)
// As many as fit a page stay on one: nobody looks for the last code on the back.
#block(breakable: said.codes.len() > 12, width: 100%)[
  #block(sticky: true, text(size: 12pt, bold(said.how)))
  #grid(columns: (1fr,) * 3, row-gutter: 3mm, align: center,
    ..said.codes.map(code => block(breakable: false)[
      #text(size: 15pt, bold(code.number)) #v(-3mm)
      #image(bytes(code.svg), format: "svg", width: code.side_mm * 1mm, alt: code.about)]))
]
"""
