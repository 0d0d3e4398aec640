"""A copy of the database: made while people scan, whole, and never taken for one when it is not."""

import os
import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from floor_app.scanning import Scan
from floor_app.store.backup import BadCopy, check, copy_to, next_sequence
from tests.floor import Floor, a_lay, an_order
from tests.waiting import wait_until


def ids_in(copy: Path) -> set[str]:
    with sqlite3.connect(f"file:{copy}?mode=ro", uri=True) as database:
        return {scan_id for (scan_id,) in database.execute("SELECT id FROM event")}


def test_a_copy_made_while_four_people_scan_has_all_that_was_answered_before(
    floor: Floor, database: Path, tmp_path: Path
) -> None:
    floor.order(an_order(quantity=5000))
    codes = [bundle.code for bundle in floor.cut(a_lay(cap=1, tolerance=0, rolls=a_lay().rolls * 4)).bundles]
    answered, enough = list[str](), threading.Event()

    def scan_on(mine: list[str]) -> None:
        for code in mine:
            floor.atelier.take_scan(Scan(f"scan-{code}", code, "cut-1", "cut"))
            answered.append(f"scan-{code}")
            if enough.wait(0.001):
                return

    people = [threading.Thread(target=scan_on, args=(codes[first::4],)) for first in range(4)]
    for person in people:
        person.start()
    for number in range(5):
        wait_until(lambda: len(answered) > 20 * number, "people scan")  # noqa: B023 - waited for here
        before = set(answered)
        copy = tmp_path / f"copy-{number}"
        count = copy_to(database, copy)
        assert before <= ids_in(copy)
        assert check(copy) == count == len(ids_in(copy))
    enough.set()
    for person in people:
        person.join()
    assert len(answered) > len(before)


def test_a_copy_is_one_file_with_everything_in_it(full_day: Floor, database: Path, tmp_path: Path) -> None:
    """Nothing of it is still in a log beside it: it can be put on a stick as it is."""
    assert database.with_name("floor.db-wal").stat().st_size > 0
    (tmp_path / "stick").mkdir()
    count = copy_to(database, tmp_path / "stick" / "copy")
    assert [path.name for path in (tmp_path / "stick").iterdir()] == ["copy"]
    assert count == full_day.last_seq
    with full_day.reading() as live, sqlite3.connect(tmp_path / "stick" / "copy") as copied:
        for (table,) in live.conn.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            rows = f"SELECT * FROM {table}"
            assert copied.execute(rows).fetchall() == live.conn.execute(rows).fetchall(), table
        assert next_sequence(tmp_path / "stick" / "copy") == 72


def test_looking_at_a_copy_leaves_nothing_beside_it(full_day: Floor, database: Path, tmp_path: Path) -> None:
    (tmp_path / "stick").mkdir()
    copy = tmp_path / "stick" / "copy"
    copy_to(database, copy)
    before = copy.read_bytes()
    check(copy)
    next_sequence(copy)
    assert [path.name for path in copy.parent.iterdir()] == ["copy"]
    assert copy.read_bytes() == before


def garbage(copy: Path) -> None:
    copy.write_bytes(os.urandom(copy.stat().st_size))


def text(copy: Path) -> None:
    copy.write_text("OF;Client;Modèle\n" * 500, encoding="utf-8")


def empty(copy: Path) -> None:
    copy.write_bytes(b"")


def cut_short(copy: Path) -> None:
    os.truncate(copy, copy.stat().st_size * 2 // 3)


def cut_short_at_a_page(copy: Path) -> None:
    os.truncate(copy, copy.stat().st_size // 4096 // 2 * 4096)


def half_written(copy: Path) -> None:
    """The right size, but only the first half reached the stick."""
    size = copy.stat().st_size
    os.truncate(copy, size // 2)
    os.truncate(copy, size)


def a_page_of_noise(copy: Path) -> None:
    with copy.open("r+b") as file:
        file.seek(copy.stat().st_size // 4096 // 2 * 4096)
        file.write(os.urandom(4096))


def another_program(copy: Path) -> None:
    copy.unlink()
    with sqlite3.connect(copy) as database:
        database.execute("CREATE TABLE recettes (nom TEXT)")


def another_with_a_table_of_that_name(copy: Path) -> None:
    copy.unlink()
    with sqlite3.connect(copy) as database:
        database.execute("CREATE TABLE event (id TEXT)")


def events_missing(copy: Path) -> None:
    with sqlite3.connect(copy) as database:
        database.execute("DROP TRIGGER event_never_deleted")
        database.execute("DELETE FROM event WHERE seq = 3")


def a_folder(copy: Path) -> None:
    copy.unlink()
    copy.mkdir()


SPOILT: list[Callable[[Path], None]] = [
    garbage,
    text,
    empty,
    cut_short,
    cut_short_at_a_page,
    half_written,
    a_page_of_noise,
    another_program,
    another_with_a_table_of_that_name,
    events_missing,
    a_folder,
]


@pytest.mark.parametrize("spoil", SPOILT, ids=lambda spoil: spoil.__name__)
def test_what_is_no_whole_copy_is_told_apart(
    spoil: Callable[[Path], None], full_day: Floor, database: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "copy"
    copy_to(database, copy)
    spoil(copy)
    with pytest.raises(BadCopy) as refused:
        check(copy)
    assert refused.value.reason


def test_a_copy_that_cannot_be_made_leaves_nothing_and_spoils_no_earlier_one(
    full_day: Floor, database: Path, tmp_path: Path
) -> None:
    (tmp_path / "stick").mkdir()
    copy = tmp_path / "stick" / "copy"
    copy_to(database, copy)
    before = copy.read_bytes()
    broken = tmp_path / "broken.db"
    broken.write_bytes(before)
    a_page_of_noise(broken)
    with pytest.raises(BadCopy):
        copy_to(broken, copy)
    assert [path.name for path in copy.parent.iterdir()] == ["copy"]
    assert copy.read_bytes() == before
    with pytest.raises(BadCopy):
        copy_to(database, tmp_path / "no such folder" / "copy")


def test_what_an_interrupted_copy_left_is_no_hindrance(full_day: Floor, database: Path, tmp_path: Path) -> None:
    (tmp_path / "copy.partial").write_bytes(os.urandom(9000))
    assert copy_to(database, tmp_path / "copy") == full_day.last_seq
    assert not (tmp_path / "copy.partial").exists()
