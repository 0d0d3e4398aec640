"""« Offres »: shares of the network's orders, taken with a day, refused with a reason; a change is looked at before it applies."""

from dataclasses import dataclass, replace

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from floor_app.answering_offers import (
    LONGEST_REASON,
    NETWORK,
    OWN,
    ChangePreview,
    Outcome,
    accept,
    apply_change,
    note_taken_back,
    preview_change,
    refuse,
)
from floor_app.domain.offers import (
    WAITING,
    FieldChange,
    Offer,
    OfferState,
    field_changes,
    fingerprint,
    good_promise,
    may_accept,
    may_apply,
    may_refuse,
    order_of,
    routing_of,
)
from floor_app.domain.orders import Order
from floor_app.domain.routings import DEFAULT_ROUTING, Operation, Routing
from floor_app.store import network_identity, routings
from floor_app.store import offers as offer_store
from floor_app.store import orders as order_store
from floor_app.store.offers import StandingOffer
from floor_app.texts import Words, words
from floor_app.web import form_fields, order_codes
from floor_app.web.order_sums import ColourSums, ordered_by_colour, sizes_of
from floor_app.web.roles import Role, atelier, open_to
from floor_app.web.step_names import routing_names

screen = Blueprint("offers", __name__, url_prefix="/orders/offers")
screen.record_once(order_codes.add_to)


@dataclass(frozen=True, slots=True)
class RoutingChoice:
    """`own`, `theirs`: names of the steps, () where there is none. `chosen`: OWN or NETWORK, unless she says otherwise."""

    own: tuple[str, ...]
    theirs: tuple[str, ...]
    chosen: str
    unusable: bool

    @property
    def open(self) -> bool:
        return bool(self.own and self.theirs) and self.own != self.theirs


@dataclass(frozen=True, slots=True)
class OfferPage:
    """`order`: `None` where it cannot be one. `taken_by`: who has the code here, `own`, `share` (of the network), or ""."""

    offer: StandingOffer
    order: Order | None
    sizes: list[str]
    colours: list[ColourSums]
    routing: RoutingChoice
    taken_by: str
    fields: tuple[FieldChange, ...]
    change: ChangePreview | None
    fingerprint: str

    @property
    def may_accept(self) -> bool:
        return may_accept(self.offer.state)

    @property
    def may_apply(self) -> bool:
        return may_apply(self.offer.state)

    @property
    def may_refuse(self) -> bool:
        return may_refuse(self.offer.state)


@screen.get("")
@open_to(Role.SUPERVISOR)
def offers() -> ResponseReturnValue:
    with atelier().reading() as db:
        found = offer_store.every_offer(db)
        joined = network_identity.trust(db) is not None
    waiting = [one for one in found if one.state in WAITING]
    return render_template(
        "offers/offers.html",
        waiting=[(one, *_table(order_of(one.said))) for one in waiting],
        answered=[one for one in found if one.state not in WAITING],
        joined=joined,
        row_name=_row_name,
    )


@screen.get("/<order_code:allocation>")
@open_to(Role.SUPERVISOR)
def offer(allocation: str) -> ResponseReturnValue:
    return _page(allocation)


@screen.post("/<order_code:allocation>/accept")
@open_to(Role.SUPERVISOR)
def take(allocation: str) -> ResponseReturnValue:
    promised, routing = form_fields.text("promised", limit=10), request.form.get("routing", "")
    if not good_promise(promised, today=atelier().clock.today()):
        return _page(allocation, fault="bad_day"), 422
    outcome = atelier().run(
        accept,
        allocation,
        _revision(),
        promised=promised,
        routing=routing if routing in (OWN, NETWORK) else "",
        same_order=request.form.get("same_order") == "yes",
        seen=_seen(),
        event_id=form_fields.sent_id(),
        moment=atelier().clock.moment(),
    )
    return _told(allocation, outcome)


@screen.post("/<order_code:allocation>/refuse")
@open_to(Role.SUPERVISOR)
def turn_down(allocation: str) -> ResponseReturnValue:
    outcome = atelier().run(
        refuse,
        allocation,
        _revision(),
        reason=form_fields.text("reason", limit=LONGEST_REASON),
        seen=_seen(),
        event_id=form_fields.sent_id(),
        moment=atelier().clock.moment(),
    )
    return _told(allocation, outcome)


