"""The TSPL printer language: TSC, and most cheap label printers. The talk is in `watched_conversation`."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

from devices.ports import Port
from devices.printers import raster
from devices.printers.escpos_conversation import Patience
from devices.printers.label_image import check_label, row_bytes, white_bits
from devices.printers.printer import PrinterProfile, inches_a_second
from devices.printers.tspl_replies import StatusByteReplies
from devices.printers.watched_conversation import Questions, WatchedConversation

if TYPE_CHECKING:
    from PIL import Image

# <ESC>!. cancels what is being printed. Some printers never answer and print all the same: silence is no fault.
_QUESTIONS = Questions(report=b"\x1b!?", cancel=b"\x1b!.", silence_is_fault=False, shows_printing=True)

# ESC ! and a letter is obeyed at any time (TSC): status, feed, even reset. Bit 5 more, a white dot, makes it harmless.
_IMMEDIATE = re.compile(rb"\x1b(?=!)")
_HARMLESS = b"\x3b"


@dataclass(frozen=True, slots=True)
class Tspl:
    """TSPL with the label as one `BITMAP`, bit 0 = black. Only commands that the smallest printers know.

    `gap_mm` is the gap between two labels of the roll where the profile says none. Darkness and speed are the printer's own unless said.
    """

    settings: ClassVar[Mapping[str, tuple[float, float]]] = {
        "speed_mm_s": (25, 355),
        "darkness": (0, 15),
        "gap_mm": (0, 20),
    }
    gap_mm: float = 2.0
    patience: Patience = field(default_factory=lambda: Patience(poll_s=0.1))

    def encode(self, image: Image.Image, profile: PrinterProfile) -> bytes:
        """One label, 12-38 kB. ValueError when the image is not 1-bit, empty or too wide.

        Moved up to 7 dots to the right, within the label, when its pixels would spell an immediate command; when no
        place is clean, one dot of each such command turns white.
        """
        check_label(image, profile)
        for placed in raster.placements(image, image.width):
            dots = white_bits(placed)
            if not _IMMEDIATE.search(dots):
                return self._label(image, profile, dots)
        return self._label(image, profile, _IMMEDIATE.sub(_HARMLESS, white_bits(image)))

    def converse(self, port: Port) -> WatchedConversation:
        return WatchedConversation(port, _QUESTIONS, StatusByteReplies(), patience=self.patience)

    def _label(self, image: Image.Image, profile: PrinterProfile, dots: bytes) -> bytes:
        width, height = (_millimetres(side / profile.dots_per_mm) for side in image.size)
        gap_mm = self.gap_mm if profile.gap_mm is None else profile.gap_mm
        head = (
            f"\r\nSIZE {width} mm,{height} mm\r\nGAP {gap_mm:g} mm,0 mm\r\n{_manner(profile)}"
            "DIRECTION 0\r\nREFERENCE 0,0\r\nCLS\r\n"
            f"BITMAP 0,0,{row_bytes(image)},{image.height},0,"
        )
        return head.encode("ascii") + dots + b"\r\nPRINT 1,1\r\n"


def _manner(profile: PrinterProfile) -> str:
    """SPEED in inches a second, DENSITY 0 to 15 (TSPL/TSPL2 Programming Manual)."""
    speed = "" if profile.speed_mm_s is None else f"SPEED {inches_a_second(profile.speed_mm_s)}\r\n"
    return speed + ("" if profile.darkness is None else f"DENSITY {profile.darkness}\r\n")


def _millimetres(length_mm: float) -> str:
    """To the next hundredth up: rounded down, the last row or column of dots would be cut off."""
    return f"{math.ceil(round(length_mm * 100, 3)) / 100:g}"
