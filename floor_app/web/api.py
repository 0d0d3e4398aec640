"""The interface for machines, stable within /api/v1: scans in, the board and bundles out. Described by openapi.json and docs/api.md."""

import json
from functools import cache
from importlib import resources
from typing import Any

from flask import Blueprint, Response, request
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException, MethodNotAllowed, Unauthorized

from floor_app.config import StationConfig
from floor_app.domain.cards import Command, read_card
from floor_app.domain.codes import Found, read_code
from floor_app.domain.scans import Answer, Decision
from floor_app.scanning import Scan, ScanAnswer
from floor_app.store import bundles, events
from floor_app.texts import words
from floor_app.web import scan_shortcut, telling
from floor_app.web.board_figures import board_now
from floor_app.web.bundle_figures import bundle_now
from floor_app.web.roles import Role, atelier, open_to, visitor
from floor_app.web.scan_bodies import LARGEST_BODY_BYTES, BodyFault, ScanBody, read_scan_body

screen = Blueprint("api", __name__, url_prefix="/api/v1")
screen.tokens_only = True  # type: ignore[attr-defined]  # read by create_app: no cookie opens these routes

CHOICE_TOLD = ("choice", "label")
BUNDLE_TOLD = ("code", "number", "bundle_count", "order", "style", "size", "colour", "shade", "quantity")


class Problem(Exception):
    """An answer by RFC 9457. `code` is stable and has words in texts/<language>/api.toml; `field` of the body, or ""."""

    def __init__(self, status: int, code: str, field: str = "") -> None:
        super().__init__(code)
        self.status, self.code, self.field = status, code, field


@screen.record_once
def take_shortcut(state: BlueprintSetupState) -> None:
    scan_shortcut.add_to(state, f"{screen.url_prefix}/scans", _written_answer)


@screen.before_request
def ask_for_token() -> None:
    """A browser sends its cookies along with what another site makes it ask; never this header."""
    if not _has_token():
        raise Unauthorized


@screen.post("/scans")
@open_to(Role.STATION, Role.CONTROL)
def scans() -> ResponseReturnValue:
    """Answered after the event is on disk."""
    body = _scan_body()
    station = _station(body)
    answer = atelier().take_scan(Scan(body.id, body.code, station.name, station.operation), said_at_ms=body.at_ms)
    if answer.replayed:
        _refuse_other_scan(body, station, answer)
    return Response(_written_answer(answer), mimetype="application/json")


@screen.get("/board")
@open_to(Role.STATION, Role.BOARD, Role.CONTROL)
def board() -> ResponseReturnValue:
    return _json(board_now(atelier()))


@screen.get("/bundles/<code>")
@open_to(Role.STATION, Role.BOARD, Role.CONTROL)
def bundle(code: str) -> ResponseReturnValue:
    """The code as printed, with or without spaces, or its last ten letters."""
    reading = read_code(code, home_site=atelier().home.site)
    with atelier().reading() as db:
        standing = bundles.standing(db, reading.code) if reading.found == Found.BUNDLE else None
    if standing is None:
        raise Problem(404, "unknown_bundle")
    return _json(bundle_now(standing, atelier()))


@screen.get("/openapi.json")
@open_to(Role.STATION, Role.BOARD, Role.CONTROL)
def openapi() -> ResponseReturnValue:
    return Response(openapi_document(), mimetype="application/json")


@cache
def openapi_document() -> bytes:
    return resources.files(__package__).joinpath("openapi.json").read_bytes()


@screen.after_app_request
def name_methods(response: Response) -> Response:
    """A method that is not there is refused by the routing, before it is known whose address it is (RFC 9110, 15.5.6)."""
    refusal = request.routing_exception
    if isinstance(refusal, MethodNotAllowed) and request.path.startswith("/api/"):
        response.headers["Allow"] = ", ".join(sorted(refusal.valid_methods or ()))
    return response


