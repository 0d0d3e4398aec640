"""One process at a time owns an atelier's data folder."""

import fcntl
import os
from pathlib import Path
from types import TracebackType


class FolderTaken(Exception):
    """A service runs on this folder: go through it, or stop it first."""


class FolderLock:
    """Held from `__enter__` to `__exit__`, and let go by the kernel if the process dies (flock(2))."""

    def __init__(self, data: Path) -> None:
        self._path = data / "floor.lock"
        self._file = -1

    def __enter__(self) -> "FolderLock":
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            os.close(self._file)
            raise FolderTaken(str(self._path.parent)) from error
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        os.close(self._file)
