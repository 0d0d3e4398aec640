"""Where each scanner of the Pi is plugged in or was last, and what a person has still to be told of it."""

from typing import Any

import sqlite_utils

from floor_app.domain.scanner_moves import Move, Place, Places, PluggedScanner


def places(db: sqlite_utils.Database) -> Places:
    """As they were kept."""
    return tuple(_place(row) for row in db.conn.execute(f"SELECT {_COLUMNS} FROM scanner_place ORDER BY rowid"))


def keep(db: sqlite_utils.Database, kept: Places) -> None:
    """Instead of all that was kept before: a handful of rows."""
    db.conn.execute("DELETE FROM scanner_place")
    db.conn.executemany(
        f"INSERT INTO scanner_place ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", map(_row, kept)
    )


_COLUMNS = "station, port, vendor, product, serial, called, numbered, left_at_ms, from_station, from_port, moved_at_ms"
_NOT_MOVED = Move("", "", 0)


def _row(place: Place) -> tuple[str | int, ...]:
    scanner, moved = place.scanner, place.moved or _NOT_MOVED
    is_what = (scanner.vendor, scanner.product, scanner.serial, scanner.called, int(scanner.numbered))
    was_where = (moved.from_station, moved.from_port, moved.at_ms)
    return (scanner.station, scanner.port, *is_what, place.left_at_ms, *was_where)


def _place(row: tuple[Any, ...]) -> Place:
    station, port, vendor, product, serial, called, numbered, left_at_ms, *moved = row
    scanner = PluggedScanner(station, port, vendor, product, serial, called, bool(numbered))
    move = Move(*moved)
    return Place(scanner, left_at_ms, None if move == _NOT_MOVED else move)