@screen.errorhandler(Problem)
def tell_problem(problem: Problem) -> ResponseReturnValue:
    t = words(atelier().config.atelier.language)
    told = {
        "type": "about:blank",
        "title": t(f"api.{problem.code}_title"),
        "status": problem.status,
        "detail": t(f"api.{problem.code}_detail"),
        "code": problem.code,
    } | ({"field": problem.field} if problem.field else {})
    headers = {"WWW-Authenticate": "Bearer"} if problem.status == 401 else {}
    return _json(told, mimetype="application/problem+json"), problem.status, headers


@screen.errorhandler(HTTPException)
def tell_http_fault(error: HTTPException) -> ResponseReturnValue:
    """A visitor known by a cookie alone is nobody here, whatever the cookie is good for elsewhere."""
    code = 401 if error.code == 403 and not _has_token() else error.code or 500
    return tell_problem(Problem(code, _HTTP_FAULTS.get(code, "bad_request" if code < 500 else "our_fault")))


_HTTP_FAULTS = {401: "token_needed", 403: "not_allowed", 404: "not_found", 413: "too_large"}


def _has_token() -> bool:
    return request.headers.get("Authorization", "").startswith("Bearer ")


def _scan_body() -> ScanBody:
    if request.mimetype != "application/json":
        raise Problem(415, "not_json_type")
    request.max_content_length = LARGEST_BODY_BYTES
    body = read_scan_body(request.get_data(cache=False))
    if isinstance(body, BodyFault):
        raise Problem(body.status, body.code, body.field)
    return body


def _station(body: ScanBody) -> StationConfig:
    """A station's token speaks for that station alone; the machine's own names the one it speaks for."""
    who = visitor()
    if who.role == Role.STATION and body.station not in ("", who.station):
        raise Problem(403, "other_station", "station")
    name = who.station or body.station
    if not name:
        raise Problem(422, "missing_field", "station")
    station = atelier().station(name)
    if station is None:
        raise Problem(404, "unknown_station", "station")
    return station


def _written_answer(answer: ScanAnswer) -> str:
    return _written(_told(answer))


def _told(answer: ScanAnswer) -> dict[str, Any]:
    t, decision, about = words(atelier().config.atelier.language), answer.decision, answer.bundle
    return {
        "answer": decision.answer.value,
        "reason": decision.reason,
        "message": telling.sentence(answer, t),
        "event_seq": answer.event_seq,
        "event": answer.event_type,
        "goes_to": decision.goes_to,
        "operation": decision.operation,
        "pieces": decision.pieces,
        "counted_at": atelier().clock.local(decision.at_ms).isoformat() if decision.at_ms else None,
        "choices": [{name: choice[name] for name in CHOICE_TOLD} for choice in telling.choices(answer, t)],
        "bundle": {name: getattr(about, name) for name in BUNDLE_TOLD} if about else None,
    }


def _refuse_other_scan(body: ScanBody, station: StationConfig, answer: ScanAnswer) -> None:
    """An id comes again when an answer was lost. With another code, or from another station, it is a fault of the machine."""
    with atelier().reading() as db:
        earlier = events.find(db, body.id)
    if earlier and earlier.station == station.name and _is_about(body.code, answer):
        return
    stop = ScanAnswer(Decision(Answer.STOP, "id_used"))
    atelier().answers.tell(station.name, body.id, stop, at_ms=atelier().clock.now_ms())  # nothing was counted here
    raise Problem(409, "id_used", "id")


def _is_about(code: str, answer: ScanAnswer) -> bool:
    reading = read_code(code, home_site=atelier().home.site)
    if reading.found == Found.BUNDLE:
        return answer.bundle is not None and answer.bundle.code == reading.code
    card = read_card(reading.code) if reading.found == Found.CARD else None
    return card is not None and answer.event_type in _RECORDED_BY.get(card.command, ())


_RECORDED_BY = {
    Command.HELP: ("help_called",),
    Command.DEFECT: ("defect_found",),
    Command.UNDO: ("count_undone",),
    Command.YES: ("step_done", "rework_done"),
}


def _json(told: dict[str, Any], *, mimetype: str = "application/json") -> Response:
    return Response(_written(told), mimetype=mimetype)


_written = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
