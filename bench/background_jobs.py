"""Scans of a busy floor, quiet and while a backup, a rebuild, the labels of a large lay or talks with the centre go on beside them."""

import os
import sqlite3
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass
from functools import partial

from bench import servers
from bench.day_sheet_bytes import running_centre
from bench.effort import Workbench
from bench.figures import Outcome, Ratio, Times, median_times, over_rounds, times_of
from bench.floors import OPERATIONS, Floor, Scans, with_bundles
from bench.generated_floor import COLOUR, SIZES, generated_floor
from bench.loading import Ask, load
from bench.servers import FLOOR, ROOT, Server, SlowDisk
from devices.printers.simulated import SimulatedPrinter
from floor_app.atelier import open_atelier
from floor_app.config import read_config
from floor_app.service_link import ask
from floor_app.sharing import share_order

CLIENTS = 50
STEADY_SYNC_MS = 2.0
HISTORY_TIMES_SHORT = 30  # events: so many times the short history, so that a backup and a rebuild take a while
LOOKS_EVERY_S = 0.1
TALK_WITHIN_S = 60
Round = dict[str, Times]


def measure_background(bench: Workbench) -> Outcome:
    """50 clients with a scan a second each; before each job the same without it. Every sync takes the same."""
    folder, effort = bench.folder_for("background", in_memory=True), bench.effort
    steady = SlowDisk(bench.tools / "slow_disk.so", folder / "floor.syncs", STEADY_SYNC_MS)
    scans = CLIENTS * effort.job_s * 2 * len(_JOBS) * effort.rounds
    centre = running_centre(bench.folder_for("centre"), limits=False)
    with SimulatedPrinter(keep_labels=1) as printer, centre as (port, code):
        generated = generated_floor(
            folder,
            event_count=effort.short_history_events * HISTORY_TIMES_SHORT,
            now_ms=time.time_ns() // 1_000_000,
            printer=printer.address,
        )
        floor = with_bundles(generated, int(scans / len(OPERATIONS)) + 1)
        _share_all(floor)
        with servers.floor_serve(floor.config, floor.data, slow=steady) as server:
            busy = _BusyFloor(bench, floor, server, floor.scans())
            busy.join(f"http://127.0.0.1:{port}", code)
            rounds = [busy.round() for _ in range(effort.rounds)]
    ratios = [
        Ratio(f"scan p99 during {name} / quiet", 2, over_rounds(rounds, partial(_slower, name))) for name in _JOBS
    ]
    failed = sum(times.failed for each in rounds for times in each.values())
    return Outcome((*ratios, Ratio("failed requests beside jobs", 0, failed)), median_times(rounds))


def _slower(name: str, found: Round) -> float:
    return found[name].p99_ms / found[f"quiet before {name}"].p99_ms


@dataclass(frozen=True, slots=True)
class _BusyFloor:
    bench: Workbench
    floor: Floor
    server: Server
    scans: Scans

    def round(self) -> Round:
        found: list[Times] = []
        for name, job in _JOBS.items():
            found.append(self._scans(f"quiet before {name}"))
            with job(self):
                found.append(self._scans(name))
        return {times.name: times for times in found}

    def _scans(self, name: str) -> Times:
        ask = Ask(CLIENTS, self.bench.effort.job_s, rate_per_s=1)
        heard = load(self.bench.tools, self.server.port, self.scans.take(int(CLIENTS * (ask.lasts_s + 1))), ask)
        self.scans.sent(heard.begun)
        return times_of(name, heard)

    def join(self, url: str, code: str) -> None:
        """The network's centre: its first talk, about all days so far, is over before anything is measured."""
        for words in (("sync", "enrol", url, code), ("sync", "run")):
            if self.floor_command(*words).wait() != 0:
                raise RuntimeError(f"floor {' '.join(words)} failed")

    def floor_command(self, *words: str) -> subprocess.Popen[bytes]:
        options = ["--config", str(self.floor.config), "--data", str(self.floor.data)]
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        quiet = subprocess.DEVNULL
        return subprocess.Popen([*FLOOR, *words, *options], env=environment, stdout=quiet, stderr=quiet)


