"""Bundles: finding one by code, by number or by neighbour; its card, its story, its label, its corrections."""

from io import BytesIO

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from floor_app.correcting import undo_count
from floor_app.declaring import declare_missing, take_back_missing
from floor_app.domain.codes import Found, read_code
from floor_app.domain.events import PiecesDeclaredMissing
from floor_app.domain.orders import CODE_LIMIT, TEXT_LIMIT
from floor_app.domain.progress import BundleStatus
from floor_app.domain.transfers import TransferState
from floor_app.labels import pictured_label
from floor_app.printing import reprint as reprint_label
from floor_app.store import bundle_history, own_templates, print_jobs, transfers
from floor_app.store import bundles as bundle_store
from floor_app.store.bundles import FATES, BundleCard, StandingBundle, Wanted, Whereabouts
from floor_app.store.transfers import Transfer
from floor_app.texts import Words, words
from floor_app.web import form_fields
from floor_app.web.bundle_counts import fates_in, step_rows
from floor_app.web.bundle_places import place_words
from floor_app.web.bundle_story import story
from floor_app.web.roles import Role, atelier, open_to
from floor_app.web.step_names import step_name
from label_templates.render import render_label

LONGEST_SEARCH = 64
MOST_FOUND = 50
MOST_LISTED = 200
SHOWN_LABEL = "50x30"  # where no printer says which size is in it
SHOWN_DOTS_PER_MM = 12.0

screen = Blueprint("bundles", __name__)


@screen.get("/bundles")
@open_to(Role.SUPERVISOR)
def bundles() -> ResponseReturnValue:
    """A whole code, typed or scanned, goes straight to its bundle."""
    sought, wanted = form_fields.asked_text("q", limit=LONGEST_SEARCH), _wanted()
    reading = read_code(sought, home_site=atelier().config.atelier.site)
    with atelier().reading() as db:
        if reading.found == Found.BUNDLE and bundle_store.card(db, reading.code):
            return redirect(url_for("bundles.bundle", code=reading.code), 303)
        cards = (
            bundle_store.search(db, sought, limit=MOST_FOUND)
            if sought
            else bundle_store.listed(db, wanted, limit=MOST_LISTED)
        )
        places = bundle_store.whereabouts(db, [card.code for card in cards])
    t = _words()
    return render_template(
        "bundles/bundles.html",
        found=[(card, place_words(t, card.status, places.get(card.code))) for card in cards],
        sought=sought,
        read_as=reading.found.value if sought else "",
        wanted=wanted,
        step=step_name(t, wanted.step) if wanted.step else "",
        most=MOST_FOUND if sought else MOST_LISTED,
    )


@screen.get("/bundles/<code>")
@open_to(Role.SUPERVISOR)
def bundle(code: str) -> ResponseReturnValue:
    with atelier().reading() as db:
        standing = bundle_store.standing(db, code)
        if standing is None:
            return _no_such_bundle(code)
        history = bundle_history.history(db, code)
        near = bundle_store.neighbours(db, code)
        places = bundle_store.whereabouts(db, [card.code for card in near])
        labels = print_jobs.of_bundle(db, code)
        gone_with = transfers.of_bundle(db, code)
    t, routing = _words(), standing.routing
    is_open = standing.state.status == BundleStatus.OPEN
    steps = step_rows(standing, t)
    return render_template(
        "bundles/bundle.html",
        card=standing.card,
        place=_place(t, standing, places.get(code), gone_with),
        steps=steps,
        fates=fates_in(steps),
        story=story(history, code=code, routing=routing, t=t),
        near=[(card, place_words(t, card.status, places.get(card.code), routing)) for card in near],
        label_state=labels[-1].state if labels else "none",
        is_open=is_open,
        has_printer=atelier().label_place() is not None,
        note=gone_with.note if gone_with and not is_open else standing.card.note,
        station_title=_station_title,
    )


@screen.get("/bundles/<code>/label.png")
@open_to(Role.SUPERVISOR)
def label_picture(code: str) -> ResponseReturnValue:
    """The label as it prints, larger: the newest duplicate's where there is one."""
    card, place = _card(code), atelier().label_place()
    with atelier().reading() as db:
        drawn = pictured_label(db, card, duplicate=card.duplicates)
    size, own = place.label if place else SHOWN_LABEL, own_templates.folder_in(atelier().data)
    image = render_label("bundle", drawn, size=size, dots_per_mm=SHOWN_DOTS_PER_MM, own=own)
    content = BytesIO()
    image.save(content, "PNG", optimize=True)
    response = Response(content.getvalue(), mimetype="image/png", headers={"Cache-Control": "private, no-cache"})
    response.add_etag()
    return response.make_conditional(request)


