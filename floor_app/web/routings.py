"""Routings: the steps of each style. A change is a new version; orders already imported keep theirs."""

from decimal import Decimal

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from floor_app.domain.orders import TEXT_LIMIT
from floor_app.domain.routings import DEFAULT_ROUTING, Routing, RoutingFault, Section, routing_faults
from floor_app.setting_routings import set_routing
from floor_app.store import orders as order_store
from floor_app.store import routings as routing_store
from floor_app.texts import Words, words
from floor_app.web import form_fields
from floor_app.web.roles import Role, atelier, open_to
from floor_app.web.routing_form import TypedStep, minutes_words, places, read_steps, sent_steps, typed_steps
from floor_app.web.step_names import routing_names, step_name

screen = Blueprint("routings", __name__)


@screen.get("/routings")
@open_to(Role.SUPERVISOR)
def routings() -> ResponseReturnValue:
    with atelier().reading() as db:
        running = dict(order_store.styles(db))
        own = {style: (version, routing) for style, version, routing in routing_store.all_newest(db)}
    t = _words()
    styles = dict.fromkeys((*running, *own))
    return render_template(
        "routings/routings.html",
        found=[_row(t, style, running.get(style, 0), *own.get(style, (0, DEFAULT_ROUTING))) for style in styles],
        default=routing_names(t, DEFAULT_ROUTING),
    )


@screen.get("/routings/edit")
@open_to(Role.SUPERVISOR)
def edit() -> ResponseReturnValue:
    style = form_fields.asked_text("style", limit=TEXT_LIMIT)
    version, routing = _standing(style)
    return _form(style, typed_steps(routing, _words()), version)


@screen.post("/routings/edit")
@open_to(Role.SUPERVISOR)
def save() -> ResponseReturnValue:
    t, style, steps = _words(), form_fields.text("style", limit=TEXT_LIMIT), sent_steps()
    version, before = _standing(style)
    if "more" in request.form:
        return _form(style, steps, version)
    faults, operations = read_steps(steps, before, t)
    if faults:
        return _form(style, steps, version, (*faults, *routing_faults(operations)))
    event_id, moment = form_fields.sent_id(), atelier().clock.moment()
    answer = atelier().run(set_routing, style, operations, event_id=event_id, moment=moment)
    if answer.faults:
        return _form(style, steps, version, answer.faults)
    said = "routings.saved" if answer.changed else "routings.unchanged"
    flash(t(said, style=style, version=answer.version), "good")
    return redirect(url_for("routings.routings"), 303)


def _row(t: Words, style: str, orders: int, version: int, routing: Routing) -> dict[str, object]:
    """`minutes`: the allowed time of a whole garment, `None` unless every step has one. `nowhere`: steps no station does."""
    sams = [operation.sam_minutes for operation in routing.operations]
    known = [sam for sam in sams if sam is not None]
    total = sum(known, Decimal(0)) if len(known) == len(sams) else None
    return {
        "style": style,
        "orders": orders,
        "version": version,
        "steps": routing_names(t, routing),
        "minutes": (f"{total:f}".replace(".", ","), minutes_words(total, t)) if total else None,
        "nowhere": _nowhere(t, routing),
    }


def _nowhere(t: Words, routing: Routing) -> list[str]:
    does = {station.title: station.operation for station in atelier().config.stations}
    return [step_name(t, step.code, routing) for step in routing.operations if not places(does, step)]


def _standing(style: str) -> tuple[int, Routing]:
    """(version, routing) a new order of this style would get; version 0 for the built-in one."""
    with atelier().reading() as db:
        routing_id, version = routing_store.newest_for_style(db, style)
        return version, routing_store.routing(db, routing_id)


def _form(
    style: str, steps: tuple[TypedStep, ...], version: int, faults: tuple[RoutingFault, ...] = ()
) -> ResponseReturnValue:
    page = render_template(
        "routings/edit.html", style=style, steps=steps, version=version, faults=faults, sections=list(Section)
    )
    return page, 422 if faults else 200


def _words() -> Words:
    return words(atelier().config.atelier.language)
