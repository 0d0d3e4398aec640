"""Everything derived from the events, derived again beside the live tables, compared, and put right row by row.

The work is done in a scratch file by read-only looks at the floor: pages and scans go on meanwhile.
"""

import sqlite3
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import sqlite_utils

from floor_app.store import event_runs, events, projections
from floor_app.store.schema import PROJECTION_SCRIPTS, run_script

EVENTS_A_STEP = 500
ROWS_A_STEP = 200  # put right in one command: scans go on between two, and a request holds them
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
        for script in PROJECTION_SCRIPTS:
            run_script(connection, script)
        connection.execute("CREATE TABLE replayed (seq INTEGER)")
        connection.execute("INSERT INTO replayed VALUES (0)")
        connection.execute("ATTACH DATABASE ? AS live", (f"{live.resolve().as_uri()}?mode=ro",))
        database = sqlite_utils.Database(connection)
        _replay(database, progress or (lambda done, total: None), pause_s)
        yield database
    finally:
        connection.close()
        scratch.unlink(missing_ok=True)


def differences(
    scratch: sqlite_utils.Database, *, tables: Collection[str] = projections.TABLES
) -> list[TableDifference]:
    """What differs between the scratch tables and the live ones, both as of the same last event."""
    connection = scratch.conn
    connection.execute("BEGIN")
    try:
        _apply_until(scratch, events.last_seq(scratch))  # what came since: both sides then show the same moment
        found = [_compare(connection, table) for table in tables]
    finally:
        connection.execute("COMMIT")
    return [difference for difference in found if difference.lacking or difference.extra]


def steps(scratch: sqlite_utils.Database, found: list[TableDifference]) -> Iterator[TableDifference]:
    """The differences in pieces for `put_right`, in an order that never leaves a row without the one it refers to.

    Rows too many first, those of the last table first; then what lacks or is wrong, in the order of the tables.
    """
    keys = {difference.table: _key(scratch.conn, difference.table) for difference in found}
    for difference in reversed(found):
        right = {keys[difference.table](row) for row in difference.lacking}
        too_many = [row for row in difference.extra if keys[difference.table](row) not in right]
        for first in range(0, len(too_many), ROWS_A_STEP):
            yield TableDifference(difference.table, (), tuple(too_many[first : first + ROWS_A_STEP]))
    for difference in found:
        wrong = {keys[difference.table](row): row for row in difference.extra}
        for first in range(0, len(difference.lacking), ROWS_A_STEP):
            rows = difference.lacking[first : first + ROWS_A_STEP]
            before = [wrong[keys[difference.table](row)] for row in rows if keys[difference.table](row) in wrong]
            yield TableDifference(difference.table, rows, tuple(before))


def put_right(db: sqlite_utils.Database, difference: TableDifference) -> int:
    """Changes rows of a live table, inside the writer, and says how many; ValueError for a table not derived from events.

    A row that a scan changed meanwhile, or that another refers to, is left for the next round.
    """
    if difference.table not in projections.TABLES:
        raise ValueError(f"{difference.table!r} is not derived from events")
    key = _key(db.conn, difference.table)
    right = {key(row): row for row in difference.lacking}
    wrong = {key(row): row for row in difference.extra}
    changed = [
        _put_row_right(db.conn, difference.table, wrong.get(row_key), right.get(row_key)) for row_key in wrong | right
    ]
    return sum(changed)


def _put_row_right(connection: sqlite3.Connection, table: str, wrong: Row | None, right: Row | None) -> int:
    columns = _columns(connection, table, "main")
    is_row = " AND ".join(f"{column} IS ?" for column in columns)
    marks = ", ".join("?" * len(columns))
    try:
        if right is None:
            return connection.execute(f"DELETE FROM {table} WHERE {is_row}", wrong or ()).rowcount
        if wrong is None:
            return connection.execute(f"INSERT INTO {table} VALUES ({marks}) ON CONFLICT DO NOTHING", right).rowcount
        put = f"UPDATE {table} SET ({', '.join(columns)}) = ({marks}) WHERE {is_row}"
        return connection.execute(put, right + wrong).rowcount
    except sqlite3.IntegrityError:
        return 0


def replayed(scratch: sqlite_utils.Database) -> int:
    """The last event a scratch database has in it."""
    (seq,) = scratch.conn.execute("SELECT seq FROM replayed").fetchone()
    return int(seq)


def _replay(scratch: sqlite_utils.Database, progress: Progress, pause_s: float) -> None:
    last = events.last_seq(scratch)
    for first in range(1, last + 1, EVENTS_A_STEP):
        scratch.conn.execute("BEGIN")
        _apply_until(scratch, min(last, first + EVENTS_A_STEP - 1))
        scratch.conn.execute("COMMIT")
        progress(min(last, first + EVENTS_A_STEP - 1), last)
        time.sleep(pause_s)


def _apply_until(scratch: sqlite_utils.Database, last: int) -> None:
    done = replayed(scratch)
    for stored in list(events.between(scratch, done + 1, last)):
        projections.apply(scratch, stored)
    event_runs.book(scratch, done + 1, last)
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


def _key(connection: sqlite3.Connection, table: str) -> Callable[[Row], Row]:
    """What tells the rows of a table apart: its primary key (pragma_table_info: `pk` counts its columns from 1)."""
    places = [row[0] for row in connection.execute(f"PRAGMA main.table_info({table})") if row[5]]
    return lambda row: tuple(row[place] for place in places)


def _columns(connection: sqlite3.Connection, table: str, schema: str) -> list[str]:
    return [row[1] for row in connection.execute(f"PRAGMA {schema}.table_info({table})")]
