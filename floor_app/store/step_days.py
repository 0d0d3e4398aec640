"""What one step has done on a day, by everybody together: what a station's screen shows when it waits."""

import sqlite_utils


def good_pieces(db: sqlite_utils.Database, day: str, operation: str) -> int:
    """Good pieces counted at a step on an ISO day of the atelier."""
    row = db.conn.execute(
        "SELECT coalesce(sum(good), 0) FROM count_hour WHERE day = ? AND operation = ?", (day, operation)
    ).fetchone()
    pieces: int = row[0]
    return pieces
