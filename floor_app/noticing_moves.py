"""Remembers which scanner is plugged in where, so that a person is told of one that serves another station than before."""

from collections.abc import Collection

import sqlite_utils

from floor_app.domain import scanner_moves
from floor_app.domain.scanner_moves import Places, PluggedScanner
from floor_app.store import scanner_places


def note_scanner(
    db: sqlite_utils.Database, now: PluggedScanner, *, plugged: Collection[str], by_socket: bool, at_ms: int
) -> None:
    """Found in its socket by the station it serves; `plugged` and `by_socket` as in `scanner_moves.scanner_came`."""
    places = scanner_places.places(db)
    _keep(db, places, scanner_moves.scanner_came(places, now, plugged=plugged, by_socket=by_socket, at_ms=at_ms))


def note_scanner_left(db: sqlite_utils.Database, station: str, *, at_ms: int) -> None:
    places = scanner_places.places(db)
    _keep(db, places, scanner_moves.scanner_left(places, station, at_ms=at_ms))


def dismiss_notice(db: sqlite_utils.Database, station: str) -> None:
    """Seen by a supervisor."""
    places = scanner_places.places(db)
    _keep(db, places, scanner_moves.move_told(places, station))


def _keep(db: sqlite_utils.Database, before: Places, after: Places) -> None:
    if set(after) != set(before):
        scanner_places.keep(db, after)
