"""Lines of an order as people have them: pasted from a spreadsheet, or its file (CSV, XLSX). Faults are named by row; nothing is stored."""

import csv
import io
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from central.store.orders import OrderLine

MOST_ROWS = 2000
LARGEST_FILE = 4 * 1024 * 1024
LONGEST_SIZE, LONGEST_COLOUR, MOST_PIECES = 40, 60, 1_000_000
_NAMES = {
    "size": ("taille", "tailles", "size"),
    "colour": ("coloris", "couleur", "colour", "color"),
    "quantity": ("quantité", "quantite", "qté", "qte", "quantity", "pièces", "pieces", "nombre"),
}


@dataclass(frozen=True, slots=True)
class LineFault:
    """`row`: as the sheet counts them, from 1. `code`: no_size, bad_quantity, twice, too_long, too_many, unreadable, nothing."""

    row: int
    code: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class ReadLines:
    lines: tuple[OrderLine, ...]
    faults: tuple[LineFault, ...]

    @property
    def as_text(self) -> str:
        """To be read again: size; colour; quantity."""
        return "\n".join(f"{line.size};{line.colour};{line.quantity}" for line in self.lines)


def read_text(text: str) -> ReadLines:
    """`size;colour;quantity` or `size;quantity` a row; `;`, tab or comma; a first row of names may say otherwise."""
    first = next((row for row in text.splitlines() if row.strip()), "")
    delimiter = max(";\t,", key=first.count)
    return _read(list(csv.reader(io.StringIO(text), delimiter=delimiter)))


def read_file(content: bytes, *, filename: str) -> ReadLines:
    if len(content) > LARGEST_FILE:
        return _nothing("too_many")
    if filename.lower().endswith(".xlsx") or content[:2] == b"PK":
        return _read_book(content)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", "replace")
    return read_text(text)


def _read_book(content: bytes) -> ReadLines:
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        rows = book.worksheets[0].iter_rows(max_row=MOST_ROWS + 2, max_col=20, values_only=True)
        return _read([["" if cell is None else str(cell) for cell in row] for row in rows])
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, IndexError, OSError, EOFError):
        return _nothing("unreadable")


def _read(rows: Sequence[Sequence[str]]) -> ReadLines:
    numbered = [(number, [cell.strip() for cell in row]) for number, row in enumerate(rows, start=1)]
    filled = [(number, row) for number, row in numbered if any(row)]
    if not filled:
        return _nothing("nothing")
    places = _places(filled[0][1])
    if places:
        filled = filled[1:]
    if len(filled) > MOST_ROWS:
        return _nothing("too_many")
    lines: dict[tuple[str, str], OrderLine] = {}
    faults: list[LineFault] = []
    for number, row in filled:
        found = _line(row, places or _usual(row))
        if isinstance(found, str):
            faults.append(LineFault(number, found, " ; ".join(row)[:80]))
        elif (found.size, found.colour) in lines:
            faults.append(LineFault(number, "twice", f"{found.size} {found.colour}".strip()))
        else:
            lines[found.size, found.colour] = found
    if not lines and not faults:
        faults.append(LineFault(1, "nothing"))
    return ReadLines(tuple(lines.values()), tuple(faults))


def _line(row: Sequence[str], places: dict[str, int]) -> OrderLine | str:
    said = {name: row[place] if place < len(row) else "" for name, place in places.items()}
    size, colour, typed = said["size"], said.get("colour", ""), "".join(said["quantity"].split())
    if not size:
        return "no_size"
    if len(size) > LONGEST_SIZE or len(colour) > LONGEST_COLOUR or not (size + colour).isprintable():
        return "too_long"
    whole = typed[:-2] if typed.endswith((".0", ",0")) else typed
    if not (whole.isascii() and whole.isdigit() and 0 < int(whole[:9]) <= MOST_PIECES and len(whole) < 9):
        return "bad_quantity"
    return OrderLine(size, colour, int(whole))


def _places(row: Sequence[str]) -> dict[str, int]:
    """Of the columns a first row names; empty where it names none."""
    found = dict(_named(row))
    return found if {"size", "quantity"} <= found.keys() else {}


def _named(row: Sequence[str]) -> Iterator[tuple[str, int]]:
    for place, cell in enumerate(row):
        for name, spellings in _NAMES.items():
            if cell.lower() in spellings:
                yield name, place


def _usual(row: Sequence[str]) -> dict[str, int]:
    """Without titles: two columns are sizes and quantities, more have the colour between them."""
    filled = max((place for place, cell in enumerate(row, start=1) if cell), default=0)
    return {"size": 0, "quantity": 1} if filled == 2 else {"size": 0, "colour": 1, "quantity": 2}


def _nothing(code: str) -> ReadLines:
    return ReadLines((), (LineFault(0, code),))
