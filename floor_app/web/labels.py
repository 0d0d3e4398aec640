"""Labels: what the printers are doing, what came out and what did not, and a lost label again in three clicks."""

import hashlib
import io
import re
from dataclasses import dataclass
from itertools import groupby

import sqlite_utils
from flask import Blueprint, Response, abort, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from floor_app.config import PrinterConfig
from floor_app.config_keys import DEFAULT_LABEL
from floor_app.deciding_labels import ChosenLabel, print_again, seen_on_paper
from floor_app.domain.codes import Found, read_code
from floor_app.labels import pictured_label
from floor_app.printing import reprint
from floor_app.store import bundles, own_templates, print_batches, print_jobs
from floor_app.store.bundles import BundleCard
from floor_app.store.print_batches import BatchLabel, BatchTitle
from floor_app.store.print_jobs import Batch
from floor_app.texts import words
from floor_app.web.form_fields import asked_text, sent_id, text
from floor_app.web.roles import Role, atelier, open_to
from label_templates.render import render_label

screen = Blueprint("labels", __name__)
MOST_BATCHES = 20
MOST_FOUND = 12
MOST_SHOWN = 200
LONGEST_SEARCH = 80
PLAIN_DOTS_PER_MM = 8.0

# What a person has to look at first comes first.
SECTIONS = ("unknown", "failed", "cancelled", "waiting", "confirmed")
_SECTION_OF = {"queued": "waiting", "sending": "waiting", "sent": "waiting"}
_LEVELS = {"ready": "good", "paper_near_end": "warn", "unknown": "warn", "busy": "warn", "too_hot": "warn"}
_CHOSEN = re.compile(r"(\d{1,15}):(\d{1,15})")


@dataclass(frozen=True, slots=True)
class PrinterShown:
    printer: PrinterConfig
    state: str
    level: str
    since_ms: int
    waiting: int


@dataclass(frozen=True, slots=True)
class BatchShown:
    batch: Batch
    title: BatchTitle
    printer_is_there: bool


@dataclass(frozen=True, slots=True)
class FoundBundle:
    """`why`: when a code was read, `itself`, or `before` and `after` for its neighbours; "" when words were searched."""

    card: BundleCard
    why: str = ""


@screen.get("/labels")
@open_to(Role.SUPERVISOR)
def labels() -> ResponseReturnValue:
    wanted = asked_text("q", limit=LONGEST_SEARCH)
    with atelier().reading() as db:
        found = _found(db, wanted) if wanted else []
        live = _live(db)
    return render_template("labels/labels.html", wanted=wanted, found=found, label_size=_label_size(), **live)


@screen.get("/labels/live")
@open_to(Role.SUPERVISOR)
def live() -> ResponseReturnValue:
    with atelier().reading() as db:
        shown = _live(db)
    return _unless_seen(shown["version"]) or render_template("labels/live.html", **shown)


@screen.get("/labels/batch/<int(max=999999999):number>")
@open_to(Role.SUPERVISOR)
def batch(number: int) -> ResponseReturnValue:
    shown = _batch(number)
    if request.args.get("live") is None:
        return render_template("labels/batch.html", **shown)
    return _unless_seen(shown["version"]) or render_template("labels/batch_live.html", **shown)


@screen.post("/labels/batch/<int(max=999999999):number>/print")
@open_to(Role.SUPERVISOR)
def print_chosen(number: int) -> ResponseReturnValue:
    done = atelier().run(print_again, number, _chosen("job"), at_ms=atelier().clock.now_ms())
    return _done(number, "printed_again", done)


@screen.post("/labels/batch/<int(max=999999999):number>/seen")
@open_to(Role.SUPERVISOR)
def confirm(number: int) -> ResponseReturnValue:
    chosen = _chosen("shown" if request.form.get("all") else "job")
    done = atelier().run(seen_on_paper, number, chosen, at_ms=atelier().clock.now_ms())
    return _done(number, "seen", done)


@screen.post("/labels/batch/<int(max=999999999):number>/stop")
@open_to(Role.SUPERVISOR)
def stop(number: int) -> ResponseReturnValue:
    done = atelier().run(print_jobs.cancel_batch, number, atelier().clock.now_ms())
    return _done(number, "stopped", done)


@screen.post("/labels/reprint")
@open_to(Role.SUPERVISOR)
def print_lost() -> ResponseReturnValue:
    code = text("code", limit=20)
    place = atelier().label_place(text("printer", limit=40))
    duplicate = atelier().run(reprint, code, place=place, event_id=sent_id(), moment=atelier().clock.moment())
    t = words(atelier().config.atelier.language)
    if duplicate is None:
        flash(t("labels.no_such_bundle"), "stop")
        return redirect("/labels", 303)
    if place is None:
        flash(t("labels.duplicate_counted", duplicate=duplicate), "warn")
        return redirect(f"/labels?q={code}", 303)
    flash(t("labels.reprinting", duplicate=duplicate, printer=place.printer), "good")
    return redirect("/labels", 303)


