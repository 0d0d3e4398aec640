"""Today per order: planned, done, left, and what the day brought."""

from dataclasses import dataclass
from datetime import date

import sqlite_utils

from floor_app.atelier import Atelier
from floor_app.store import board
from floor_app.store.board import BoardOrder, LineConservation


@dataclass(frozen=True, slots=True)
class OrderToday:
    """One order in pieces. `finished`: good at its last step; `today`: of the day. `days_left`: None without a due date.

    `planned`: to finish here; `received`: cut elsewhere and come here.
    """

    code: str
    client: str
    style: str
    due: str
    planned: int
    cut: int
    finished: int
    today: int
    closed: bool
    days_left: int | None
    received: int = 0

    @property
    def left(self) -> int:
        return 0 if self.closed else max(0, self.planned - self.finished)

    @property
    def late(self) -> bool:
        return self.left > 0 and self.days_left is not None and self.days_left < 0


@dataclass(frozen=True, slots=True)
class OrdersTile:
    """`any_order`: False on a floor that never had one. `more`: there are others than those shown."""

    orders: tuple[OrderToday, ...]
    any_order: bool
    more: bool

    @property
    def today(self) -> int:
        return sum(order.today for order in self.orders)


def load(db: sqlite_utils.Database, atelier: Atelier, *, at_ms: int) -> OrdersTile:
    day = atelier.clock.production_day(at_ms)
    shown = board.orders_on_board(db, day)
    lines = board.conservation(db, shown)
    output = board.output_of_day(db, day, shown)
    today = {order.id: sum(hour.good for hour in output if hour.order_id == order.id) for order in shown}
    return OrdersTile(
        tuple(_today(order, lines, today=today[order.id], day=date.fromisoformat(day.day)) for order in shown),
        any_order=bool(shown) or board.any_order(db),
        more=len(shown) >= board.MOST_ORDERS,
    )


def _today(order: BoardOrder, lines: list[LineConservation], *, today: int, day: date) -> OrderToday:
    own = [line.pieces for line in lines if line.order == order.code]
    return OrderToday(
        order.code,
        order.client,
        order.style,
        order.due,
        order.planned,
        cut=sum(pieces.cut for pieces in own),
        finished=sum(pieces.finished_good for pieces in own),
        today=today,
        closed=order.closed,
        days_left=(date.fromisoformat(order.due) - day).days if order.due else None,
        received=sum(pieces.received for pieces in own),
    )
