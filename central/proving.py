"""What the network can show a buyer of one order: quantities, days and places, and what was checked. Facts of day sheets; no person."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Connection

from central.domain.sheet_figures import NOTHING, Figures
from central.store import ateliers, orders, progress, proof_rows
from central.store.orders import SharedOrder
from central.store.proof_rows import NoteRow, SectionRow, SheetRow

SECTIONS = ("cut", "sew", "finish")
UTC_NAME = "UTC"


@dataclass(frozen=True, slots=True)
class ProofLine:
    """Of one size and colour. `ordered`: 0 for one that sheets speak of and the order has not."""

    size: str
    colour: str
    ordered: int
    figures: Figures


@dataclass(frozen=True, slots=True)
class Place:
    """Where a section was done, when, and how many pieces left it good."""

    section: str
    atelier: str
    name: str
    first_day: date
    last_day: date
    pieces: int


@dataclass(frozen=True, slots=True)
class ProofNote:
    """A delivery note. Days: `None` where that side's sheet has not come. `agreed`: both say the same number."""

    note: str
    sender: str
    receiver: str
    sent_day: date | None
    received_day: date | None
    sent: int
    received: int
    cancelled: bool

    @property
    def agreed(self) -> bool:
        return self.cancelled or (self.received_day is not None and self.sent == self.received)


@dataclass(frozen=True, slots=True)
class AtelierCheck:
    """Of one atelier between the first and the last day it speaks of the order.

    `agreeing`: sheets whose counts agree with their control totals; `gaps`: those that do not, and count nowhere;
    `missing`: days with no sheet; `unsure`: days on which its clock was not to be trusted.
    """

    atelier: str
    name: str
    first_day: date
    last_day: date
    agreeing: int
    gaps: tuple[date, ...]
    missing: tuple[date, ...]
    unsure: tuple[date, ...]

    @property
    def clean(self) -> bool:
        return not (self.gaps or self.missing or self.unsure)


@dataclass(frozen=True, slots=True)
class Proof:
    """`rows`, `note_rows`: what the rest is worked out of; `zones`: the time zone of each atelier's days."""

    order: SharedOrder
    as_of_ms: int
    names: dict[str, str]
    zones: dict[str, str]
    lines: tuple[ProofLine, ...]
    places: tuple[Place, ...]
    notes: tuple[ProofNote, ...]
    checks: tuple[AtelierCheck, ...]
    rows: tuple[SectionRow, ...]
    note_rows: tuple[NoteRow, ...]

    @property
    def ordered(self) -> int:
        return sum(line.ordered for line in self.lines)

    @property
    def total(self) -> Figures:
        return sum((line.figures for line in self.lines), NOTHING)

    @property
    def law_holds(self) -> bool:
        """Nothing is under way below zero: every piece that went out of something came into it."""
        return self.total.in_progress >= 0


def prove(db: Connection, code: str, *, at_ms: int) -> Proof | None:
    """`None` for an order there is not."""
    order = orders.find(db, code)
    if order is None:
        return None
    rows, note_rows = proof_rows.sections(db, code), proof_rows.notes(db, code)
    gap_days = proof_rows.gap_days(db, code)
    days = _days_of(rows, note_rows, gap_days)
    sheets = _sheets(db, days)
    names = {one.atelier.code: one.atelier.name for one in ateliers.listed(db)}
    return Proof(
        order,
        at_ms,
        names,
        {sheet.atelier: sheet.timezone or UTC_NAME for sheet in sheets},
        _lines(db, code),
        _places(rows, names),
        _notes(note_rows),
        _checks(days, sheets, names),
        tuple(rows),
        tuple(note_rows),
    )


def _days_of(
    rows: Iterable[SectionRow], notes: Iterable[NoteRow], gaps: Iterable[tuple[str, date]]
) -> dict[str, list[date]]:
    """Days on which an atelier speaks of the order."""
    found = defaultdict[str, list[date]](list)
    for atelier, day in (*((row.atelier, row.day) for row in rows), *((row.atelier, row.day) for row in notes), *gaps):
        found[atelier].append(day)
    return dict(sorted(found.items()))


def _sheets(db: Connection, days: dict[str, list[date]]) -> list[SheetRow]:
    if not days:
        return []
    every = [day for own in days.values() for day in own]
    return proof_rows.sheets(db, list(days), from_day=min(every), to_day=max(every))


def _lines(db: Connection, code: str) -> tuple[ProofLine, ...]:
    """As the order has them; then what sheets speak of beside."""
    counted = progress.lines_of_order(db, code)
    ordered = {(line.size, line.colour): line.quantity for line in orders.lines(db, code)}
    keys = [*ordered, *(key for key in counted if key not in ordered)]
    return tuple(ProofLine(*key, ordered.get(key, 0), counted.get(key, NOTHING)) for key in keys)


def _places(rows: Sequence[SectionRow], names: dict[str, str]) -> tuple[Place, ...]:
    found = defaultdict[tuple[str, str], list[SectionRow]](list)
    for row in rows:
        found[row.section, row.atelier].append(row)
    places = (
        Place(
            section,
            atelier,
            names.get(atelier, atelier),
            min(row.day for row in own),
            max(row.day for row in own),
            sum(row.pieces for row in own),
        )
        for (section, atelier), own in found.items()
    )
    return tuple(sorted(places, key=lambda place: (_place_of(place.section), place.section, place.atelier)))


def _place_of(section: str) -> int:
    return SECTIONS.index(section) if section in SECTIONS else len(SECTIONS)


def _notes(rows: Sequence[NoteRow]) -> tuple[ProofNote, ...]:
    found = defaultdict[tuple[str, str, str], list[NoteRow]](list)
    for row in rows:
        sent = row.direction == "sent"
        found[(row.atelier, row.note, row.other) if sent else (row.other, row.note, row.atelier)].append(row)
    return tuple(_note(*key, own) for key, own in sorted(found.items()))


def _note(sender: str, note: str, receiver: str, rows: Sequence[NoteRow]) -> ProofNote:
    sent = [row for row in rows if row.direction == "sent"]
    received = [row for row in rows if row.direction == "received"]
    return ProofNote(
        note,
        sender,
        receiver,
        min((row.day for row in sent), default=None),
        max((row.day for row in received), default=None),
        sum(row.sent for row in sent),
        sum(row.received for row in received),
        bool(sent) and not received and all(row.state == "cancelled" for row in sent),
    )


def _checks(days: dict[str, list[date]], sheets: Sequence[SheetRow], names: dict[str, str]) -> tuple[AtelierCheck, ...]:
    return tuple(
        _check(
            atelier,
            names.get(atelier, atelier),
            min(own),
            max(own),
            {sheet.day: sheet for sheet in sheets if sheet.atelier == atelier},
        )
        for atelier, own in days.items()
    )


def _check(atelier: str, name: str, first: date, last: date, held: dict[date, SheetRow]) -> AtelierCheck:
    between = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    there = [held[day] for day in between if day in held]
    return AtelierCheck(
        atelier,
        name,
        first,
        last,
        sum(sheet.counted for sheet in there),
        tuple(sheet.day for sheet in there if not sheet.counted),
        tuple(day for day in between if day not in held),
        tuple(sheet.day for sheet in there if sheet.clock != "ok"),
    )
