"""The few read connections: one moment at a time, lent in turn, never lost."""

import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from floor_app.store.database import open_writer
from floor_app.store.readers import READERS, Readers
from tests.floor import Floor
from tests.waiting import wait_until


@pytest.fixture
def readers(tmp_path: Path) -> Iterator[Readers]:
    path = tmp_path / "floor.db"
    open_writer(path).conn.close()
    opened = Readers(path)
    yield opened
    opened.close()


def count(connection: sqlite3.Connection) -> int:
    found: int = connection.execute("SELECT count(*) FROM event").fetchone()[0]
    return found


def test_everything_read_together_is_of_one_moment(floor: Floor) -> None:
    with floor.reading() as before:
        assert count(before.conn) == 0
        floor.order()
        with floor.reading() as now:
            assert count(now.conn) == 1
        assert count(before.conn) == 0
        assert before.conn.execute("SELECT count(*) FROM orders").fetchone() == (0,)
    with floor.reading() as after:
        assert count(after.conn) == 1


def test_somebody_who_reads_for_long_holds_up_no_scan(floor: Floor) -> None:
    with floor.reading() as page:
        count(page.conn)
        floor.order()
        for bundle in floor.cut().bundles:
            assert floor.scan(bundle.code, "cut").event_seq


def test_who_comes_when_all_are_lent_waits_for_one(readers: Readers) -> None:
    begun, go_on, served = threading.Event(), threading.Event(), list[str]()

    def read(name: str) -> None:
        with readers.reading():
            served.append(name)
            begun.set()
            go_on.wait()

    people = [threading.Thread(target=read, args=(f"page {number}",)) for number in range(READERS + 1)]
    for person in people:
        person.start()
    wait_until(lambda: len(served) == READERS, "all are lent")
    assert sum(person.is_alive() for person in people) == READERS + 1
    assert len(served) == READERS
    go_on.set()
    for person in people:
        person.join()
    assert len(served) == READERS + 1


def test_a_page_that_stumbles_gives_its_reader_back(readers: Readers) -> None:
    for _ in range(3 * READERS):
        with pytest.raises(ZeroDivisionError), readers.reading() as db:
            _ = count(db.conn) / 0


def test_a_disk_that_fails_while_reading_costs_no_reader(readers: Readers) -> None:
    """SQLite ends the transaction by itself then, as is done here; the fault seen is the page's own."""
    for _ in range(3 * READERS):
        with pytest.raises(sqlite3.OperationalError, match="disk"), readers.reading() as db:
            db.conn.execute("ROLLBACK")
            raise sqlite3.OperationalError("disk I/O error")
    with readers.reading() as db:
        assert count(db.conn) == 0
