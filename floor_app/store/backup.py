"""Copies of the database: taken while it runs, checked before they count, never half there."""

import os
import sqlite3
import time
from pathlib import Path

from floor_app.store.database import open_reader

PAGES_A_STEP = 200
PAUSE_S = 0.002


class BadCopy(Exception):
    """A file that is no whole database of an atelier: `reason` is what SQLite said, or `not_a_floor`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def copy_to(live: Path, copy: Path) -> int:
    """Copies the database as of one moment, checks the copy, then gives it its name. Returns its number of events.

    The source is held open in one read transaction: SQLite then need not start again when a scan is recorded.
    """
    partial = copy.with_name(copy.name + ".partial")
    partial.unlink(missing_ok=True)
    source = open_reader(live).conn
    target = sqlite3.connect(partial, isolation_level=None)
    try:
        source.execute("BEGIN")
        source.execute("SELECT count(*) FROM sqlite_master").fetchone()
        source.backup(target, pages=PAGES_A_STEP, progress=lambda status, left, total: time.sleep(PAUSE_S))
        target.execute("PRAGMA journal_mode=delete")  # one file, whole by itself
    finally:
        source.close()
        target.close()
    count = check(partial)
    sync_file(partial)
    partial.replace(copy)
    sync_file(copy.parent)
    return count


def check(copy: Path) -> int:
    """The number of events of a whole copy; BadCopy otherwise."""
    connection = sqlite3.connect(f"{copy.resolve().as_uri()}?mode=ro", uri=True)
    try:
        verdict = connection.execute("PRAGMA integrity_check").fetchone()[0]
        if verdict != "ok":
            raise BadCopy(verdict)
        count, last = connection.execute("SELECT count(*), coalesce(max(seq), 0) FROM event").fetchone()
    except sqlite3.DatabaseError as error:
        raise BadCopy("not_a_floor" if "no such table" in str(error) else str(error)) from error
    finally:
        connection.close()
    if count != last:
        raise BadCopy(f"{last - count} events are missing")
    return int(count)


def next_sequence(copy: Path) -> int:
    """The first code number a copy does not know as given."""
    connection = sqlite3.connect(f"{copy.resolve().as_uri()}?mode=ro", uri=True)
    try:
        (number,) = connection.execute("SELECT coalesce(max(next_sequence), 0) FROM code_reserve").fetchone()
    finally:
        connection.close()
    return int(number)


def sync_file(path: Path) -> None:
    """Down to the disk: a name without its bytes is worse than no file."""
    file = os.open(path, os.O_RDONLY)
    try:
        os.fsync(file)
    finally:
        os.close(file)
