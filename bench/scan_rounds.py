"""Scans over HTTP beside the least they could cost: bare SQLite, the prototype, and the real service, in turns."""

import os
import subprocess
import sys
from contextlib import ExitStack
from dataclasses import dataclass

from bench import servers
from bench.effort import Workbench
from bench.figures import Outcome, Ratio, Times, median_times, over_rounds, times_of
from bench.floors import OPERATIONS, Scans, made_floor
from bench.loading import Ask, load, request_line
from bench.servers import HERE, Server, SlowDisk

CLIENTS = (1, 8, 32)
STEADY_CLIENTS = 50
SLOW_SYNC_MS = 8.0
BARE_ROWS = (1, 32)  # a commit
MOST_SCANS_A_S = 6_000  # so many requests are made ready; more than anything here answers
MOST_HELLOS_A_S = 12_000
LIKELY_SCANS_A_S = 4_500
WARM_UP = 20
Round = dict[str, Times]


def measure_scans(bench: Workbench) -> Outcome:
    """At the disk's own speed."""
    rounds = _Duel(bench, 0.0).rounds()
    ratios = (
        Ratio(
            "scans/s with 32 clients, ours / prototype",
            0.6,
            over_rounds(rounds, lambda each: each["ours 32"].per_s / each["prototype 32"].per_s),
            at_most=False,
        ),
        Ratio(
            "scan p50 with 1 client / (hello p50 + one bare commit p50)",
            2.5,
            over_rounds(rounds, lambda each: each["ours 1"].p50_ms / (each["hello 1"].p50_ms + each["bare 1"].p50_ms)),
        ),
        Ratio("scan p99 / p50 with 8 clients", 3, over_rounds(rounds, lambda each: each["ours 8"].tail)),
        Ratio("scan p99 / p50 with 32 clients", 3, over_rounds(rounds, lambda each: each["ours 32"].tail)),
        Ratio("failed requests, all rounds", 0, _failed(rounds)),
    )
    with_one_core = over_rounds(rounds, lambda each: each["ours 32"].per_s / each["prototype, one core 32"].per_s)
    note = f"scans/s with 32 clients against the prototype kept to one core, as `floor serve` keeps itself: {with_one_core:.3g}"
    return Outcome(ratios, median_times(rounds), notes=(note,))


def measure_slow_card(bench: Workbench) -> Outcome:
    """Every sync takes 8 ms, as on a memory card; nothing else of the disk takes time."""
    rounds = _Duel(bench, SLOW_SYNC_MS).rounds()
    ratios = (
        Ratio(
            "8 ms syncs: scan p50 with 1 client, in syncs",
            1.3,
            over_rounds(rounds, lambda each: each["ours 1"].p50_ms / SLOW_SYNC_MS),
        ),
        Ratio(
            "8 ms syncs: scan p99 with 32 clients, in syncs",
            8,
            over_rounds(rounds, lambda each: each["ours 32"].p99_ms / SLOW_SYNC_MS),
        ),
        Ratio(
            "8 ms syncs: syncs per scan with 32 clients",
            0.3,
            over_rounds(rounds, lambda each: each["ours 32"].syncs / each["ours 32"].answered),
        ),
        Ratio("8 ms syncs: failed requests, all rounds", 0, _failed(rounds)),
    )
    return Outcome(ratios, median_times(rounds))


def _failed(rounds: list[Round]) -> int:
    return sum(times.failed for each in rounds for name, times in each.items() if name.startswith("ours"))


@dataclass(frozen=True, slots=True)
class _Side:
    """A server and what it is asked; `slow` counts its syncs where its disk is slow."""

    server: Server
    scans: Scans
    slow: SlowDisk | None

    def syncs(self) -> int:
        return self.slow.syncs() if self.slow else 0


class _Duel:
    """All stay up for all rounds; each is left alone while another is measured."""

    def __init__(self, bench: Workbench, sync_ms: float) -> None:
        self._bench, self._effort, self._sync_ms = bench, bench.effort, sync_ms
        self._folder = bench.folder_for("scans", in_memory=bool(sync_ms))

    def rounds(self) -> list[Round]:
        floor = made_floor(self._folder, bundles=self._bundles())
        with ExitStack() as stack:
            slow = self._slow("prototype")
            server = stack.enter_context(servers.prototype(self._folder / "prototype", slow=slow))
            prototype = _Side(server, floor.endless_scans(), slow)
            one_core = self._on_one_core(stack, floor.endless_scans()) if not self._sync_ms else None
            slow = self._slow("ours")
            server = stack.enter_context(servers.floor_serve(floor.config, floor.data, slow=slow))
            ours = _Side(server, floor.scans(), slow)
            return [self._round(prototype, one_core, ours) for _ in range(self._effort.rounds)]

    def _on_one_core(self, stack: ExitStack, scans: Scans) -> _Side:
        server = stack.enter_context(servers.prototype(self._folder / "prototype, one core", one_core=True))
        return _Side(server, scans, None)

    def _bundles(self) -> int:
        scans_s = self._effort.burst_s * LIKELY_SCANS_A_S * len(CLIENTS) + STEADY_CLIENTS * self._effort.steady_s
        return int(scans_s * self._effort.rounds / len(OPERATIONS)) + 1

    def _slow(self, name: str) -> SlowDisk | None:
        if not self._sync_ms:
            return None
        return SlowDisk(self._bench.tools / "slow_disk.so", self._folder / f"{name}.syncs", self._sync_ms)

    def _round(self, prototype: _Side, one_core: _Side | None, ours: _Side) -> Round:
        found: list[Times] = [self._bare(rows) for rows in BARE_ROWS]
        for clients in CLIENTS:
            ask = Ask(clients, self._effort.burst_s, warm_up=WARM_UP)
            hello = [request_line("/hello")] * int(MOST_HELLOS_A_S * self._effort.burst_s)
            heard = load(self._bench.tools, prototype.server.port, hello, ask)
            found.append(times_of(f"hello {clients}", heard, method="GET"))
            found.append(self._scans(f"prototype {clients}", prototype, ask))
            found.append(self._scans(f"ours {clients}", ours, ask))
            if one_core:
                found.append(self._scans(f"prototype, one core {clients}", one_core, ask))
        steady = Ask(STEADY_CLIENTS, self._effort.steady_s, rate_per_s=1)
        found.append(self._scans(f"prototype {STEADY_CLIENTS} × 1/s", prototype, steady))
        found.append(self._scans(f"ours {STEADY_CLIENTS} × 1/s", ours, steady))
        return {times.name: times for times in found}

    def _scans(self, name: str, side: _Side, ask: Ask) -> Times:
        before = side.syncs()
        most = int(MOST_SCANS_A_S * ask.lasts_s)
        heard = load(self._bench.tools, side.server.port, side.scans.take(most), ask)
        side.scans.sent(heard.begun)
        return times_of(name, heard, syncs=side.syncs() - before)

    def _bare(self, rows: int) -> Times:
        slow = self._slow("bare")
        command = [sys.executable, HERE / "bare_sqlite.py", self._folder / "bare.db", rows, self._effort.burst_s]
        done = subprocess.run(
            [str(part) for part in command],
            env={**os.environ, **(slow.environment() if slow else {})},
            capture_output=True,
            text=True,
            check=True,
        )
        commits, seconds, p50_ms, p95_ms, p99_ms = map(float, done.stdout.split())
        return Times(f"bare {rows}", commits * rows / seconds, p50_ms, p95_ms, p99_ms)
