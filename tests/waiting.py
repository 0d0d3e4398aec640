"""Waiting for what other threads do: until it holds, or a generous end that only a fault reaches."""

import time
from collections.abc import Callable

LONG_S = 20.0


def wait_until(holds: Callable[[], object], what: str) -> None:
    end = time.monotonic() + LONG_S
    while not holds():
        assert time.monotonic() < end, f"waited {LONG_S:.0f} s in vain until {what}"
        time.sleep(0.01)
