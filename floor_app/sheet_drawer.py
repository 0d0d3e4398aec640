"""Sheets drawn in a process of their own: hundreds of labels take seconds, in which a scan would have to wait."""

import multiprocessing
import threading
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from typing import TypeVar

from floor_app.one_core import leave_the_core

T = TypeVar("T")


class SheetDrawer:
    """One process a sheet, gone with it: sheets are rare, and its memory is large. Safe to use from any thread, one sheet at a time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()

    def draw(self, how: Callable[[T], bytes], sheet: T) -> bytes:
        """`how`: a function of a module, as `sheet_pdf`, whose LabelError comes through. BrokenProcessPool when the system ended it."""
        context = multiprocessing.get_context("spawn")  # a fork would carry half of every other thread along
        with self._lock, ProcessPoolExecutor(1, context, initializer=leave_the_core) as process:
            return process.submit(how, sheet).result()
