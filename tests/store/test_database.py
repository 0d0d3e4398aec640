"""The database file: settings that keep what was counted, a log that nobody can change, readers that can only read."""

import sqlite3
import subprocess
from pathlib import Path

import pytest

from floor_app.store import database as opening
from floor_app.store.database import WrongPragma, open_reader, open_writer
from tests.floor import Floor

NEW_EVENT = (
    "INTO event (seq, id, type, happened_at_ms, recorded_at_ms, utc_offset_minutes, boot, monotonic_ms, clock_trusted, body)"
    " VALUES ({seq}, '{id}', 'help_called', 1, 1, 60, 1, 1, 1, '{{}}')"
)
SAME_ID = NEW_EVENT.format(seq=900, id="import-1")
SAME_SEQ = NEW_EVENT.format(seq=1, id="another")
CHANGES = [
    "UPDATE event SET body = '{}'",
    "UPDATE event SET station = 'x' WHERE seq = 1",
    "UPDATE OR REPLACE event SET seq = 1 WHERE seq = 2",
    "UPDATE OR IGNORE event SET id = 'x'",
    "DELETE FROM event",
    "DELETE FROM event WHERE seq = 2",
    f"INSERT {SAME_ID}",
    f"INSERT {SAME_SEQ}",
    f"INSERT OR REPLACE {SAME_ID}",
    f"INSERT OR REPLACE {SAME_SEQ}",
    f"REPLACE {SAME_ID}",
    f"INSERT OR IGNORE {SAME_ID}",
    f"INSERT OR FAIL {SAME_SEQ}",
    f"INSERT {SAME_ID} ON CONFLICT (id) DO UPDATE SET body = excluded.body",
    f"INSERT {SAME_ID} ON CONFLICT DO NOTHING",
]
WRITES = [
    "INSERT INTO boot (boot_id) VALUES ('x')",
    "UPDATE orders SET closed = 1",
    "DELETE FROM bundle",
    "CREATE TABLE other (x)",
    "PRAGMA user_version = 7",
    "VACUUM",
]


@pytest.fixture
def worked(floor: Floor) -> Floor:
    """Three events: an order, a lay, a scan."""
    floor.order()
    floor.scan(floor.cut().bundles[0].code, "cut")
    return floor


def everything(database: Path) -> list[tuple[object, ...]]:
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as connection:
        return connection.execute("SELECT * FROM event ORDER BY seq").fetchall()


def content(database: Path) -> str:
    """Of the file and its log, read by another process: closing a file here would drop SQLite's locks on it (fcntl(2))."""
    files = [str(database), str(database.with_name("floor.db-wal"))]
    return subprocess.run(["sha256sum", *files], capture_output=True, text=True, check=True).stdout


@pytest.mark.parametrize("foreign_keys", ["on", "off"])
@pytest.mark.parametrize("recursive_triggers", ["on", "off"])
@pytest.mark.parametrize("change", CHANGES)
def test_nobody_changes_an_event(
    change: str, recursive_triggers: str, foreign_keys: str, worked: Floor, database: Path
) -> None:
    """Not even with a plain connection that knows nothing of the floor."""
    before = everything(database)
    connection = sqlite3.connect(database, isolation_level=None)
    connection.execute(f"PRAGMA recursive_triggers={recursive_triggers}")
    connection.execute(f"PRAGMA foreign_keys={foreign_keys}")
    with pytest.raises(sqlite3.IntegrityError, match=r"never (changed|deleted)|recorded once"):
        connection.execute(change)
    connection.close()
    assert everything(database) == before
    assert len(before) == 3


@pytest.mark.parametrize(
    "wrong", [NEW_EVENT.format(seq=0, id="x"), NEW_EVENT.format(seq=4, id=""), NEW_EVENT.format(seq=4, id="x" * 81)]
)
def test_an_event_without_a_number_or_a_name_is_refused(wrong: str, worked: Floor, database: Path) -> None:
    connection = sqlite3.connect(database, isolation_level=None)
    with pytest.raises(sqlite3.IntegrityError, match="CHECK"):
        connection.execute(f"INSERT {wrong}")
    connection.close()


def test_a_new_event_is_taken(worked: Floor, database: Path) -> None:
    connection = sqlite3.connect(database, isolation_level=None)
    connection.execute(f"INSERT {NEW_EVENT.format(seq=4, id='new')}")
    connection.close()
    assert len(everything(database)) == 4


def test_the_triggers_of_the_log_are_there_after_all_migrations(worked: Floor, database: Path) -> None:
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as connection:
        found = connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'event'"
        ).fetchall()
    assert {name for (name,) in found} == {
        "event_never_updated",
        "event_never_deleted",
        "event_never_replaced",
        "event_runs_on",
    }


def test_the_writer_has_the_settings_that_keep_what_was_counted(tmp_path: Path) -> None:
    connection = open_writer(tmp_path / "floor.db").conn
    wanted = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "mmap_size": 0, "wal_autocheckpoint": 0}
    assert {name: connection.execute(f"PRAGMA {name}").fetchone()[0] for name in wanted} == wanted
    connection.close()


def test_a_database_that_takes_no_log_is_not_opened() -> None:
    """In memory there is no log: SQLite says so, and nothing is counted on it."""
    with pytest.raises(WrongPragma, match="journal_mode"):
        open_writer(Path(":memory:"))


@pytest.mark.parametrize(
    ("name", "never_taken"), [("journal_mode", "ink"), ("synchronous", 7), ("foreign_keys", 5), ("mmap_size", -7)]
)
def test_each_setting_is_read_back(
    name: str, never_taken: int | str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(opening.PRAGMAS, name, never_taken)
    with pytest.raises(WrongPragma, match=name):
        open_writer(tmp_path / "floor.db")


def test_opening_again_changes_nothing(worked: Floor, database: Path) -> None:
    worked.close()
    before = everything(database)
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as connection:
        schema = connection.execute("SELECT * FROM sqlite_master").fetchall()
    again = open_writer(database).conn
    assert again.execute("SELECT * FROM sqlite_master").fetchall() == schema
    again.close()
    assert everything(database) == before


@pytest.mark.parametrize("write", WRITES)
@pytest.mark.parametrize("before", ["", "PRAGMA query_only=off"])
def test_a_reader_cannot_write(write: str, before: str, worked: Floor, database: Path) -> None:
    reader = open_reader(database).conn
    reader.execute(before)
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        reader.execute(write)
    reader.close()


@pytest.mark.parametrize("mode", ["PASSIVE", "FULL", "RESTART", "TRUNCATE"])
def test_a_reader_cannot_put_the_log_away(mode: str, worked: Floor, database: Path) -> None:
    """Two connections that checkpoint can break a log (SQLite before 3.51.3): only the writer does."""
    assert database.with_name("floor.db-wal").stat().st_size > 0
    before = content(database)
    reader = open_reader(database).conn
    with pytest.raises(sqlite3.OperationalError):
        reader.execute(f"PRAGMA wal_checkpoint({mode})")
    reader.close()
    assert content(database) == before
