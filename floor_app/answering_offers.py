"""What a supervisor answers to a share of a network's order: she takes it, refuses it, lets a change of it in, or notes that it is gone.

Each answer is an event, and what it does to the order another, in one transaction: pressed twice, or in two browsers, it is done once.
The centre hears of it at the next talk.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlite_utils

from floor_app.domain.events import (
    Moment,
    OfferAnswered,
    OrderClosed,
    OrderImported,
    OrderRevised,
    RoutingSet,
    StylePictureSet,
)
from floor_app.domain.offers import (
    Answer,
    Offer,
    OfferState,
    RevisedLine,
    fingerprint,
    may_accept,
    may_apply,
    may_refuse,
    order_of,
    revised_lines,
    routing_of,
    taken_back_lines,
)
from floor_app.domain.orders import Order, clean_text
from floor_app.domain.routings import DEFAULT_ROUTING
from floor_app.store import events, network_identity, offers, orders, pictures, projections, routings
from floor_app.store.offers import StandingOffer
from groundwork.picture_names import name_of

OWN, NETWORK = "own", "network"
"""Whose routing the order follows."""
LONGEST_REASON = 200


@dataclass(frozen=True, slots=True)
class Outcome:
    """`code`: `accepted`, `applied`, `refused`, `noted`; or why not: `unknown_offer`, `changed_meanwhile`, `already` (answered),
    `taken` (an order here has that code), `unusable` (it cannot be an order), `no_reason`. `order`: the one here it is about, or "".
    """

    code: str
    order: str = ""


@dataclass(frozen=True, slots=True)
class ChangePreview:
    """What applying would do to the order. `lines`: all of it, those that do not change too."""

    order: str
    lines: tuple[RevisedLine, ...]


def accept(
    db: sqlite_utils.Database,
    allocation: str,
    revision: int,
    *,
    promised: str,
    event_id: str,
    moment: Moment,
    routing: str = "",
    same_order: bool = False,
    seen: str = "",
) -> Outcome:
    """Makes the order. `promised`: ISO day, or "". `routing`: OWN or NETWORK; "" the atelier's own where it has one of the style.

    `same_order`: an order here that bears the code is this one: it becomes the share. `seen`: the `fingerprint` of what was shown.
    """
    found = _asked(db, allocation, revision, event_id, seen, done="accepted")
    if isinstance(found, Outcome):
        return found
    if not may_accept(found.state):
        return Outcome("already", found.order_here)
    order = order_of(found.said)
    if order is None:
        return Outcome("unusable")
    known = orders.sharing(db, order.code)
    if known and (known.allocation or not same_order):
        return Outcome("taken", order.code)
    answer = OfferAnswered(allocation, revision, Answer.ACCEPTED, promised=promised)
    if known:
        lines = revised_lines(offers.lines_here(db, order.code), order.lines)
        projections.record(db, _revised(order, allocation, lines), event_id=event_id, moment=moment)
    else:
        routing_id = _routing_id(db, found.said, routing, event_id, moment)
        imported = _imported(order, allocation, event_id, routing_id, _network(db))
        projections.record(db, imported, event_id=event_id, moment=moment)
    _take_picture(db, found.said, "", event_id, moment)
    _answered(db, answer, event_id, moment)
    offers.mark_taken(db, allocation)
    return Outcome("accepted", order.code)


def refuse(
    db: sqlite_utils.Database,
    allocation: str,
    revision: int,
    *,
    reason: str,
    event_id: str,
    moment: Moment,
    seen: str = "",
) -> Outcome:
    """A share, or a change of one: then the order goes on as it was."""
    found = _asked(db, allocation, revision, event_id, seen, done="refused")
    if isinstance(found, Outcome):
        return found
    if not may_refuse(found.state):
        return Outcome("already", found.order_here)
    reason = clean_text(reason, limit=LONGEST_REASON)
    if not reason:
        return Outcome("no_reason")
    answer = OfferAnswered(allocation, revision, Answer.REFUSED, reason=reason)
    projections.record(db, answer, event_id=event_id, moment=moment)
    return Outcome("refused", found.order_here)


def preview_change(db: sqlite_utils.Database, offer: StandingOffer) -> ChangePreview | None:
    """`None` where nothing can be applied. Of a share taken back: what stays when no more is cut; of one not answered whose code an
    order of the atelier's own bears: what becomes of that order where it is the same.
    """
    if offer.state == OfferState.TAKEN_BACK:
        return ChangePreview(offer.order_here, taken_back_lines(offers.lines_here(db, offer.order_here)))
    order = order_of(offer.said)
    if order is None:
        return None
    if may_apply(offer.state):
        return ChangePreview(offer.order_here, revised_lines(offers.lines_here(db, offer.order_here), order.lines))
    known = orders.sharing(db, order.code) if may_accept(offer.state) else None
    if known is None or known.allocation:
        return None
    return ChangePreview(order.code, revised_lines(offers.lines_here(db, order.code), order.lines))


def apply_change(
    db: sqlite_utils.Database,
    allocation: str,
    revision: int,
    *,
    promised: str = "",
    event_id: str,
    moment: Moment,
    seen: str = "",
) -> Outcome:
    """The running order takes the share as it is now; it keeps its code, its routing and everything cut of it."""
    found = _asked(db, allocation, revision, event_id, seen, done="applied")
    if isinstance(found, Outcome):
        return found
    if not may_apply(found.state):
        return Outcome("already", found.order_here)
    change, order = preview_change(db, found), order_of(found.said)
    if change is None or order is None:
        return Outcome("unusable", found.order_here)
    event = _revised(order, allocation, change.lines, code=found.order_here)
    projections.record(db, event, event_id=event_id, moment=moment)
    _take_picture(db, found.said, found.taken.picture if found.taken else "", event_id, moment)
    _answered(db, OfferAnswered(allocation, revision, Answer.ACCEPTED, promised=promised), event_id, moment)
    offers.mark_taken(db, allocation)
    return Outcome("applied", found.order_here)


def note_taken_back(
    db: sqlite_utils.Database, allocation: str, revision: int, *, stop_cutting: bool, event_id: str, moment: Moment
) -> Outcome:
    """The network wants it no more. `stop_cutting`: the order stays with what is made of it and is cut no more.

    With nothing made, it is closed.
    """
    found = _asked(db, allocation, revision, event_id, "", done="noted")
    if isinstance(found, Outcome):
        return found
    if found.state != OfferState.TAKEN_BACK:
        return Outcome("already", found.order_here)
    answer = OfferAnswered(allocation, revision, Answer.NOTED)
    projections.record(db, answer, event_id=event_id, moment=moment)
    if stop_cutting:
        _stop_cutting(db, found.order_here, allocation, event_id, moment)
    return Outcome("noted", found.order_here)


def _asked(
    db: sqlite_utils.Database, allocation: str, revision: int, event_id: str, seen: str, *, done: str
) -> StandingOffer | Outcome:
    """The share as it stands, where it is still what was shown; `done` for an answer given before, known by its event."""
    found = offers.find(db, allocation)
    if found is None:
        return Outcome("unknown_offer")
    if events.find(db, event_id):
        return Outcome(done, found.order_here)
    if found.said.revision != revision or (seen and seen != fingerprint(found.said)):
        return Outcome("changed_meanwhile", found.order_here)
    return found


def _answered(db: sqlite_utils.Database, answer: OfferAnswered, event_id: str, moment: Moment) -> None:
    projections.record(db, answer, event_id=f"{event_id}#answer", moment=moment)


def _imported(order: Order, allocation: str, import_id: str, routing_id: int, source: str) -> OrderImported:
    return OrderImported(
        import_id,
        order.code,
        tuple((line.size, line.colour, line.quantity) for line in order.lines),
        routing_id,
        client=order.client,
        contract=order.contract,
        style=order.style,
        due=order.due.isoformat() if order.due else "",
        source=source,
        allocation=allocation,
    )


def _revised(
    order: Order, allocation: str, lines: Sequence[RevisedLine], *, code: str = "", cutting: bool = True
) -> OrderRevised:
    return OrderRevised(
        code or order.code,
        tuple((line.size, line.colour, line.after) for line in lines if line.after is not None),
        allocation,
        client=order.client,
        contract=order.contract,
        style=order.style,
        due=order.due.isoformat() if order.due else "",
        cutting=cutting,
    )


def _stop_cutting(db: sqlite_utils.Database, code: str, allocation: str, event_id: str, moment: Moment) -> None:
    here, order = offers.lines_here(db, code), orders.by_code(db, code)
    assert order is not None, "its share has an order here"
    left = [(line.size, line.colour, line.after) for line in taken_back_lines(here) if line.after is not None]
    lines = left or [(line.size, line.colour, line.quantity) for line in here]
    named = {"client": order.client, "contract": order.contract, "style": order.style, "due": order.due}
    event = OrderRevised(code, tuple(lines), allocation, **named, cutting=False)
    projections.record(db, event, event_id=f"{event_id}#order", moment=moment)
    if not left and not order.closed:
        projections.record(db, OrderClosed(code), event_id=f"{event_id}#close", moment=moment)


def _routing_id(db: sqlite_utils.Database, offer: Offer, wanted: str, event_id: str, moment: Moment) -> int:
    """The routing the order follows, made known where it is new.

    Where the atelier has none of the style, the network's becomes its first version; where it has, and the network's is chosen, that one
    holds for this order alone (a version below 0).
    """
    own_id, version = routings.newest_for_style(db, offer.style)
    theirs = routing_of(offer)
    if theirs is None or wanted == OWN or (wanted != NETWORK and version):
        return own_id
    if theirs == routings.routing(db, own_id):
        return own_id
    if theirs == DEFAULT_ROUTING:
        return routings.DEFAULT_ROUTING_ID
    new = 1 if offer.style and not version else -events.last_seq(db) - 1
    plain = tuple(routings.to_plain(operation) for operation in theirs.operations)
    event = RoutingSet(offer.style, new, plain)
    return projections.record(db, event, event_id=f"{event_id}#routing", moment=moment).seq


def _take_picture(db: sqlite_utils.Database, offer: Offer, before: str, event_id: str, moment: Moment) -> None:
    """The style gets the network's picture where it has none, or still the one the network gave it (`before`, a digest)."""
    now, wanted = pictures.of_style(db, offer.style), name_of(offer.picture)
    if not offer.style or not wanted or wanted == now or now not in ("", name_of(before)):
        return
    projections.record(db, StylePictureSet(offer.style, wanted), event_id=f"{event_id}#picture", moment=moment)


def _network(db: sqlite_utils.Database) -> str:
    """Its name, as where the order came from."""
    identity = network_identity.identity(db)
    return identity.network if identity else ""
