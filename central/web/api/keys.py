"""An atelier takes a new key beside the one it has, and gives up the old one."""

from flask import Response, jsonify
from werkzeug.exceptions import NotFound

from central.enrolling import KeyFault, give_up_key, take_another_key
from central.web.api import machine_screen
from central.web.bodies import fields
from central.web.problems import Problem, bad_field
from central.web.roles import Role, centre, open_to
from contract.keys import to_plain

keys = machine_screen("keys", __name__)


@keys.post("/ateliers/<atelier>/keys")
@open_to(Role.MACHINE)
def new_key(atelier: str) -> tuple[Response, int]:
    public_key, here = fields("NewKey")["public_key"], centre()
    with here.writing() as db:
        given = take_another_key(db, atelier, public_key, centre=here.key, today=here.today(), at_ms=here.now_ms())
    if not isinstance(given, KeyFault):
        return jsonify({"certificate": to_plain(given)}), 201
    if given.code == "bad_key":
        raise bad_field("/public_key", "is no Ed25519 key")
    raise Problem(409, given.code)


@keys.delete("/ateliers/<atelier>/keys/<key_id>")
@open_to(Role.MACHINE)
def drop_key(atelier: str, key_id: str) -> Response:
    with centre().writing() as db:
        fault = give_up_key(db, atelier, key_id, at_ms=centre().now_ms())
    if fault is None:
        return Response(status=204)
    if fault.code == "unknown_key":
        raise NotFound
    raise Problem(409, fault.code)
