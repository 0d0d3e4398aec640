"""Everything that ever happened to one bundle, in order."""

import sqlite_utils

from floor_app.store import events
from floor_app.store.events import StoredEvent

STORY = (
    "(SELECT h.seq FROM bundle_event h WHERE h.bundle_id = b.id UNION ALL"
    " SELECT c.value FROM bundle_step s CROSS JOIN json_each('[' || s.counts || ']') c WHERE s.bundle_id = b.id)"
)
"""Numbers of the events of the bundle `b`."""


def history(db: sqlite_utils.Database, code: str) -> list[StoredEvent]:
    """From the lay that made it on; undone counts included, because nothing is ever deleted."""
    rows = db.conn.execute(
        f"SELECT e.seq FROM bundle b CROSS JOIN event e ON e.seq IN {STORY} WHERE b.code = ? ORDER BY e.seq", (code,)
    ).fetchall()
    return [found for (seq,) in rows if (found := events.by_seq(db, seq))]


def undone_seqs(db: sqlite_utils.Database, code: str) -> set[int]:
    """Those of its events that were taken back."""
    rows = db.conn.execute(
        f"SELECT u.seq FROM bundle b CROSS JOIN undone_event u ON u.seq IN {STORY} WHERE b.code = ?", (code,)
    )
    return {seq for (seq,) in rows}
