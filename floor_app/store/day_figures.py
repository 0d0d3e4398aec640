"""The figures of a production day as the tables have them, of chosen orders: the first road to what a day sheet says."""

import json
from collections.abc import Collection
from dataclasses import dataclass

import sqlite_utils

from floor_app.domain.production_days import ProductionDay
from floor_app.store import production_hours
from floor_app.store.production_hours import IN_DAY


@dataclass(frozen=True, slots=True)
class CutFigure:
    """Pieces of lays cut, of one order line."""

    order_id: int
    size: str
    colour: str
    pieces: int


@dataclass(frozen=True, slots=True)
class StepFigure:
    """Pieces counted of one order line at one step."""

    order_id: int
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


def pieces_cut(db: sqlite_utils.Database, lays: Collection[int]) -> list[CutFigure]:
    """Of the lays of these numbers, those taken back left out."""
    rows = db.conn.execute(
        "SELECT l.order_id, l.size, l.colour, sum(b.quantity) FROM json_each(?) chosen CROSS JOIN lay y ON y.id = chosen.value"
        " CROSS JOIN bundle b ON b.lay_id = y.id JOIN order_line l ON l.id = b.order_line_id WHERE y.undone = 0 GROUP BY l.id",
        (json.dumps(sorted(lays)),),
    )
    return [CutFigure(*row) for row in rows]


def steps_counted(db: sqlite_utils.Database, day: ProductionDay, orders: Collection[int]) -> list[StepFigure]:
    """Rows that an undo brought back to nothing are left out."""
    rows = db.conn.execute(
        f"SELECT l.order_id, l.size, l.colour, c.operation, {_SUMS} FROM count_hour c JOIN order_line l ON l.id = c.order_line_id"
        f" WHERE {IN_DAY} AND l.order_id IN (SELECT value FROM json_each(:orders)) GROUP BY l.id, c.operation",
        {**production_hours.of(day), "orders": json.dumps(sorted(orders))},
    )
    return [StepFigure(*row) for row in rows if any(row[4:])]


_SUMS = ", ".join(
    f"sum(c.{name})"
    for name in ("good", "second", "rejected", "to_rework", "from_rework", "presumed", "missing", "defects")
)
