"""Is it alive: one line for a monitor, nothing for a stranger to learn."""

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue

from floor_app.web.roles import Role, atelier, open_to

screen = Blueprint("health", __name__)


@screen.get("/healthz")
@open_to(*Role)
def healthz() -> ResponseReturnValue:
    with atelier().reading() as db:
        db.conn.execute("SELECT 1").fetchone()
    return jsonify({"status": "ok"})
