"""The disk is full: scans are refused at once and in words, nothing counted is lost, and work goes on when there is room."""

import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import pytest

from devices.scanners.simulated import SimulatedScanner
from floor_app.atelier import DATABASE
from floor_app.keeping import compare_with_events
from floor_app.service_link import ServiceRefused
from floor_app.texts import words
from tests.durability.floor_process import CONFIG, ROOT, FloorProcess, Line, let_scan, running, tablets
from tests.waiting import wait_until

REFUSED_WITHIN_S = 1.0
PI_STATION = '\n[[station]]\nname = "pi-1"\noperation = "cut"\nscanner = "{path}"\n'


@dataclass(frozen=True)
class FullableFloor:
    """A service whose disk is full while `flag` exists; `scanner` is on the Pi, at the station pi-1."""

    process: FloorProcess
    flag: Path
    scanner: SimulatedScanner

    @property
    def database(self) -> Path:
        return self.process.data / DATABASE


@pytest.fixture
def full_at() -> str:
    """What is full: the whole folder; or one file of it."""
    return ""


@pytest.fixture
def floor(tmp_path: Path, compiled: Callable[[str], Path], full_at: str) -> Iterator[FullableFloor]:
    with ExitStack() as stack:
        scanner = SimulatedScanner(str(tmp_path / "scanner"))
        stack.callback(scanner.close)
        environment = {
            "LD_PRELOAD": str(compiled("no_room")),
            "NO_ROOM_AT": str((tmp_path / "data" / full_at).resolve()),
            "NO_ROOM_FLAG": str(tmp_path / "full"),
        }
        config = CONFIG + PI_STATION.format(path=scanner.path)
        process = stack.enter_context(running(FloorProcess(tmp_path, config=config, environment=environment)))
        assert scanner.wait_for_reader(timeout_s=20)
        process.imports_an_order()
        yield FullableFloor(process, tmp_path / "full", scanner)


def stored(floor: FullableFloor) -> dict[str, int]:
    """Scan id → event, of what was counted."""
    with sqlite3.connect(f"file:{floor.database}?mode=ro", uri=True) as database:
        return dict(database.execute("SELECT id, seq FROM event WHERE type = 'step_done'"))


def test_a_full_disk_refuses_scans_and_loses_none(floor: FullableFloor, tmp_path: Path) -> None:
    codes = floor.process.cuts(plies=40)
    seqs = let_scan(tablets(floor.process, codes[:20], count=4))
    took_s = list[float]()
    with Line(floor.process, floor.process.token("cut")) as line:
        floor.flag.touch()
        for code in codes[20:25]:
            began_s = time.monotonic()
            status, problem = line.posts("/api/v1/scans", id=f"full-{code}", code=code)
            took_s.append(time.monotonic() - began_s)
            assert (status, problem["code"]) == (507, "store_full")
            assert problem["title"]
            assert problem["detail"]
        assert median(took_s) < REFUSED_WITHIN_S
        assert stored(floor) == seqs
        floor.flag.unlink()
        for code in codes[20:25]:
            status, said = line.posts("/api/v1/scans", id=f"full-{code}", code=code)
            assert (status, said["answer"], said["pieces"]) == (200, "counted", 1)
            seqs[f"full-{code}"] = said["event_seq"]
    seqs |= let_scan(tablets(floor.process, codes[25:], count=4))
    floor.process.kill()
    with sqlite3.connect(floor.database) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert database.execute("SELECT max(seq) - count(*) FROM event").fetchone() == (0,)
    assert stored(floor) == seqs
    assert compare_with_events(floor.database, tmp_path / "derived.db") == []


def test_people_at_work_meet_the_full_disk_and_go_on_when_it_has_room(floor: FullableFloor, tmp_path: Path) -> None:
    """Eight people scan; the disk fills up in the middle, again and again. Who was refused sends the same scan again."""
    working = tablets(floor.process, floor.process.cuts(plies=60), count=8)
    for tablet in working:
        tablet.insists = True

    def fill_and_empty() -> None:
        for _ in range(5):
            refused = sum(tablet.refusals for tablet in working)
            floor.flag.touch()
            wait_until(lambda: sum(tablet.refusals for tablet in working) > refused, "somebody is refused")  # noqa: B023
            floor.flag.unlink()

    seqs = let_scan(working, meanwhile=fill_and_empty)
    assert stored(floor) == seqs
    assert len(seqs) == 360
    assert compare_with_events(floor.database, tmp_path / "derived.db") == []


