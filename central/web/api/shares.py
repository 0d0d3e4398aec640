"""Shares of orders: an atelier asks which changed, sees their pictures, and answers one."""

from typing import Any

from flask import Response, jsonify
from werkzeug.exceptions import NotFound

from central import telling_ateliers
from central.answering_shares import answer_share
from central.domain.share_rules import AnswerOutcome
from central.web.api import machine_screen
from central.web.api.cursors import cursor
from central.web.bodies import fields
from central.web.problems import Problem
from central.web.roles import Role, centre, open_to

shares = machine_screen("shares", __name__)


@shares.get("/ateliers/<atelier>/orders")
@open_to(Role.MACHINE)
def allocations(atelier: str) -> Response:
    start = cursor()
    with centre().reading() as db:
        return jsonify(telling_ateliers.shares_after(db, atelier, start))


@shares.get("/ateliers/<atelier>/pictures/<sha256>")
@open_to(Role.MACHINE)
def picture(atelier: str, sha256: str) -> Response:
    with centre().reading() as db:
        found = telling_ateliers.picture(db, atelier, sha256)
    if found is None:
        raise NotFound
    return jsonify(found)


@shares.post("/ateliers/<atelier>/allocations/<allocation>/answer")
@open_to(Role.MACHINE)
def answer_allocation(atelier: str, allocation: str) -> Response:
    said = fields("AllocationAnswer")
    with centre().writing() as db:
        answered = answer_share(db, atelier, allocation, said, at_ms=centre().now_ms())
    return jsonify(_as_it_stands(answered.order, allocation, answered.outcome))


def _as_it_stands(order: str, allocation: str, outcome: AnswerOutcome | None) -> dict[str, Any]:
    if outcome is None:
        raise NotFound
    if outcome in (AnswerOutcome.OTHER_REVISION, AnswerOutcome.WITHDRAWN):
        raise Problem(409, str(outcome))
    with centre().reading() as db:
        return telling_ateliers.share(db, order, allocation)
