"""The atelier's own label templates: files in its data folder that take the place of ours, each with the one it replaced.

templates/bundle.58x40.svg         drawn from, if it is there
templates/bundle.58x40.svg.aside   the one before it; a restored or replaced file waits here and can be taken back
"""

import contextlib
import fcntl
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from groundwork.durable_file import sync, write_durably

FOLDER = "templates"
ASIDE = ".aside"


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept for one template; `own` is drawn from, `aside` can be taken back."""

    own: bool
    aside: bool


def folder_in(data: Path) -> Path:
    """Where the own templates of an atelier are, whether or not there are any."""
    return data / FOLDER


def aside(folder: Path, filename: str) -> Path:
    """Where the one is that was put aside, if there is one."""
    return folder / (filename + ASIDE)


def kept(folder: Path, filename: str) -> Kept:
    return Kept((folder / filename).is_file(), aside(folder, filename).is_file())


def put(folder: Path, filename: str, svg: str) -> None:
    """Draw from this one from now on; the own one it replaces is put aside. Sent twice, it is put once. OSError when the disk refuses."""
    with _held(folder):
        own = folder / filename
        before = own.read_text(encoding="utf-8") if own.is_file() else None
        if before == svg:
            return
        if before is not None:
            write_durably(aside(folder, filename), before)
        write_durably(own, svg)


def restore(folder: Path, filename: str) -> bool:
    """Ours again, the own one put aside. False where there was none."""
    if not kept(folder, filename).own:
        return False
    return _moved(folder, folder / filename, aside(folder, filename))


def take_back(folder: Path, filename: str) -> bool:
    """The one put aside again; what was drawn from until now is put aside. False where there was none aside."""
    if not kept(folder, filename).aside:
        return False
    own, other = folder / filename, aside(folder, filename)
    if not own.is_file():
        return _moved(folder, other, own)
    with _held(folder):
        before, now = own.read_text(encoding="utf-8"), other.read_text(encoding="utf-8")
        write_durably(own, now)
        write_durably(other, before)
    return True


def _moved(folder: Path, source: Path, target: Path) -> bool:
    with _held(folder):
        try:
            source.replace(target)
        except FileNotFoundError:  # somebody else was first
            return False
        sync(folder)
    return True


@contextlib.contextmanager
def _held(folder: Path) -> Iterator[None]:
    """One change at a time (flock(2)); the folder is made with the first."""
    if not folder.is_dir():
        folder.mkdir(exist_ok=True)
        sync(folder.parent)
    held = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield
    finally:
        os.close(held)
