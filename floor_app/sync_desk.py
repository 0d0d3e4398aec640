"""Where pages and commands ask for a run of the sync and see how far it is; the run itself is elsewhere."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SyncProgress:
    """`step`: sums, hello, compare, sheets, orders, notes, pictures. `done` of `of`: days, sheets, pictures; 0 of 0 for the others."""

    step: str
    done: int = 0
    of: int = 0


class SyncDesk:
    """Safe to use from any thread. One run at a time, whoever begins it."""

    def __init__(self) -> None:
        self._busy = threading.Lock()
        self._changed = threading.Condition()
        self._asked = False
        self._progress: SyncProgress | None = None
        self.runs = 0
        self.has_loop = False
        """Whether somebody waits for `ask`: a service, not a command by itself."""

    def ask(self) -> None:
        with self._changed:
            self._asked = True
            self._changed.notify_all()

    def wait_for_wish(self, timeout_s: float) -> bool:
        """True at once when somebody asks, or asked while nobody waited."""
        with self._changed:
            self._changed.wait_for(lambda: self._asked, timeout_s)
            asked, self._asked = self._asked, False
            return asked

    def wait_for_run(self, after: int, timeout_s: float) -> bool:
        """Whether a run beyond the first `after` has ended by then."""
        with self._changed:
            return self._changed.wait_for(lambda: self.runs > after, timeout_s)

    @property
    def progress(self) -> SyncProgress | None:
        """`None` while none runs."""
        return self._progress

    @property
    def version(self) -> str:
        """Changes with all of this."""
        return f"{self.runs}.{self._asked}.{self._progress}"

    @property
    def wished(self) -> bool:
        return self._asked

    def tell(self, progress: SyncProgress) -> None:
        with self._changed:
            self._progress = progress
            self._changed.notify_all()

    @contextmanager
    def running(self) -> Iterator[None]:
        """Waits for a run under way to end."""
        with self._busy:
            self.tell(SyncProgress("sums"))
            try:
                yield
            finally:
                with self._changed:
                    self.runs += 1
                    self._progress = None
                    self._changed.notify_all()
