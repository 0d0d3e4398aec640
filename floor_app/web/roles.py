"""Who is asking, and may they: decided on the server for every route, refused unless the route says otherwise."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

from flask import Response, abort, current_app, g, redirect, request, session, url_for
from werkzeug.exceptions import Forbidden, Unauthorized

from floor_app.atelier import Atelier
from floor_app.config import StationConfig
from floor_app.store import access

DEVICE_COOKIE = "floor_device"
DEVICE_COOKIE_LASTS_S = 400 * 24 * 3600  # browsers keep no cookie longer (RFC 6265bis)

STATIC = ("static", "look.static")
View = TypeVar("View", bound=Callable[..., Any])


class Role(StrEnum):
    STRANGER = "stranger"
    STATION = "station"  # a paired tablet, or a machine with a station's token
    BOARD = "board"  # a paired wall screen
    SUPERVISOR = "supervisor"
    CONTROL = "control"  # the `floor` command on this machine


@dataclass(frozen=True, slots=True)
class Visitor:
    """`station`: the one this token belongs to, for a STATION. `account`: for a SUPERVISOR."""

    role: Role
    station: str = ""
    account: str = ""
    token_id: int = 0


STRANGER = Visitor(Role.STRANGER)


def open_to(*roles: Role) -> Callable[[View], View]:
    """Marks a view with who may use it. A view without the mark answers nobody."""

    def mark(view: View) -> View:
        view.open_to = frozenset(roles)  # type: ignore[attr-defined]  # functions take attributes; Callable does not say so
        return view

    return mark


def atelier() -> Atelier:
    found: Atelier = current_app.extensions["atelier"]
    return found


def visitor() -> Visitor:
    found: Visitor = g.visitor
    return found


def station_named(name: str) -> StationConfig:
    """The station, for its own tablet and for supervisors."""
    found = atelier().station(name)
    if found is None:
        abort(404)
    if visitor().role == Role.STATION and visitor().station != name:
        abort(403)
    return found


def check_visitor() -> Response | None:
    """Before every request: finds out who asks, and refuses who may not. Strangers are led to the sign-in page."""
    g.visitor = _who()
    view = current_app.view_functions.get(request.endpoint or "")
    allowed: frozenset[Role] = getattr(view, "open_to", frozenset())
    if request.endpoint in STATIC or g.visitor.role in allowed:
        return None
    if view is None:
        return None  # no such page: 404 for everyone
    if g.visitor.role != Role.STRANGER:
        raise Forbidden
    if request.blueprint == "api" or request.method not in ("GET", "HEAD"):
        raise Unauthorized
    if request.headers.get("HX-Request"):
        return Response(
            status=401, headers={"HX-Refresh": "true"}
        )  # htmx loads the whole page again, which leads to the sign-in
    return redirect(url_for("sign_in.sign_in", next=request.full_path.rstrip("?")))  # type: ignore[return-value]  # werkzeug's Response


def _who() -> Visitor:
    header = request.headers.get("Authorization", "")
    if header.startswith("Bearer "):
        return _by_token(header[7:].strip())
    account = _by_session()
    if account:
        return account
    cookie = request.cookies.get(DEVICE_COOKIE, "")
    return _by_token(cookie) if cookie else STRANGER


def _by_token(secret: str) -> Visitor:
    if not secret or len(secret) > 200:
        return STRANGER
    known: dict[str, Visitor] = current_app.extensions["visitors"]
    found = known.get(access.hashed(secret))
    if found is None:
        found = _look_up(secret)
        if found.role != Role.STRANGER:
            known[access.hashed(secret)] = found
    return found


def _look_up(secret: str) -> Visitor:
    control: str = current_app.extensions["control_token"]
    if control and access.hashed(secret) == access.hashed(control):
        return Visitor(Role.CONTROL)
    with atelier().reading() as db:
        token = access.token(db, secret)
    if token is None or token.kind not in ("station", "board") or not token.usable(atelier().clock.now_ms()):
        return STRANGER
    return Visitor(Role(token.kind), station=token.subject, token_id=token.id)


def forget_visitors() -> None:
    """After a token was revoked: everybody is looked up anew."""
    current_app.extensions["visitors"].clear()


def _by_session() -> Visitor | None:
    name, version = session.get("account"), session.get("version")
    if not name:
        return None
    with atelier().reading() as db:
        account = access.account(db, name)
    if account is None or account.session_version != version:
        session.clear()
        return None
    return Visitor(Role.SUPERVISOR, account=account.name)
