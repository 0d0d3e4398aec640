"""The power goes at any moment: no counted scan is lost, none counts twice, no code is given twice.

The service is a real process; what reaches the disk and what is answered is recorded in one order (`record.c`), and played
back on a disk that keeps and loses what a disk may (`disk.py` says what is assumed).
"""

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from floor_app.atelier import DATABASE
from tests.durability.floor_process import STEPS, FloorProcess, let_scan, running, tablets
from tests.durability.mutants import Mutant, planted
from tests.durability.power_cut import cut_the_power, record_a_day

CUTS = 510
SEED = 20_260_117

MUTANTS = (
    Mutant("no sync at each commit", (("floor_app/store/database.py", '"synchronous": 2', '"synchronous": 1'),)),
    Mutant(
        "answered before the commit",
        (
            (
                "floor_app/store/writer.py",
                "            command.tell_decided()\n        execute",
                "            command.tell_answered()\n        execute",
            ),
            (
                "floor_app/store/writer.py",
                "            self._commit(batch)\n            for command in batch:\n"
                "                command.tell_answered()\n",
                "            self._commit(batch)\n",
            ),
        ),
    ),
    Mutant(
        "answered with what was written during the commit",
        (
            (
                "floor_app/store/writer.py",
                "        result: R = self._outcome(waiting)\n        if made",
                "        result: R = early\n        if made",
            ),
        ),
    ),
    Mutant(
        "numbers not kept beside the database",
        (("groundwork/durable_file.py", "        os.fsync(file.fileno())\n", ""),),
    ),
)


def test_no_cut_loses_what_was_answered(tmp_path: Path, compiled: Callable[[str], Path]) -> None:
    day = record_a_day(tmp_path, compiled("record"))
    assert len(day.seqs) >= 300
    cuts = list(cut_the_power(day, tmp_path / "after", times=CUTS, seed=SEED))
    assert len(cuts) >= 500
    assert [cut for cut in cuts if cut.faults] == []
    assert cuts[-1].promised == day.seqs, "the last had everything to lose"


def test_the_service_starts_on_what_is_left_and_people_send_again_what_was_not_answered(
    tmp_path: Path, compiled: Callable[[str], Path]
) -> None:
    day = record_a_day(tmp_path, compiled("record"))
    floor = FloorProcess(tmp_path / "after")
    for cut in cut_the_power(day, floor.data, times=4, seed=SEED):
        with running(floor):
            known = codes_in(floor.data / DATABASE)
            seqs = let_scan(tablets(floor, known, count=8))
        assert len(seqs) == len(STEPS) * len(known)
        assert seqs == seqs | cut.promised, "what was answered before is answered the same"


def codes_in(database: Path) -> list[str]:
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as connection:
        return [code for (code,) in connection.execute("SELECT code FROM bundle ORDER BY code")]


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_a_planted_fault_is_noticed(mutant: Mutant, tmp_path: Path, compiled: Callable[[str], Path]) -> None:
    code = planted(mutant, tmp_path / "tree")
    day = record_a_day(tmp_path, compiled("record"), code=code)
    cuts = list(cut_the_power(day, tmp_path / "after", times=CUTS, seed=SEED, first_fault_ends=True))
    assert any(cut.faults for cut in cuts)
