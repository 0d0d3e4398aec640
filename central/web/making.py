"""How a shared order is made: its steps and pictures, for every atelier that has a share of it."""

from collections.abc import Sequence
from dataclasses import replace

from flask import Blueprint, Response, abort, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from central import sharing
from central.domain.making import LONGEST_TITLE, MOST_STEPS, SECTIONS, StepFault, TypedStep, routing_of, typed_steps
from central.store import orders, pictures
from central.store.orders import Making, SharedOrder
from central.texts import LANGUAGES, words
from central.web.form_fields import text, whole_number
from central.web.language import t
from central.web.roles import Role, centre, open_to
from groundwork.picture_names import name_of
from groundwork.pictures import LARGEST_SENT, Picture, PictureFault, clean_picture, read_picture

making_screen = Blueprint("making", __name__, url_prefix="/orders/<path:code>")
OFFICE = (Role.COORDINATOR, Role.READER)
SPARE_ROWS = 3
FIRST_ROWS = 5
LONGEST_MINUTES = 12


@making_screen.get("/making", endpoint="making")
@open_to(*OFFICE)
def page(code: str) -> ResponseReturnValue:
    order = _order(code)
    return _as_made(order, order)


def _as_made(order: SharedOrder, shown: SharedOrder) -> str:
    """The page of an order, filled in as `shown` is made."""
    steps = typed_steps(shown.routing, section_words=_section_words())
    digests = {one["name"]: one["sha256"] for one in shown.pictures}
    steps = [replace(step, picture=digests.get(step.picture, "")) for step in steps]
    spare = max(FIRST_ROWS - len(steps), SPARE_ROWS)
    return _page(order, [*steps, *[TypedStep()] * spare], digests.get(shown.picture, ""))


@making_screen.post("/making")
@open_to(Role.COORDINATOR)
def keep(code: str) -> ResponseReturnValue:
    """Pictures are kept as they come, so that a fault elsewhere on the page loses none of them."""
    order = _order(code)
    like = _alike(order).get(request.form.get("like", ""))
    if like:  # to be looked at, and kept then
        _take_pictures(like, order)
        return _as_made(order, like)
    faults, known = list[tuple[str, str]](), _pictures(order)
    own = _sent_picture(order, "style", known, faults)
    steps = [_sent_step(order, row, known, faults) for row in range(_rows())]
    if "more" in request.form:
        return _page(order, [*steps, *[TypedStep()] * SPARE_ROWS][:MOST_STEPS], own, picture_faults=faults)
    routing, wrong = routing_of(steps, own_words=_own_words())
    if faults or wrong:
        return _page(order, steps, own, faults=wrong, picture_faults=faults), 422
    named = [{**step, "picture": name_of(step["picture"])} if "picture" in step else step for step in routing]
    digests = dict.fromkeys([own, *(step.get("picture", "") for step in routing)])
    told = [{"name": name_of(digest), "sha256": digest} for digest in digests if digest]
    with centre().writing() as db:
        making = Making(named, told, name_of(own))
        sharing.keep_making(db, order.code, making, at_ms=centre().now_ms())
    flash(t("making.kept", code=order.code), "good")
    return redirect(url_for("orders.order", code=order.code), 303)


@making_screen.get("/pictures/<sha256>.png")
@open_to(*OFFICE)
def picture(code: str, sha256: str) -> Response:
    """Never changes under its address."""
    with centre().reading() as db:
        png = pictures.find(db, code, sha256)
    answer = make_response(png or abort(404))
    answer.headers["Content-Type"] = "image/png"
    answer.headers["Cache-Control"] = "private, max-age=31536000, immutable"
    return answer


def _sent_step(order: SharedOrder, row: int, known: set[str], faults: list[tuple[str, str]]) -> TypedStep:
    section = request.form.get(f"section-{row}", "")
    return TypedStep(
        text(f"title-{row}", limit=LONGEST_TITLE),
        section if section in SECTIONS else "sew",
        text(f"minutes-{row}", limit=LONGEST_MINUTES),
        beside=row > 0 and f"beside-{row}" in request.form,
        picture=_sent_picture(order, str(row), known, faults),
    )


def _sent_picture(order: SharedOrder, place: str, known: set[str], faults: list[tuple[str, str]]) -> str:
    """The digest of what was sent for a place, else of what was there and is not taken away. A fault: (code, file name)."""
    there = request.form.get(f"kept-{place}", "")
    there = there if there in known and f"drop-{place}" not in request.form else ""
    sent = request.files.get(f"picture-{place}")
    if sent is None or not sent.filename:
        return there
    content = sent.read(LARGEST_SENT + 1)
    sent.close()
    try:
        cleaned = clean_picture(content)
    except PictureFault as fault:
        faults.append((fault.code, sent.filename[:LONGEST_TITLE]))
        return there
    _keep(order.code, [cleaned])
    known.add(cleaned.sha256)
    return cleaned.sha256


def _keep(order: str, cleaned: Sequence[Picture]) -> None:
    with centre().writing() as db:
        for one in cleaned:
            pictures.keep(db, order, one, at_ms=centre().now_ms())


def _take_pictures(like: SharedOrder, order: SharedOrder) -> None:
    with centre().reading() as db:
        found = [(one["sha256"], pictures.find(db, like.code, one["sha256"])) for one in like.pictures]
    _keep(order.code, [read_picture(png, sha256=sha256) for sha256, png in found if png])


def _page(
    order: SharedOrder,
    steps: Sequence[TypedStep],
    own: str,
    *,
    faults: Sequence[StepFault] = (),
    picture_faults: Sequence[tuple[str, str]] = (),
) -> str:
    return render_template(
        "making/making.html",
        order=order,
        steps=steps,
        own=own,
        faults=faults,
        picture_faults=picture_faults,
        sections=SECTIONS,
        alike=sorted(_alike(order)),
    )


def _alike(order: SharedOrder) -> dict[str, SharedOrder]:
    """Other orders of the same style that say how they are made, by code."""
    with centre().reading() as db:
        listed = [*orders.listed(db), *orders.listed(db, closed=True)]
    said = [one for one in listed if one.style == order.style and (one.routing or one.pictures)]
    return {one.code: one for one in said if one.code != order.code}


def _order(code: str) -> SharedOrder:
    with centre().reading() as db:
        return orders.find(db, code) or abort(404)


def _pictures(order: SharedOrder) -> set[str]:
    with centre().reading() as db:
        return pictures.of_order(db, order.code)


def _rows() -> int:
    return min(whole_number(request.form.get("rows", "")) or 0, MOST_STEPS)


def _section_words() -> dict[str, str]:
    return {section: t(f"making.section_{section}") for section in SECTIONS}


def _own_words() -> dict[str, str]:
    """In whatever language somebody types them."""
    return {words(language)(f"making.section_{section}"): section for language in LANGUAGES for section in SECTIONS}
