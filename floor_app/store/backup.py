"""Copies of the database: taken while it runs, checked before they count, never half there."""

import sqlite3
import time
from contextlib import closing
from pathlib import Path

import sqlite_utils

from floor_app.store import sealed_people
from floor_app.store.database import open_reader
from floor_app.store.sealed_people import SealedPeople
from groundwork.durable_file import sync

PAGES_A_STEP = 200
PAUSE_S = 0.002


class BadCopy(Exception):
    """A file that is no whole database of an atelier: `reason` is what SQLite said, or `not_a_floor`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def copy_to(source: Path, copy: Path, *, at_rest: bool = False, people: SealedPeople | None = None) -> int:
    """Copies the database as of one moment, checks the copy, then gives it its name. Returns its number of events.

    BadCopy when that did not work, and then nothing is left of it. `at_rest`: nobody has the source open, now or soon.
    `people`: put into the copy, in place of what the database may still carry of an earlier one.
    """
    partial = copy.with_name(copy.name + ".partial")
    partial.unlink(missing_ok=True)
    try:
        _copy(_open_at_rest(source) if at_rest else open_reader(source).conn, partial)
        if people is not None:
            _put_in(partial, people)
        count = check(partial)
    except (BadCopy, sqlite3.Error) as error:
        partial.unlink(missing_ok=True)
        raise error if isinstance(error, BadCopy) else BadCopy(str(error)) from error
    sync(partial)
    partial.replace(copy)
    sync(copy.parent)
    return count


def _put_in(partial: Path, people: SealedPeople) -> None:
    with closing(sqlite3.connect(partial)) as connection, connection:
        sealed_people.put(sqlite_utils.Database(connection), people)


def check(copy: Path) -> int:
    """The number of events of a whole copy; BadCopy otherwise."""
    try:
        with closing(_open_at_rest(copy)) as connection:
            verdict = connection.execute("PRAGMA integrity_check").fetchone()[0]
            if verdict != "ok":
                raise BadCopy(verdict)
            count, last = connection.execute("SELECT count(*), coalesce(max(seq), 0) FROM event").fetchone()
    except sqlite3.DatabaseError as error:
        raise BadCopy("not_a_floor" if "no such" in str(error) else str(error)) from error
    if count != last:
        raise BadCopy(f"{last - count} events are missing")
    return int(count)


def next_sequence(copy: Path) -> int:
    """The first code number a copy does not know as given."""
    with closing(_open_at_rest(copy)) as connection:
        (number,) = connection.execute("SELECT coalesce(max(next_sequence), 0) FROM code_reserve").fetchone()
    return int(number)


def _copy(source: sqlite3.Connection, partial: Path) -> None:
    """In one read transaction: SQLite then need not start again when a scan is recorded."""
    with closing(source), closing(sqlite3.connect(partial, isolation_level=None)) as target:
        source.execute("BEGIN")
        source.execute("SELECT count(*) FROM sqlite_master").fetchone()
        source.backup(target, pages=PAGES_A_STEP, progress=lambda status, left, total: time.sleep(PAUSE_S))
        target.execute("PRAGMA journal_mode=delete")  # one file, whole by itself


def _open_at_rest(source: Path) -> sqlite3.Connection:
    """Leaves no file beside a whole copy, which may be on a stick that cannot be written (sqlite.org/uri.html, immutable)."""
    alone = not any(source.with_name(source.name + beside).exists() for beside in ("-wal", "-journal"))
    uri = f"{source.resolve().as_uri()}?mode=ro{'&immutable=1' if alone else ''}"
    return sqlite3.connect(uri, uri=True, isolation_level=None)
