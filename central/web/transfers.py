"""Delivery notes between ateliers: under way, received, short, cancelled. An atelier's account sees those from it or to it."""

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue

from central.domain.transfer_states import TransferState
from central.store import ateliers, transfers
from central.store.transfers import Transfer
from central.web.downloads import table_file
from central.web.language import t
from central.web.roles import Role, centre, open_to, visitor
from groundwork.spreadsheets import Cell

transfers_screen = Blueprint("transfers", __name__, url_prefix="/transfers")
PEOPLE = (Role.COORDINATOR, Role.READER, Role.ATELIER)
MOST_SHOWN = 500
WORST_FIRST = ("discrepancy", "unannounced", "in_transit", "received", "cancelled")


@transfers_screen.get("", endpoint="transfers")
@open_to(*PEOPLE)
def page() -> ResponseReturnValue:
    found, names = _found()
    wanted = request.args.get("state", "")
    counts = {state: sum(one.state == state for one in found) for state in WORST_FIRST}
    shown = [one for one in found if wanted in ("", one.state)]
    return render_template(
        "transfers/transfers.html",
        found=shown[:MOST_SHOWN],
        more=len(shown) > MOST_SHOWN,
        counts=counts,
        wanted=wanted if wanted in WORST_FIRST else "",
        names=names,
    )


@transfers_screen.get("/notes.<kind>")
@open_to(*PEOPLE)
def table(kind: str) -> Response:
    found, names = _found()
    columns = ("note", "from", "to", "sent", "received", "missing", "state")
    rows: list[list[Cell]] = [[t(f"transfers.column_{name}") for name in columns]]
    for one in found:
        key, said = one.key, one.said
        missing = said.sent - said.received if one.state == TransferState.DISCREPANCY else None
        places = (names.get(key.sender, key.sender), names.get(key.receiver, key.receiver))
        rows.append([key.note, *places, said.sent, said.received, missing, t(f"transfers.state_{one.state}")])
    return table_file(t("transfers.file"), kind, rows)


def _found() -> tuple[list[Transfer], dict[str, str]]:
    """Those whoever asks may see, worst first; the ateliers' names by code."""
    with centre().reading() as db:
        own = visitor().role == Role.ATELIER
        found = transfers.of_atelier(db, visitor().atelier) if own else transfers.in_network(db)
        names = {one.atelier.code: one.atelier.name for one in ateliers.listed(db)}
    return sorted(found, key=lambda one: WORST_FIRST.index(one.state)), names
