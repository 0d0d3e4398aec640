"""What a station's next card or undo refers to: its last count, and what it was asked or told and has not yet answered."""

import json
from dataclasses import dataclass

import sqlite_utils

from floor_app.domain.scans import Quantities
from floor_app.domain.undoing import LastCount
from floor_app.store import events


@dataclass(frozen=True, slots=True)
class Asked:
    """Said by cards and not yet used: quantities for one bundle; the bundle a question is about; the first choice offered."""

    quantities: Quantities
    bundle: str = ""
    choice: str = ""
    asked_at_ms: int = 0


NOT_ASKED = Asked(Quantities())


@dataclass(frozen=True, slots=True)
class OpenHelpCall:
    station: str
    since_ms: int


def asked(db: sqlite_utils.Database, station: str) -> Asked:
    row = db.conn.execute(
        "SELECT quantities, bundle, choice, asked_at_ms FROM station_asked WHERE station = ?", (station,)
    ).fetchone()
    return asked_from(row) if row else NOT_ASKED


def asked_from(row: tuple[str, str, str, int]) -> Asked:
    """From (quantities, bundle, choice, asked_at_ms) as stored."""
    quantities, bundle, choice, asked_at_ms = row
    return Asked(Quantities(**json.loads(quantities or "{}")), bundle, choice, asked_at_ms)


def remember_asked(db: sqlite_utils.Database, station: str, asked: Asked) -> None:
    said = asked.quantities
    quantities = {"good": said.good, "second": said.second, "rejected": said.rejected, "to_rework": said.to_rework}
    db.conn.execute(
        "INSERT OR REPLACE INTO station_asked VALUES (?, ?, ?, ?, ?)",
        (station, json.dumps(quantities), asked.bundle, asked.choice, asked.asked_at_ms),
    )


def forget_asked(db: sqlite_utils.Database, station: str) -> None:
    db.conn.execute("DELETE FROM station_asked WHERE station = ?", (station,))


def last_count(db: sqlite_utils.Database, station: str) -> LastCount | None:
    """What an undo at this station takes back; `None` after an undo, before the first count, and once it is long ago."""
    row = db.conn.execute(
        f"SELECT seq FROM event WHERE {events.OF_LATE} AND station = ? AND type IN ('step_done', 'rework_done')"
        " ORDER BY seq DESC LIMIT 1",
        (station,),
    ).fetchone()
    return count_by_seq(db, row[0]) if row else None


def count_by_seq(db: sqlite_utils.Database, seq: int) -> LastCount | None:
    """The count recorded as `seq` with what was presumed because of it; `None` when it is no count or was taken back."""
    stored = events.by_seq(db, seq)
    undone = db.conn.execute("SELECT 1 FROM undone_event WHERE seq = ?", (seq,)).fetchone()
    bundle = getattr(stored.event, "bundle", "") if stored else ""
    if not stored or undone or not hasattr(stored.event, "good"):
        return None
    first = seq - int(getattr(stored.event, "steps_with_it", 0))
    facts = tuple((found.seq, found.event) for found in events.between(db, first, seq))
    return LastCount(bundle, getattr(stored.event, "operation", ""), facts)


def open_help_calls(db: sqlite_utils.Database) -> list[OpenHelpCall]:
    return [OpenHelpCall(*row) for row in db.conn.execute("SELECT station, since_ms FROM help_call ORDER BY since_ms")]


def help_is_called(db: sqlite_utils.Database, station: str) -> bool:
    return db.conn.execute("SELECT 1 FROM help_call WHERE station = ?", (station,)).fetchone() is not None
