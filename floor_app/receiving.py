"""Taking in bundles of another atelier's note: looked at first, counted by hand, recorded once; taken back while nothing was counted."""

import itertools
from collections.abc import Mapping
from dataclasses import dataclass

import sqlite_utils

from floor_app.domain.events import BundlesReceived, Moment, OrderShared, ReceiptUndone
from floor_app.domain.progress import BundleStatus
from floor_app.domain.transfers import (
    LONGEST_REASON,
    Note,
    NoteBundle,
    TransferFault,
    arrival_faults,
    joins,
    order_codes,
    same_steps,
)
from floor_app.store import bundles, events, orders, projections, routings, transfers
from floor_app.store.transfers import Transfer


@dataclass(frozen=True, slots=True)
class Arrival:
    """A note as it would be taken in. `order_here`: what its order is called here. `earlier`: it was taken in before.

    `faults`: `already_here`, `other_steps`; of a bundle.
    """

    note: Note
    order_here: str
    joins_order: bool
    earlier: Transfer | None = None
    faults: tuple[TransferFault, ...] = ()


@dataclass(frozen=True, slots=True)
class ReceiveAnswer:
    """The note taken in, or the faults, and then nothing was recorded. `already`: it had been taken in before; once is enough."""

    note: str
    already: bool = False
    faults: tuple[TransferFault, ...] = ()


def look_at_note(db: sqlite_utils.Database, note: Note) -> Arrival:
    """What would become of it here; stores nothing."""
    order_here, joined = _order_here(db, note)
    earlier = transfers.by_note(db, note.code)
    return Arrival(note, order_here, joined, earlier, () if earlier else _faults(db, note, {}, whole=True))


def receive_note(
    db: sqlite_utils.Database, note: Note, taken: Mapping[str, int], *, content: bytes, event_id: str, moment: Moment
) -> ReceiveAnswer:
    """Records what arrived of a checked note. `taken`: bundle → pieces counted; a bundle left out did not arrive.

    `content`: the note as it was signed, kept as proof. Faults: those of `arrival_faults`, and `other_steps`.
    """
    if events.find(db, event_id) or transfers.by_note(db, note.code):
        return ReceiveAnswer(note.code, already=True)
    faults = _faults(db, note, taken, whole=False)
    if faults:
        return ReceiveAnswer(note.code, faults=faults)
    order_here, _ = _order_here(db, note)
    event = BundlesReceived(
        note.code,
        note.sender,
        note.sender_name,
        note.order,
        order_here,
        tuple(routings.to_plain(operation) for operation in note.routing.operations),
        tuple(_entry(bundle, taken.get(bundle.code, 0)) for bundle in note.bundles),
        client=note.client,
        contract=note.contract,
        style=note.style,
        due=note.due,
    )
    projections.record(db, event, event_id=event_id, moment=moment)
    if note.shared and (found := orders.sharing(db, order_here)) and not (found.shared or found.decided):
        # Its pieces would vanish from the network's count on the day they came. Whoever decided otherwise before is heard.
        projections.record(db, OrderShared(order_here, True), event_id=f"{event_id}#shared", moment=moment)
    transfers.keep_note_file(db, note.code, content, at_ms=moment.recorded_at_ms)
    return ReceiveAnswer(note.code)


def undo_receipt(db: sqlite_utils.Database, note: str, *, reason: str, event_id: str, moment: Moment) -> str:
    """`undone`, or why not: `unknown_note`, `counted_since`, `gone_since`, `reason_needed`."""
    if events.find(db, event_id):
        return "undone"
    found = transfers.by_note(db, note)
    if found is None or found.direction != "received":
        return "unknown_note"
    arrived = [bundle for bundle in transfers.bundles_of(db, found.id) if bundle.received]
    gone = (bundle.status != BundleStatus.OPEN or transfers.came_again(db, bundle.code, found.id) for bundle in arrived)
    if any(gone):
        return "gone_since"
    if any(transfers.counted_since(db, bundle.code, found.id) for bundle in arrived):
        return "counted_since"
    reason = reason.strip()[:LONGEST_REASON]
    if not reason:
        return "reason_needed"
    projections.record(db, ReceiptUndone(note, reason), event_id=event_id, moment=moment)
    return "undone"


def _faults(
    db: sqlite_utils.Database, note: Note, taken: Mapping[str, int], *, whole: bool
) -> tuple[TransferFault, ...]:
    """`whole`: as if everything had arrived."""
    codes = [bundle.code for bundle in note.bundles]
    counted = {bundle.code: bundle.pieces for bundle in note.bundles} if whole else taken
    faults = arrival_faults(note, counted, present=transfers.present(db, codes))
    return faults or tuple(TransferFault("other_steps", code) for code in codes if _has_other_steps(db, code, note))


def _has_other_steps(db: sqlite_utils.Database, code: str, note: Note) -> bool:
    """A bundle that comes back belongs to its order here: what the note says was done must be steps of it."""
    known = bundles.standing(db, code)
    came_back = known is not None and known.state.status == BundleStatus.IN_TRANSIT
    return came_back and known is not None and not same_steps(known.routing, note.routing)


def _order_here(db: sqlite_utils.Database, note: Note) -> tuple[str, bool]:
    """(what its order is called here, whether that order is here): never that of an order that has nothing to do with it.

    Where bundles come back it is the order they left from, whatever the other atelier had to call it.
    """
    standing = [bundles.standing(db, bundle.code) for bundle in note.bundles]
    left_from = [found.card.order for found in standing if found and found.state.status == BundleStatus.IN_TRANSIT]
    if len(left_from) == len(note.bundles):
        return left_from[0], True
    for code in itertools.chain(left_from, order_codes(note)):
        known = transfers.known_order(db, code)
        if known is None or joins(note, known):
            return code, known is not None
    raise AssertionError("order codes have no end")


def _entry(
    bundle: NoteBundle, received: int
) -> tuple[str, int, int, str, str, str, str, int, int, int, int, int, int, tuple[tuple[str, int], ...]]:
    """As `BundlesReceived` keeps it."""
    return (
        bundle.code,
        bundle.number,
        bundle.bundle_count,
        bundle.size,
        bundle.colour,
        bundle.shade,
        bundle.roll,
        bundle.lay,
        bundle.ply_from,
        bundle.ply_to,
        bundle.quantity,
        bundle.pieces,
        received,
        bundle.steps,
    )
