"""Sending bundles to another atelier: they leave with a signed note, and come back by cancelling it while nobody received it."""

import re
from collections.abc import Callable
from dataclasses import dataclass

import sqlite_utils

from floor_app.domain.codes import ALPHABET
from floor_app.domain.events import BundlesSent, Moment, TransferCancelled
from floor_app.domain.orders import clean_text
from floor_app.domain.progress import BundleStatus
from floor_app.domain.transfers import (
    LONGEST_ATELIER,
    LONGEST_NAME,
    LONGEST_REASON,
    MOST_BUNDLES,
    Leaving,
    Note,
    NoteBundle,
    TransferFault,
    TransferState,
    what_leaves,
    why_it_stays,
)
from floor_app.note_files import pack_note
from floor_app.store import bundles, events, network_identity, orders, projections, routings, transfers
from floor_app.store.bundles import StandingBundle
from floor_app.store.local_days import local_day_and_hour
from floor_app.store.network_identity import NetworkIdentity
from floor_app.store.orders import StandingOrder

NOTE_LETTERS = 6
ATELIER_CODE = re.compile(rf"[A-Za-z0-9][A-Za-z0-9-]{{0,{LONGEST_ATELIER - 1}}}", re.ASCII)


@dataclass(frozen=True, slots=True)
class SendRequest:
    """Bundles of one order for the atelier `to`. `id` makes sending the form twice the same as once."""

    id: str
    order: str
    to: str
    to_name: str
    bundles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SendAnswer:
    """The note's code, or the faults, and then nothing left.

    `no_identity`, `unknown_order`, `bad_destination`, `to_ourselves`, `no_name`, `no_bundle`, `too_many_bundles`; of a bundle:
    `unknown_bundle`, `not_open`, `in_rework`, `nothing_in_progress`.
    """

    note: str = ""
    faults: tuple[TransferFault, ...] = ()


def send_bundles(
    db: sqlite_utils.Database, request: SendRequest, *, dice: Callable[[], int], moment: Moment
) -> SendAnswer:
    """Records that the bundles left and keeps their signed note. `dice`: 0..255, for the letters of the note's code."""
    earlier = events.find(db, request.id)
    if earlier and isinstance(earlier.event, BundlesSent):
        return SendAnswer(earlier.event.note)
    identity, order = network_identity.identity(db), orders.by_code(db, request.order)
    if identity is None or order is None:
        return SendAnswer(faults=(TransferFault("no_identity" if identity is None else "unknown_order"),))
    standing = [bundles.standing(db, code) for code in request.bundles[: MOST_BUNDLES + 1]]
    faults = (*_request_faults(request, identity), *_bundle_faults(request, order, standing))
    if faults:
        return SendAnswer(faults=faults)
    leaving = [(found, what_leaves(found.state, found.routing)) for found in standing if found]
    code = _new_note_code(db, identity.atelier, dice)
    event = BundlesSent(
        code,
        request.to,
        clean_text(request.to_name, limit=LONGEST_NAME),
        order.code,
        tuple((left.code, left.pieces, left.steps) for _, left in leaving),
    )
    stored = projections.record(db, event, event_id=request.id, moment=moment)
    day, _ = local_day_and_hour(stored)
    content = pack_note(_note(db, event, identity, order, leaving, sent_on=day), identity)
    transfers.keep_note_file(db, code, content, at_ms=moment.recorded_at_ms)
    return SendAnswer(code)


def cancel_transfer(db: sqlite_utils.Database, note: str, *, reason: str, event_id: str, moment: Moment) -> str:
    """`cancelled`, or why not: `unknown_note`, `already_cancelled`, `already_received`, `came_back`, `reason_needed`."""
    if events.find(db, event_id):
        return "cancelled"
    found = transfers.by_note(db, note)
    if found is None or found.direction != "sent":
        return "unknown_note"
    if found.state != TransferState.IN_TRANSIT:
        return "already_cancelled" if found.state == TransferState.CANCELLED else "already_received"
    if not all(_is_still_gone(db, bundle.code, note) for bundle in transfers.bundles_of(db, found.id)):
        return "came_back"  # so it was received, whatever we have heard
    reason = reason.strip()[:LONGEST_REASON]
    if not reason:
        return "reason_needed"
    projections.record(db, TransferCancelled(note, reason), event_id=event_id, moment=moment)
    return "cancelled"


def _request_faults(request: SendRequest, identity: NetworkIdentity) -> tuple[TransferFault, ...]:
    faults = []
    if not ATELIER_CODE.fullmatch(request.to):
        faults.append(TransferFault("bad_destination"))
    elif request.to == identity.atelier:
        faults.append(TransferFault("to_ourselves"))
    if not clean_text(request.to_name, limit=LONGEST_NAME):
        faults.append(TransferFault("no_name"))
    if not request.bundles:
        faults.append(TransferFault("no_bundle"))
    if len(request.bundles) > MOST_BUNDLES:
        faults.append(TransferFault("too_many_bundles", most=MOST_BUNDLES))
    return tuple(faults)


def _bundle_faults(
    request: SendRequest, order: StandingOrder, standing: list[StandingBundle | None]
) -> tuple[TransferFault, ...]:
    faults = []
    for code, found in zip(request.bundles, standing, strict=False):
        if found is None or found.order_id != order.id or request.bundles.count(code) > 1:
            faults.append(TransferFault("unknown_bundle", code))
        elif why := why_it_stays(found.state, found.routing):
            faults.append(TransferFault(why, code))
    return tuple(faults)


def _new_note_code(db: sqlite_utils.Database, atelier: str, dice: Callable[[], int]) -> str:
    """Our code and six letters that survive every keyboard: nobody can guess whether an older copy of the database gave a number."""
    while True:
        code = f"{atelier}-{''.join(ALPHABET[dice() % len(ALPHABET)] for _ in range(NOTE_LETTERS))}"
        if not transfers.note_is_taken(db, code):
            return code


def _note(
    db: sqlite_utils.Database,
    event: BundlesSent,
    identity: NetworkIdentity,
    order: StandingOrder,
    leaving: list[tuple[StandingBundle, Leaving]],
    *,
    sent_on: str,
) -> Note:
    return Note(
        code=event.note,
        sender=identity.atelier,
        sender_name=identity.certificate.name,
        to=event.to,
        to_name=event.to_name,
        sent_on=sent_on,
        order=order.code,
        client=order.client,
        contract=order.contract,
        style=order.style,
        due=order.due,
        routing=routings.routing(db, order.routing_id),
        bundles=tuple(_note_bundle(found, left) for found, left in leaving),
        shared=bool((sharing := orders.sharing(db, order.code)) and sharing.shared),
    )


def _note_bundle(found: StandingBundle, left: Leaving) -> NoteBundle:
    card = found.card
    return NoteBundle(
        card.code,
        card.number,
        card.bundle_count,
        card.size,
        card.colour,
        card.shade,
        card.roll,
        card.lay,
        card.ply_from,
        card.ply_to,
        card.quantity,
        left.pieces,
        left.steps,
    )


def _is_still_gone(db: sqlite_utils.Database, code: str, note: str) -> bool:
    card, gone_with = bundles.card(db, code), transfers.of_bundle(db, code)
    return (
        card is not None and card.status == BundleStatus.IN_TRANSIT and gone_with is not None and gone_with.note == note
    )
