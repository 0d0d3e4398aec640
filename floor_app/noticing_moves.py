"""A scanner plugged into another station's socket serves that station from now on: a person is told, until she has seen it."""

import sqlite_utils

from floor_app.domain.scanner_moves import SeenScanner, came_from, is_another
from floor_app.store import scanner_places


def notice_scanner(db: sqlite_utils.Database, station: str, now: SeenScanner, *, at_ms: int) -> bool:
    """Remembers what is plugged in at a station; True when that is to be told."""
    seen = scanner_places.all_seen(db)
    before = seen.pop(station, None)
    scanner_places.remember(db, station, now)
    if not is_another(before, now):
        return False
    scanner_places.add_notice(db, station, came_from(now, seen), at_ms=at_ms)
    return True


def dismiss_notice(db: sqlite_utils.Database, station: str) -> None:
    """Seen by a supervisor."""
    scanner_places.drop_notice(db, station)
