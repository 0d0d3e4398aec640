"""Databases as earlier versions left them, written down as SQL (`sqlite3.Connection.iterdump`): each opens, and says the same."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from floor_app.keeping import compare_with_events
from floor_app.scanning import Scan
from floor_app.store import events
from tests.floor import Floor

SAMPLES = Path(__file__).parent.parent / "samples" / "databases"


@pytest.fixture(params=sorted(SAMPLES.glob("*.sql")), ids=lambda sample: sample.stem)
def earlier(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """The file of a database as it was left."""
    database = tmp_path / "data" / "floor.db"
    database.parent.mkdir()
    with closing(sqlite3.connect(database)) as connection:
        connection.executescript(request.param.read_text(encoding="utf-8"))
    return database


def test_it_is_brought_up_to_date_and_scans_go_on(earlier: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(earlier)) as connection:
        (left_at,) = connection.execute("SELECT max(seq) FROM event").fetchone()
    floor = Floor(tmp_path)
    try:
        with floor.reading() as db:
            (code,) = db.conn.execute("SELECT code FROM bundle ORDER BY id DESC LIMIT 1").fetchone()
            assert events.last_seq(db) == left_at
        floor.atelier.take_scan(Scan("after", code, "cut-1", "cut"))
        assert compare_with_events(earlier, earlier.with_name("scratch.db")) == []
    finally:
        floor.close()


def test_there_are_some() -> None:
    assert len(list(SAMPLES.glob("*.sql"))) > 1
