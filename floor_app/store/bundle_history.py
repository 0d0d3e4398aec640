"""Everything that ever happened to one bundle, in order."""

import sqlite_utils

from floor_app.store import events
from floor_app.store.events import StoredEvent


def history(db: sqlite_utils.Database, code: str) -> list[StoredEvent]:
    """From the lay that made it on; undone counts included, because nothing is ever deleted."""
    rows = db.conn.execute(
        "SELECT e.seq FROM bundle_event e JOIN bundle b ON b.id = e.bundle_id WHERE b.code = ? ORDER BY e.seq", (code,)
    ).fetchall()
    return [found for (seq,) in rows if (found := events.by_seq(db, seq))]


def undone_seqs(db: sqlite_utils.Database, code: str) -> set[int]:
    """Those of its events that were taken back."""
    rows = db.conn.execute(
        "SELECT u.seq FROM bundle_event e JOIN bundle b ON b.id = e.bundle_id JOIN undone_event u ON u.seq = e.seq WHERE b.code = ?",
        (code,),
    )
    return {seq for (seq,) in rows}
