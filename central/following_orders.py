"""An order as its buyer sees it: how far it is as a whole, and in which ateliers it is made. No atelier's own figures."""

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection

from central.domain.buyer_forecast import Forecast, forecast
from central.domain.share_rules import ShareState
from central.domain.sheet_figures import NOTHING, Figures
from central.store import allocations, ateliers, orders, progress
from central.store.orders import SharedOrder


@dataclass(frozen=True, slots=True)
class FollowedOrder:
    """`places`: names of ateliers, by name. `ordered`: pieces."""

    order: SharedOrder
    ordered: int
    figures: Figures
    forecast: Forecast
    places: tuple[str, ...]


def follow(db: Connection, code: str, *, at_ms: int) -> FollowedOrder | None:
    order = orders.find(db, code)
    if order is None:
        return None
    figures, ordered = progress.totals_of(db, code) or NOTHING, orders.pieces(db, [code]).get(code, 0)
    today = datetime.fromtimestamp(at_ms / 1000, UTC).date()
    by_day = progress.finished_by_day(db, code)
    made = forecast(by_day, left=ordered - figures.finished, due=order.due, today=today)
    return FollowedOrder(order, ordered, figures, made, _places(db, code))


def _places(db: Connection, code: str) -> tuple[str, ...]:
    """Those with a share that they did not refuse, and those that counted something."""
    taking = {share.atelier for share in allocations.of_order(db, code) if share.state == ShareState.ACCEPTED}
    making = {one.atelier for one in progress.of_orders(db, [code])}
    names = {one.atelier.code: one.atelier.name for one in ateliers.listed(db)}
    return tuple(sorted(names.get(atelier, atelier) for atelier in taking | making))
