"""Pieces by day and hour of the atelier's clock: what an event adds, and how it moves to another hour."""

import sqlite_utils

from floor_app.domain.events import DefectFound, Event, PiecesDeclaredMissing, ReworkDone, StepDone, StepPresumed

Hour = tuple[str, int]
"""(ISO day, hour)."""


def hour_numbers(event: Event) -> tuple[int, int, int, int, int, int, int]:
    """(good, second, rejected, to_rework, from_rework, presumed, missing) an event adds to its hour."""
    if isinstance(event, StepDone):
        return event.good, event.second, event.rejected, event.to_rework, 0, -event.replaces_presumed, 0
    if isinstance(event, ReworkDone):
        return event.good, event.second, event.rejected, 0, event.good + event.second + event.rejected, 0, 0
    if isinstance(event, StepPresumed):
        return 0, 0, 0, 0, 0, event.pieces, 0
    if isinstance(event, PiecesDeclaredMissing):
        return 0, 0, 0, 0, 0, 0, event.pieces
    return 0, 0, 0, 0, 0, 0, 0


def book_defects(
    db: sqlite_utils.Database, event: DefectFound, hour: Hour, order_line_id: int, *, sign: int = 1
) -> None:
    db.conn.execute(
        "INSERT INTO count_hour (day, hour, operation, order_line_id, defects) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT DO UPDATE SET defects = defects + excluded.defects",
        (*hour, event.operation, order_line_id, sign * event.pieces),
    )


def move(db: sqlite_utils.Database, event: Event, order_line_id: int, *, out_of: Hour, into: Hour) -> None:
    """Out of the hour an event was counted in, into the hour it belongs to."""
    for hour, sign in ((out_of, -1), (into, 1)):
        if isinstance(event, DefectFound):
            book_defects(db, event, hour, order_line_id, sign=sign)
        else:
            _book(db, event, hour, order_line_id, sign=sign)


def _book(db: sqlite_utils.Database, event: Event, hour: Hour, order_line_id: int, *, sign: int) -> None:
    operation: str = getattr(event, "operation", "")
    db.conn.execute(_ADD, (*hour, operation, order_line_id, *(sign * pieces for pieces in hour_numbers(event))))


_PIECES = ("good", "second", "rejected", "to_rework", "from_rework", "presumed", "missing")
_ADD = (
    f"INSERT INTO count_hour (day, hour, operation, order_line_id, {', '.join(_PIECES)}) VALUES ({', '.join('?' * 11)})"
    f" ON CONFLICT DO UPDATE SET {', '.join(f'{name} = {name} + excluded.{name}' for name in _PIECES)}"
)
