"""Lays: entering one with its bundles seen before anything is stored, the list, one lay and its labels."""

from collections import Counter
from collections.abc import Sequence

import sqlite_utils
from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from floor_app.cutting import CutAnswer, cut_lay, undo_lay
from floor_app.domain.orders import CODE_LIMIT, TEXT_LIMIT
from floor_app.printing_lays import print_lay_once
from floor_app.store import bundles as bundle_store
from floor_app.store import lays as lay_store
from floor_app.store import orders as order_store
from floor_app.store import routings
from floor_app.store.lays import StandingLay
from floor_app.store.orders import StandingLine, StandingOrder
from floor_app.texts import Words, grouped_number, words
from floor_app.web import form_fields, order_codes
from floor_app.web.bundle_places import place_words
from floor_app.web.lay_form import FIRST_ROLLS, LayForm, TypedRoll, read_lay_form, sent_lay_form
from floor_app.web.lay_preview import LayPreview, preview_form
from floor_app.web.roles import Role, atelier, open_to

MOST_LAYS = 200
MOST_DRAFTS_SHOWN = 60

screen = Blueprint("lays", __name__)
screen.record_once(order_codes.add_to)


@screen.get("/lays")
@open_to(Role.SUPERVISOR)
def lays() -> ResponseReturnValue:
    with atelier().reading() as db:
        found = lay_store.all_lays(db, limit=MOST_LAYS)
        running, others = order_store.counts(db)
    return render_template("lays/lays.html", found=found, any_order=running + others > 0, most=MOST_LAYS)


@screen.get("/lays/new")
@open_to(Role.SUPERVISOR)
def new() -> ResponseReturnValue:
    """First which order, then which colour, where there is a choice; then the lay itself."""
    code = form_fields.asked_text("order", limit=CODE_LIMIT)
    with atelier().reading() as db:
        order = order_store.by_code(db, code) if code else None
        if order is None:
            return _choose_order(db)
        lines = order_store.lines(db, order.id)
        past = [lay for lay in lay_store.of_order(db, order.code) if not lay.undone]
    colour = _colour_asked(lines)
    if colour is None:
        return render_template("lays/choose_colour.html", order=order, colours=_left_by_colour(lines))
    same = [lay for lay in past if lay.colour == colour]
    form = _fresh_form(order, colour, [line for line in lines if line.colour == colour], same)
    return _lay_page(order, form, like=same[-1] if same else None)


@screen.post("/lays/new")
@open_to(Role.SUPERVISOR)
def cut() -> ResponseReturnValue:
    order, form, lines = _sent()
    if "more" in request.form or "look" in request.form:
        return _lay_page(order, form)
    faults, asked = read_lay_form(form, lines, request_id=form_fields.sent_id())
    if faults:
        return _lay_page(order, form, status=422)
    answer = atelier().run(cut_lay, asked, codes=atelier().codes, moment=atelier().clock.moment())
    return _lay_page(order, form, status=422) if answer.faults else _entered(answer)


@screen.post("/lays/preview")
@open_to(Role.SUPERVISOR)
def preview() -> ResponseReturnValue:
    """The part of the page that follows what is being typed."""
    order, form, lines = _sent()
    return render_template("lays/preview.html", preview=_preview(order, form, lines), most=MOST_DRAFTS_SHOWN)


@screen.get("/lays/<order_code:order>/<int(max=999999):number>")
@open_to(Role.SUPERVISOR)
def lay(order: str, number: int) -> ResponseReturnValue:
    version = atelier().version
    with atelier().reading() as db:
        found = _lay(db, order, number)
        standing = order_store.by_code(db, order)
        cards = bundle_store.cards_of_lay(db, order, number)
        places = bundle_store.whereabouts(db, [card.code for card in cards])
        labels = lay_store.label_states(db, found.id)
        routing = routings.routing(db, standing.routing_id if standing else routings.DEFAULT_ROUTING_ID)
    t = _words()
    return render_template(
        "lays/lay.html",
        lay=found,
        order=standing,
        cards=[(card, place_words(t, card.status, places.get(card.code), routing)) for card in cards],
        labels=labels,
        states=Counter(labels.get(card.code, "none") for card in cards),
        version=version,
        printers=atelier().config.printers,
    )


@screen.get("/lays/<order_code:order>/<int(max=999999):number>/labels")
@open_to(Role.SUPERVISOR)
def lay_labels(order: str, number: int) -> ResponseReturnValue:
    """How far the printing is, for the page of the lay: 204 while nothing has changed."""
    version = atelier().version
    if request.args.get("seen") == version:
        return "", 204
    with atelier().reading() as db:
        found = _lay(db, order, number)
        labels = lay_store.label_states(db, found.id)
    states = Counter(labels.values()) + Counter({"none": found.bundles - len(labels)})
    return render_template("lays/lay_labels.html", lay=found, states=states, version=version)


