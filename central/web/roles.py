"""Who is asking, and may they: decided for every route before it runs, refused unless the route says otherwise."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

from flask import Response, current_app, g, redirect, request, session, url_for
from werkzeug.exceptions import Forbidden, Unauthorized

from central.centre import Centre
from central.store import accounts
from central.web.pace import Pace
from central.web.secure_way import check_way
from central.web.signatures import check_signature

View = TypeVar("View", bound=Callable[..., Any])


class Role(StrEnum):
    STRANGER = "stranger"
    MACHINE = "machine"  # an atelier's: its request is signed with a key in force
    COORDINATOR = "coordinator"
    ATELIER = "atelier"  # people of one atelier
    READER = "reader"


EVERYBODY = tuple(Role)
STATIC = ("static", "look.static")


@dataclass(frozen=True, slots=True)
class Visitor:
    """`atelier`: of a MACHINE or ATELIER; nobody else's figures are theirs to see. `account`: of people."""

    role: Role
    atelier: str = ""
    account: str = ""
    key_id: str = ""


STRANGER = Visitor(Role.STRANGER)


def open_to(*roles: Role) -> Callable[[View], View]:
    """Marks a view with who may use it. A view without the mark answers nobody."""

    def mark(view: View) -> View:
        view.open_to = frozenset(roles)  # type: ignore[attr-defined]  # functions take attributes; Callable does not say so
        return view

    return mark


def centre() -> Centre:
    found: Centre = current_app.extensions["centre"]
    return found


def pace() -> Pace:
    found: Pace = current_app.extensions["pace"]
    return found


def visitor() -> Visitor:
    found: Visitor = g.visitor
    return found


def check_visitor() -> Response | None:
    """Before every request. Strangers are led from a page to the sign-in page."""
    view = current_app.view_functions.get(request.endpoint or "")
    allowed: frozenset[Role] = getattr(view, "open_to", frozenset())
    g.visitor = STRANGER
    if request.endpoint == "health.healthz":
        return None
    check_way(centre().settings.proxies)
    if request.endpoint in STATIC:
        return None
    pace().check_address()
    if request.path.startswith("/api/"):
        _check_machine(view, allowed)
        return None
    return _check_people(view, allowed)


def _check_machine(view: Any, allowed: frozenset[Role]) -> None:
    """No cookie counts here. A route of one atelier answers that atelier alone."""
    if Role.STRANGER in allowed or view is None:
        return
    signed = check_signature(centre(), pace(), (request.view_args or {}).get("atelier", ""))
    g.visitor = Visitor(Role.MACHINE, atelier=signed.atelier, key_id=signed.key_id)
    if Role.MACHINE not in allowed:
        raise Forbidden


def _check_people(view: Any, allowed: frozenset[Role]) -> Response | None:
    g.visitor = _by_session() or STRANGER
    if g.visitor.role in allowed or view is None:
        return None  # no such page: 404 for everyone
    if g.visitor.role != Role.STRANGER:
        raise Forbidden
    if request.method not in ("GET", "HEAD"):
        raise Unauthorized
    if request.headers.get("HX-Request"):
        return Response(
            status=401, headers={"HX-Refresh": "true"}
        )  # htmx loads the page again, which leads to the sign-in
    return redirect(url_for("sign_in.sign_in", next=request.full_path.rstrip("?")))  # type: ignore[return-value]  # werkzeug's Response


def _by_session() -> Visitor | None:
    name, version = session.get("account"), session.get("version")
    if not name:
        return None
    with centre().reading() as db:
        account = accounts.find(db, name)
    if account is None or account.closed_at_ms or account.session_version != version:
        session.clear()
        return None
    return Visitor(Role(account.role), atelier=account.atelier, account=account.name)