@screen.post("/bundles/<code>/reprint")
@open_to(Role.SUPERVISOR)
def reprint(code: str) -> ResponseReturnValue:
    place, moment = atelier().label_place(), atelier().clock.moment()
    number = atelier().run(reprint_label, code, place=place, event_id=form_fields.sent_id(), moment=moment)
    if number is None:
        flash(_words()("bundles.reprint_nothing"), "warn")
    elif place:
        flash(_words()("bundles.reprint_queued", n=number, printer=place.printer), "good")
    else:
        flash(_words()("bundles.reprint_no_printer", n=number), "warn")
    return _back_to(code)


@screen.post("/bundles/<code>/undo/<int(max=999999999999):seq>")
@open_to(Role.SUPERVISOR)
def undo(code: str, seq: int) -> ResponseReturnValue:
    """Takes back one count, or one loss, of this bundle and no other."""
    with atelier().reading() as db:
        stored = next((found for found in bundle_history.history(db, code) if found.seq == seq), None)
    if stored is None:
        raise NotFound
    take_back = take_back_missing if isinstance(stored.event, PiecesDeclaredMissing) else undo_count
    decision = atelier().run(
        take_back,
        seq,
        event_id=form_fields.sent_id(),
        reason=form_fields.text("reason", limit=form_fields.LONGEST_REASON),
        moment=atelier().clock.moment(),
    )
    flash(_words()(f"bundles.undo_{decision.reason}"), "good" if decision.reason == "undone" else "warn")
    return _back_to(code)


@screen.post("/bundles/<code>/missing")
@open_to(Role.SUPERVISOR)
def missing(code: str) -> ResponseReturnValue:
    declared = PiecesDeclaredMissing(
        code,
        form_fields.text("operation", limit=CODE_LIMIT),
        form_fields.whole_number(form_fields.text("pieces", limit=8)) or 0,
        form_fields.text("reason", limit=form_fields.LONGEST_REASON),
    )
    event_id, moment = form_fields.sent_id(), atelier().clock.moment()
    answer = atelier().run(declare_missing, declared, event_id=event_id, moment=moment)
    said = _words()(f"bundles.missing_{answer.outcome}", count=declared.pieces, n=answer.waiting)
    flash(said, "good" if answer.outcome == "declared" else "warn")
    return _back_to(code)


def _place(
    t: Words, standing: StandingBundle, where: Whereabouts | None, gone_with: Transfer | None
) -> tuple[str, str]:
    """As `place_words`; of a bundle that is gone, with whom it is or to whom it goes."""
    kind, said = place_words(t, standing.card.status, where, standing.routing)
    if standing.state.status != BundleStatus.IN_TRANSIT or gone_with is None:
        return kind, said
    name = "place_on_the_way" if gone_with.state == TransferState.IN_TRANSIT else "place_elsewhere"
    return kind, t(f"bundles.{name}", who=gone_with.atelier_name)


def _wanted() -> Wanted:
    fate = form_fields.asked_text("fate", limit=20)
    return Wanted(
        order=form_fields.asked_text("order", limit=CODE_LIMIT),
        size=form_fields.asked_text("size", limit=TEXT_LIMIT),
        colour=form_fields.asked_text("colour", limit=TEXT_LIMIT),
        step=form_fields.asked_text("step", limit=CODE_LIMIT),
        fate=fate if fate in FATES else "",
    )


def _card(code: str) -> BundleCard:
    with atelier().reading() as db:
        found = bundle_store.card(db, code)
    if found is None:
        raise NotFound
    return found


def _no_such_bundle(code: str) -> ResponseReturnValue:
    """Another spelling of a code we know leads to it; anything else to the search."""
    reading = read_code(code, home_site=atelier().config.atelier.site)
    if reading.found == Found.BUNDLE and reading.code != code:
        return redirect(url_for("bundles.bundle", code=reading.code))
    return render_template("bundles/not_found.html"), 404


def _back_to(code: str) -> ResponseReturnValue:
    return redirect(url_for("bundles.bundle", code=code), 303)


def _station_title(name: str) -> str:
    station = atelier().station(name)
    return station.title if station else name or _words()("bundles.office")


def _words() -> Words:
    return words(atelier().config.atelier.language)
