"""A fault planted in a copy of the program, and a machine that has to find it out."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
FOUND_OUT = ("AssertionError", "IntegrityError", "LookupError")


def planted(folder: Path, file: str, sound: str, faulty: str) -> Path:
    """A copy of the tree in which `file` says `faulty` in place of `sound`."""
    for package in ("floor_app", "devices", "label_templates", "contract", "groundwork", "tests"):
        shutil.copytree(
            ROOT / package, folder / package, ignore=shutil.ignore_patterns("__pycache__", "*.ttf", "static")
        )
    source = (folder / file).read_text(encoding="utf-8")
    assert sound in source, f"{file} no longer says {sound!r}: plant this fault anew"
    (folder / file).write_text(source.replace(sound, faulty), encoding="utf-8")
    return folder


def is_noticed(folder: Path, machine: str, mutant: str) -> None:
    """`machine`: module and class of `tests.law`."""
    ran = _run(folder, *machine.split("."))
    assert str(folder) in ran.stdout, f"the copy was not what ran: {ran.stderr[-2000:]}"
    assert ran.returncode != 0, f"nobody noticed that {mutant}"
    assert any(error in ran.stderr for error in FOUND_OUT), ran.stderr[-2000:]


def _run(folder: Path, module: str, machine: str) -> subprocess.CompletedProcess[str]:
    script = (
        "import floor_app, hypothesis; from hypothesis.stateful import run_state_machine_as_test;"
        f"from tests.law.{module} import {machine}; from hypothesis import settings, HealthCheck, Phase; print(floor_app.__file__);"
        f"run_state_machine_as_test({machine}, settings=settings(max_examples=2000, stateful_step_count=40, deadline=None, database=None,"
        " derandomize=True, phases=(Phase.generate,), suppress_health_check=list(HealthCheck)))"
    )
    environment = {**os.environ, "PYTHONPATH": str(folder)}
    return subprocess.run(
        [sys.executable, "-c", script], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
