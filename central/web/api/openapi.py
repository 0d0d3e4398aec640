"""The contract itself, and a first nonce."""

from flask import Response, jsonify

from central.web.api import machine_screen
from central.web.roles import EVERYBODY, open_to
from contract import schemas

openapi = machine_screen("openapi", __name__)


@openapi.get("/openapi.json")
@open_to(*EVERYBODY)
def document() -> Response:
    return jsonify(schemas.document())


@openapi.get("/nonce")
@open_to(*EVERYBODY)
def nonce() -> Response:
    """In the header that every answer has."""
    return Response(status=204)
