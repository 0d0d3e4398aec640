"""Long work beside scans: pieces of it with pauses between them.

Python runs one thread at a time, and a thread that never waits keeps its core for whole slices of the kernel's, four
milliseconds or so: a scan that comes meanwhile waits for some of them. docs/performance.md has the figures.
"""

import time
from collections.abc import Iterable, Iterator
from typing import TypeVar

PIECE_S = 0.0005
PAUSE_S = 0.004

T = TypeVar("T")


class Turn:
    """A turn at the core, begun with the object. Long work asks it now and then whether to give way."""

    def __init__(self) -> None:
        self._over_at = time.monotonic() + PIECE_S

    def give_way(self) -> None:
        """After half a millisecond of work, four for whoever waits, and a turn anew; before, nothing: short work is done at once."""
        if time.monotonic() >= self._over_at:
            time.sleep(PAUSE_S)
            self._over_at = time.monotonic() + PIECE_S


def in_pieces(things: Iterable[T]) -> Iterator[T]:
    """The same things, giving way between them."""
    turn = Turn()
    for thing in things:
        yield thing
        turn.give_way()
