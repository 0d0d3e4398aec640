"""What a buyer sees of one order on a link without a password, and the page on which a coordinator makes and takes back such links."""

import secrets
from collections.abc import Callable

from flask import Blueprint, Response, abort, flash, g, make_response, redirect, render_template, request, url_for

from central.following_orders import FollowedOrder, follow
from central.store import buyer_links, orders, pictures
from central.store.orders import SharedOrder
from central.texts import LANGUAGES
from central.web.language import t
from central.web.roles import EVERYBODY, Role, centre, open_to, pace

buyer_screen = Blueprint("buyer", __name__)

DAY_MS = 24 * 3_600_000
LASTS_DAYS = (30, 90, 365, 0)  # 0: until it is taken back
USUALLY_DAYS = 90
LONGEST_LABEL = 80
LONGEST_SECRET = 64
SECRET_BYTES = 24
_STAGES: dict[str, Callable[[FollowedOrder], int]] = {
    "cut": lambda one: one.figures.cut,
    "sewn": lambda one: one.figures.sewn,
    "finished": lambda one: one.figures.finished,
    "shipped": lambda one: one.figures.shipped,
    "received": lambda one: one.figures.received,
}


@buyer_screen.get("/suivi/<secret>")
@open_to(*EVERYBODY)
def followed(secret: str) -> Response:
    """The same calm page for a link that is unknown, too old or taken back. Found by its hash: how long that takes tells nothing."""
    pace().check_address("buyer")
    _speak_as_asked()
    now, found = centre().now_ms(), None
    if len(secret) <= LONGEST_SECRET:
        with centre().reading() as db:
            order = buyer_links.order_of(db, secret, at_ms=now)
            found = follow(db, order, at_ms=now) if order else None
    if found is None:
        return _for_strangers(render_template("buyer/gone.html"), 404)
    stages = [(name, of(found)) for name, of in _STAGES.items()]
    return _for_strangers(
        render_template("buyer/followed.html", followed=found, stages=stages, as_of_ms=now, secret=secret)
    )


@buyer_screen.get("/suivi/<secret>/modele.png")
@open_to(*EVERYBODY)
def style_picture(secret: str) -> Response:
    """Of the style, to whoever may see the order's page."""
    pace().check_address("buyer")
    png = None
    with centre().reading() as db:
        code = buyer_links.order_of(db, secret, at_ms=centre().now_ms()) if len(secret) <= LONGEST_SECRET else None
        order = orders.find(db, code) if code else None
        if order:
            png = pictures.of_style(db, order)
    answer = _for_strangers(png or abort(404))
    answer.headers["Content-Type"] = "image/png"
    return answer


@buyer_screen.get("/orders/<path:code>/links")
@open_to(Role.COORDINATOR, Role.READER)
def links(code: str) -> str:
    return _links_page(_order(code))


@buyer_screen.post("/orders/<path:code>/links")
@open_to(Role.COORDINATOR)
def make_link(code: str) -> Response:
    """Shown in the answer itself, once: only its hash is kept."""
    order = _order(code)
    label, days = request.form.get("label", "").strip(), request.form.get("days", "")
    if not label or len(label) > LONGEST_LABEL or not label.isprintable():
        return make_response(_links_page(order, fault="label"), 422)
    if days not in map(str, LASTS_DAYS):
        return make_response(_links_page(order, fault="lasts"), 422)
    secret, now = secrets.token_urlsafe(SECRET_BYTES), centre().now_ms()
    expires_at_ms = now + int(days) * DAY_MS if int(days) else 0
    with centre().writing() as db:
        buyer_links.add(db, secret, order.code, label=label, at_ms=now, expires_at_ms=expires_at_ms)
    made = url_for("buyer.followed", secret=secret, _external=True)
    return make_response(_links_page(order, made=made))


@buyer_screen.post("/orders/<path:code>/links/revoke")
@open_to(Role.COORDINATOR)
def revoke_link(code: str) -> Response:
    order = _order(code)
    with centre().writing() as db:
        buyer_links.revoke(db, order.code, request.form.get("link", "")[:LONGEST_SECRET], at_ms=centre().now_ms())
    flash(t("buyer.revoked"), "good")
    return make_response(redirect(url_for("buyer.links", code=order.code), code=303))


def _order(code: str) -> SharedOrder:
    with centre().reading() as db:
        return orders.find(db, code) or abort(404)


def _links_page(order: SharedOrder, *, fault: str = "", made: str = "") -> str:
    with centre().reading() as db:
        found = buyer_links.of_order(db, order.code)
    return render_template(
        "buyer/links.html",
        order=order,
        links=found,
        now_ms=centre().now_ms(),
        lasts=LASTS_DAYS,
        usually=USUALLY_DAYS,
        fault=fault,
        made=made,
        given={} if made else request.form,
    )


def _speak_as_asked() -> None:
    """A link has no session to keep a language in: it is in the address."""
    asked = request.args.get("language", "")
    if asked in LANGUAGES:
        g.language = asked


def _for_strangers(content: str | bytes, status: int = 200) -> Response:
    answer = make_response(content, status)
    answer.headers["Referrer-Policy"] = "no-referrer"
    answer.headers["X-Robots-Tag"] = "noindex, nofollow"
    return answer
