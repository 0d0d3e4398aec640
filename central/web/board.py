"""The network's board: every shared order, how far and how sure; what somebody has to look at. An atelier sees its own, and totals."""

from dataclasses import dataclass

from flask import Blueprint, Response, render_template
from flask.typing import ResponseReturnValue

from central.domain.order_outlook import Standing
from central.domain.silence import SILENT_AFTER_MS
from central.store import allocations, ateliers, conflicts, progress, transfers
from central.store.ateliers import NetworkNews
from central.watching_orders import OrderRow, order_rows
from central.web.downloads import table_file
from central.web.language import t
from central.web.roles import Role, centre, open_to, visitor
from groundwork.spreadsheets import Cell

board_screen = Blueprint("board", __name__)
PEOPLE = (Role.COORDINATOR, Role.READER, Role.ATELIER)
OFFICE = (Role.COORDINATOR, Role.READER)
SHOWN = ("cut", "sewn", "finished", "shipped", "received")


@dataclass(frozen=True, slots=True)
class ToLookAt:
    """Counts of what waits for a person."""

    late: int
    at_risk: int
    silent: int
    in_dispute: int
    gaps: int
    discrepancies: int


@board_screen.get("/", endpoint="board")
@open_to(*PEOPLE)
def page() -> ResponseReturnValue:
    if visitor().role == Role.ATELIER:
        return _own(visitor().atelier)
    found, news = _rows()
    with centre().reading() as db:
        look_at = ToLookAt(
            late=sum(one.standing.standing == Standing.LATE for one in found),
            at_risk=sum(one.standing.standing == Standing.AT_RISK for one in found),
            silent=len(news.silent),
            in_dispute=len(conflicts.open_by_atelier(db)),
            gaps=news.days_with_gap,
            discrepancies=transfers.short_ones(db),
        )
    return render_template("board/board.html", found=found, look_at=look_at, ateliers=news.ateliers, shown=SHOWN)


@board_screen.get("/orders.<kind>")
@open_to(*OFFICE)
def table(kind: str) -> Response:
    found, _ = _rows()
    names = ("order", "client", "style", "due", "needed", "allocated", "accepted", *SHOWN, "standing", "forecast")
    rows: list[list[Cell]] = [[t(f"board.column_{name}") for name in names]]
    for one in found:
        made = [int(getattr(one.figures, name)) for name in SHOWN]
        day = one.standing.day.isoformat() if one.standing.day else None
        said = t(f"board.standing_{one.standing.standing}")
        order = one.order
        rows.append(
            [
                order.code,
                order.client,
                order.style,
                order.due,
                one.needed,
                one.allocated,
                one.accepted,
                *made,
                said,
                day,
            ]
        )
    return table_file(t("board.file"), kind, rows)


def _rows() -> tuple[list[OrderRow], NetworkNews]:
    with centre().reading() as db:
        news = ateliers.overview(db, heard_before_ms=centre().now_ms() - SILENT_AFTER_MS)
        return order_rows(db, today=centre().today(), silent=news.silent), news


def _own(atelier: str) -> str:
    """Its own figures of each order it has a share of, and of the whole order the total: no other atelier's."""
    with centre().reading() as db:
        found = ateliers.find(db, atelier)
        shares = [one for one in allocations.of_atelier(db, atelier) if one.state != "withdrawn"]
        own = {one.order: one for one in progress.of_atelier(db, atelier)}
        codes = {share.order for share in shares} | set(own)
        rows = [one for one in order_rows(db, today=centre().today(), silent=frozenset()) if one.order.code in codes]
    pieces = {share.order: share.pieces for share in shares if share.state == "accepted"}
    return render_template("board/own.html", atelier=found, rows=rows, own=own, pieces=pieces, shown=SHOWN)
