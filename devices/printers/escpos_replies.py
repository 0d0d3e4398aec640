"""What an ESC/POS printer says back: bytes sorted into answers, answers into a status. Pure.

Which byte is which (Citizen, "Identification of send status"; Epson, ASB and GS ( H): `0xx1xx10` answers DLE EOT,
`0xx1xx00` opens four bytes of automatic status (ASB), `0xx0xxxx` answers GS r, 0x37 … 0x00 frames a response block,
0x11 and 0x13 are flow control. Anything else is noise.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from devices.printers.printer import PrinterStatus, StatusCode

_FLOW_CONTROL = bytes((0x11, 0x13))  # XON/XOFF may come in the middle of a block (Epson, DLE DC4 fn 8)
_BLOCK_HEADER = 0x37
_PROCESS_ID, _OFFLINE, _CLEARED = 0x22, 0x23, 0x25
_LONGEST_BLOCK = 16


@dataclass(slots=True)
class Replies:
    """Takes bytes as they arrive, however they are cut, and keeps the answers apart."""

    real_time: list[int] = field(default_factory=list)
    queued: list[int] = field(default_factory=list)
    process_ids: list[bytes] = field(default_factory=list)
    automatic: list[bytes] = field(default_factory=list)
    cleared: bool = False
    _waiting: bytes = b""

    def feed(self, data: bytes) -> None:
        self._waiting += data.translate(None, _FLOW_CONTROL)
        while self._waiting:
            length = self._take()
            if not length:
                return
            self._waiting = self._waiting[length:]

    def _take(self) -> int:
        """File the answer at the front; how many bytes it was, 0 = wait for the rest."""
        first = self._waiting[0]
        if is_real_time_answer(first):
            self.real_time.append(first)
            return 1
        if first == _BLOCK_HEADER:
            return self._take_block()
        if first & 0x93 == 0x10:
            return self._take_automatic()
        if first & 0x90 == 0:
            self.queued.append(first)
        return 1

    def _take_block(self) -> int:
        if len(self._waiting) > 1 and self._waiting[1] not in (_PROCESS_ID, _OFFLINE, _CLEARED):
            return 1
        end = self._waiting.find(0)
        if end < 0:
            return int(len(self._waiting) > _LONGEST_BLOCK)
        if self._waiting[1] == _PROCESS_ID and end == 6:
            self.process_ids.append(self._waiting[2:6])
        self.cleared |= self._waiting[1] == _CLEARED
        return end + 1

    def _take_automatic(self) -> int:
        rest = self._waiting[1:4]
        if any(byte & 0x90 for byte in rest):
            return 1  # cut short: what follows is something else
        if len(rest) < 3:
            return 0
        self.automatic.append(self._waiting[:4])
        return 4


def is_real_time_answer(byte: int) -> bool:
    """Fixed bits of every DLE EOT answer (Epson); garbage such as 0x00 or 0xFF is no answer."""
    return byte & 0x93 == 0x12


def status_of(answers: Mapping[int, int]) -> PrinterStatus:
    """Status from the DLE EOT answers, n (1 printer, 2 offline cause, 3 error cause, 4 paper) to byte.

    A fault in any answer counts. Without a fault, `ready` needs all four: no word is not good news.
    """
    detail = " ".join(f"{n}:{byte:02x}" for n, byte in sorted(answers.items())) or "no answer"
    printer, cause, error, paper = (answers.get(n, 0) for n in (1, 2, 3, 4))
    checks: tuple[tuple[int, StatusCode], ...] = (
        (cause & 0x04, "cover_open"),
        (paper & 0x60 | cause & 0x20, "paper_out"),
        (error & 0x28, "error"),  # cutter, unrecoverable
        (error & 0x40, "too_hot"),  # recovers by itself
        (cause & 0x40, "error"),
        (printer & 0x08, "offline"),
    )
    return PrinterStatus(_first(checks) or _calm(near_end=bool(paper & 0x0C), heard_all=len(answers) == 4), detail)


def status_of_automatic(frame: bytes) -> PrinterStatus:
    """Status from the four bytes of an automatic status (Epson, GS a). Faults only: without one it is `unknown`."""
    printer, error, paper = frame[0], frame[1], frame[2]
    checks: tuple[tuple[int, StatusCode], ...] = (
        (printer & 0x20, "cover_open"),
        (paper & 0x0C, "paper_out"),
        (error & 0x2C, "error"),  # mechanical, cutter, unrecoverable
        (error & 0x40, "too_hot"),
        (printer & 0x08, "offline"),
    )
    return PrinterStatus(_first(checks) or "unknown", f"automatic {frame.hex()}")


def _first(checks: tuple[tuple[int, StatusCode], ...]) -> StatusCode | None:
    return next((state for found, state in checks if found), None)


def _calm(*, near_end: bool, heard_all: bool) -> StatusCode:
    if not heard_all:
        return "unknown"
    return "paper_near_end" if near_end else "ready"
