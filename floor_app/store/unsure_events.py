"""Events of this boot that came while the clock was not to be trusted, and that nobody has put right yet."""

from dataclasses import dataclass

import sqlite_utils


@dataclass(frozen=True, slots=True)
class UnsureRun:
    """Events `first` to `last`, one after the other. `boot_began_at_ms`: what the clock then said of the start of the machine."""

    first: int
    last: int
    boot_began_at_ms: int


def next_run(db: sqlite_utils.Database, boot_id: str) -> UnsureRun | None:
    """The earliest; `None` when there is none left."""
    row = db.conn.execute(
        "SELECT min(r.first) FROM event_run r JOIN boot b ON b.number = r.boot WHERE b.boot_id = ? AND r.clock_trusted = 0"
        " AND NOT EXISTS (SELECT 1 FROM clock_shift s WHERE r.first BETWEEN s.first AND s.last)",
        (boot_id,),
    ).fetchone()
    if row[0] is None:
        return None
    (last,) = db.conn.execute(_LAST, {"first": row[0]}).fetchone()
    (began,) = db.conn.execute("SELECT recorded_at_ms - monotonic_ms FROM event WHERE seq = ?", (last,)).fetchone()
    return UnsureRun(row[0], last, began)


# Until the first event after it that came by a right clock or in another boot.
_LAST = (
    "SELECT coalesce((SELECT n.first - 1 FROM event_run r CROSS JOIN event_run n ON n.first > r.first"
    " AND (n.clock_trusted = 1 OR n.boot <> r.boot) WHERE r.first = :first ORDER BY n.first LIMIT 1), (SELECT max(seq) FROM event))"
)