@contextmanager
def _meanwhile(run: Callable[[threading.Event], None]) -> Iterator[None]:
    """`run` in a thread that is told to stop at the end."""
    stopping = threading.Event()
    thread = threading.Thread(target=run, args=(stopping,))
    thread.start()
    try:
        yield
    finally:
        stopping.set()
        thread.join()


@contextmanager
def _again_and_again(busy: _BusyFloor, *words: str) -> Iterator[None]:
    """A command of `floor`, started anew whenever it is done, until the end; then ended by its pid.

    RuntimeError where it failed: nothing was going on then.
    """
    exits = list[int]()

    def run(stopping: threading.Event) -> None:
        while not stopping.is_set():
            process = busy.floor_command(*words)
            while process.poll() is None and not stopping.wait(LOOKS_EVERY_S):
                pass
            if process.poll() is not None:
                exits.append(process.returncode)
            process.terminate()
            process.wait()

    with _meanwhile(run):
        yield
    if any(exits):
        raise RuntimeError(f"floor {' '.join(words)}: {exits}")


@contextmanager
def _talking(busy: _BusyFloor) -> Iterator[None]:
    """Talks with the centre one after the other, asked for as the page's button does it. RuntimeError where one did not go well."""
    outcomes, config = list[str](), read_config(busy.floor.config)

    def run(stopping: threading.Event) -> None:
        while not stopping.is_set():
            answer = ask(config, busy.floor.data, "sync_run", {"wait_s": TALK_WITHIN_S, "limit": 1})
            outcomes.append(answer["attempts"][0]["outcome"])

    with _meanwhile(run):
        yield
    if set(outcomes) != {"done"}:
        raise RuntimeError(f"talks with the centre: {outcomes}")


@contextmanager
def _printing(busy: _BusyFloor) -> Iterator[None]:
    """A lay cut with one piece a bundle, its labels printed as fast as the simulated printer takes them."""
    plies, order = str(busy.bench.effort.labels), _order_to_cut(busy.floor)
    lay = busy.floor_command(
        "lays", "cut", order, "--colour", COLOUR, "--marker", f"{SIZES[0]}1", "--plies", plies, "--cap", "1"
    )
    try:
        yield
        if lay.wait() != 0:
            raise RuntimeError("the lay was not cut")
        while _labels_left(busy.floor):
            time.sleep(LOOKS_EVERY_S)
    finally:
        lay.terminate()
        lay.wait()


_JOBS: dict[str, Callable[[_BusyFloor], AbstractContextManager[None]]] = {
    "backup": lambda busy: _again_and_again(busy, "backup", str(busy.floor.data.parent / "backup.db")),
    "rebuild": lambda busy: _again_and_again(busy, "rebuild"),
    "labels": _printing,
    "sync": _talking,
}


def _share_all(floor: Floor) -> None:
    """Every order that runs is in the day sheets: each talk has today's to work out anew and to send."""
    with closing(open_atelier(read_config(floor.config), floor.data)) as atelier:
        with atelier.reading() as db:
            codes = [row[0] for row in db.conn.execute("SELECT code FROM orders WHERE closed = 0")]
        for code in codes:
            atelier.run(share_order, code, True, event_id=f"share-{code}", moment=atelier.clock.moment())


def _order_to_cut(floor: Floor) -> str:
    with closing(_look(floor)) as db:
        return str(db.execute("SELECT code FROM orders WHERE closed = 0 ORDER BY id LIMIT 1").fetchone()[0])


def _labels_left(floor: Floor) -> int:
    with closing(_look(floor)) as db:
        return int(
            db.execute("SELECT count(*) FROM print_job WHERE state IN ('queued', 'sending', 'sent')").fetchone()[0]
        )


def _look(floor: Floor) -> sqlite3.Connection:
    return sqlite3.connect(f"{(floor.data / 'floor.db').as_uri()}?mode=ro", uri=True)
