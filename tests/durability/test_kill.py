"""The process dies in the middle of the work, ten times: people send again what was not answered, and each scan counts once."""

import sqlite3
from pathlib import Path
from random import Random

from floor_app.atelier import DATABASE
from floor_app.keeping import compare_with_events
from tests.durability.floor_process import FloorProcess, Tablet, let_scan, running, tablets
from tests.waiting import wait_until

KILLS = 10
PEOPLE = 8


def kill_again_and_again(floor: FloorProcess, working: list[Tablet], chance: Random) -> None:
    """Each time after some more scans were answered, so that every life of the service has counted something."""
    for _ in range(KILLS):
        wanted = _answered(working) + chance.randint(8, 30)
        wait_until(lambda: _answered(working) >= wanted, "more scans are answered")  # noqa: B023 - waited for here
        floor.kill()
        floor.start()


def _answered(working: list[Tablet]) -> int:
    return sum(len(tablet.seqs) for tablet in working)


def test_ten_kills_lose_nothing_and_count_nothing_twice(tmp_path: Path) -> None:
    floor = FloorProcess(tmp_path)
    with running(floor):
        floor.imports_an_order()
        working = tablets(floor, floor.cuts(plies=100), count=PEOPLE)
        sent = {scan.id for tablet in working for scan in tablet.scans}
        seqs = let_scan(working, meanwhile=lambda: kill_again_and_again(floor, working, Random(7)))
        assert sum(tablet.tries for tablet in working) > len(sent), "some were sent more than once"
    with sqlite3.connect(floor.data / DATABASE) as database:
        stored = dict(database.execute("SELECT id, seq FROM event WHERE type = 'step_done'"))
        numbers = [seq for (seq,) in database.execute("SELECT seq FROM event ORDER BY seq")]
        done = database.execute("SELECT operation, sum(good), max(good) FROM bundle_step GROUP BY operation").fetchall()
    assert seqs == stored
    assert set(stored) == sent
    assert numbers == list(range(1, len(numbers) + 1))
    assert done == [("cut", 200, 1), ("finish", 200, 1), ("sew", 200, 1)]
    assert compare_with_events(floor.data / DATABASE, tmp_path / "derived.db") == []
