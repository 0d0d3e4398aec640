"""The label image as every printer language takes it: checked, and as bits. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from devices.printers.printer import PrinterProfile

if TYPE_CHECKING:
    from PIL import Image

_TURN_OVER = bytes(range(255, -1, -1))


def check_label(image: Image.Image, profile: PrinterProfile) -> None:
    """ValueError when the image is not 1-bit, empty or wider than the profile's head."""
    if image.mode != "1":
        raise ValueError(f"a label must be a 1-bit image, not {image.mode!r}: grey would be dithered")
    if not image.width or not image.height:
        raise ValueError("the label is empty")
    if image.width > profile.width_dots:
        raise ValueError(f"the label is {image.width} dots wide, {profile.name} prints {profile.width_dots}")


def row_bytes(image: Image.Image) -> int:
    """Bytes in one row of dots: eight dots each, the last one filled up."""
    return (image.width + 7) // 8


def white_bits(image: Image.Image) -> bytes:
    """Rows from the top, `row_bytes` each, first dot in the highest bit, 1 = white; filled up with white."""
    from PIL import Image  # not at import: pages that only read a printer's name need no Pillow

    whole = Image.new("1", (row_bytes(image) * 8, image.height), 1)
    whole.paste(image, (0, 0))
    return whole.tobytes()


def black_bits(image: Image.Image) -> bytes:
    """As `white_bits`, with 1 = black."""
    return white_bits(image).translate(_TURN_OVER)
