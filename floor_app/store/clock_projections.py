"""What the tables become when the clock is put right: registered in `projections`.

Counts go into the day and hour they belong to, and whatever shows the time of an event shows the right one. From then on the
event is read with its right time (`events`), so that an undo takes it out of where it is now.
"""

from dataclasses import replace

import sqlite_utils

from floor_app.domain.events import (
    BundlesReceived,
    BundlesSent,
    ClockPutRight,
    DefectFound,
    DiscrepancySettled,
    Event,
    HelpCalled,
    LayCut,
    OrderImported,
    PiecesDeclaredMissing,
    ReworkDone,
    StepDone,
    StepPresumed,
    StepSkipped,
)
from floor_app.store import events, hour_counts
from floor_app.store.events import StoredEvent
from floor_app.store.local_days import local_day_and_hour, local_hour

Counted = StepDone | StepPresumed | StepSkipped | ReworkDone | PiecesDeclaredMissing | DefectFound


def clock_put_right(db: sqlite_utils.Database, stored: StoredEvent, event: ClockPutRight) -> None:
    said = list(events.between(db, event.first, event.last))
    right = [_right(one, event) for one in said]
    hours = [local_hour(one) for one in right]
    db.conn.execute(
        "INSERT INTO clock_shift VALUES (?, ?, ?, ?, ?, ?, ?)",
        (event.first, event.last, event.shift_ms, event.utc_offset_minutes, min(hours), max(hours), stored.seq),
    )
    for before, after in zip(said, right, strict=True):
        if isinstance(before.event, Counted):
            _move_count(db, before, after, before.event)
        for statement, parameters in _times(before):
            db.conn.execute(statement, (after.happened_at_ms, before.happened_at_ms, *parameters))
        if isinstance(before.event, BundlesSent | BundlesReceived):
            db.conn.execute(
                "UPDATE transfer SET day = ?, hour = ? WHERE id = ?", (*local_day_and_hour(after), before.seq)
            )


def _right(said: StoredEvent, event: ClockPutRight) -> StoredEvent:
    at_ms = said.happened_at_ms + event.shift_ms
    return replace(said, happened_at_ms=at_ms, utc_offset_minutes=event.utc_offset_minutes)


def _move_count(db: sqlite_utils.Database, before: StoredEvent, after: StoredEvent, event: Counted) -> None:
    """A count taken back by now is in no hour."""
    out_of, into = local_day_and_hour(before), local_day_and_hour(after)
    if out_of == into or db.conn.execute("SELECT 1 FROM undone_event WHERE seq = ?", (before.seq,)).fetchone():
        return
    (line_id,) = db.conn.execute("SELECT order_line_id FROM bundle WHERE code = ?", (event.bundle,)).fetchone()
    hour_counts.move(db, event, line_id, out_of=out_of, into=into)


def _times(said: StoredEvent) -> list[tuple[str, tuple[object, ...]]]:
    """Statements that put a time in place of the one the event said, wherever it stands, with what else they need to know."""
    event, found = said.event, list[tuple[str, tuple[object, ...]]]()
    for code in _bundles(event):
        found += [(statement, (code,)) for statement in _OF_BUNDLE]
    if isinstance(event, LayCut):
        found += [(_LAY, (said.seq,)), (_WAITING_OF_LAY, (said.seq,))]
    if isinstance(event, BundlesReceived):
        found.append((_LAYS_OF_NOTE, (event.note,)))
    if isinstance(event, OrderImported | BundlesReceived):
        found.append((_ORDER, (said.seq,)))
    if isinstance(event, BundlesSent | BundlesReceived):
        found.append((_TRANSFER, (said.seq,)))
    if isinstance(event, HelpCalled):
        found.append((_HELP_CALL, (said.station,)))
    return found


def _bundles(event: Event) -> tuple[str, ...]:
    """Codes of the bundles at whose steps the event's time may stand."""
    if isinstance(event, Counted):
        return (event.bundle,)
    if isinstance(event, BundlesReceived):
        return tuple(bundle[0] for bundle in event.bundles)
    return tuple(code for code, _ in event.arrived) if isinstance(event, DiscrepancySettled) else ()


_WAITING = "UPDATE bundle_step SET waiting_since_ms = ? WHERE waiting_since_ms = ?"
_BUNDLE = "bundle_id = (SELECT id FROM bundle WHERE code = ?)"
_OF_BUNDLE = (
    f"UPDATE bundle_step SET done_at_ms = ? WHERE done_at_ms = ? AND {_BUNDLE}",
    f"{_WAITING} AND {_BUNDLE}",
)
_LAY = "UPDATE lay SET cut_at_ms = ? WHERE cut_at_ms = ? AND id = ?"
_LAYS_OF_NOTE = "UPDATE lay SET cut_at_ms = ? WHERE cut_at_ms = ? AND note = ?"
_WAITING_OF_LAY = f"{_WAITING} AND bundle_id IN (SELECT id FROM bundle WHERE lay_id = ?)"
_ORDER = "UPDATE orders SET imported_at_ms = ? WHERE imported_at_ms = ? AND id = ?"
_TRANSFER = "UPDATE transfer SET at_ms = ? WHERE at_ms = ? AND id = ?"
_HELP_CALL = "UPDATE help_call SET since_ms = ? WHERE since_ms = ? AND station = ?"
