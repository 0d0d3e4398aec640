"""An atelier gives its first key for a one-time code."""

from flask import Response, jsonify

from central.enrolling import KeyFault, enrol
from central.web.api import machine_screen
from central.web.bodies import fields
from central.web.problems import Problem, bad_field
from central.web.roles import EVERYBODY, centre, open_to, pace
from contract.keys import to_plain

enrolments = machine_screen("enrolments", __name__)


@enrolments.post("/enrolments")
@open_to(*EVERYBODY)
def give_first_key() -> tuple[Response, int]:
    said = fields("Enrolment")
    pace().check_address("enrolment")
    here = centre()
    with here.writing() as db:
        given = enrol(db, said["code"], said["public_key"], centre=here.key, today=here.today(), at_ms=here.now_ms())
    if isinstance(given, KeyFault):
        raise Problem(403, "bad_code") if given.code == "bad_code" else bad_field("/public_key", _SAID[given.code])
    answer = {
        "atelier": given.atelier,
        "network": here.settings.network,
        "centre_public_key": here.key.public_key,
        "certificate": to_plain(given),
    }
    return jsonify(answer), 201


_SAID = {"bad_key": "is no Ed25519 key", "dropped_key": "was given up or revoked: take a new one"}
