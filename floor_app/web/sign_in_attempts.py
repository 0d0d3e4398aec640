"""Failed sign-ins per address, in memory and bounded: whoever guesses waits a minute."""

import threading
from collections import OrderedDict

MOST_FAILURES = 5
WITHIN_S = 60.0
MOST_ADDRESSES = 1000


class SignInAttempts:
    """Safe to use from any thread. `checking` is held around the slow hash: on a small Pi one at a time (scrypt takes 32 MB)."""

    def __init__(self) -> None:
        self.checking = threading.Lock()
        self._begun: OrderedDict[str, list[float]] = OrderedDict()
        self._lock = threading.Lock()

    def begin(self, address: str, *, now_s: float) -> bool:
        """May it try? An attempt is a failure from its start, so that a hundred at once are still five."""
        with self._lock:
            recent = [begun for begun in self._begun.pop(address, ()) if now_s - begun < WITHIN_S]
            allowed = len(recent) < MOST_FAILURES
            self._begun[address] = [*recent, now_s] if allowed else recent
            while len(self._begun) > MOST_ADDRESSES:
                self._begun.popitem(last=False)
            return allowed

    def succeeded(self, address: str) -> None:
        with self._lock:
            self._begun.pop(address, None)
