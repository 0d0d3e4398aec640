"""What scanner was last plugged in at each station, and the notices of those that changed."""

from dataclasses import dataclass

import sqlite_utils

from floor_app.domain.scanner_moves import SeenScanner


@dataclass(frozen=True, slots=True)
class ScannerNotice:
    """`came_from`: the station this scanner served before, "" unknown."""

    station: str
    came_from: str
    at_ms: int


def all_seen(db: sqlite_utils.Database) -> dict[str, SeenScanner]:
    """By station."""
    rows = db.conn.execute("SELECT station, address, vendor, product, serial, port FROM scanner_seen ORDER BY station")
    return {station: SeenScanner(*seen) for station, *seen in rows}


def remember(db: sqlite_utils.Database, station: str, seen: SeenScanner) -> None:
    db.conn.execute(
        "INSERT INTO scanner_seen VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET address = excluded.address,"
        " vendor = excluded.vendor, product = excluded.product, serial = excluded.serial, port = excluded.port",
        (station, seen.address, seen.vendor, seen.product, seen.serial, seen.port),
    )


def add_notice(db: sqlite_utils.Database, station: str, came_from: str, *, at_ms: int) -> None:
    """One a station: the newest."""
    db.conn.execute("INSERT OR REPLACE INTO scanner_notice VALUES (?, ?, ?)", (station, came_from, at_ms))


def notices(db: sqlite_utils.Database) -> list[ScannerNotice]:
    rows = db.conn.execute("SELECT station, came_from, at_ms FROM scanner_notice ORDER BY at_ms, station")
    return [ScannerNotice(*row) for row in rows]


def drop_notice(db: sqlite_utils.Database, station: str) -> None:
    db.conn.execute("DELETE FROM scanner_notice WHERE station = ?", (station,))
