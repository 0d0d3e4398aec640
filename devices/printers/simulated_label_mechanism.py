"""The inside of a simulated label printer: bytes in, answers and labels out. No I/O; `simulated` gives it a line.

Unlike a receipt printer it reads a whole label first, then prints it while it reads on; it shows that it is at work; and
after a fault it prints the label again from its beginning, unless it was told otherwise. Its language is a subclass:
`simulated_zpl`, `simulated_tspl`.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar

from devices.printers.simulated_mechanism import Faults

if TYPE_CHECKING:
    from PIL import Image

ROWS_A_STEP = 16  # a step is 20 ms: 100 mm/s at 8 dots/mm


class LabelMechanism:
    """Head, roll and receive buffer. Not safe for several threads."""

    # Obeyed as soon as they are received, wherever they stand, even inside pixels.
    immediate: ClassVar[re.Pattern[bytes]]

    def __init__(
        self, width_dots: int, faults: Faults, *, keep_labels: int, on_label: Callable[[Image.Image], None] | None
    ) -> None:
        self.faults = faults
        self.labels: deque[Image.Image] = deque(maxlen=keep_labels)
        self.stray_bytes = 0
        self.said: dict[str, str] = {}
        self.prints_again = True
        self._width_dots = width_dots
        self._on_label = on_label
        self._buffer = bytearray()
        self._waiting: deque[Image.Image] = deque()
        self._rows_printed = 0
        self._answers = bytearray()

    @property
    def paper_out(self) -> bool:
        left = self.faults.paper_left_rows  # read once: another thread may change it
        return left is not None and left <= 0

    def receive(self, data: bytes) -> bytes:
        """Take bytes from the line; the answers to send back."""
        self._buffer += data
        while command := self.immediate.search(self._buffer):
            word, behind = bytes(command[0]), bytes(self._buffer[command.end() :])  # before the buffer changes under it
            del self._buffer[command.start() :]
            self.read_labels()
            self.obey(word)
            self._buffer += behind
        self.read_labels()
        answers, self._answers = bytes(self._answers), bytearray()
        mute = self.faults.silent or (self.faults.mute_when_stopped and self._stopped())
        return b"" if mute else answers

    def proceed(self) -> bytes:
        """Print on for one step; it says nothing unasked."""
        for _ in range(ROWS_A_STEP):
            if not self._waiting or self._stopped():
                break
            self._print_row(self._waiting[0].height)
        return b""

    def load_paper(self) -> None:
        """The label that was being printed begins again, or is given up."""
        self.faults.paper_left_rows = None
        if self._rows_printed and not self.prints_again:
            self._waiting.popleft()
        self._rows_printed = 0

    def automatic_status(self) -> bytes:
        return b""

    def read_labels(self) -> None:
        """Read what is whole in `_buffer`: labels to `_add_label`, what no printer understands to `stray_bytes`."""
        raise NotImplementedError

    def obey(self, command: bytes) -> None:
        """Answer or act on one immediate command."""
        raise NotImplementedError

    def _stopped(self) -> bool:
        faults = self.faults
        return (
            self.paper_out
            or faults.cover_open
            or faults.too_hot
            or faults.cutter_error
            or faults.ribbon_out
            or faults.paused
        )

    def _labels_shown(self) -> int:
        """How many labels it admits to have at work or waiting."""
        return 0 if self.faults.shows_no_work else len(self._waiting)

    def _answer(self, data: bytes) -> None:
        self._answers += data

    def _forget(self) -> None:
        self._buffer.clear()
        self._waiting.clear()
        self._rows_printed = 0

    def _add_label(self, white: bytes, row_bytes: int, *, left: int = 0, top: int = 0) -> None:
        """White bits, rows of `row_bytes`, put on paper as wide as the head."""
        from PIL import Image

        height = len(white) // row_bytes
        dots = Image.frombytes("1", (row_bytes * 8, height), white[: row_bytes * height])
        paper = Image.new("1", (self._width_dots, top + height), 1)
        paper.paste(dots, (left, top))
        self._waiting.append(paper)

    def _print_row(self, height: int) -> None:
        self._rows_printed += 1
        left = self.faults.paper_left_rows
        if left is not None:
            self.faults.paper_left_rows = left - 1
        if self._rows_printed == height:
            self._drop_label(self._waiting.popleft())

    def _drop_label(self, label: Image.Image) -> None:
        self._rows_printed = 0
        self.labels.append(label)
        if self._on_label is not None:
            self._on_label(label)
