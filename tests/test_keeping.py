"""Keeping the records: a backup is noted, an old copy put back loses nothing that is still there and gives no code twice."""

import json
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from floor_app.domain.scans import Answer
from floor_app.keeping import LAST_BACKUP, NUMBERS_SKIPPED_AFTER_RESTORE, back_up, compare_with_events, restore
from floor_app.store.backup import BadCopy
from floor_app.store.code_reserve import HighWaterMark
from floor_app.store.database import PRAGMAS, open_writer
from tests.floor import Floor, a_lay
from tests.store.test_backup import SPOILT

AT_MS = 1_785_001_200_000


@pytest.fixture
def floor(tmp_path: Path) -> Iterator[Floor]:
    opened = Floor(tmp_path)
    opened.order()
    yield opened
    opened.close()


def live(floor: Floor) -> Path:
    return floor.atelier.data / "floor.db"


def put_back(copy: Path, database: Path, *, at_ms: int = AT_MS) -> int:
    return restore(copy, database, mark=HighWaterMark(database.with_name("codes-given.txt")), at_ms=at_ms)


def codes(floor: Floor, lay: str) -> set[str]:
    return {bundle.code for bundle in floor.cut(a_lay(lay)).bundles}


def reopened(folder: Path) -> Floor:
    """The service starts again; its tablets go on with ids of their own."""
    again = Floor(folder)
    again._scans = 1000
    return again


def as_the_plug_left_it(floor: Floor, folder: Path) -> Path:
    """The database as it is on the disk now, and its log. Copied by another process: ours must keep its locks (fcntl(2))."""
    folder.mkdir()
    subprocess.run(["cp", "-r", f"{floor.atelier.data}/.", str(folder)], check=True)
    assert (folder / "floor.db-wal").stat().st_size > 0
    return folder / "floor.db"


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_a_backup_is_noted_for_the_board(floor: Floor, tmp_path: Path) -> None:
    count = back_up(live(floor), tmp_path / "copy", at_ms=AT_MS)
    noted = json.loads((floor.atelier.data / LAST_BACKUP).read_text(encoding="utf-8"))
    assert noted == {"at_ms": AT_MS, "file": str(tmp_path / "copy"), "events": count, "ok": True}
    assert count == floor.last_seq == 1


def test_a_backup_that_failed_is_not_noted(floor: Floor, tmp_path: Path) -> None:
    back_up(live(floor), tmp_path / "copy", at_ms=AT_MS)
    with pytest.raises(BadCopy):
        back_up(live(floor), tmp_path / "pulled out" / "copy", at_ms=AT_MS + 1)
    assert json.loads((floor.atelier.data / LAST_BACKUP).read_text(encoding="utf-8"))["at_ms"] == AT_MS


def test_after_an_old_copy_no_code_is_given_again_and_no_label_names_another_bundle(
    floor: Floor, tmp_path: Path
) -> None:
    before = codes(floor, "lay-1")
    back_up(live(floor), tmp_path / "copy", at_ms=AT_MS)
    since = codes(floor, "lay-2")
    floor.close()
    put_back(tmp_path / "copy", live(floor))
    again = reopened(tmp_path)
    after = codes(again, "lay-3")
    assert len(before | since | after) == 30
    assert again.scan(min(before), "cut").decision.answer == Answer.COUNTED
    assert again.scan(min(since), "cut").decision.answer == Answer.UNKNOWN, (
        "printed, but no longer known: never another"
    )
    again.close()


def test_on_a_second_pi_without_the_first_ones_file_the_numbers_jump_as_well(floor: Floor, tmp_path: Path) -> None:
    before = codes(floor, "lay-1")
    back_up(live(floor), tmp_path / "copy", at_ms=AT_MS)
    since = codes(floor, "lay-2")
    second = tmp_path / "second"
    (second / "data").mkdir(parents=True)
    assert put_back(tmp_path / "copy", second / "data" / "floor.db") == 2
    assert HighWaterMark(second / "data" / "codes-given.txt").read() == 10 + NUMBERS_SKIPPED_AFTER_RESTORE
    taken_over = reopened(second)
    assert not codes(taken_over, "lay-3") & (before | since)
    assert taken_over.scan(min(before), "cut").decision.answer == Answer.COUNTED
    taken_over.close()


