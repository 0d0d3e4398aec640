"""An atelier's machine says how it is, and is told the time and the keys nobody may trust."""

from flask import Response, jsonify

from central.hearing_machines import hear_machine, heartbeat_answer
from central.web.api import machine_screen
from central.web.bodies import fields
from central.web.roles import Role, centre, open_to

heartbeats = machine_screen("heartbeats", __name__)


@heartbeats.post("/ateliers/<atelier>/heartbeat")
@open_to(Role.MACHINE)
def heartbeat(atelier: str) -> Response:
    said = fields("Heartbeat")
    now = centre().now_ms()
    with centre().writing() as db:
        hear_machine(db, atelier, said, at_ms=now)
        return jsonify(heartbeat_answer(db, atelier, at_ms=now))
