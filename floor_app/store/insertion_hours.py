"""Confirmed insertion hours as the floor knows them: totals by contract and day, nobody's name. And what ran, to propose from."""

from collections import Counter

import sqlite_utils

from contract.day_sheets import FEW, InsertionHours
from floor_app.domain.insertion import HalfDay
from floor_app.domain.production_days import ProductionDay
from floor_app.store import production_hours
from floor_app.store.production_hours import IN_DAY

NOON = 13  # the hour at which the afternoon begins


def of_day(db: sqlite_utils.Database, day: str) -> tuple[InsertionHours, ...]:
    rows = db.conn.execute(
        "SELECT contract, minutes, people FROM insertion_hours WHERE day = ? ORDER BY contract", (day,)
    )
    return tuple(InsertionHours(contract, minutes, people or FEW) for contract, minutes, people in rows)


def contracts_run(db: sqlite_utils.Database, day: ProductionDay) -> dict[HalfDay, Counter[str]]:
    """Pieces counted on a day, by half-day and contract; an order without a contract counts for its client.

    The hours of a night after midnight are of its afternoon.
    """
    rows = db.conn.execute(
        "SELECT c.day = :day AND c.hour < :noon, CASE o.contract WHEN '' THEN o.client ELSE o.contract END, sum(c.good) FROM count_hour c"
        " JOIN order_line l ON l.id = c.order_line_id JOIN orders o ON o.id = l.order_id"
        f" WHERE {IN_DAY} GROUP BY 1, 2 HAVING sum(c.good) > 0",
        {**production_hours.of(day), "noon": NOON},
    )
    ran: dict[HalfDay, Counter[str]] = {half_day: Counter() for half_day in HalfDay}
    for morning, contract, pieces in rows:
        if contract:
            ran[HalfDay.MORNING if morning else HalfDay.AFTERNOON][contract] += pieces
    return ran


def contracts_of_orders(db: sqlite_utils.Database) -> list[str]:
    """Of orders not closed."""
    rows = db.conn.execute(
        "SELECT DISTINCT CASE contract WHEN '' THEN client ELSE contract END FROM orders WHERE undone = 0 AND closed = 0 ORDER BY 1"
    )
    return [row[0] for row in rows if row[0]]