def test_the_database_before_is_kept_with_all_that_was_in_it(floor: Floor, tmp_path: Path) -> None:
    back_up(live(floor), tmp_path / "copy", at_ms=AT_MS)
    codes(floor, "lay-1")
    (tmp_path / "second").mkdir()
    database = as_the_plug_left_it(floor, tmp_path / "second" / "data")
    assert put_back(tmp_path / "copy", database) == 1
    kept = database.with_name(f"floor.db.before-{AT_MS}")
    assert put_back(kept, database, at_ms=AT_MS + 1) == 2, "it can be put back in its turn, log and all"
    again = reopened(tmp_path / "second")
    assert again.last_seq == 2
    again.close()


def test_what_is_put_back_is_ready_for_work(floor: Floor, tmp_path: Path) -> None:
    bundles = codes(floor, "lay-1")
    for code in bundles:
        floor.scan(code, "cut")
    back_up(live(floor), tmp_path / "copy", at_ms=AT_MS)
    floor.close()
    put_back(tmp_path / "copy", live(floor))
    with sqlite3.connect(live(floor)) as database:
        assert database.execute("PRAGMA journal_mode").fetchone() == (PRAGMAS["journal_mode"],)
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert compare_with_events(live(floor), tmp_path / "derived.db") == []
    again = reopened(tmp_path)
    assert {again.scan(code, "cut").decision.answer for code in bundles} == {Answer.ALREADY_DONE}
    again.close()


def test_nothing_else_is_left_in_the_folder(floor: Floor, tmp_path: Path) -> None:
    back_up(live(floor), tmp_path / "copy", at_ms=AT_MS)
    database = as_the_plug_left_it(floor, tmp_path / "second")
    before = {path.name for path in database.parent.iterdir()} | {"codes-given.txt"}
    put_back(tmp_path / "copy", database)
    kept = {f"floor.db.before-{AT_MS}{beside}" for beside in ("", "-wal", "-shm")}
    after = {path.name for path in database.parent.iterdir()}
    assert after == (before | kept) - {"floor.db-wal", "floor.db-shm"}


def test_a_card_taken_out_of_a_dead_pi_is_put_back_with_its_log(floor: Floor, tmp_path: Path) -> None:
    """Not a backup but the files themselves: the last scans are in the log beside the database."""
    bundles = sorted(codes(floor, "lay-1"))
    floor.scan(bundles[0], "cut")
    card = as_the_plug_left_it(floor, tmp_path / "card")
    second = tmp_path / "second"
    (second / "data").mkdir(parents=True)
    assert put_back(card, second / "data" / "floor.db") == 3
    taken_over = reopened(second)
    assert taken_over.scan(bundles[0], "cut").decision.answer == Answer.ALREADY_DONE
    taken_over.close()


@pytest.mark.parametrize("spoil", SPOILT, ids=lambda spoil: spoil.__name__)
def test_what_is_no_whole_copy_changes_nothing(spoil: Callable[[Path], None], floor: Floor, tmp_path: Path) -> None:
    (tmp_path / "stick").mkdir()
    copy = tmp_path / "stick" / "copy"
    for number in range(4):
        codes(floor, f"lay-{number}")
    back_up(live(floor), copy, at_ms=AT_MS)
    spoil(copy)
    floor.close()
    before = files(floor.atelier.data)
    with pytest.raises(BadCopy):
        put_back(copy, live(floor))
    assert files(floor.atelier.data) == before
    assert [path.name for path in copy.parent.iterdir()] == ["copy"]


def test_a_floor_of_other_tables_changes_nothing(floor: Floor, tmp_path: Path) -> None:
    """It has a log of events like ours, and is not ours."""
    other = sqlite3.connect(tmp_path / "other")
    other.execute("CREATE TABLE event (seq INTEGER PRIMARY KEY)")
    other.execute("CREATE TABLE code_reserve (site TEXT, next_sequence INTEGER)")
    other.close()
    floor.close()
    before = files(floor.atelier.data)
    with pytest.raises(BadCopy, match="not_a_floor"):
        put_back(tmp_path / "other", live(floor))
    assert files(floor.atelier.data) == before


def test_a_bare_database_at_rest_is_put_back_and_nothing_is_left_beside_it(floor: Floor, tmp_path: Path) -> None:
    """SQLite would like to put files there; a stick may not take them."""
    stick = tmp_path / "stick"
    stick.mkdir()
    open_writer(stick / "copy").conn.close()
    floor.close()
    assert put_back(stick / "copy", live(floor)) == 0
    assert [path.name for path in stick.iterdir()] == ["copy"]
