"""The day sheet: all counts of one atelier for one production day, as they stand now. Counts only: no person, no scan, no bundle.

A state, not a message: resent whole whenever it changes, so that sending twice, losing an answer, arriving out of order or after
a month leaves the same numbers. The law of the floor is in it twice, by two roads: as counts, and as control totals.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from contract.canonical import canonical, digest

SCHEMA = 1  # what is written
SCHEMAS = (1,)  # what is understood
FEW = "<5"  # fewer people than this are not counted out: they could be known by it


@dataclass(frozen=True, slots=True)
class Cut:
    """Pieces of lays cut on the day, lays taken back left out. `allocation`: the centre's name for this atelier's share, or ""."""

    order: str
    allocation: str
    size: str
    colour: str
    pieces: int


@dataclass(frozen=True, slots=True)
class Count:
    """Pieces counted at one step. `last`: the order's last step, whose good pieces are its output; `section_last`: its section's.

    A section has one such step in a routing: of branches that end side by side, one. `presumed`: net of real scans.
    """

    order: str
    allocation: str
    size: str
    colour: str
    operation: str
    section: str
    last: bool
    section_last: bool = False
    good: int = 0
    second: int = 0
    rejected: int = 0
    to_rework: int = 0
    from_rework: int = 0
    presumed: int = 0
    declared_missing: int = 0
    defects: int = 0


@dataclass(frozen=True, slots=True)
class TransferLine:
    """Pieces of a delivery note: on the sender's sheet of the day it left, on the receiver's of the day it was taken in.

    `direction`: sent, received. `atelier`: the other one. `state`: in_transit, received, discrepancy, cancelled.
    """

    note: str
    direction: str
    atelier: str
    order: str
    allocation: str
    size: str
    colour: str
    sent: int
    received: int
    state: str


@dataclass(frozen=True, slots=True)
class Lost:
    reason: str
    minutes: int


@dataclass(frozen=True, slots=True)
class Attendance:
    """Minutes attended by a team, typed by the supervisor."""

    section: str
    minutes: int
    lost: tuple[Lost, ...] = ()


@dataclass(frozen=True, slots=True)
class InsertionHours:
    """Confirmed minutes of people on a pathway, for one contract. `people`: how many, or "<5"."""

    contract: str
    minutes: int
    people: int | str


@dataclass(frozen=True, slots=True)
class Control:
    """The law, for the day: cut + received = finished + second + rejected + missing + sent + in_rework + in_progress.

    The last two are changes and may be negative. Worked out from the events one by one, not from the counts.
    """

    pieces_cut: int = 0
    pieces_received: int = 0
    pieces_finished: int = 0
    pieces_second: int = 0
    pieces_rejected: int = 0
    pieces_missing: int = 0
    pieces_sent: int = 0
    pieces_in_rework: int = 0
    pieces_in_progress: int = 0


@dataclass(frozen=True, slots=True)
class EventRange:
    """Sequence numbers of the events the day is made of, corrections made later included; zeros where nothing happened."""

    first: int = 0
    last: int = 0
    count: int = 0


@dataclass(frozen=True, slots=True)
class DaySheet:
    """`day`: ISO. `clock`: ok, or unsure where any event of the day came while the clock was not to be trusted."""

    atelier: str
    day: str
    revision: int
    timezone: str
    clock: str
    events: EventRange
    cut: tuple[Cut, ...] = ()
    counts: tuple[Count, ...] = ()
    transfers: tuple[TransferLine, ...] = ()
    attendance_minutes: tuple[Attendance, ...] = ()
    insertion_hours: tuple[InsertionHours, ...] = ()
    control: Control = field(default_factory=Control)
    schema: int = SCHEMA


def to_plain(sheet: DaySheet) -> dict[str, Any]:
    return asdict(sheet)


def to_bytes(sheet: DaySheet) -> bytes:
    """As it is sent and digested."""
    return canonical(to_plain(sheet))


def figures_digest(sheet: DaySheet) -> str:
    """Of everything but the revision: equal for two sheets that say the same."""
    plain = to_plain(sheet)
    del plain["revision"]
    return digest(canonical(plain))


@dataclass(frozen=True, slots=True)
class ControlGap:
    """A control total that the counts do not bear out, or (`pieces_in_progress`) the law itself."""

    total: str
    said: int
    found: int


def control_gaps(sheet: Mapping[str, Any]) -> tuple[ControlGap, ...]:
    """Of a sheet as JSON, valid by the schema. Empty: its figures agree with each other."""
    found = _totals(sheet)
    said = sheet["control"]
    return tuple(ControlGap(name, said[name], found[name]) for name in found if said[name] != found[name])


def _totals(sheet: Mapping[str, Any]) -> dict[str, int]:
    counts, transfers = sheet["counts"], sheet["transfers"]
    totals = {
        "pieces_cut": _sum(sheet["cut"], "pieces"),
        "pieces_received": _sum((line for line in transfers if line["direction"] == "received"), "received"),
        "pieces_finished": sum(row["good"] + row["presumed"] for row in counts if row["last"]),
        "pieces_second": _sum(counts, "second"),
        "pieces_rejected": _sum(counts, "rejected"),
        "pieces_missing": _sum(counts, "declared_missing"),
        "pieces_sent": _sum((line for line in transfers if line["direction"] == "sent"), "sent"),
        "pieces_in_rework": _sum(counts, "to_rework") - _sum(counts, "from_rework"),
    }
    into = totals["pieces_cut"] + totals["pieces_received"]
    out = sum(totals.values()) - into
    return {**totals, "pieces_in_progress": into - out}


def _sum(rows: Iterable[Mapping[str, Any]], name: str) -> int:
    return sum(row[name] for row in rows)
