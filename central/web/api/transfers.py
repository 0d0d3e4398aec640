"""News of delivery notes that an atelier sent or is to receive."""

from flask import Response, jsonify

from central.telling_ateliers import transfers_after
from central.web.api import machine_screen
from central.web.api.cursors import cursor
from central.web.roles import Role, centre, open_to

transfers = machine_screen("transfers", __name__)


@transfers.get("/ateliers/<atelier>/transfers")
@open_to(Role.MACHINE)
def news(atelier: str) -> Response:
    start = cursor()
    with centre().reading() as db:
        return jsonify(transfers_after(db, atelier, start))
