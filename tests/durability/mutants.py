"""Copies of the app with a fault planted: the harness must notice, or it proves nothing."""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.durability.floor_process import ROOT

PACKAGES = ("floor_app", "devices", "label_templates", "contract", "groundwork")


@dataclass(frozen=True, slots=True)
class Mutant:
    """`changes`: (file, text that must be there once, text to put there)."""

    name: str
    changes: tuple[tuple[str, str, str], ...]


def planted(mutant: Mutant, folder: Path) -> Path:
    """A copy of the tree with the fault in it, seen to be what a service run from there would import."""
    for package in PACKAGES:
        shutil.copytree(ROOT / package, folder / package, ignore=shutil.ignore_patterns("__pycache__"))
    for file, before, after in mutant.changes:
        text = (folder / file).read_text(encoding="utf-8")
        assert text.count(before) == 1, f"{file} no longer says {before!r} once: plant this fault anew"
        (folder / file).write_text(text.replace(before, after), encoding="utf-8")
    imported = subprocess.run(
        [sys.executable, "-c", "import floor_app.store.writer as writer; print(writer.__file__)"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert Path(imported.stdout.strip()).is_relative_to(folder)
    return folder
