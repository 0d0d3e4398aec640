"""What happens on the floor, once and for ever. Every fact is one of these; undo and correction are facts of their own.

An event's body is kept as JSON; fields at their default are left out, so that a field added later costs nothing to old rows.
"""

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields
from typing import Any, ClassVar


@dataclass(frozen=True, slots=True)
class Moment:
    """When something happened and was recorded: UTC milliseconds, the local offset then, and how far the clock is to be believed."""

    happened_at_ms: int
    recorded_at_ms: int
    utc_offset_minutes: int
    boot_id: str
    monotonic_ms: int
    clock_trusted: bool


@dataclass(frozen=True, slots=True)
class Event:
    """Base of all events. `type` is what the log calls it."""

    type: ClassVar[str]


@dataclass(frozen=True, slots=True)
class OrderImported(Event):
    type: ClassVar[str] = "order_imported"
    import_id: str
    order: str
    lines: tuple[tuple[str, str, int], ...]  # (size, colour, quantity)
    routing_id: int
    client: str = ""
    contract: str = ""
    style: str = ""
    due: str = ""  # ISO date
    source: str = ""  # file name


@dataclass(frozen=True, slots=True)
class ImportUndone(Event):
    type: ClassVar[str] = "import_undone"
    import_id: str


@dataclass(frozen=True, slots=True)
class OrderClosed(Event):
    """No more is expected of an order, whatever was planned: it leaves the board."""

    type: ClassVar[str] = "order_closed"
    order: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class OrderReopened(Event):
    type: ClassVar[str] = "order_reopened"
    order: str


@dataclass(frozen=True, slots=True)
class RoutingSet(Event):
    """A style gets a new version of its routing; running orders keep theirs."""

    type: ClassVar[str] = "routing_set"
    style: str
    version: int
    operations: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True)
class LayCut(Event):
    """A lay and the bundles made of it, all at once."""

    type: ClassVar[str] = "lay_cut"
    order: str
    lay_number: int  # within the order, from 1
    colour: str
    marker: tuple[tuple[str, int], ...]  # (size, ratio)
    rolls: tuple[tuple[int, str, str], ...]  # (plies, shade, roll number)
    bundles: tuple[tuple[str, int, str, str, str, int, int, int], ...]
    # (code, number in the order, size, shade, roll, ply from, ply to, quantity)


@dataclass(frozen=True, slots=True)
class LayUndone(Event):
    """A lay entered by mistake, while none of its bundles was scanned: its bundles are cancelled."""

    type: ClassVar[str] = "lay_undone"
    order: str
    lay_number: int
    reason: str = ""


@dataclass(frozen=True, slots=True)
class StepDone(Event):
    """Pieces of a bundle counted at a step. `replaces_presumed`: so many were presumed before and are now real.

    `steps_with_it`: so many events just before this one presumed or skipped steps because of it; an undo takes all back.
    `symbology`: the AIM identifier the scanner sent with the code (ISO/IEC 15424, "Q1" for a QR), "" where it sends none.
    """

    type: ClassVar[str] = "step_done"
    bundle: str
    operation: str
    good: int = 0
    second: int = 0
    rejected: int = 0
    to_rework: int = 0
    replaces_presumed: int = 0
    replaces_skipped: int = 0
    steps_with_it: int = 0
    symbology: str = ""


@dataclass(frozen=True, slots=True)
class StepPresumed(Event):
    """A step nobody scanned, presumed done because a later one was: counted apart."""

    type: ClassVar[str] = "step_presumed"
    bundle: str
    operation: str
    pieces: int


@dataclass(frozen=True, slots=True)
class StepSkipped(Event):
    """A step nobody scanned, passed by without being counted."""

    type: ClassVar[str] = "step_skipped"
    bundle: str
    operation: str
    pieces: int


@dataclass(frozen=True, slots=True)
class ReworkDone(Event):
    """Pieces back from rework: a pass of its own, never new production beyond what went in."""

    type: ClassVar[str] = "rework_done"
    bundle: str
    operation: str
    good: int = 0
    second: int = 0
    rejected: int = 0
    symbology: str = ""


@dataclass(frozen=True, slots=True)
class PiecesDeclaredMissing(Event):
    type: ClassVar[str] = "pieces_declared_missing"
    bundle: str
    operation: str
    pieces: int
    reason: str = ""


@dataclass(frozen=True, slots=True)
class CountUndone(Event):
    """Takes back earlier events, named by `seq`, newest first."""

    type: ClassVar[str] = "count_undone"
    events: tuple[int, ...]
    reason: str = ""


@dataclass(frozen=True, slots=True)
class DefectFound(Event):
    type: ClassVar[str] = "defect_found"
    bundle: str
    operation: str
    defect: int  # number of the defect card
    pieces: int = 1


@dataclass(frozen=True, slots=True)
class HelpCalled(Event):
    type: ClassVar[str] = "help_called"


@dataclass(frozen=True, slots=True)
class HelpAnswered(Event):
    type: ClassVar[str] = "help_answered"


@dataclass(frozen=True, slots=True)
class LabelReprinted(Event):
    """`duplicate` counts the reprints of one label from 1."""

    type: ClassVar[str] = "label_reprinted"
    bundle: str
    duplicate: int


EVENTS: dict[str, type[Event]] = {
    "order_imported": OrderImported,
    "import_undone": ImportUndone,
    "order_closed": OrderClosed,
    "order_reopened": OrderReopened,
    "routing_set": RoutingSet,
    "lay_cut": LayCut,
    "lay_undone": LayUndone,
    "step_done": StepDone,
    "step_presumed": StepPresumed,
    "step_skipped": StepSkipped,
    "rework_done": ReworkDone,
    "pieces_declared_missing": PiecesDeclaredMissing,
    "count_undone": CountUndone,
    "defect_found": DefectFound,
    "help_called": HelpCalled,
    "help_answered": HelpAnswered,
    "label_reprinted": LabelReprinted,
}

_FIELDS = {
    event: tuple((field.name, field.default is not MISSING, field.default) for field in fields(event))
    for event in EVENTS.values()
}


def to_body(event: Event) -> dict[str, Any]:
    """The event's fields, those at their default left out."""
    values = ((name, optional, default, getattr(event, name)) for name, optional, default in _FIELDS[event.__class__])
    return {name: value for name, optional, default, value in values if not (optional and value == default)}


def from_body(event_type: str, body: Mapping[str, Any]) -> Event:
    """The event a stored row says. Fields unknown to this version are ignored."""
    kind = EVENTS[event_type]
    return kind(**{name: _frozen(body[name]) for name, _, _ in _FIELDS[kind] if name in body})


def _frozen(value: Any) -> Any:
    return tuple(_frozen(item) for item in value) if isinstance(value, list) else value
