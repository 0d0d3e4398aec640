"""The operator's page at a station: a scan, an undo, another quantity or a call for help comes in, one answer goes out."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Concatenate, ParamSpec

import sqlite_utils
from flask import Blueprint, abort, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from floor_app.answer_board import LastAnswer
from floor_app.config import StationConfig
from floor_app.domain.scans import WHOLE, Choice, Quantities
from floor_app.recounting import recount, undo_shown
from floor_app.scanning import Scan, ScanAnswer
from floor_app.store import step_days
from floor_app.texts import words
from floor_app.web.pictures import picture_sheet
from floor_app.web.roles import Role, atelier, open_to, station_named
from floor_app.web.telling import operation_name, step_picture, tell

screen = Blueprint("station", __name__, url_prefix="/station")

LARGEST_BODY = 16 * 1024
LONGEST_CODE = 256
MOST_PIECES = 100_000
POLL_WITH_SCANNER_MS = 300
POLL_WITHOUT_MS = 2_000
P = ParamSpec("P")
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


@screen.get("/<name>")
@open_to(Role.STATION, Role.SUPERVISOR)
def station(name: str) -> ResponseReturnValue:
    place, t = station_named(name), words()
    last = atelier().answers.last(name)
    return render_template(
        "station/station.html",
        station=place,
        step=operation_name(place.operation, t),
        step_picture=step_picture(place.operation),
        shown=_told(last) if last and _of_today(last) else None,
        seen=_number(last) if last else "",
        pieces_today=_pieces_today(place),
        poll_ms=POLL_WITH_SCANNER_MS if place.scanner else POLL_WITHOUT_MS,
        now_ms=atelier().clock.now_ms(),
        say=t.area("station"),
        pictures=picture_sheet(),
    )


@screen.post("/<name>/scan")
@open_to(Role.STATION, Role.SUPERVISOR)
def scan(name: str) -> ResponseReturnValue:
    place, said = station_named(name), _said()
    return _answer(place, said, atelier().take_scan(_scan(place, said), said_at_ms=said.at_ms))


@screen.post("/<name>/undo")
@open_to(Role.STATION, Role.SUPERVISOR)
def undo(name: str) -> ResponseReturnValue:
    """Takes back what the scan `of` counted; without `of`, the last count of the station."""
    place, said = station_named(name), _said()
    return _answer(place, said, _run(undo_shown, place, said, shown=said.shown, moment=atelier().clock.moment()))


@screen.post("/<name>/quantity")
@open_to(Role.STATION, Role.SUPERVISOR)
def quantity(name: str) -> ResponseReturnValue:
    """Another quantity for what the scan `of` counted: taken back and counted anew in one command."""
    place, said = station_named(name), _said()
    if said.quantities.good is None:
        abort(422, "good: how many pieces are good")
    moment = atelier().clock.moment()
    return _answer(place, said, _run(recount, place, said, shown=said.shown, moment=moment, home=atelier().home))


@screen.post("/<name>/help")
@open_to(Role.STATION, Role.SUPERVISOR)
def call_for_help(name: str) -> ResponseReturnValue:
    place, said = station_named(name), _said()
    return _answer(place, said, atelier().take_help_call(_scan(place, said)))


@screen.get("/<name>/now")
@open_to(Role.STATION, Role.SUPERVISOR)
def now(name: str) -> ResponseReturnValue:
    """204 while nothing new was answered at this station, whoever scanned; else the last answer."""
    place = station_named(name)
    last = atelier().answers.last(name)
    if last is None or _number(last) == request.args.get("seen", ""):
        return "", 204
    return jsonify({**_told(last), "seen": _number(last), "today": _pieces_today(place)})


@dataclass(frozen=True, slots=True)
class _Said:
    """What a tablet sends. `shown`: id of the scan an undo or another quantity is about."""

    id: str
    code: str
    at_ms: int | None
    quantities: Quantities
    choice: Choice | None
    shown: str


def _said() -> _Said:
    """JSON of the page's script, or the fields of a form where there is no script. 422 names what cannot be understood."""
    if (request.content_length or 0) > LARGEST_BODY:
        abort(413)
    try:
        fields: Any = request.get_json() if request.is_json else request.form.to_dict()
    except RecursionError:  # brackets without end
        abort(400)
    if not isinstance(fields, dict):
        abort(422, "an object is expected")
    return _Said(
        id=_id(fields, "id"),
        code=_code(fields),
        at_ms=_at_ms(fields.get("at")),
        quantities=_quantities(fields),
        choice=_choice(fields.get("choice")),
        shown=_id(fields, "of") if fields.get("of") else "",
    )


