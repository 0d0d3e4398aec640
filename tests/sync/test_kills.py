"""Killed without a word at each point of a talk, on either side: what was said is said again, and both agree to the piece."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from central import enrolling
from central.centre import opened
from central.settings import Settings
from central.store import progress
from central.store.ateliers import Atelier
from tests.floor import CONFIG, Floor
from tests.sync.line import PHASES, Point, bad_line
from tests.sync.town import FIGURES, Member, Town
from tests.waiting import wait_until

POINTS: tuple[Point, ...] = tuple(
    (what, phase) for what in ("heartbeat", "days", "sheet", "orders", "transfers") for phase in PHASES
)

# As `floor central serve`, for an atelier that talks more often than any does.
SERVE = """
import sys
from pathlib import Path
from central.serving import serve_until_stopped
from central.settings import Limits, Settings
settings = Settings(Path(sys.argv[1]), limits=Limits(by_atelier=10_000, by_address=100_000))
serve_until_stopped(settings, host="127.0.0.1", port=int(sys.argv[2]), say=print)
"""


class Killer:
    """Kills once, at `point`."""

    def __init__(self) -> None:
        self.point: Point | None = None
        self.kill: Callable[[], None] = lambda: None
        self.killed: list[Point] = []

    def at_point(self, point: Point) -> None:
        if point == self.point:
            self.point = None
            self.killed.append(point)
            self.kill()


def test_an_atelier_killed_at_each_point_of_a_talk_says_it_all_in_the_next(town: Town) -> None:
    atelier, killer = town.member(), Killer()
    settings = CONFIG.replace('"none"', f'"file://{atelier.folder / "printed"}"')
    (atelier.folder / "floor.toml").write_text(settings, encoding="utf-8")
    bundles = atelier.begin_order()
    with bad_line(town.centre.url, at_point=killer.at_point) as line:
        atelier.moves_to(line.url)
        for number, point in enumerate(POINTS):
            atelier.count([bundles[number % 10]], ("cut", "sew", "finish")[number // 10])
            atelier.floor.close()
            wait_until(lambda: not line.under_way, "what the last one asked is through")
            killer.point = point
            with _talking(atelier.folder) as process:
                killer.kill = process.kill
                process.wait(60)
            assert process.returncode == -signal.SIGKILL, point
            atelier = atelier.again()
            if number % 5 == 4:  # now and then it is well in between
                assert atelier.sync().attempt.outcome == "done"
                assert atelier.agrees_with_centre()
        assert atelier.sync().attempt.outcome == "done"
    assert killer.killed == list(POINTS)
    assert atelier.agrees_with_centre()


@contextmanager
def _talking(folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """`floor sync run`, as a process of its own."""
    options = ["--config", str(folder / "floor.toml"), "--data", str(folder / "data")]
    command = [sys.executable, "-c", "from floor_app.cli import main; main()", "sync", "run", *options]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


class CentreProgram:
    """The centre as a process, on a folder of its own, always at the same port."""

    def __init__(self, folder: Path) -> None:
        self.settings = Settings(folder)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        command = [sys.executable, "-c", SERVE, str(self.settings.data), str(self.port)]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        ends_at = time.monotonic() + 60
        while not self._answers():
            assert self._process.poll() is None and time.monotonic() < ends_at, "the centre starts"
            time.sleep(0.05)

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/healthz", timeout=5):
                return True
        except OSError:
            return False

    def figures(self, atelier: str) -> dict[str, int]:
        """Read from the database, of the order there is."""
        with opened(self.settings) as centre, centre.reading() as db:
            found = progress.of_atelier(db, atelier)
        return {name: getattr(found[0].figures, name) for name in FIGURES} if found else {}


@pytest.fixture
def program(tmp_path: Path) -> Iterator[CentreProgram]:
    found = CentreProgram(tmp_path / "centre")
    yield found
    found.kill()


def test_a_centre_killed_at_each_point_of_a_talk_counts_everything_once(program: CentreProgram, tmp_path: Path) -> None:
    killer = Killer()
    with opened(program.settings) as centre, centre.writing() as db:
        enrolling.add_atelier(db, Atelier("ATL07", "Atelier des Tilleuls", "BCDF"), at_ms=centre.now_ms())
        code = enrolling.give_code(db, "ATL07", os.urandom(10), at_ms=centre.now_ms())
    program.start()
    (tmp_path / "ATL07").mkdir()
    floor = Floor(tmp_path / "ATL07")
    atelier = Member("ATL07", floor, None, tmp_path / "ATL07")  # type: ignore[arg-type]  # in no town: its centre is a process
    with bad_line(program.url, at_point=killer.at_point) as line:
        assert atelier.join(url=line.url, code=code).code == "joined"
        bundles = atelier.begin_order()
        for number, point in enumerate(POINTS):
            atelier.count([bundles[number % 10]], ("cut", "sew", "finish")[number // 10])
            wait_until(lambda: not line.under_way, "what the last one asked is through")
            killer.point, killer.kill = point, program.kill
            had_all = point in (("transfers", "answered"), ("transfers", "delivered"))
            assert atelier.sync().attempt.outcome == ("done" if had_all else "away"), point
            program.start()
            assert atelier.sync().attempt.outcome == "done", point
        assert killer.killed == list(POINTS)
    told, own = program.figures("ATL07"), atelier.figures("2026-0117")
    floor.close()
    assert {name: told[name] for name in own} == own
