"""One process writes an atelier's records: a second service is turned away, and commands go through the one that runs."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from floor_app.atelier import DATABASE
from floor_app.folder_lock import FolderLock, FolderTaken
from floor_app.service_link import ServiceGone
from floor_app.store.backup import check
from tests.durability.floor_process import COLOUR, ORDER, ROOT, FloorProcess, Line, running
from tests.durability.recording import read_recording


@pytest.fixture
def floor(tmp_path: Path) -> Iterator[FloorProcess]:
    with running(FloorProcess(tmp_path)) as process:
        process.imports_an_order()
        yield process


def typed(
    floor: FloorProcess, *words: str, environment: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """The `floor` command, in a process of its own."""
    folder = floor.data.parent
    settings = ["--config", str(folder / "floor.toml"), "--data", str(floor.data)]
    return subprocess.run(
        [sys.executable, "-c", "from floor_app.cli import main; main()", *words, *settings],
        cwd=ROOT,
        env={**os.environ, **(environment or {})},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_second_service_on_the_folder_is_turned_away_with_a_sentence(floor: FloorProcess) -> None:
    second = typed(floor, "serve", "--port", "0")
    assert second.returncode == 1
    assert str(floor.data) in second.stdout + second.stderr
    assert "Traceback" not in second.stderr
    with pytest.raises(FolderTaken), FolderLock(floor.data):
        pass
    with Line(floor) as line:
        assert line.gets("/healthz") == {"status": "ok"}, "the first goes on"


def test_a_command_that_writes_writes_nothing_itself_while_the_service_runs(
    floor: FloorProcess, tmp_path: Path, compiled: Callable[[str], Path]
) -> None:
    written = tmp_path / "recording"
    recorded = {
        "LD_PRELOAD": str(compiled("record")),
        "RECORD_UNDER": str(floor.data.resolve()),
        "RECORD_TO": str(written),
    }
    lay = ("lays", "cut", ORDER, "--colour", COLOUR, "--marker", "S1", "--plies", "20", "--no-print")
    cut = typed(floor, *lay, environment=recorded)
    assert cut.returncode == 0, cut.stderr
    records = read_recording(written)
    assert [record for record in records if record.op == "a"], "it asked the service"
    assert [record for record in records if record.op != "a"] == []
    code = cut.stdout.split("\t")[0]
    with Line(floor, floor.token("cut")) as line:
        assert line.posts("/api/v1/scans", id="scan-1", code=code)[1]["answer"] == "counted"


def test_a_backup_is_made_beside_the_running_service(floor: FloorProcess, tmp_path: Path) -> None:
    codes = floor.cuts(plies=2)
    assert typed(floor, "backup", str(tmp_path / "copy")).returncode == 0
    assert check(tmp_path / "copy") == 2
    assert len(codes) == 4


def test_restoring_under_a_running_service_is_refused_and_changes_nothing(floor: FloorProcess, tmp_path: Path) -> None:
    typed(floor, "backup", str(tmp_path / "copy"))
    codes = floor.cuts(plies=1)
    refused = typed(floor, "restore", str(tmp_path / "copy"))
    assert refused.returncode == 1
    assert "Traceback" not in refused.stderr
    with Line(floor, floor.token("cut")) as line:
        assert line.posts("/api/v1/scans", id="scan-1", code=codes[0])[1]["answer"] == "counted"


def test_a_killed_service_lets_its_folder_go(floor: FloorProcess) -> None:
    codes = floor.cuts(plies=1)
    floor.kill()
    with FolderLock(floor.data):
        assert (floor.data / DATABASE).exists()
    more = floor.cuts(plies=1)
    assert len(set(codes + more)) == 4, "the command works alone, with the folder's lock"


def test_a_taken_folder_where_nothing_answers_is_said_so(floor: FloorProcess) -> None:
    floor.kill()
    with FolderLock(floor.data), pytest.raises(ServiceGone):
        floor.asks("station_token", station="cut-1")
