"""Small files that a power cut leaves whole: the old content or the new, never half and never none."""

import os
from pathlib import Path


def write_durably(path: Path, content: str | bytes, *, mode: int = 0o600) -> None:
    """Written aside, synced, given its name, and the name synced too (rename(2), fsync(2))."""
    aside = path.with_name(path.name + ".new")
    aside.unlink(missing_ok=True)
    with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
        file.write(content.encode() if isinstance(content, str) else content)
        file.flush()
        os.fsync(file.fileno())
    aside.replace(path)
    sync(path.parent)


def sync(path: Path) -> None:
    """A file's bytes, or a folder's names, down to the disk."""
    file = os.open(path, os.O_RDONLY)
    try:
        os.fsync(file)
    finally:
        os.close(file)
