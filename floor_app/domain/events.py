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
    allocation: str = ""  # the centre's name for this atelier's share; "" for an order of its own


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
class OrderShared(Event):
    """From now on an order of the atelier's own is in its day sheets, of days past too; or no longer."""

    type: ClassVar[str] = "order_shared"
    order: str
    shared: bool


@dataclass(frozen=True, slots=True)
class OfferAnswered(Event):
    """What a supervisor decided on a share of a network's order. `answer`: accepted, refused, noted (that it was taken back)."""

    type: ClassVar[str] = "offer_answered"
    allocation: str
    revision: int
    answer: str
    reason: str = ""
    promised: str = ""  # ISO date


@dataclass(frozen=True, slots=True)
class OrderRevised(Event):
    """An order as the network wants it now; running bundles and the routing are left alone. `lines`: all it has from now on.

    `allocation`: the share it is from now on, whoever brought it. `cutting`: whether more may be cut of it.
    """

    type: ClassVar[str] = "order_revised"
    order: str
    lines: tuple[tuple[str, str, int], ...]  # (size, colour, quantity)
    allocation: str
    client: str = ""
    contract: str = ""
    style: str = ""
    due: str = ""  # ISO date
    cutting: bool = True


@dataclass(frozen=True, slots=True)
class RoutingSet(Event):
    """A style gets a new version of its routing; running orders keep theirs."""

    type: ClassVar[str] = "routing_set"
    style: str
    version: int
    operations: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True)
class StylePictureSet(Event):
    """A style has another picture from now on, or (`picture` "") none. `picture`: its name; what it shows is in no event."""

    type: ClassVar[str] = "style_picture_set"
    style: str
    picture: str


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
    symbology: str = ""


@dataclass(frozen=True, slots=True)
class DefectFound(Event):
    type: ClassVar[str] = "defect_found"
    bundle: str
    operation: str
    defect: int  # number of the defect card
    pieces: int = 1
    symbology: str = ""


@dataclass(frozen=True, slots=True)
class HelpCalled(Event):
    type: ClassVar[str] = "help_called"
    symbology: str = ""


@dataclass(frozen=True, slots=True)
class HelpAnswered(Event):
    type: ClassVar[str] = "help_answered"


@dataclass(frozen=True, slots=True)
class LabelReprinted(Event):
    """`duplicate` counts the reprints of one label from 1."""

    type: ClassVar[str] = "label_reprinted"
    bundle: str
    duplicate: int


@dataclass(frozen=True, slots=True)
class BundlesSent(Event):
    """Bundles left for another atelier: of each, its pieces in progress with what was done to them.

    `bundles`: (code, pieces, ((operation, pieces that have passed it), …)).
    """

    type: ClassVar[str] = "bundles_sent"
    note: str
    to: str
    to_name: str
    order: str
    bundles: tuple[tuple[str, int, tuple[tuple[str, int], ...]], ...]


@dataclass(frozen=True, slots=True)
class TransferCancelled(Event):
    """A note of ours nothing was received of: its bundles are open again as they were."""

    type: ClassVar[str] = "transfer_cancelled"
    note: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class BundlesReceived(Event):
    """Bundles of another atelier's note, as they were counted on arrival. `order`: as the note calls it; `order_here`: as we do.

    `bundles`: (code, number, bundle count, size, colour, shade, roll, lay, ply from, ply to, quantity on the label, pieces sent,
    pieces received, ((operation, pieces sent that had passed it), …)).
    """

    type: ClassVar[str] = "bundles_received"
    note: str
    sender: str
    sender_name: str
    order: str
    order_here: str
    routing: tuple[Mapping[str, Any], ...]
    bundles: tuple[
        tuple[str, int, int, str, str, str, str, int, int, int, int, int, int, tuple[tuple[str, int], ...]], ...
    ]
    client: str = ""
    contract: str = ""
    style: str = ""
    due: str = ""  # ISO date


@dataclass(frozen=True, slots=True)
class ReceiptUndone(Event):
    """A note taken in by mistake, while nothing of it was counted: it may be taken in again."""

    type: ClassVar[str] = "receipt_undone"
    note: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class DiscrepancySettled(Event):
    """Pieces of a note that did not arrive are explained. `arrived`: (bundle, pieces) found here after all."""

    type: ClassVar[str] = "discrepancy_settled"
    note: str
    reason: str
    arrived: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class TransferConfirmed(Event):
    """What the other atelier says it received of a note of ours. `source`: `receipt` or `centre`.

    `bundles`: (code, pieces received), where it is known by bundle. `as_of`: grows with every later word of the receiver.
    """

    type: ClassVar[str] = "transfer_confirmed"
    note: str
    received: int
    source: str
    bundles: tuple[tuple[str, int], ...] = ()
    as_of: int = 0


# What a reading records under its own id. `symbology`: the AIM identifier that came with the code (ISO/IEC 15424, "Q1" for a
# QR), "" where the scanner sends none.
Scanned = StepDone | ReworkDone | CountUndone | DefectFound | HelpCalled


@dataclass(frozen=True, slots=True)
class InsertionHoursConfirmed(Event):
    """Minutes of a day's half-days by contract, as a supervisor confirmed them; instead of those confirmed before. Nobody's name."""

    type: ClassVar[str] = "insertion_hours_confirmed"
    day: str
    totals: tuple[tuple[str, int, int], ...]  # (contract, minutes, people; 0 for fewer than five)


@dataclass(frozen=True, slots=True)
class ClockPutRight(Event):
    """Events `first` to `last`, all of one boot, came while its clock was not to be trusted, `shift_ms` too early (below 0: too late).

    `utc_offset_minutes`: of the atelier's clock at the time they happened in truth.
    """

    type: ClassVar[str] = "clock_put_right"
    boot_id: str
    shift_ms: int
    first: int
    last: int
    utc_offset_minutes: int


EVENTS: dict[str, type[Event]] = {
    "order_imported": OrderImported,
    "import_undone": ImportUndone,
    "order_closed": OrderClosed,
    "order_reopened": OrderReopened,
    "order_shared": OrderShared,
    "offer_answered": OfferAnswered,
    "order_revised": OrderRevised,
    "routing_set": RoutingSet,
    "style_picture_set": StylePictureSet,
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
    "bundles_sent": BundlesSent,
    "transfer_cancelled": TransferCancelled,
    "bundles_received": BundlesReceived,
    "receipt_undone": ReceiptUndone,
    "discrepancy_settled": DiscrepancySettled,
    "transfer_confirmed": TransferConfirmed,
    "insertion_hours_confirmed": InsertionHoursConfirmed,
    "clock_put_right": ClockPutRight,
}

_FIELDS = {
    event: tuple((field.name, field.default is not MISSING, field.default) for field in fields(event))
    for event in EVENTS.values()
}


def to_body(event: Event) -> dict[str, Any]:
    """The event's fields, those at their default left out."""
    return {
        name: value
        for name, optional, default in _FIELDS[event.__class__]
        if (value := getattr(event, name)) != default or not optional
    }


def from_body(event_type: str, body: Mapping[str, Any]) -> Event:
    """The event a stored row says. Fields unknown to this version are ignored."""
    kind = EVENTS[event_type]
    return kind(**{name: _frozen(body[name]) for name, _, _ in _FIELDS[kind] if name in body})


def _frozen(value: Any) -> Any:
    return tuple(_frozen(item) for item in value) if isinstance(value, list) else value
