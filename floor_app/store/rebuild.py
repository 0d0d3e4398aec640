"""Everything derived from the events, derived again beside the live tables, compared, and put right row by row.

The work is done in a scratch file by read-only looks at the floor: pages and scans go on meanwhile.
"""

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import sqlite_utils

from floor_app.store import events, projections
from floor_app.store.schema import PROJECTIONS, run_script

EVENTS_A_STEP = 500
Progress = Callable[[int, int], None]  # (events done, events in all)
Row = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class TableDifference:
    """Rows that the events say and the live table lacks, and rows it has that the events do not say."""

    table: str
    lacking: tuple[Row, ...]
    extra: tuple[Row, ...]


@contextmanager
def rebuilt(
    live: Path, scratch: Path, *, progress: Progress | None = None, pause_s: float = 0.0
) -> Iterator[sqlite_utils.Database]:
    """A scratch database with every projection computed from the events of `live`; removed afterwards.

    `pause_s` after each 500 events keeps a Pi's second core for the scans.
    """
    scratch.unlink(missing_ok=True)
    connection = sqlite3.connect(scratch, isolation_level=None, uri=True)
    try:
        connection.execute("PRAGMA journal_mode=off")
        connection.execute("PRAGMA synchronous=off")
        run_script(connection, PROJECTIONS)
        connection.execute("CREATE TABLE replayed (seq INTEGER)")
        connection.execute("INSERT INTO replayed VALUES (0)")
        connection.execute("ATTACH DATABASE ? AS live", (f"{live.resolve().as_uri()}?mode=ro",))
        database = sqlite_utils.Database(connection)
        _replay(database, progress or (lambda done, total: None), pause_s)
        yield database
    finally:
        connection.close()
        scratch.unlink(missing_ok=True)


def differences(scratch: sqlite_utils.Database) -> list[TableDifference]:
    """What differs between the scratch tables and the live ones, both as of the same last event."""
    connection = scratch.conn
    connection.execute("BEGIN")
    try:
        _apply_until(scratch, events.last_seq(scratch))  # what came since: both sides then show the same moment
        found = [_compare(connection, table) for table in projections.TABLES]
    finally:
        connection.execute("COMMIT")
    return [difference for difference in found if difference.lacking or difference.extra]


def put_right(db: sqlite_utils.Database, difference: TableDifference) -> int:
    """Replaces rows of a live table, inside the writer; ValueError for a table that is not derived from events. A row that a scan changed meanwhile is left for the next round."""
    if difference.table not in projections.TABLES:
        raise ValueError(f"{difference.table!r} is not derived from events")
    db.conn.execute("PRAGMA defer_foreign_keys=ON")
    columns = _columns(db.conn, difference.table, "main")
    is_row = " AND ".join(f"{column} IS ?" for column in columns)
    marks = ", ".join("?" * len(columns))
    changed = 0
    for row in difference.extra:
        changed += db.conn.execute(f"DELETE FROM {difference.table} WHERE {is_row}", row).rowcount
    for row in difference.lacking:
        inserted = db.conn.execute(f"INSERT INTO {difference.table} VALUES ({marks}) ON CONFLICT DO NOTHING", row)
        changed += inserted.rowcount
    return changed


def _replay(scratch: sqlite_utils.Database, progress: Progress, pause_s: float) -> None:
    last = events.last_seq(scratch)
    for first in range(1, last + 1, EVENTS_A_STEP):
        scratch.conn.execute("BEGIN")
        _apply_until(scratch, min(last, first + EVENTS_A_STEP - 1))
        scratch.conn.execute("COMMIT")
        progress(min(last, first + EVENTS_A_STEP - 1), last)
        time.sleep(pause_s)


def _apply_until(scratch: sqlite_utils.Database, last: int) -> None:
    (done,) = scratch.conn.execute("SELECT seq FROM replayed").fetchone()
    for stored in list(events.between(scratch, done + 1, last)):
        projections.apply(scratch, stored)
    scratch.conn.execute("UPDATE replayed SET seq = ?", (last,))


def _compare(connection: sqlite3.Connection, table: str) -> TableDifference:
    columns = ", ".join(_columns(connection, table, "main"))
    lacking = connection.execute(
        f"SELECT {columns} FROM main.{table} EXCEPT SELECT {columns} FROM live.{table}"
    ).fetchall()
    extra = connection.execute(
        f"SELECT {columns} FROM live.{table} EXCEPT SELECT {columns} FROM main.{table}"
    ).fetchall()
    return TableDifference(table, tuple(lacking), tuple(extra))


def _columns(connection: sqlite3.Connection, table: str, schema: str) -> list[str]:
    return [row[1] for row in connection.execute(f"PRAGMA {schema}.table_info({table})")]
