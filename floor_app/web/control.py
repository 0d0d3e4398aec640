"""The door of the `floor` command on this machine: its token is in a file only the service's own user can read."""

from flask import Blueprint, abort, jsonify, request
from flask.typing import ResponseReturnValue

from floor_app.commands import COMMANDS
from floor_app.web.roles import Role, atelier, forget_visitors, open_to

screen = Blueprint("control", __name__, url_prefix="/control")
screen.tokens_only = True  # type: ignore[attr-defined]  # read by create_app: no cookie opens these routes


@screen.post("/<command>")
@open_to(Role.CONTROL)
def control(command: str) -> ResponseReturnValue:
    if command not in COMMANDS:
        abort(404)
    answer = COMMANDS[command](atelier(), request.get_json())
    forget_visitors()
    return jsonify(answer)
