"""What a TSPL printer says back: one byte for `ESC ! ?`. Pure.

TSC, TSPL/TSPL2 manual, <ESC>!?: bit 0 head open, 1 paper jam, 2 out of paper, 3 out of ribbon, 4 pause, 5 printing,
6 cover open, 7 other error; 0 is normal. The byte has no fixed bits, so only a byte that comes alone is an answer.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from devices.printers.printer import PrinterStatus, StatusCode
from devices.printers.watched_conversation import Report

# In this order: an open lid also sets paper jam and out of paper on some printers (0x07).
_FAULTS: tuple[tuple[int, StatusCode], ...] = (
    (0x41, "cover_open"),
    (0x04, "paper_out"),
    (0x8A, "error"),  # jam, ribbon, other
    (0x10, "offline"),
)
_PRINTING = 0x20


@dataclass(slots=True)
class StatusByteReplies:
    """Implements Replies. Several bytes at once are text or another language's status: noise."""

    reports: list[Report] = field(default_factory=list)

    def feed(self, data: bytes) -> None:
        if len(data) == 1:
            self.reports.append(byte_report(data[0]))


def byte_report(byte: int) -> Report:
    state: StatusCode = next((state for bits, state in _FAULTS if byte & bits), "ready")
    printing = bool(byte & _PRINTING)
    return Report(PrinterStatus(state, f"ESC ! ? {byte:02x}"), busy=printing, at_work=printing)
