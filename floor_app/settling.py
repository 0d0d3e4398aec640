"""What becomes of a note after it arrived: the receipt that tells the sender, and the pieces that did not arrive."""

from collections.abc import Mapping
from dataclasses import dataclass

import sqlite_utils

from floor_app.domain.events import BundlesSent, DiscrepancySettled, Moment, TransferConfirmed
from floor_app.domain.progress import BundleStatus
from floor_app.domain.transfers import (
    LONGEST_REASON,
    Leaving,
    TransferFault,
    TransferState,
    settling_faults,
    what_leaves,
    why_it_stays,
)
from floor_app.note_files import Receipt, pack_receipt
from floor_app.store import bundles, events, network_identity, projections, transfers
from floor_app.store.transfers import Transfer


@dataclass(frozen=True, slots=True)
class SettleAnswer:
    """Empty when it is settled. `unknown_note`, `not_arrived_yet`, those of `settling_faults`; of a bundle: `bundle_gone`."""

    faults: tuple[TransferFault, ...] = ()


def settle(
    db: sqlite_utils.Database, note: str, arrived: Mapping[str, int], *, reason: str, event_id: str, moment: Moment
) -> SettleAnswer:
    """Explains the pieces of a note that did not arrive. `arrived`: those found here after all, by bundle; the rest is lost.

    The sender can only explain: what turns up turns up where the bundle is.
    """
    if events.find(db, event_id):
        return SettleAnswer()
    found = transfers.by_note(db, note)
    if found is None:
        return SettleAnswer((TransferFault("unknown_note"),))
    if found.state in (TransferState.IN_TRANSIT, TransferState.CANCELLED):
        return SettleAnswer((TransferFault("not_arrived_yet"),))
    arrived = {code: pieces for code, pieces in arrived.items() if pieces} if found.direction == "received" else {}
    reason = reason.strip()[:LONGEST_REASON]
    faults = settling_faults(_short(db, found), arrived, reason=reason) or _gone(db, arrived)
    if not faults:
        fact = DiscrepancySettled(note, reason, tuple(arrived.items()))
        projections.record(db, fact, event_id=event_id, moment=moment)
    return SettleAnswer(faults)


def receipt_file(db: sqlite_utils.Database, note: str) -> bytes | None:
    """What we say to the sender of a note taken in, signed; `None` for another note, and where this atelier cannot sign."""
    found, identity = transfers.by_note(db, note), network_identity.identity(db)
    if found is None or found.direction != "received" or identity is None:
        return None
    received = tuple((bundle.code, bundle.received) for bundle in transfers.bundles_of(db, found.id))
    return pack_receipt(Receipt(note, identity.atelier, received, found.as_of), identity)


def hear_receipt(db: sqlite_utils.Database, receipt: Receipt, *, event_id: str, moment: Moment) -> str:
    """`confirmed`, `unchanged` (nothing new in it), or why not.

    `unknown_note`, `other_receiver` (signed by an atelier it was not sent to), `other_bundles`, `older`, `counted_since` (we
    cancelled it, and have counted its bundles since).
    """
    found = transfers.by_note(db, receipt.note)
    if found is None or found.direction != "sent":
        return "unknown_note"
    if found.atelier != receipt.receiver:
        return "other_receiver"
    sent = {bundle.code: bundle for bundle in transfers.bundles_of(db, found.id)}
    received = dict(receipt.bundles)
    if received.keys() != sent.keys() or any(pieces > sent[code].sent for code, pieces in received.items()):
        return "other_bundles"
    if receipt.as_of < found.as_of:
        return "older"
    heard = found.state in (TransferState.RECEIVED, TransferState.DISCREPANCY)
    if heard and received == {code: bundle.received for code, bundle in sent.items()}:
        return "unchanged"
    fact = TransferConfirmed(receipt.note, sum(received.values()), "receipt", receipt.bundles, receipt.as_of)
    return _confirm(db, found, fact, event_id=event_id, moment=moment)


def hear_from_centre(
    db: sqlite_utils.Database, note: str, *, to: str, state: str, received: int, event_id: str, moment: Moment
) -> str:
    """The centre's word on a note of ours, by the receiver's day sheet: pieces alone, no bundles. As `hear_receipt`.

    A receipt is nearer to the floor: what it said is changed only where the centre knows of more.
    """
    found = transfers.by_note(db, note)
    if found is None or found.direction != "sent" or state not in (TransferState.RECEIVED, TransferState.DISCREPANCY):
        return "unknown_note" if found is None or found.direction != "sent" else "unchanged"
    if found.atelier != to:
        return "other_receiver"
    if not 0 <= received <= found.sent:
        return "other_bundles"
    heard = found.state in (TransferState.RECEIVED, TransferState.DISCREPANCY)
    if heard and (received == found.received or (found.as_of and received < found.received)):
        return "unchanged"
    fact = TransferConfirmed(note, received, "centre", as_of=found.as_of)
    return _confirm(db, found, fact, event_id=event_id, moment=moment)


def _confirm(
    db: sqlite_utils.Database, found: Transfer, fact: TransferConfirmed, *, event_id: str, moment: Moment
) -> str:
    if events.find(db, event_id):
        return "confirmed"
    if found.state == TransferState.CANCELLED and not _can_leave_after_all(db, found):
        return "counted_since"
    projections.record(db, fact, event_id=event_id, moment=moment)
    return "confirmed"


def _can_leave_after_all(db: sqlite_utils.Database, found: Transfer) -> bool:
    """We cancelled a note that had arrived. Its bundles leave after all, unless something was done with them here since."""
    stored = events.by_seq(db, found.id)
    assert stored is not None and isinstance(stored.event, BundlesSent), "a note sent is booked by its own event"
    return all(_leaves_as(db, Leaving(*left)) for left in stored.event.bundles)


def _leaves_as(db: sqlite_utils.Database, left: Leaving) -> bool:
    standing = bundles.standing(db, left.code)
    if standing is None or why_it_stays(standing.state, standing.routing):
        return False
    return what_leaves(standing.state, standing.routing) == left


def _short(db: sqlite_utils.Database, found: Transfer) -> dict[str, int]:
    """Bundle → pieces that did not arrive; where only the centre's sum is known, the whole note under ""."""
    short = {bundle.code: bundle.sent - bundle.received for bundle in transfers.bundles_of(db, found.id)}
    return short if sum(short.values()) == found.missing else {"": found.missing}


def _gone(db: sqlite_utils.Database, arrived: Mapping[str, int]) -> tuple[TransferFault, ...]:
    """Pieces that turn up join their bundle: it must still be here, or never have come."""
    cards = [bundles.card(db, code) for code in arrived]
    return tuple(
        TransferFault("bundle_gone", card.code)
        for card in cards
        if card and card.status in (BundleStatus.IN_TRANSIT, BundleStatus.SPLIT, BundleStatus.MERGED)
    )
