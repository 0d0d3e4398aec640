"""Day sheets: one comes in, or an atelier asks which are held."""

from datetime import date
from typing import Any

from flask import Response, jsonify, request
from werkzeug.exceptions import NotFound

from central.reading_sheets import EARLIEST, Refused, read_sheet
from central.sheet_answers import refusal, status, stored_sheet
from central.store import sheets
from central.web.api import machine_screen
from central.web.bodies import json_body
from central.web.problems import Problem, bad_field
from central.web.roles import Role, centre, open_to

MOST_DAYS = 4000
LONGEST_IF_MATCH = 80

days = machine_screen("days", __name__)


@days.put("/ateliers/<atelier>/days/<day>")
@open_to(Role.MACHINE)
def put_day(atelier: str, day: str) -> tuple[Response, int]:
    if _day(day) is None:
        raise NotFound
    if_match = request.headers.get("If-Match", "")
    if len(if_match) > LONGEST_IF_MATCH:
        raise bad_field("If-Match", "is no digest")
    offer = read_sheet(json_body(), atelier=atelier, day=day, today=centre().today(), if_match=if_match)
    answer = offer if isinstance(offer, Refused) else centre().take_sheet(offer)
    refused = refusal(answer)
    if refused is not None or isinstance(answer, Refused):
        assert refused is not None, "what was not understood is refused"
        raise Problem(refused.status, refused.code, **refused.said)
    return jsonify(stored_sheet(answer)), status(answer)


@days.get("/ateliers/<atelier>/days")
@open_to(Role.MACHINE)
def held_days(atelier: str) -> Response:
    """The first 4,000: more than ten years."""
    from_day, to_day = _query_day("from", EARLIEST), _query_day("to", date.max)
    with centre().reading() as db:
        held = sheets.of_atelier(db, atelier, from_day=from_day, to_day=to_day, limit=MOST_DAYS)
    told = [_stored(one.key.day.isoformat(), one.version.revision, one.version.digest, bool(one.gaps)) for one in held]
    return jsonify({"days": told})


def _stored(day: str, revision: int, digest: str, gap: bool) -> dict[str, Any]:
    return {"day": day, "revision": revision, "digest": digest, "gap": gap}


def _query_day(name: str, unsaid: date) -> date:
    said = request.args.get(name)
    found = _day(said) if said is not None else unsaid
    if found is None:
        raise bad_field(name, "is no day: 2026-11-23")
    return found


def _day(said: str) -> date | None:
    """ISO with its dashes and nothing else (RFC 3339, full-date)."""
    try:
        found = date.fromisoformat(said)
    except ValueError:
        return None
    return found if found.isoformat() == said else None
