"""Waits on a scanner's line until a barcode is complete: the same for a tty and for a socket."""

import select
import time
from collections.abc import Callable
from typing import Protocol

from devices.scanners.barcode import Barcode
from devices.scanners.framing import Framer


class Line(Protocol):
    """Something open that the kernel can wait on."""

    def fileno(self) -> int: ...


def wait_for_barcodes(
    framer: Framer, line: Line, *, take: Callable[[], bytes], timeout_s: float
) -> tuple[Barcode, ...]:
    """The next barcodes, as soon as one is complete; () after `timeout_s`.

    `take` returns what waits on the line, without blocking. What it raises passes through; no barcode is lost by that,
    because each is returned before anything more is taken.
    """
    deadline_s = time.monotonic() + timeout_s
    while True:
        now_s = time.monotonic()
        wait_s = max(0.0, min(deadline_s - now_s, framer.silence_left_s(now_s)))
        if select.select([line], [], [], wait_s)[0]:
            barcodes = framer.feed(take(), at_s=time.monotonic())
        else:  # silence was watched up to here; a later look at the clock would count a stall of this thread as silence
            barcodes = framer.flush_if_silent(now_s + wait_s)
        if barcodes or now_s >= deadline_s:
            return barcodes
