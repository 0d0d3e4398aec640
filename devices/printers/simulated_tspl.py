"""The inside of the simulated TSPL printer: as much TSPL as our labels use."""

from __future__ import annotations

import re

from devices.printers.simulated_label_mechanism import LabelMechanism

_BITMAP = re.compile(rb"BITMAP (\d+),(\d+),(\d+),(\d+),0,")
_LINE = re.compile(rb"([^\r\n]*)\r\n")
_UNDERSTOOD = re.compile(
    rb"|SIZE [\d.]+ mm,[\d.]+ mm|GAP [\d.]+ mm,0 mm|DIRECTION 0|REFERENCE 0,0|CLS|PRINT 1,1|SPEED \d+|DENSITY \d+"
)


class TsplMechanism(LabelMechanism):
    """Takes `BITMAP` in raw bytes, answers `ESC ! ?`, obeys `ESC ! .`, even inside a bitmap."""

    immediate = re.compile(rb"\x1b![?.]")
    _drawn: tuple[bytes, int, int, int] | None = None

    def read_labels(self) -> None:
        while self._read_bitmap() or self._read_line():
            pass

    def obey(self, command: bytes) -> None:
        if command == b"\x1b!.":
            self._forget()
        else:
            self._answer(bytes((self._status(),)))

    def _read_bitmap(self) -> bool:
        bitmap = _BITMAP.match(self._buffer)
        if bitmap is None:
            return False
        left, top, row_bytes, height = map(int, bitmap.groups())
        end = bitmap.end() + row_bytes * height
        if len(self._buffer) < end:
            return False
        self._drawn = (bytes(self._buffer[bitmap.end() : end]), row_bytes, left, top)
        del self._buffer[:end]
        return True

    def _read_line(self) -> bool:
        line = None if _BITMAP.match(self._buffer) else _LINE.match(self._buffer)
        if line is None:
            return False
        text = bytes(line[1])  # before the buffer moves under it
        del self._buffer[: line.end()]
        if not _UNDERSTOOD.fullmatch(text):
            self.stray_bytes += len(text)
        elif text.startswith((b"SPEED", b"DENSITY", b"GAP")):
            name, _, value = text.decode("ascii").partition(" ")
            self.said[{"SPEED": "speed", "DENSITY": "darkness", "GAP": "paper"}[name]] = value
        elif text == b"CLS":
            self._drawn = None
        elif text.startswith(b"PRINT") and self._drawn:
            white, row_bytes, left, top = self._drawn
            self._add_label(white, row_bytes, left=left, top=top)
        return True

    def _status(self) -> int:
        faults = self.faults
        fault = (
            (0x01 if faults.cover_open else 0)
            | (0x04 if self.paper_out else 0)
            | (0x08 if faults.ribbon_out else 0)
            | (0x10 if faults.paused else 0)
            | (0x80 if faults.too_hot or faults.cutter_error else 0)
        )
        return fault or (0x20 if self._labels_shown() else 0)
