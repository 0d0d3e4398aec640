"""Pairing: a one-time link, opened on a tablet or a wall screen, makes that browser the station's. Looking at it takes nothing."""

from flask import Blueprint, redirect, render_template, request, session
from flask.typing import ResponseReturnValue

from floor_app import access
from floor_app.store import access as access_store
from floor_app.store.access import Token
from floor_app.web.device_cookie import set_device_cookie
from floor_app.web.roles import DEVICE_COOKIE, Role, atelier, forget_visitors, open_to, visitor

screen = Blueprint("pairing", __name__)
TABLET = "tablet"  # how the label of a paired device begins; a script's token has a name somebody gave it

# What a browser says it runs on, the telling ones first. Proper names: shown as they are.
_MAKES = ("iPad", "iPhone", "Android", "CrOS", "Windows", "Macintosh", "Linux")


@screen.get("/pair/<secret>")
@open_to(*Role)
def pair(secret: str) -> ResponseReturnValue:
    link, refusal = _link(secret)
    if link is None:
        return render_template("pairing/link_gone.html", refusal=refusal), 410
    return render_template("pairing/pair.html", station=atelier().station(link.subject))


@screen.post("/pair/<secret>")
@open_to(*Role)
def take(secret: str) -> ResponseReturnValue:
    link, refusal = _link(secret)
    token = access.new_secret()
    at_ms = atelier().clock.now_ms()
    paired = atelier().run(access.pair, secret, token, label=f"{TABLET} {_make()}", at_ms=at_ms) if link else None
    if paired is None:
        return _refused_or_there(refusal or "used")
    _forget_earlier_pairing(at_ms)
    session.clear()  # a shared tablet does not stay signed in as the supervisor who paired it
    return set_device_cookie(redirect(_page_of(paired), 303), token)


def _link(secret: str) -> tuple[Token | None, str]:
    """The link, or why it is of no use: `unknown`, `used`, `too_old`, `no_station`."""
    with atelier().reading() as db:
        link = access_store.token(db, secret)
    if link is None or link.kind != "pairing":
        return None, "unknown"
    if link.used_at_ms:
        return None, "used"
    if not link.usable(atelier().clock.now_ms()):
        return None, "too_old"
    if link.subject and atelier().station(link.subject) is None:
        return None, "no_station"
    return link, ""


def _make() -> str:
    agent = request.headers.get("User-Agent", "")
    return next((make for make in _MAKES if make in agent), "")


def _refused_or_there(refusal: str) -> ResponseReturnValue:
    """Pressed twice: the first press has paired this browser, and the second leads on."""
    if refusal == "used" and visitor().role in (Role.STATION, Role.BOARD):
        return redirect("/", 303)
    return render_template("pairing/link_gone.html", refusal=refusal), 410


def _forget_earlier_pairing(at_ms: int) -> None:
    """A tablet moved to another station leaves no token behind that still opens the first."""
    earlier = request.cookies.get(DEVICE_COOKIE, "")
    with atelier().reading() as db:
        token = access_store.token(db, earlier) if earlier else None
    if token and token.kind in ("station", "board"):
        atelier().run(access_store.revoke, token.id, at_ms)
        forget_visitors()


def _page_of(token: Token) -> str:
    return f"/station/{token.subject}" if token.kind == "station" else "/board?tv=1"
