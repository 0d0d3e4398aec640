"""Labels drawn in a process of their own: drawing keeps Python to itself for milliseconds at a time, and a scan would wait for it."""

from __future__ import annotations

import contextlib
import multiprocessing
import threading
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import TYPE_CHECKING, Any

from floor_app.one_core import leave_the_core
from label_templates.label import BundleLabel, LabelError
from label_templates.render import render_label

if TYPE_CHECKING:
    from PIL.Image import Image

ANSWERS_WITHIN_S = 30.0  # the first one starts Python and reads the fonts, on a busy Pi in seconds
ENDS_IDLE_AFTER_S = 60.0  # its 40 MB are then free again


class LabelDrawer:
    """Starts its process with the first label and again whenever it is gone. Safe to use from any thread, one label at a time.

    `own`: the folder of the atelier's own templates.
    """

    def __init__(self, own: Path | None = None) -> None:
        self._own = own
        self._lock = threading.Lock()
        self._process: BaseProcess | None = None
        self._connection: Connection | None = None

    def draw(self, template: str, label: BundleLabel, *, size: str, dots_per_mm: float, width_dots: int) -> Image:
        """As `render_label`: mode "1", one pixel per printer dot; LabelError for what cannot be drawn.

        EOFError or OSError (TimeoutError) when the process ends twice in a row, or says nothing.
        """
        paper = {"size": size, "dots_per_mm": dots_per_mm, "width_dots": width_dots, "own": self._own}
        with self._lock:
            try:
                drawn = self._ask((template, label, paper))
            except (EOFError, OSError):  # it ended: idle for long, or the system needed its memory
                self._end()
                drawn = self._ask((template, label, paper))
        if isinstance(drawn, str):
            raise LabelError(drawn)
        return drawn

    def close(self) -> None:
        with self._lock:
            self._end()

    def _ask(self, wanted: tuple[str, BundleLabel, dict[str, Any]]) -> Image | str:
        connection = self._connection or self._start()
        connection.send(wanted)
        if not connection.poll(ANSWERS_WITHIN_S):
            raise TimeoutError("the label drawer says nothing")
        drawn: Image | str = connection.recv()
        return drawn

    def _start(self) -> Connection:
        context = multiprocessing.get_context("spawn")  # a fork would carry half of every other thread along
        self._connection, its_end = context.Pipe()
        self._process = context.Process(target=_draw_until_idle, args=(its_end,), name="label drawer", daemon=True)
        self._process.start()
        its_end.close()
        return self._connection

    def _end(self) -> None:
        """Its end of the pipe closed, it ends by itself; what does not is killed."""
        if self._connection and self._process:
            self._connection.close()
            self._process.join(timeout=2)
            self._process.kill()
            self._process.join()
        self._connection = self._process = None


def _draw_until_idle(connection: Connection) -> None:
    """The other process. A pipe whose other end is closed, or a service that was killed, ends it."""
    leave_the_core()
    with contextlib.suppress(EOFError, OSError):
        while connection.poll(ENDS_IDLE_AFTER_S):
            template, label, paper = connection.recv()
            try:
                connection.send(render_label(template, label, **paper))
            except LabelError as error:
                connection.send(str(error))
