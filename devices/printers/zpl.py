"""The ZPL printer language: Zebra, and the many label printers that follow it. The talk is in `watched_conversation`."""

from __future__ import annotations

import base64
import binascii
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

from devices.ports import Port
from devices.printers.escpos_conversation import Patience
from devices.printers.label_image import black_bits, check_label, row_bytes
from devices.printers.printer import PrinterProfile, inches_a_second
from devices.printers.watched_conversation import Questions, WatchedConversation
from devices.printers.zpl_replies import HostStatusReplies

if TYPE_CHECKING:
    from PIL import Image

# ~JA drops what is in the buffer. A Zebra with media out or head open does not answer ~HS (ZPL guide); "labels remaining"
# need not count the one that prints.
_QUESTIONS = Questions(report=b"~HS", cancel=b"~JA", silence_is_fault=True, shows_printing=False)

# What another program may have left: label home, upside down, mirrored, white on black; and a label half printed when
# the paper ended is not printed again by itself (^JZN), a person decides.
_SETTINGS = "^JZN^LH0,0^PON^PMN^LRN"


@dataclass(frozen=True, slots=True)
class Zpl:
    """ZPL II with the label as one graphic field (`^GFA`), in plain hex digits or `compressed`: no `^` or `~` can stand in the pixels.

    Darkness, speed and kind of paper are the printer's own, set once at its buttons, unless the profile says them; tear-off always.
    """

    settings: ClassVar[Mapping[str, tuple[float, float]]] = {
        "speed_mm_s": (25, 355),
        "darkness": (0, 30),
        "gap_mm": (0, 20),
    }
    compressed: bool = False
    patience: Patience = field(default_factory=lambda: Patience(poll_s=0.1))

    def encode(self, image: Image.Image, profile: PrinterProfile) -> bytes:
        """One label, 24-76 kB, compressed 3-6. ValueError when the image is not 1-bit, empty or too wide."""
        check_label(image, profile)
        dots = black_bits(image)
        drawn = _compressed(dots) if self.compressed else dots.hex().upper()
        graphic = f"^GFA,{len(dots)},{len(dots)},{row_bytes(image)},{drawn}"
        size = f"^PW{image.width}^LL{image.height}"
        return f"{_before(profile)}^XA{_SETTINGS}{_paper(profile)}{size}^FO0,0{graphic}^FS^PQ1^XZ\r\n".encode("ascii")

    def converse(self, port: Port) -> WatchedConversation:
        return WatchedConversation(port, _QUESTIONS, HostStatusReplies(), patience=self.patience)


def _compressed(dots: bytes) -> str:
    """Z64 (ZPL II Programming Guide, "B64 and Z64 Encoding"): zlib, base64, CRC-CCITT of the base64 from 0."""
    encoded = base64.b64encode(zlib.compress(dots, 9))
    return f":Z64:{encoded.decode('ascii')}:{binascii.crc_hqx(encoded, 0):04X}"


def _before(profile: PrinterProfile) -> str:
    """~SD: 00 to 30, the scale of the printer's own menu (ZPL II Programming Guide)."""
    return "" if profile.darkness is None else f"~SD{profile.darkness:02}"


def _paper(profile: PrinterProfile) -> str:
    """^PR takes whole inches a second, from 1 on; ^MNN continuous paper, ^MNY labels with a gap."""
    speed = "" if profile.speed_mm_s is None else f"^PR{inches_a_second(profile.speed_mm_s)}"
    gap = "" if profile.gap_mm is None else "^MNY" if profile.gap_mm else "^MNN"
    return speed + gap
