"""The conservation law holds whatever happens, and a floor with a planted fault is found out."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.law.floor_machine import FloorMachine

ROOT = Path(__file__).parent.parent.parent
SETTINGS = settings(max_examples=60, stateful_step_count=40, deadline=None, suppress_health_check=list(HealthCheck))

TestTheLaw = FloorMachine.TestCase
TestTheLaw.settings = SETTINGS

MUTANTS = {
    "a bundle scanned twice counts twice": (
        "floor_app/domain/progress.py",
        "return max(0, reached - bundle.at(operation.code).accounted)",
        "return max(0, reached)",
    ),
    "an undo forgets the hour": (
        "floor_app/store/projections.py",
        "*(sign * pieces for pieces in _hour_numbers(event)),",
        "*(max(0, sign) * pieces for pieces in _hour_numbers(event)),",
    ),
    "rejected pieces are still in progress": (
        "floor_app/domain/progress.py",
        "return self.second + self.rejected + self.in_rework + self.missing",
        "return self.second + self.in_rework + self.missing",
    ),
    "repaired pieces are new production": (
        "floor_app/domain/progress.py",
        "in_rework=-back)",
        "in_rework=0)",
    ),
    "a lay taken back stays cut": (
        "floor_app/store/projections.py",
        "SET pieces_cut = pieces_cut - ? WHERE",
        "SET pieces_cut = pieces_cut - 0 * ? WHERE",
    ),
    "a replay counts again": (
        "floor_app/scanning.py",
        "        return _as_before(db, seen.earlier)\n",
        "        scan = replace(scan, id=scan.id + '-again')\n",
    ),
    "an undo takes back what the next step has used": (
        "floor_app/domain/undoing.py",
        "if not consistent(before, routing):",
        "if False:",
    ),
    "presumed pieces stay presumed after the real scan": (
        "floor_app/domain/progress.py",
        "presumed=-event.replaces_presumed,",
        "presumed=0,",
    ),
}


def planted(folder: Path, mutant: str) -> Path:
    file, sound, faulty = MUTANTS[mutant]
    for package in ("floor_app", "devices", "label_templates", "tests"):
        shutil.copytree(
            ROOT / package, folder / package, ignore=shutil.ignore_patterns("__pycache__", "*.ttf", "static")
        )
    source = (folder / file).read_text(encoding="utf-8")
    assert sound in source, f"{file} no longer says {sound!r}: plant this fault anew"
    (folder / file).write_text(source.replace(sound, faulty), encoding="utf-8")
    return folder


def run_machine(folder: Path) -> subprocess.CompletedProcess[str]:
    script = (
        "import floor_app, hypothesis; from hypothesis.stateful import run_state_machine_as_test;"
        "from tests.law.floor_machine import FloorMachine; from hypothesis import settings, HealthCheck, Phase; print(floor_app.__file__);"
        "run_state_machine_as_test(FloorMachine, settings=settings(max_examples=200, stateful_step_count=40, deadline=None, database=None,"
        " derandomize=True, phases=(Phase.generate,), suppress_health_check=list(HealthCheck)))"
    )
    environment = {**os.environ, "PYTHONPATH": str(folder)}
    return subprocess.run(
        [sys.executable, "-c", script], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("mutant", MUTANTS)
def test_a_planted_fault_is_caught(mutant: str, tmp_path: Path) -> None:
    ran = run_machine(planted(tmp_path, mutant))
    assert str(tmp_path) in ran.stdout, f"the copy was not what ran: {ran.stderr[-2000:]}"
    assert ran.returncode != 0, f"nobody noticed that {mutant}"
    assert "AssertionError" in ran.stderr or "IntegrityError" in ran.stderr or "LookupError" in ran.stderr, ran.stderr[
        -2000:
    ]
