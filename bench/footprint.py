"""What the service takes: memory after a long day, and the time from its start to the first answered scan."""

import statistics
import time
from contextlib import AbstractContextManager

from bench import servers
from bench.effort import Workbench
from bench.figures import Outcome, Ratio
from bench.floors import made_floor, scan_body
from bench.loading import Ask, load, request_line
from bench.servers import Server

MOST_MEMORY_MB = 120
CLIENTS = 32
ENOUGH_S = 600.0
SCANS_A_BOARD = 100
SCANS_A_BUNDLE = 3


def measure_memory(bench: Workbench) -> Outcome:
    """Scans as fast as they are answered, a board looked at now and then."""
    folder, count = bench.folder_for("memory"), bench.effort.scans_before_weighing
    floor = made_floor(folder, bundles=count // SCANS_A_BUNDLE + 1)
    board = request_line("/board", token=floor.board_token)
    lines: list[str] = []
    for place, line in enumerate(floor.scans().take(count)):
        lines += [line, board] if place % SCANS_A_BOARD == 0 else [line]
    with servers.floor_serve(floor.config, floor.data) as server:
        empty_mb = server.memory_mb
        heard = load(bench.tools, server.port, lines, Ask(CLIENTS, ENOUGH_S))
        full_mb = server.memory_mb
    name = f"memory of the whole service after {f'{count:,}'.replace(',', ' ')} scans, MB"
    return Outcome(
        (Ratio(name, MOST_MEMORY_MB, full_mb), Ratio("failed requests on the way", 0, heard.failed)),
        notes=(f"memory at the start: {empty_mb:.0f} MB",),
    )


def measure_start(bench: Workbench) -> Outcome:
    folder = bench.folder_for("start")
    floor = made_floor(folder, bundles=bench.effort.starts + 1)
    bare_s, ours_s = [], []
    for number, code in enumerate(floor.codes):
        bare_s.append(_until_first_scan(servers.prototype(folder / f"prototype-{number}"), "", code))
        ours_s.append(_until_first_scan(servers.floor_serve(floor.config, floor.data), floor.tokens["cut-1"], code))
    del bare_s[0], ours_s[0]  # the first start ever compiles, as an installation does
    ratio = statistics.median(ours / bare for ours, bare in zip(ours_s, bare_s, strict=True))
    note = f"start to first scan: prototype {statistics.median(bare_s):.2f} s, ours {statistics.median(ours_s):.2f} s"
    return Outcome((Ratio("start to first scan / start of the bare prototype", 8, ratio),), notes=(note,))


def _until_first_scan(starting: AbstractContextManager[Server], token: str, code: str) -> float:
    begun_at = time.perf_counter()
    with starting as server:
        status = servers.post(server.port, "/api/v1/scans", token=token, body=scan_body(code))
        taken_s = time.perf_counter() - begun_at
    if status != 200:
        raise RuntimeError(f"the first scan was answered {status}")
    return taken_s
