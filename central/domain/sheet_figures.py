"""What a day sheet adds to the totals of the network. Totals of days add up, so a later revision adds the difference. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from operator import add, attrgetter, sub
from typing import Any

from contract import day_sheets


@dataclass(frozen=True, slots=True, order=True)
class LineKey:
    """`allocation`: as the atelier says it, or ""."""

    order: str
    allocation: str
    size: str
    colour: str


@dataclass(frozen=True, slots=True)
class Figures:
    """Pieces. `sewn`: good at the last step of the section sew; `finished`: good at the order's last step; both with presumed ones.

    `in_rework`: a change, may be negative. `presumed`: of those finished, so many by no scan of their own.
    `mentions`: how many lines of sheets say anything of it.
    """

    cut: int = 0
    sewn: int = 0
    finished: int = 0
    second: int = 0
    rejected: int = 0
    missing: int = 0
    in_rework: int = 0
    shipped: int = 0
    received: int = 0
    presumed: int = 0
    mentions: int = 0

    def __add__(self, other: "Figures") -> "Figures":
        return Figures(*map(add, _figures(self), _figures(other)))

    def __sub__(self, other: "Figures") -> "Figures":
        return Figures(*map(sub, _figures(self), _figures(other)))

    @property
    def in_progress(self) -> int:
        """The law of the floor, solved for what is under way."""
        gone = self.finished + self.second + self.rejected + self.missing + self.shipped
        return self.cut + self.received - gone - self.in_rework


NOTHING = Figures()
NAMES = tuple(field.name for field in fields(Figures))
_figures = attrgetter(*NAMES)  # astuple copies deeply, and takes ten times as long
FigureTable = dict[LineKey, Figures]


@dataclass(frozen=True, slots=True, order=True)
class NoteKey:
    """A delivery note between two ateliers. Its code is the sender's own."""

    sender: str
    note: str
    receiver: str


@dataclass(frozen=True, slots=True)
class NoteFigures:
    """What sheets say of a note. Lines are counted because a sheet may take a line back."""

    sent: int = 0
    received: int = 0
    lines_sent: int = 0
    lines_cancelled: int = 0
    lines_received: int = 0

    def __add__(self, other: "NoteFigures") -> "NoteFigures":
        return NoteFigures(*map(add, _note_figures(self), _note_figures(other)))

    def __sub__(self, other: "NoteFigures") -> "NoteFigures":
        return NoteFigures(*map(sub, _note_figures(self), _note_figures(other)))


_note_figures = attrgetter(*(field.name for field in fields(NoteFigures)))


def counts_agree(sheet: Mapping[str, Any]) -> bool:
    """A sheet whose control totals its counts do not bear out is kept and shown, and adds nothing."""
    return not day_sheets.control_gaps(sheet)


def figures_of(sheet: Mapping[str, Any] | None) -> FigureTable:
    """Of one sheet, by order line; of none, or of one that does not agree with itself, nothing."""
    if sheet is None or not counts_agree(sheet):
        return {}
    found: FigureTable = {}
    for row in sheet["cut"]:
        _add(found, row, Figures(cut=row["pieces"]))
    for row in sheet["counts"]:
        _add(found, row, _of_count(row))
    for row in sheet["transfers"]:
        _add(found, row, _of_transfer(row))
    return {key: figures + Figures(mentions=1) for key, figures in found.items()}


def notes_of(sheet: Mapping[str, Any] | None) -> dict[NoteKey, NoteFigures]:
    """What one sheet says of delivery notes; the same that is left out of totals is left out here."""
    if sheet is None or not counts_agree(sheet):
        return {}
    found: dict[NoteKey, NoteFigures] = {}
    for row in sheet["transfers"]:
        key, figures = _of_note(sheet["atelier"], row)
        found[key] = found.get(key, NoteFigures()) + figures
    return found


def added(new: Mapping[Any, Any], old: Mapping[Any, Any], nothing: Any) -> dict[Any, Any]:
    """new - old, line by line; lines that stay as they are are left out."""
    differences = {key: new.get(key, nothing) - old.get(key, nothing) for key in sorted({*new, *old})}
    return {key: difference for key, difference in differences.items() if difference != nothing}


def in_all(tables: Iterable[tuple[Any, Figures]]) -> dict[Any, Figures]:
    """Figures that have the same key, added up, by key."""
    found: dict[Any, Figures] = {}
    for key, figures in tables:
        found[key] = found.get(key, NOTHING) + figures
    return found


def _add(table: FigureTable, row: Mapping[str, Any], figures: Figures) -> None:
    key = LineKey(row["order"], row["allocation"], row["size"], row["colour"])
    table[key] = table.get(key, NOTHING) + figures


def _of_count(row: Mapping[str, Any]) -> Figures:
    passed = row["good"] + row["presumed"]
    return Figures(
        sewn=passed if row["section"] == "sew" and row.get("section_last") else 0,
        finished=passed if row["last"] else 0,
        second=row["second"],
        rejected=row["rejected"],
        missing=row["declared_missing"],
        in_rework=row["to_rework"] - row["from_rework"],
        presumed=row["presumed"] if row["last"] else 0,
    )


def _of_transfer(row: Mapping[str, Any]) -> Figures:
    sent = row["direction"] == "sent"
    return Figures(shipped=row["sent"] if sent else 0, received=0 if sent else row["received"])


def _of_note(atelier: str, row: Mapping[str, Any]) -> tuple[NoteKey, NoteFigures]:
    if row["direction"] == "sent":
        cancelled = int(row["state"] == "cancelled")
        figures = NoteFigures(sent=row["sent"], lines_sent=1, lines_cancelled=cancelled)
        return NoteKey(atelier, row["note"], row["atelier"]), figures
    return NoteKey(row["atelier"], row["note"], atelier), NoteFigures(received=row["received"], lines_received=1)
