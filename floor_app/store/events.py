"""The log: appended to, read in order of `seq`, never changed."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

import sqlite_utils

from floor_app.domain.events import Event, Moment, from_body, to_body
from floor_app.store.event_times import PUT_RIGHT, RIGHT_AT_MS, RIGHT_OFFSET

OF_LATE = "seq > (SELECT max(seq) FROM event) - 20000"
"""Condition on `event` for walks from its end: more than a busy atelier's day, and milliseconds where nothing is found."""


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """A row of the log. `happened_at_ms` UTC; `utc_offset_minutes` gives the local day and hour it belongs to.

    Both as the event says them, or as they are known to have been since the clock was put right.
    """

    seq: int
    id: str
    happened_at_ms: int
    utc_offset_minutes: int
    station: str
    event: Event


def append(db: sqlite_utils.Database, event: Event, *, event_id: str, moment: Moment, station: str = "") -> StoredEvent:
    """Adds to the log and nothing else: `projections.record` also brings the tables up to date. The writer's transaction only."""
    row = (
        event_id,
        event.type,
        moment.happened_at_ms,
        moment.recorded_at_ms,
        moment.utc_offset_minutes,
        moment.monotonic_ms,
        int(moment.clock_trusted),
        station,
        _as_json(to_body(event)),
        moment.boot_id,
    )
    added = db.conn.execute(_APPEND, row)
    if not added.rowcount:
        db.conn.execute("INSERT INTO boot (boot_id) VALUES (?)", (moment.boot_id,))
        added = db.conn.execute(_APPEND, row)
    seq = added.lastrowid or 0  # a row was added, so there is one
    return StoredEvent(seq, event_id, moment.happened_at_ms, moment.utc_offset_minutes, station, event)


def find(db: sqlite_utils.Database, event_id: str) -> StoredEvent | None:
    row = db.conn.execute(f"{_SELECT} WHERE e.id = ?", (event_id,)).fetchone()
    return _stored(row) if row else None


def by_seq(db: sqlite_utils.Database, seq: int) -> StoredEvent | None:
    row = db.conn.execute(f"{_SELECT} WHERE e.seq = ?", (seq,)).fetchone()
    return _stored(row) if row else None


def between(db: sqlite_utils.Database, first: int, last: int) -> Iterator[StoredEvent]:
    """Events `first` to `last`, both included, in order."""
    rows = db.conn.execute(f"{_SELECT} WHERE e.seq BETWEEN ? AND ? ORDER BY e.seq", (first, last))
    return (_stored(row) for row in rows)


def last_seq(db: sqlite_utils.Database) -> int:
    seq: int = db.conn.execute("SELECT coalesce(max(seq), 0) FROM event").fetchone()[0]
    return seq


# One writer, one transaction: gapless, because an undone command gives its number back. The boot by its number: 36
# characters once per start instead of once per event are a third of the log's size; no boot of that name, no row.
_APPEND = (
    "INSERT INTO event (seq, id, type, happened_at_ms, recorded_at_ms, utc_offset_minutes, boot, monotonic_ms, clock_trusted,"
    " station, body) SELECT (SELECT coalesce(max(seq), 0) + 1 FROM event), ?, ?, ?, ?, ?, number, ?, ?, ?, ? FROM boot"
    " WHERE boot_id = ?"
)
_as_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode  # `json.dumps` would make one each time
_SELECT = f"SELECT e.seq, e.id, {RIGHT_AT_MS}, {RIGHT_OFFSET}, e.station, e.type, e.body FROM event e {PUT_RIGHT}"


def _stored(row: tuple[int, str, int, int, str, str, str]) -> StoredEvent:
    seq, event_id, happened_at_ms, utc_offset_minutes, station, event_type, body = row
    return StoredEvent(
        seq, event_id, happened_at_ms, utc_offset_minutes, station, from_body(event_type, json.loads(body))
    )