def test_the_scanner_of_the_pi_says_it_too(floor: FullableFloor) -> None:
    code, other = floor.process.cuts(plies=1)
    token = floor.process.asks("station_token", station="pi-1")["token"]
    with Line(floor.process, token) as line:
        screen: Callable[[], Any] = lambda: line.gets("/station/pi-1/now") or {}  # noqa: E731 - asked again and again
        floor.flag.touch()
        floor.scanner.scan(code)
        wait_until(lambda: screen().get("reason") == "store_full", "the station shows that nothing was kept")
        assert screen()["answer"] == "stop"
        assert screen()["message"]
        floor.flag.unlink()
        floor.scanner.scan(code)
        wait_until(lambda: screen()["answer"] == "counted", "the station counts again")
        floor.scanner.scan(other)
        wait_until(lambda: screen()["bundle"]["code"] == other, "and the next one")


def test_a_lay_is_refused_on_a_full_disk_and_can_be_cut_again(floor: FullableFloor) -> None:
    before = floor.process.cuts(plies=2)
    floor.flag.touch()
    with Line(floor.process, floor.process.control_token) as line:
        lay = {"order": "2026-0117", "colour": "Bleu marine", "marker": "S1", "plies": 2, "cap": 1}
        status, problem = line.posts("/control/cut", **lay)
        assert (status, problem["code"]) == (507, "store_full")
        assert line.gets("/healthz") == {"status": "ok"}, "pages go on"
    with pytest.raises(ServiceRefused, match=problem["title"]):
        floor.process.cuts(plies=2)
    floor.flag.unlink()
    after = floor.process.cuts(plies=2)
    assert len(set(before + after)) == 8


def test_a_start_on_a_full_disk_says_so_and_starts_when_there_is_room(
    tmp_path: Path, compiled: Callable[[str], Path]
) -> None:
    flag, data, config = tmp_path / "full", tmp_path / "data", tmp_path / "floor.toml"
    environment = {"LD_PRELOAD": str(compiled("no_room")), "NO_ROOM_AT": str(data), "NO_ROOM_FLAG": str(flag)}
    process = FloorProcess(tmp_path, environment=environment)
    flag.touch()
    started = subprocess.run(
        [
            sys.executable,
            "-c",
            "from floor_app.cli import main; main()",
            "serve",
            "--config",
            config,
            "--data",
            data,
            "--port",
            "0",
        ],
        cwd=ROOT,
        env={**os.environ, **environment, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert started.returncode == 1
    assert words()("cli.cannot_start", folder=data, reason="¶").split("¶")[1] in started.stdout + started.stderr
    assert "Traceback" not in started.stderr
    flag.unlink()
    with running(process):
        process.imports_an_order()


@pytest.mark.parametrize("full_at", [DATABASE])
def test_a_log_that_cannot_be_put_away_stops_nobody(floor: FullableFloor) -> None:
    """The log of SQLite has room, its file has not: scans go on, and the log is put away when there is room again."""
    floor.flag.touch()
    before = floor.database.stat().st_size
    seqs = let_scan(tablets(floor.process, floor.process.cuts(plies=12), count=4))
    log = floor.process.data.parent / "service.log"
    wait_until(lambda: "checkpoint failed" in log.read_text(), "it is tried")
    seqs |= let_scan(tablets(floor.process, floor.process.cuts(plies=12), count=4))
    assert floor.database.stat().st_size == before
    floor.flag.unlink()
    seqs |= let_scan(tablets(floor.process, floor.process.cuts(plies=12), count=4))
    wait_until(lambda: floor.database.stat().st_size > before, "the log is put away")
    assert stored(floor) == seqs
