"""No number of a bundle is ever given twice: not after an undo, a crash, or an older copy of the database."""

from pathlib import Path

import pytest
import sqlite_utils

from floor_app.domain.codes import SEQUENCES
from floor_app.store.code_reserve import CodesUsedUp, HighWaterMark, reserve
from floor_app.store.database import open_writer
from floor_app.store.writer import StoreFull, Writer

SITE = "BCDF"


@pytest.fixture
def db(tmp_path: Path) -> sqlite_utils.Database:
    return open_writer(tmp_path / "floor.db")


@pytest.fixture
def mark(tmp_path: Path) -> HighWaterMark:
    return HighWaterMark(tmp_path / "codes-given.txt")


def test_numbers_follow_each_other(db: sqlite_utils.Database, mark: HighWaterMark) -> None:
    given = [reserve(db, SITE, count, mark) for count in (10, 1, 5)]
    assert given == [range(10), range(10, 11), range(11, 16)]
    assert mark.read() == 16


def test_the_file_beside_knows_before_the_database_does(tmp_path: Path, mark: HighWaterMark) -> None:
    """A label may be printed from what was committed; so what was only about to be committed is lost, not given again."""
    writer = Writer(open_writer(tmp_path / "floor.db"))

    def reserve_and_stumble(db: sqlite_utils.Database) -> None:
        reserve(db, SITE, 10, mark)
        assert mark.read() == 10
        raise RuntimeError

    with pytest.raises(RuntimeError):
        writer.run(reserve_and_stumble)
    assert writer.run(reserve, SITE, 3, mark) == range(10, 13)
    writer.stop()


def test_an_older_database_goes_on_where_the_file_is(tmp_path: Path, mark: HighWaterMark) -> None:
    newer = open_writer(tmp_path / "newer.db")
    reserve(newer, SITE, 500, mark)
    older = open_writer(tmp_path / "older.db")
    assert reserve(older, SITE, 2, mark) == range(500, 502)


@pytest.mark.parametrize("content", ["", "\n", "many", "12 34", "\xe9"])
def test_a_file_that_says_nothing_leaves_the_database_to_tell(
    content: str, tmp_path: Path, db: sqlite_utils.Database, mark: HighWaterMark
) -> None:
    reserve(db, SITE, 40, mark)
    (tmp_path / "codes-given.txt").write_text(content, encoding="latin-1")
    assert reserve(db, SITE, 2, mark) == range(40, 42)
    assert mark.read() == 42


def test_each_site_has_numbers_above_all_given_here(db: sqlite_utils.Database, mark: HighWaterMark) -> None:
    reserve(db, SITE, 10, mark)
    assert reserve(db, "GHJK", 10, mark) == range(10, 20)
    assert reserve(db, SITE, 1, mark) == range(20, 21)


def test_the_mark_never_goes_down(mark: HighWaterMark, tmp_path: Path) -> None:
    mark.raise_to(700)
    mark.raise_to(3)
    assert mark.read() == 700
    assert [path.name for path in tmp_path.iterdir()] == ["codes-given.txt"]


def test_the_last_numbers_are_given_and_not_one_more(db: sqlite_utils.Database, mark: HighWaterMark) -> None:
    mark.raise_to(SEQUENCES - 5)
    with pytest.raises(CodesUsedUp):
        reserve(db, SITE, 6, mark)
    assert mark.read() == SEQUENCES - 5
    assert reserve(db, SITE, 5, mark) == range(SEQUENCES - 5, SEQUENCES)
    with pytest.raises(CodesUsedUp):
        reserve(db, SITE, 1, mark)


def test_where_the_mark_cannot_be_written_nothing_is_given(tmp_path: Path, db: sqlite_utils.Database) -> None:
    with pytest.raises(StoreFull):
        reserve(db, SITE, 5, HighWaterMark(tmp_path / "gone" / "codes-given.txt"))
    assert db.conn.execute("SELECT count(*) FROM code_reserve").fetchone() == (0,)