@screen.get("/labels/preview/<code>.png")
@open_to(Role.SUPERVISOR)
def preview(code: str) -> ResponseReturnValue:
    """The label as the first printer would print it, as it was last asked for: with its DUPLICATA if there was one."""
    with atelier().reading() as db:
        card = bundles.card(db, code)
        label = pictured_label(db, card, duplicate=card.duplicates) if card else None
    printer = next(iter(atelier().config.printers), None)
    image = render_label(
        "bundle",
        label or abort(404),
        size=_label_size(),
        dots_per_mm=printer.dots_per_mm if printer else PLAIN_DOTS_PER_MM,
        width_dots=printer.width_dots if printer else None,
        own=own_templates.folder_in(atelier().data),
    )
    drawn = io.BytesIO()
    image.save(drawn, format="PNG")
    return Response(drawn.getvalue(), mimetype="image/png", headers={"Cache-Control": "private, no-cache"})


def _label_size() -> str:
    place = atelier().label_place()
    return place.label if place else DEFAULT_LABEL


def _live(db: sqlite_utils.Database) -> dict[str, object]:
    found = print_jobs.batches(db, limit=MOST_BATCHES)
    titles = print_batches.batch_titles(db, [batch.batch for batch in found])
    printers = _printers(db)
    shown = [BatchShown(batch, titles[batch.batch], _is_there(batch.printer)) for batch in found]
    return {
        "printers": printers,
        "batches": shown,
        "busy": any(batch.waiting for batch in found),
        "version": _version(shown, printers),
    }


def _printers(db: sqlite_utils.Database) -> list[PrinterShown]:
    heard = {state.name: state for state in atelier().devices.states("printer")}
    shown = []
    for printer in atelier().config.printers:
        said = heard.get(printer.name)
        state, since_ms = (said.state, said.since_ms) if said else ("unknown", 0)
        waiting = print_jobs.waiting_count(db, printer.name)
        shown.append(PrinterShown(printer, state, _LEVELS.get(state, "stop"), since_ms, waiting))
    return shown


def _batch(number: int) -> dict[str, object]:
    with atelier().reading() as db:
        found = print_batches.labels_of_batch(db, number)
        title = print_batches.batch_titles(db, [number]).get(number)
        jobs = print_jobs.of_batch(db, number)[:1]
        printers = _printers(db)
    if not found or title is None or not jobs:
        abort(404)
    by_section = _by_section(found)
    return {
        "number": number,
        "title": title,
        "printer": next((shown for shown in printers if shown.printer.name == jobs[0].printer), None),
        "printer_name": jobs[0].printer,
        "sections": [(name, by_section[name]) for name in SECTIONS if name in by_section],
        "counts": {name: len(by_section.get(name, ())) for name in SECTIONS},
        "total": len(found),
        "most_shown": MOST_SHOWN,
        "version": _version(found, printers),
    }


def _by_section(found: list[BatchLabel]) -> dict[str, list[BatchLabel]]:
    def section(label: BatchLabel) -> str:
        return _SECTION_OF.get(label.state, label.state)

    return {name: list(labels) for name, labels in groupby(sorted(found, key=section), key=section)}


def _is_there(printer: str) -> bool:
    return atelier().printer(printer) is not None


def _version(*shown: object) -> str:
    return hashlib.blake2b(repr(shown).encode(), digest_size=8).hexdigest()


def _unless_seen(version: object) -> ResponseReturnValue | None:
    return ("", 204) if request.args.get("seen") == version else None


def _chosen(field: str) -> list[ChosenLabel]:
    found = (_CHOSEN.fullmatch(value) for value in request.form.getlist(field))
    return [ChosenLabel(int(chosen[1]), int(chosen[2])) for chosen in found if chosen]


def _done(number: int, what: str, count: int) -> ResponseReturnValue:
    t = words(atelier().config.atelier.language)
    flash(t(f"labels.{what}", count=count) if count else t("labels.nothing_done"), "good" if count else "warn")
    return redirect(f"/labels/batch/{number}", 303)


def _found(db: sqlite_utils.Database, wanted: str) -> list[FoundBundle]:
    """A code that was read is very often that of the neighbour which is still there: those beside it are shown too."""
    reading = read_code(wanted, home_site=atelier().home.site)
    card = bundles.card(db, reading.code) if reading.found == Found.BUNDLE else None
    if card is None:
        return [FoundBundle(found) for found in bundles.search(db, wanted, limit=MOST_FOUND)]
    near = bundles.neighbours(db, card.code) or [card]
    return [FoundBundle(found, _place(found.number - card.number)) for found in near]


def _place(steps: int) -> str:
    return "itself" if steps == 0 else "before" if steps < 0 else "after"
