"""Cuts the bytes of a scanner into barcodes. Pure: no port, no clock; holds at most 513 bytes whatever comes."""

import math
import re

from devices.scanners.barcode import Barcode, EndedBy

LONGEST_FRAME_BYTES = 512  # the longest code of ours, a part of a delivery note, has 482 letters
SILENCE_S = 0.150

# STX opens a frame, so it also ends one that was cut short: what came before must not spoil the code that follows.
_STX = b"\x02"
_FRAME_ENDS = re.compile(rb"([\r\n\t\x03\x00\x02])")

# ISO/IEC 15424: "]", a letter, a modifier. Alone it is no identifier but all that was read.
_AIM_IDENTIFIER = re.compile(r"\]([A-Za-z][0-9A-Za-z])(?=.)", re.DOTALL)


class Framer:
    """One scanner's bytes in order. Times are seconds of one steady clock, chosen by the caller."""

    def __init__(self) -> None:
        self._frame = bytearray()
        self._last_byte_at_s = 0.0

    def feed(self, data: bytes, *, at_s: float) -> tuple[Barcode, ...]:
        """The barcodes that `data` completes; CR, LF, TAB, ETX, NUL and STX end a frame, empty frames are ignored.

        A gap before `data` ends nothing: on a loaded machine bytes are taken late, and a frame must not break there.
        Only silence that was watched does (`flush_if_silent`).
        """
        if data:
            self._last_byte_at_s = at_s
        *pieces_and_ends, rest = _FRAME_ENDS.split(data)
        barcodes = [
            barcode
            for piece, end in zip(pieces_and_ends[::2], pieces_and_ends[1::2], strict=True)
            for barcode in self._end_frame(piece, "prefix" if end == _STX else "suffix")
        ]
        self._keep(rest)
        return tuple(barcodes)

    def flush_if_silent(self, at_s: float) -> tuple[Barcode, ...]:
        """The frame of a scanner without suffix, once nothing came for 150 ms up to `at_s`."""
        return self._end_frame(b"", "silence") if self.silence_left_s(at_s) <= 0 else ()

    def silence_left_s(self, at_s: float) -> float:
        """Seconds from `at_s` until the open frame counts as ended; infinite when no frame is open."""
        return self._last_byte_at_s + SILENCE_S - at_s if self._frame else math.inf

    def _end_frame(self, piece: bytes, ended_by: EndedBy) -> tuple[Barcode, ...]:
        self._keep(piece)
        frame = bytes(self._frame)
        self._frame.clear()
        return (_barcode(frame, ended_by),) if frame else ()

    def _keep(self, piece: bytes) -> None:
        # One byte more than allowed is enough to know that the frame is too long.
        self._frame += piece[: LONGEST_FRAME_BYTES + 1 - len(self._frame)]


def _barcode(frame: bytes, ended_by: EndedBy) -> Barcode:
    if len(frame) > LONGEST_FRAME_BYTES:
        return Barcode("", fault="too_long", ended_by=ended_by)
    if not frame.isascii():
        return Barcode("", fault="not_ascii", ended_by=ended_by)
    text = frame.decode("ascii")
    aim = _AIM_IDENTIFIER.match(text)
    if aim:
        return Barcode(text[aim.end() :], symbology=aim[1], ended_by=ended_by)
    return Barcode(text, ended_by=ended_by)
