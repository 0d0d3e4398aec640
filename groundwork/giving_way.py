"""Long work beside scans: pieces of it with pauses between them.

Python runs one thread at a time, and a thread that never waits keeps its core for whole slices of the kernel's, four
milliseconds or so: a scan that comes meanwhile waits for some of them. docs/performance.md has the figures.
"""

import time
from collections.abc import Iterable, Iterator
from typing import TypeVar

PIECE_S = 0.001
PAUSE_S = 0.004

T = TypeVar("T")


def in_pieces(things: Iterable[T]) -> Iterator[T]:
    """The same things; after each millisecond in which they were worked on, four for whoever waits. Short work is done at once."""
    pause_at = time.monotonic() + PIECE_S
    for thing in things:
        yield thing
        if time.monotonic() >= pause_at:
            time.sleep(PAUSE_S)
            pause_at = time.monotonic() + PIECE_S
