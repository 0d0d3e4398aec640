"""Orders as the network's board shows them: needed, shared out, made, and how each stands. A few statements, however many ateliers."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Connection

from central.domain.buyer_forecast import LOOKED_BACK_DAYS, forecast
from central.domain.order_outlook import OrderStanding, stand
from central.domain.share_rules import ShareState
from central.domain.sheet_figures import NOTHING, Figures
from central.store import allocations, orders, progress
from central.store.allocations import Allocation
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
    shares: dict[str, list[Allocation]] = {}
    for share in allocations.listed(db):
        shares.setdefault(share.order, []).append(share)
    needed, made = orders.pieces(db), progress.totals(db)
    lately = progress.finished_lately(db, today - timedelta(days=LOOKED_BACK_DAYS))
    return [
        _row(
            one,
            needed.get(one.code, 0),
            shares.get(one.code, []),
            made.get(one.code, NOTHING),
            lately.get(one.code, {}),
            today,
            silent,
        )
        for one in orders.listed(db, closed=closed)
    ]


def order_row(db: Connection, order: SharedOrder, *, today: date, silent: Collection[str]) -> OrderRow:
    shares = [share for share in allocations.of_order(db, order.code) if share.state != ShareState.WITHDRAWN]
    needed = orders.pieces(db, [order.code]).get(order.code, 0)
    made, lately = progress.totals_of(db, order.code) or NOTHING, progress.finished_by_day(db, order.code)
    return _row(order, needed, shares, made, lately, today, silent)


def _row(
    order: SharedOrder,
    needed: int,
    shares: Sequence[Allocation],
    made: Figures,
    lately: dict[date, int],
    today: date,
    silent: Collection[str],
) -> OrderRow:
    states = Counter(share.state for share in shares)
    standing_by = [share for share in shares if share.state in (ShareState.PROPOSED, ShareState.ACCEPTED)]
    allocated = sum(share.pieces for share in standing_by)
    standing = stand(
        forecast(lately, left=needed - made.finished, due=order.due, today=today),
        due=order.due,
        today=today,
        unplaced=max(0, needed - allocated),
        refused=states[ShareState.REFUSED],
        unanswered=states[ShareState.PROPOSED],
        silent=len({share.atelier for share in standing_by if share.atelier in silent}),
    )
    accepted = sum(share.pieces for share in shares if share.state == ShareState.ACCEPTED)
    return OrderRow(order, needed, allocated, accepted, len({share.atelier for share in standing_by}), made, standing)
