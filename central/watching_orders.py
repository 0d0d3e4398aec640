"""Orders as the network's board shows them: needed, shared out, made, and how each stands. A few statements, however many ateliers."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Connection

from central.domain.buyer_forecast import LOOKED_BACK_DAYS, forecast
from central.domain.order_outlook import OrderStanding, stand
from central.domain.sheet_figures import NOTHING, Figures
from central.store import allocations, orders, progress
from central.store.allocations import OrderShares
from central.store.orders import SharedOrder


@dataclass(frozen=True, slots=True)
class OrderRow:
    """`needed`: pieces ordered; `allocated`: in shares that are proposed or accepted; `accepted`: of these. `ateliers`: with a share."""

    order: SharedOrder
    needed: int
    allocated: int
    accepted: int
    ateliers: int
    figures: Figures
    standing: OrderStanding


def order_rows(db: Connection, *, today: date, silent: Collection[str], closed: bool = False) -> list[OrderRow]:
    """The first due first. `silent`: ateliers of which nothing was heard for too long."""
    shares = allocations.by_order(db, silent=silent)
    needed, made = orders.pieces(db), progress.totals(db)
    lately = progress.finished_lately(db, today - timedelta(days=LOOKED_BACK_DAYS))
    return [
        _row(
            one,
            needed.get(one.code, 0),
            shares.get(one.code, OrderShares()),
            made.get(one.code, NOTHING),
            lately.get(one.code, {}),
            today,
        )
        for one in orders.listed(db, closed=closed)
    ]


def order_row(db: Connection, order: SharedOrder, *, today: date, silent: Collection[str]) -> OrderRow:
    shares = allocations.by_order(db, silent=silent, order=order.code).get(order.code, OrderShares())
    needed = orders.pieces(db, [order.code]).get(order.code, 0)
    made, lately = progress.totals_of(db, order.code) or NOTHING, progress.finished_by_day(db, order.code)
    return _row(order, needed, shares, made, lately, today)


def _row(
    order: SharedOrder,
    needed: int,
    shares: OrderShares,
    made: Figures,
    lately: dict[date, int],
    today: date,
) -> OrderRow:
    standing = stand(
        forecast(lately, left=needed - made.finished, due=order.due, today=today),
        due=order.due,
        today=today,
        unplaced=max(0, needed - shares.allocated),
        refused=shares.refused,
        unanswered=shares.unanswered,
        silent=shares.silent,
    )
    return OrderRow(order, needed, shares.allocated, shares.accepted, shares.ateliers, made, standing)
