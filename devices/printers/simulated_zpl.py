"""The inside of the simulated ZPL printer: as much ZPL as our labels use."""

from __future__ import annotations

import base64
import binascii
import re
import zlib

from devices.printers.simulated_label_mechanism import LabelMechanism

_FORMAT = re.compile(rb"\^XA(.*?)\^XZ", re.DOTALL)
_COMMAND = re.compile(rb"\^([A-Z][A-Z0-9])([^^]*)")
_Z64 = re.compile(rb":Z64:([A-Za-z0-9+/=]+):([0-9A-F]{4})\s*")
_TURN_OVER = bytes(range(255, -1, -1))
_UNDERSTOOD = {b"JZ", b"LH", b"PO", b"PM", b"LR", b"PW", b"LL", b"FO", b"GF", b"FS", b"PQ", b"PR", b"MN"}


class ZplMechanism(LabelMechanism):
    """Takes `^GFA` graphics in hex digits or Z64, answers `~HS`, obeys `~JA` and `~SD`."""

    immediate = re.compile(rb"~(HS|JA|SD\d\d)")

    def read_labels(self) -> None:
        while whole := _FORMAT.search(self._buffer):
            self.stray_bytes += len(bytes(self._buffer[: whole.start()]).strip())
            self._read_format(whole[1])
            del self._buffer[: whole.end()]

    def obey(self, command: bytes) -> None:
        if command == b"~JA":
            self._forget()
        elif command.startswith(b"~SD"):
            self.said["darkness"] = command[3:].decode("ascii")
        else:
            self._tell_host_status()

    def _read_format(self, format_: bytes) -> None:
        left = top = 0
        for command in _COMMAND.finditer(format_):
            name, values = command[1], command[2].split(b",")
            self.stray_bytes += name not in _UNDERSTOOD
            if name in (b"PR", b"MN"):
                self.said[{b"PR": "speed", b"MN": "paper"}[name]] = command[2].decode("ascii")
            elif name == b"JZ":
                self.prints_again = values != [b"N"]
            elif name == b"FO":
                left, top = int(values[0]), int(values[1])
            elif name == b"GF":
                self._read_graphic(values, left, top)

    def _read_graphic(self, values: list[bytes], left: int, top: int) -> None:
        black = _graphic(values[4], int(values[1])) if len(values) == 5 and values[0] == b"A" else None
        if black is None:
            self.stray_bytes += sum(map(len, values))  # cut short: what a real one prints is anybody's guess
            return
        self._add_label(black.translate(_TURN_OVER), int(values[3]), left=left, top=top)

    def _tell_host_status(self) -> None:
        faults, shown = self.faults, self._labels_shown()
        half_format = b"^XA" in self._buffer and not faults.shows_no_work
        first = (
            f"030,{self.paper_out:d},{faults.paused:d},0240,{max(0, shown - 1):03},0,0,{half_format:d},"
            f"000,0,0,{faults.too_hot:d}"
        )
        second = f"000,0,{faults.cover_open:d},{faults.ribbon_out:d},1,2,0,0,{shown or faults.dots_fed:08},1,000"
        self._answer(b"".join(b"\x02" + line.encode("ascii") + b"\x03\r\n" for line in (first, second, "0000,0")))


def _graphic(drawn: bytes, count: int) -> bytes | None:
    """The `count` bytes of pixels; None when they are not whole."""
    compressed = _Z64.fullmatch(drawn)
    try:
        if compressed is None:
            black = bytes.fromhex(drawn.decode("ascii"))
        elif binascii.crc_hqx(compressed[1], 0) != int(compressed[2], 16):
            return None
        else:
            black = zlib.decompressobj().decompress(base64.b64decode(compressed[1]), count + 1)
    except (ValueError, zlib.error):
        return None
    return black if len(black) == count else None
