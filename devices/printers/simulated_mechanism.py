"""The inside of the simulated ESC/POS printer: bytes in, answers and labels out. No I/O; `simulated` gives it a line.

Like the real ones it executes real-time commands wherever they stand, even inside pixels; accepts bytes while it cannot
print; and prints the rest of a label when paper is put back, unless the buffer was cleared.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL import Image

_REAL_TIME = re.compile(rb"\x10\x04([\x01-\x04])|\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08")
_CLEAR_LENGTH = 10


@dataclass(slots=True)
class Faults:
    """What is wrong with the printer; may be changed while it runs. Nothing set = a healthy modern printer.

    `paper_left_rows` counts down with each printed row of dots, 0 = paper out, None = a full roll. The limits in bytes
    are per connection; `bytes_per_s` is the speed of the line. `status_chatter` = automatic status bytes (ASB), sent when
    something changes and, as a trap, before each answer. Of label printers (ZPL, TSPL) alone: `ribbon_out`;
    `mute_when_stopped` as a Zebra is; `shows_no_work` = calm whatever it does; `dots_fed` = a count where the number of
    labels left belongs (ZPL).
    """

    paper_left_rows: int | None = None
    paper_near_end: bool = False
    cover_open: bool = False
    too_hot: bool = False
    cutter_error: bool = False
    silent: bool = False
    no_process_id: bool = False
    no_queued_status: bool = False
    no_real_time_status: bool = False
    status_chatter: bool = False
    stalls_after_bytes: int | None = None
    drops_after_bytes: int | None = None
    bytes_per_s: float | None = None
    ribbon_out: bool = False
    paused: bool = False
    mute_when_stopped: bool = False
    shows_no_work: bool = False
    dots_fed: int = 0


class Mechanism:
    """Head, paper and receive buffer. Not safe for several threads."""

    def __init__(
        self, width_dots: int, faults: Faults, *, keep_labels: int, on_label: Callable[[Image.Image], None] | None
    ) -> None:
        self.faults = faults
        self.labels: deque[Image.Image] = deque(maxlen=keep_labels)
        self.stray_bytes = 0
        self.said: dict[str, str] = {}  # speed, darkness, paper: ESC/POS has no words for them
        self._width_dots = width_dots
        self._on_label = on_label
        self._buffer = bytearray()
        self._tail = b""
        self._rows: list[bytes] = []
        self._raster_rows_left = 0
        self._raster_row_bytes = 0
        self._answers = bytearray()
        self._told = self.automatic_status()

    @property
    def paper_out(self) -> bool:
        left = self.faults.paper_left_rows  # read once: another thread may change it
        return left is not None and left <= 0

    def receive(self, data: bytes) -> bytes:
        """Take bytes from the line; the answers to send back."""
        self._buffer += data
        self._obey_real_time(data)
        return self.proceed()

    def proceed(self) -> bytes:
        """Go on with what is in the buffer, as after paper was loaded; the answers to send back."""
        while not self._stopped() and self._step():
            pass
        self._chatter()
        answers, self._answers = bytes(self._answers), bytearray()
        return b"" if self.faults.silent else answers

    def load_paper(self) -> None:
        self.faults.paper_left_rows = None

    def automatic_status(self) -> bytes:
        """The four bytes a printer with automatic status (ASB) sends unasked."""
        faults = self.faults
        first = 0x14 | (0x08 if self._stopped() else 0) | (0x20 if faults.cover_open else 0)
        second = (0x08 if faults.cutter_error else 0) | (0x40 if faults.too_hot else 0)
        third = (0x0C if self.paper_out else 0) | (0x03 if faults.paper_near_end or self.paper_out else 0)
        return bytes((first, second, third, 0x0F))

    def _stopped(self) -> bool:
        faults = self.faults
        return self.paper_out or faults.cover_open or faults.too_hot or faults.cutter_error or faults.paused

    def _chatter(self) -> None:
        status = self.automatic_status()
        if self.faults.status_chatter and status != self._told:
            self._answers += status
        self._told = status

    def _obey_real_time(self, data: bytes) -> None:
        stream = self._tail + data
        for command in _REAL_TIME.finditer(stream):
            if command.end() <= len(self._tail):
                continue  # obeyed when it was received
            if command[1] and not self.faults.no_real_time_status:
                self._answer(bytes((self._real_time_status(command[1][0]),)))
            elif not command[1]:
                self._clear()
        self._tail = stream[-(_CLEAR_LENGTH - 1) :]

    def _real_time_status(self, number: int) -> int:
        faults, out = self.faults, self.paper_out
        bits = {
            1: 0x08 if self._stopped() else 0,
            2: (0x04 if faults.cover_open else 0) | (0x20 if out else 0) | (0x40 if faults.cutter_error else 0),
            3: (0x08 if faults.cutter_error else 0) | (0x40 if faults.too_hot else 0),
            4: (0x0C if faults.paper_near_end or out else 0) | (0x60 if out else 0),
        }
        return 0x12 | bits[number]

    def _clear(self) -> None:
        self._buffer.clear()
        self._rows.clear()
        self._raster_rows_left = 0
        self._answer(b"\x37\x25\x00")

    def _answer(self, data: bytes) -> None:
        if self.faults.status_chatter:
            self._answers += self.automatic_status()
        self._answers += data

    def _step(self) -> bool:
        """One row of pixels or one command; False when the buffer holds neither whole."""
        if self._raster_rows_left:
            return self._print_row()
        return bool(self._buffer) and self._obey(_COMMANDS.get(bytes(self._buffer[:2])))

    def _print_row(self) -> bool:
        if len(self._buffer) < self._raster_row_bytes:
            return False
        self._rows.append(bytes(self._take(self._raster_row_bytes)))
        self._raster_rows_left -= 1
        left = self.faults.paper_left_rows
        if left is not None:
            self.faults.paper_left_rows = left - 1
        return True

    def _obey(self, command: tuple[int, Callable[[Mechanism, bytes], None]] | None) -> bool:
        if command is None:
            return self._refuse()
        length, action = command
        if bytes(self._buffer[:3]) == b"\x10\x14\x08":
            length = _CLEAR_LENGTH
        if len(self._buffer) < length:
            return False
        action(self, bytes(self._take(length)))
        return True

    def _refuse(self) -> bool:
        """A real printer would print the byte as text."""
        if len(self._buffer) < 2:
            return False
        self._take(1)
        self.stray_bytes += 1
        return True

    def _take(self, length: int) -> bytearray:
        taken = self._buffer[:length]
        del self._buffer[:length]
        return taken

    def _begin_raster(self, command: bytes) -> None:
        self._raster_row_bytes = int.from_bytes(command[4:6], "little")
        self._raster_rows_left = int.from_bytes(command[6:8], "little")

    def _feed(self, command: bytes) -> None:
        """The label is moved past the tear bar: it is done."""
        if not self._rows:
            return
        label, self._rows = self._label(self._rows), []
        self.labels.append(label)
        if self._on_label is not None:
            self._on_label(label)

    def _label(self, rows: list[bytes]) -> Image.Image:
        from PIL import Image

        paper_bytes = (self._width_dots + 7) // 8
        dots = b"".join(row[:paper_bytes].ljust(paper_bytes, b"\0") for row in rows)
        white = bytes(0xFF ^ byte for byte in dots)
        return Image.frombytes("1", (paper_bytes * 8, len(rows)), white).crop((0, 0, self._width_dots, len(rows)))

    def _tell_queued_status(self, command: bytes) -> None:
        if not self.faults.no_queued_status:
            self._answer(b"\x03" if self.faults.paper_near_end else b"\x00")

    def _tell_process_id(self, command: bytes) -> None:
        if not self.faults.no_process_id:
            self._answer(b"\x37\x22" + command[7:11] + b"\x00")

    def _nothing(self, command: bytes) -> None:
        """Obeyed on arrival, or without effect on paper."""


# First two bytes -> whole length and what it does. The real-time commands were obeyed on arrival and are passed over.
_COMMANDS: dict[bytes, tuple[int, Callable[[Mechanism, bytes], None]]] = {
    b"\x1b@": (2, Mechanism._nothing),
    b"\x1bd": (3, Mechanism._feed),
    b"\x1bJ": (3, Mechanism._feed),
    b"\x1dv": (8, Mechanism._begin_raster),
    b"\x1dr": (3, Mechanism._tell_queued_status),
    b"\x1d(": (11, Mechanism._tell_process_id),
    b"\x10\x04": (3, Mechanism._nothing),
    b"\x10\x05": (3, Mechanism._nothing),
    b"\x10\x14": (3, Mechanism._nothing),
}
