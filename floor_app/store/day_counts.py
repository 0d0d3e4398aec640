"""The counts of one production day."""

from dataclasses import dataclass

import sqlite_utils

from floor_app.domain.production_days import ProductionDay
from floor_app.store import production_hours
from floor_app.store.production_hours import IN_DAY


@dataclass(frozen=True, slots=True)
class DayCount:
    """Pieces of one order, size and colour at one step on one day."""

    order: str
    client: str
    style: str
    size: str
    colour: str
    operation: str
    good: int
    second: int
    rejected: int
    to_rework: int
    from_rework: int
    presumed: int
    missing: int
    defects: int


def of_day(db: sqlite_utils.Database, day: ProductionDay) -> list[DayCount]:
    """Rows that an undo brought back to nothing are left out."""
    rows = db.conn.execute(
        "SELECT o.code, o.client, o.style, l.size, l.colour, c.operation, sum(c.good), sum(c.second), sum(c.rejected),"
        " sum(c.to_rework), sum(c.from_rework), sum(c.presumed), sum(c.missing), sum(c.defects)"
        " FROM count_hour c JOIN order_line l ON l.id = c.order_line_id JOIN orders o ON o.id = l.order_id"
        f" WHERE {IN_DAY}"
        " GROUP BY l.id, c.operation HAVING sum(abs(c.good) + abs(c.second) + abs(c.rejected) + abs(c.to_rework)"
        " + abs(c.from_rework) + abs(c.presumed) + abs(c.missing) + c.defects) > 0 ORDER BY o.id, l.id, c.operation",
        production_hours.of(day),
    )
    return [DayCount(*row) for row in rows]