def _id(fields: Mapping[str, Any], name: str) -> str:
    found = fields.get(name)
    if not isinstance(found, str) or not _ID.fullmatch(found):
        abort(422, f"{name}: 1 to 64 letters, digits, - or _")
    return found


def _code(fields: Mapping[str, Any]) -> str:
    """Cut where it is too long: still too long for any label, and answered as such."""
    code = fields.get("code", "")
    if not isinstance(code, str):
        abort(422, "code: a text")
    return code[: LONGEST_CODE + 1]


def _at_ms(at: Any) -> int | None:
    """Milliseconds or ISO 8601; without an offset, the atelier's own time. What is no time is left out: the scan counts now."""
    if isinstance(at, int) and not isinstance(at, bool):
        return at
    try:
        said = datetime.fromisoformat(at)
        local = said if said.tzinfo else said.replace(tzinfo=atelier().clock.timezone)
        return int(local.timestamp() * 1000)
    except (TypeError, ValueError, OverflowError):
        return None


def _quantities(fields: Mapping[str, Any]) -> Quantities:
    good = None if fields.get("good") is None else _pieces(fields, "good")
    rest = {name: _pieces(fields, name) for name in ("second", "rejected", "to_rework")}
    return Quantities(good, **rest) if good is not None or any(rest.values()) else WHOLE


def _pieces(fields: Mapping[str, Any], name: str) -> int:
    found = fields.get(name) or 0
    if isinstance(found, bool) or not isinstance(found, int) or not 0 <= found <= MOST_PIECES:
        abort(422, f"{name}: a whole number of pieces")
    return found


def _choice(choice: Any) -> Choice | None:
    if choice in (None, ""):
        return None
    if choice not in list(Choice):
        abort(422, f"choice: one of {', '.join(Choice)}")
    return Choice(choice)


def _scan(place: StationConfig, said: _Said) -> Scan:
    return Scan(said.id, said.code, place.name, place.operation, said.quantities, said.choice)


def _run(
    command: Callable[Concatenate[sqlite_utils.Database, Scan, P], ScanAnswer],
    place: StationConfig,
    said: _Said,
    *args: P.args,
    **kwargs: P.kwargs,
) -> ScanAnswer:
    """Through the one writer, and onto the screens of the station."""
    answer = atelier().run(command, _scan(place, said), *args, **kwargs)
    atelier().answers.tell(place.name, said.id, answer, at_ms=atelier().clock.now_ms())
    return answer


def _answer(place: StationConfig, said: _Said, answer: ScanAnswer) -> ResponseReturnValue:
    if not request.is_json:
        return redirect(url_for("station.station", name=place.name), 303)
    told = tell(answer, words())
    now_ms = atelier().clock.now_ms()
    return jsonify({**told, "id": said.id, "today": _pieces_today(place), "now_ms": now_ms})


def _told(last: LastAnswer) -> dict[str, Any]:
    return {**tell(last.answer, words()), "id": last.scan_id}


def _number(last: LastAnswer) -> str:
    """Numbers begin again with each start of the service: the time tells two starts apart."""
    return f"{last.number}.{last.at_ms}"


def _of_today(last: LastAnswer) -> bool:
    clock = atelier().clock
    return clock.production_day(last.at_ms) == clock.production_day()


def _pieces_today(place: StationConfig) -> int:
    """Good pieces of this step today, by everybody together; 0 for a station that does several steps."""
    with atelier().reading() as db:
        return step_days.good_pieces(db, atelier().clock.production_day(), place.operation)