@screen.post("/<order_code:allocation>/apply")
@open_to(Role.SUPERVISOR)
def let_in(allocation: str) -> ResponseReturnValue:
    promised = form_fields.text("promised", limit=10)
    if not good_promise(promised, today=atelier().clock.today()):
        return _page(allocation, fault="bad_day"), 422
    outcome = atelier().run(
        apply_change,
        allocation,
        _revision(),
        promised=promised,
        seen=_seen(),
        event_id=form_fields.sent_id(),
        moment=atelier().clock.moment(),
    )
    return _told(allocation, outcome)


@screen.post("/<order_code:allocation>/note")
@open_to(Role.SUPERVISOR)
def note(allocation: str) -> ResponseReturnValue:
    outcome = atelier().run(
        note_taken_back,
        allocation,
        _revision(),
        stop_cutting=request.form.get("stop_cutting") == "yes",
        event_id=form_fields.sent_id(),
        moment=atelier().clock.moment(),
    )
    return _told(allocation, outcome)


def _told(allocation: str, outcome: Outcome) -> ResponseReturnValue:
    if outcome.code == "unknown_offer":
        abort(404)
    if outcome.code in ("taken", "unusable", "no_reason"):
        return _page(allocation, fault=outcome.code), 422
    said = f"offers.told_{outcome.code}"
    flash(_words()(said, order=outcome.order), "warn" if outcome.code in ("already", "changed_meanwhile") else "good")
    if outcome.code in ("accepted", "applied"):
        return redirect(url_for("orders.order", code=outcome.order), 303)
    if outcome.code == "changed_meanwhile":
        return redirect(url_for("offers.offer", allocation=allocation), 303)
    return redirect(url_for("offers.offers"), 303)


def _page(allocation: str, *, fault: str = "") -> str:
    with atelier().reading() as db:
        found = offer_store.find(db, allocation)
        if found is None:
            abort(404)
        own_id, version = routings.newest_for_style(db, found.said.style)
        own = routings.routing(db, own_id) if version else None
        known = order_store.sharing(db, found.said.order)
        change = preview_change(db, found)
    order = order_of(found.said)
    sizes, colours = _table(order)
    taken_by = "" if known is None or not may_accept(found.state) else "share" if known.allocation else "own"
    page = OfferPage(
        found,
        order,
        sizes,
        colours,
        _routing_choice(found.said, own),
        taken_by,
        _fields(found),
        change,
        fingerprint(found.said),
    )
    return render_template(
        "offers/offer.html",
        page=page,
        offer=found,
        said=found.said,
        State=OfferState,
        fault=fault,
        today=atelier().clock.today(),
        promised=form_fields.text("promised", limit=10) or _first_promise(found),
        reason=form_fields.text("reason", limit=LONGEST_REASON),
        row_name=_row_name,
    )


def _table(order: Order | None) -> tuple[list[str], list[ColourSums]]:
    return (sizes_of(order.lines), ordered_by_colour(order.lines)) if order else ([], [])


def _routing_choice(said: Offer, own: Routing | None) -> RoutingChoice:
    t, theirs = _words(), routing_of(said)
    names = tuple(routing_names(t, theirs)) if theirs else ()
    mine = tuple(routing_names(t, own)) if own else ()
    if not theirs and not own:
        mine = tuple(routing_names(t, DEFAULT_ROUTING))
    chosen = NETWORK if theirs and not own else OWN
    return RoutingChoice(mine, names, chosen, unusable=bool(said.routing) and theirs is None)


def _fields(found: StandingOffer) -> tuple[FieldChange, ...]:
    """With the steps of a routing as supervisors call them."""
    if found.taken is None:
        return ()
    before, after = (" → ".join(_names(one.routing)) for one in (found.taken, found.said))
    return tuple(
        replace(change, before=before, after=after) if change.name == "routing" else change
        for change in field_changes(found.taken, found.said)
    )


def _names(operations: tuple[Operation, ...]) -> list[str]:
    return routing_names(_words(), Routing(operations)) if operations else []


def _first_promise(found: StandingOffer) -> str:
    """What was promised before; else the day it is due; none that is past."""
    before = found.answer.promised if found.answer else ""
    wished = before or found.said.due
    return wished if good_promise(wished, today=atelier().clock.today()) else ""


def _revision() -> int:
    return form_fields.whole_number(request.form.get("revision", "")) or 0


def _seen() -> str:
    return form_fields.text("seen", limit=32)


def _row_name(name: str) -> str:
    return _words()(f"orders.row_{name}")


def _words() -> Words:
    return words(atelier().config.atelier.language)