@screen.post("/lays/<order_code:order>/<int(max=999999):number>/print")
@open_to(Role.SUPERVISOR)
def print_labels(order: str, number: int) -> ResponseReturnValue:
    place = atelier().label_place(form_fields.text("printer", limit=40))
    done = "no_printer"
    if place:
        sent_id, moment = form_fields.sent_id(), atelier().clock.moment()
        done = atelier().run(print_lay_once, order, number, place=place, sent_id=sent_id, moment=moment)
    flash(_words()(f"lays.print_{done}"), "good" if done in ("queued", "queued_again") else "warn")
    return redirect(url_for("lays.lay", order=order, number=number), 303)


@screen.post("/lays/<order_code:order>/<int(max=999999):number>/undo")
@open_to(Role.SUPERVISOR)
def undo(order: str, number: int) -> ResponseReturnValue:
    event_id, reason = form_fields.sent_id(), form_fields.text("reason", limit=form_fields.LONGEST_REASON)
    done = "reason_needed"
    if reason:
        moment = atelier().clock.moment()
        done = atelier().run(undo_lay, order, number, event_id=event_id, reason=reason, moment=moment)
    flash(_words()(f"lays.undo_{done}"), "good" if done == "undone" else "warn")
    return redirect(url_for("lays.lay", order=order, number=number), 303)


def _entered(answer: CutAnswer) -> ResponseReturnValue:
    t, pieces = _words(), sum(bundle.quantity for bundle in answer.bundles)
    said = t("lays.entered_as", n=answer.lay_number, pieces=grouped_number(pieces))
    flash(f"{said} {t('lays.bundles_made', count=len(answer.bundles))}", "good")
    if answer.over_cut:
        over = ", ".join(f"{size} +{grouped_number(more)}" for size, more in answer.over_cut)
        flash(t("lays.over_cut_says", sizes=over), "warn")
    return redirect(url_for("lays.lay", order=answer.order, number=answer.lay_number), 303)


def _lay(db: sqlite_utils.Database, order: str, number: int) -> StandingLay:
    found = lay_store.by_number(db, order, number)
    if found is None:
        raise NotFound
    return found


def _choose_order(db: sqlite_utils.Database) -> ResponseReturnValue:
    return render_template("lays/choose_order.html", found=order_store.listed(db, running=True))


def _colour_asked(lines: Sequence[StandingLine]) -> str | None:
    """The colour in the address, or the only one there is; `None` where one must be chosen."""
    colours = list(dict.fromkeys(line.colour for line in lines))
    asked = form_fields.asked_text("colour", limit=TEXT_LIMIT)
    if asked in colours:
        return asked
    return colours[0] if len(colours) == 1 else None


def _left_by_colour(lines: Sequence[StandingLine]) -> list[tuple[str, int, int]]:
    """(colour, pieces ordered, pieces in lays)."""
    return [
        (
            colour,
            sum(line.quantity for line in lines if line.colour == colour),
            sum(line.pieces_cut for line in lines if line.colour == colour),
        )
        for colour in dict.fromkeys(line.colour for line in lines)
    ]


def _fresh_form(
    order: StandingOrder, colour: str, lines: Sequence[StandingLine], past: Sequence[StandingLay]
) -> LayForm:
    """Empty, or with the marker of an earlier lay of the same colour where the address asks for it."""
    like = form_fields.whole_number(request.args.get("like", ""))
    marker = next((dict(lay.marker) for lay in past if lay.number == like), {})
    config = atelier().config.atelier
    return LayForm(
        order=order.code,
        colour=colour,
        ratios={line.id: str(marker.get(line.size, "")) for line in lines},
        marker="",
        rolls=(TypedRoll(),) * FIRST_ROLLS,
        cap=str(config.bundle_cap),
        tolerance=str(config.bundle_tolerance),
    )


def _sent() -> tuple[StandingOrder, LayForm, list[StandingLine]]:
    with atelier().reading() as db:
        order = order_store.by_code(db, form_fields.text("order", limit=CODE_LIMIT))
        if order is None:
            raise NotFound
        colour = form_fields.text("colour", limit=TEXT_LIMIT)
        lines = [line for line in order_store.lines(db, order.id) if line.colour == colour]
    return order, sent_lay_form(lines), lines


def _lay_page(
    order: StandingOrder, form: LayForm, *, like: StandingLay | None = None, status: int = 200
) -> ResponseReturnValue:
    with atelier().reading() as db:
        lines = [line for line in order_store.lines(db, order.id) if line.colour == form.colour]
    page = render_template(
        "lays/new.html",
        order=order,
        form=form,
        lines=lines,
        like=like,
        preview=_preview(order, form, lines),
        most=MOST_DRAFTS_SHOWN,
        tried=request.method == "POST" and "more" not in request.form,
    )
    return page, status


def _preview(order: StandingOrder, form: LayForm, lines: Sequence[StandingLine]) -> LayPreview | None:
    if form.blank:
        return None
    with atelier().reading() as db:
        return preview_form(db, order.id, form, lines)


def _words() -> Words:
    return words(atelier().config.atelier.language)
