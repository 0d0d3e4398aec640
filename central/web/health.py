"""Alive, and the database answers. Open to whoever watches, over plain HTTP too: it says nothing else."""

from flask import Blueprint, Response, jsonify

from central.store import facts
from central.web.roles import EVERYBODY, centre, open_to

health = Blueprint("health", __name__)


@health.get("/healthz")
@open_to(*EVERYBODY)
def healthz() -> Response:
    with centre().reading() as db:
        facts.fact(db, "centre_public_key")
    return jsonify({"status": "ok"})
