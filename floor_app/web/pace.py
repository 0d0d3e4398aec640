"""How often a page of a busy floor is drawn anew: not with every scan."""

import threading
import time


class Pace:
    """A version that follows the newest one at most every `every_s`. Safe to use from any thread."""

    def __init__(self, every_s: float) -> None:
        self.every_s = every_s
        self._version = ""
        self._again_at_s = 0.0
        self._lock = threading.Lock()

    def version(self, newest: str) -> str:
        """`newest`, or the one said before for a while yet."""
        now_s = time.monotonic()
        with self._lock:
            if newest != self._version and now_s >= self._again_at_s:
                self._version, self._again_at_s = newest, now_s + self.every_s
            return self._version

    def hurry(self) -> None:
        """Who changed something sees it at once."""
        with self._lock:
            self._again_at_s = 0.0
