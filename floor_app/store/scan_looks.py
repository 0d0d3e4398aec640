"""Everything a scan is decided by, in one statement: between any two, Python lets every other thread go first."""

from dataclasses import dataclass

import sqlite_utils

from floor_app.store import bundles, events, stations
from floor_app.store.bundles import StandingBundle
from floor_app.store.events import StoredEvent
from floor_app.store.stations import Asked


@dataclass(frozen=True, slots=True)
class ScanLook:
    """`earlier`: what a scan of this id recorded before; `asked`: what is open at the station."""

    earlier: StoredEvent | None
    asked: Asked
    standing: StandingBundle | None


def look(db: sqlite_utils.Database, *, scan_id: str, station: str, bundle: str) -> ScanLook:
    """`bundle`: the full code that was read, or "" where none was."""
    row = db.conn.execute(_LOOK, (scan_id, station, bundle)).fetchone()
    return ScanLook(
        earlier=None if row[0] is None else events.by_seq(db, row[0]),
        asked=stations.NOT_ASKED if row[1] is None else stations.asked_from(row[1:5]),
        standing=None if row[5] is None else bundles.standing_from(db, row[5:]),
    )


_LOOK = (
    "SELECT (SELECT seq FROM event WHERE id = ?), a.quantities, a.bundle, a.choice, a.asked_at_ms,"
    f" {bundles.STANDING_COLUMNS} FROM (SELECT 1) LEFT JOIN station_asked a ON a.station = ?"
    " LEFT JOIN bundle b ON b.code = ? LEFT JOIN order_line l ON l.id = b.order_line_id LEFT JOIN lay y ON y.id = b.lay_id"
    " LEFT JOIN orders o ON o.id = l.order_id"
)
