"""What one step has done on a day, by everybody together: what a station's screen shows when it waits."""

import sqlite_utils

from floor_app.domain.production_days import ProductionDay
from floor_app.store import production_hours
from floor_app.store.production_hours import IN_DAY


def good_pieces(db: sqlite_utils.Database, day: ProductionDay, operation: str) -> int:
    """Good pieces counted at a step on a production day."""
    row = db.conn.execute(
        f"SELECT coalesce(sum(good), 0) FROM count_hour c WHERE {IN_DAY} AND operation = :operation",
        {**production_hours.of(day), "operation": operation},
    ).fetchone()
    pieces: int = row[0]
    return pieces
