"""What the figures in docs/performance.md come from: the yardstick stays bare, the tools build, and every measure still runs."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bench import servers
from bench.effort import QUICK, Workbench
from bench.floors import made_floor, scan_body
from bench.loading import Ask, compile_c, load, request_line
from bench.run import MEASURES
from bench.servers import SlowDisk

ROOT = Path(__file__).parent.parent
MOST_LINES = 60


@pytest.fixture(scope="module")
def tools(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tools")
    compile_c(folder)
    return folder


def test_the_prototype_stays_bare() -> None:
    lines = (ROOT / "bench" / "prototype.py").read_text(encoding="utf-8").splitlines()
    assert len(lines) <= MOST_LINES
    assert not any("floor_app" in line for line in lines)


def test_the_prototype_keeps_what_it_answered(tools: Path, tmp_path: Path) -> None:
    """As many rows as answers, over connections of several clients; and `hello` writes nothing."""
    scans = [request_line("/", body=scan_body("BCDF")) for _ in range(40)]
    with servers.prototype(tmp_path) as server:
        heard = load(tools, server.port, scans, Ask(4, 10.0))
        hello = load(tools, server.port, [request_line("/hello")] * 5, Ask(1, 10.0))
    assert (heard.answered(), heard.failed, hello.answered("GET")) == (40, 0, 5)
    rows = "import sqlite3, sys; print(*sqlite3.connect(sys.argv[1]).execute('SELECT count(*) FROM event').fetchone())"
    counted = subprocess.run(
        [sys.executable, "-c", rows, tmp_path / "prototype.db"], capture_output=True, text=True, check=True
    )
    assert int(counted.stdout) == 40


def test_what_is_not_counted_is_a_failure(tools: Path, tmp_path: Path) -> None:
    """The load generator reads the answers: the second scan of a bundle at a step is answered 200, and counts nothing."""
    floor = made_floor(tmp_path, bundles=1)
    again = [request_line("/api/v1/scans", token=floor.tokens["cut-1"], body=scan_body(floor.codes[0]))] * 2
    stranger = request_line("/api/v1/scans", token="nobody", body=scan_body(floor.codes[0]))
    with servers.floor_serve(floor.config, floor.data) as server:
        heard = load(tools, server.port, [*floor.scans().take(1), *again, stranger], Ask(1, 10.0))
    assert (heard.answered(), heard.failed) == (1, 3)


def test_a_slow_disk_is_slow_and_counts_its_syncs(tools: Path, tmp_path: Path) -> None:
    slow = SlowDisk(tools / "slow_disk.so", tmp_path / "syncs", 5.0)
    with servers.prototype(tmp_path, slow=slow) as server:
        heard = load(tools, server.port, [request_line("/", body=scan_body("BCDF")) for _ in range(10)], Ask(1, 10.0))
    assert heard.answered() == 10
    assert slow.syncs() >= 10
    assert heard.ms(1) >= 5.0


@pytest.mark.parametrize("name", MEASURES)
def test_every_measure_comes_to_its_end(name: str, tools: Path, tmp_path: Path) -> None:
    """Its figures mean nothing here; that nothing failed on the way does."""
    outcome = MEASURES[name](Workbench(tmp_path, tools, QUICK, tmp_path))
    failures = {ratio.name: ratio.figure for ratio in outcome.ratios if "fail" in ratio.name or "differ" in ratio.name}
    assert set(failures.values()) <= {0}, failures
    assert all(ratio.figure >= 0 for ratio in outcome.ratios), outcome.ratios


def test_a_quick_run_prints_its_table_and_writes_nothing() -> None:
    page = ROOT / "docs" / "performance.md"
    before = page.read_bytes()
    ran = subprocess.run(
        [sys.executable, "-m", "bench.run", "--quick", "--only", "labels"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "| ratio" in ran.stdout
    assert "SQLite" in ran.stdout
    assert page.read_bytes() == before
