"""What a day sheet adds to the totals of the network. Totals of days add up, so a later revision adds the difference. Pure."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, fields
from operator import add, attrgetter, itemgetter, sub
from typing import Any


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
        return Figures(*map(add, columns_of(self), columns_of(other)))

    def __sub__(self, other: "Figures") -> "Figures":
        return Figures(*map(sub, columns_of(self), columns_of(other)))

    @property
    def in_progress(self) -> int:
        """The law of the floor, solved for what is under way."""
        gone = self.finished + self.second + self.rejected + self.missing + self.shipped
        return self.cut + self.received - gone - self.in_rework


NOTHING = Figures()
NAMES = tuple(field.name for field in fields(Figures))
columns_of = attrgetter(*NAMES)  # astuple copies deeply, and takes ten times as long
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


def figures_of(sheet: Mapping[str, Any] | None) -> FigureTable:
    """Of one sheet that agrees with itself, by order line; of none, nothing."""
    if sheet is None:
        return {}
    found: _Sums = defaultdict(_mentioned)
    for row in sheet["cut"]:
        _line(found, row)[_CUT] += row["pieces"]
    for row in sheet["counts"]:
        _add_count(_line(found, row), row)
    for row in sheet["transfers"]:
        sent = row["direction"] == "sent"
        _line(found, row)[_SHIPPED if sent else _RECEIVED] += row["sent" if sent else "received"]
    return {LineKey(*line): Figures(*sums) for line, sums in found.items()}


def notes_of(sheet: Mapping[str, Any] | None) -> dict[NoteKey, NoteFigures]:
    """What one sheet that agrees with itself says of delivery notes."""
    if sheet is None:
        return {}
    found: dict[NoteKey, NoteFigures] = {}
    for row in sheet["transfers"]:
        key, figures = _of_note(sheet["atelier"], row)
        found[key] = found.get(key, NoteFigures()) + figures
    return found


def added(new: Mapping[Any, Any], old: Mapping[Any, Any], nothing: Any) -> dict[Any, Any]:
    """new - old, line by line; lines that stay as they are are left out."""
    differences = {key: new.get(key, nothing) - old.get(key, nothing) for key in {**new, **old}} if old else new
    return {key: difference for key, difference in differences.items() if difference != nothing}


# Of each count of each sheet: plain lists of sums are several times as fast as adding Figures up.
_Sums = defaultdict[tuple[str, str, str, str], list[int]]
_CUT, _SEWN, _FINISHED, _SECOND, _REJECTED, _MISSING, _IN_REWORK, _SHIPPED, _RECEIVED, _PRESUMED, _ = range(len(NAMES))
_line_of = itemgetter("order", "allocation", "size", "colour")


def _mentioned() -> list[int]:
    return [*[0] * (len(NAMES) - 1), 1]


def _line(found: _Sums, row: Mapping[str, Any]) -> list[int]:
    return found[_line_of(row)]


def _add_count(sums: list[int], row: Mapping[str, Any]) -> None:
    passed = row["good"] + row["presumed"]
    if row["section"] == "sew" and row.get("section_last"):
        sums[_SEWN] += passed
    if row["last"]:
        sums[_FINISHED] += passed
        sums[_PRESUMED] += row["presumed"]
    sums[_SECOND] += row["second"]
    sums[_REJECTED] += row["rejected"]
    sums[_MISSING] += row["declared_missing"]
    sums[_IN_REWORK] += row["to_rework"] - row["from_rework"]


def _of_note(atelier: str, row: Mapping[str, Any]) -> tuple[NoteKey, NoteFigures]:
    if row["direction"] == "sent":
        cancelled = int(row["state"] == "cancelled")
        figures = NoteFigures(sent=row["sent"], lines_sent=1, lines_cancelled=cancelled)
        return NoteKey(atelier, row["note"], row["atelier"]), figures
    return NoteKey(row["atelier"], row["note"], atelier), NoteFigures(received=row["received"], lines_received=1)
