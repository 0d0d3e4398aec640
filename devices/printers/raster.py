"""From a label image to bands a printer can take. Pure.

Two firmware traps. Heights that are a multiple of 48 make POS-5890K class printers print garbage, and a 30 mm label at
203 dpi is 240 rows: labels are cut into bands of other heights. And real-time commands are executed even inside pixels
(Epson, ESC/POS guide on DLE EOT): one label in a hundred carries such a byte pair by chance.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL import Image

BAND_ROWS = 100
TRAP_ROWS = 48
MOST_SHIFT_DOTS = 7

# DLE EOT, DLE ENQ or DLE DC4 with any small parameter: clones accept more of them than Epson documents (1..8, 18).
_REAL_TIME = re.compile(rb"\x10(?=[\x04\x05\x14][\x00-\x1f])")


def band_heights(rows: int) -> list[int]:
    """Heights in dots that add up to `rows`: at most BAND_ROWS, none a multiple of TRAP_ROWS, the last included."""
    heights = []
    while rows > 0:
        height = min(BAND_ROWS, rows)
        height -= height % TRAP_ROWS == 0
        heights.append(height)
        rows -= height
    return heights


def bands(image: Image.Image) -> Iterator[Image.Image]:
    """The image from top to bottom in bands of `band_heights`."""
    top = 0
    for height in band_heights(image.height):
        yield image.crop((0, top, image.width, top + height))
        top += height


def placements(image: Image.Image, width_dots: int) -> Iterator[Image.Image]:
    """The image as it is, then moved 1..7 dots to the right as far as its ink stays within `width_dots`."""
    from PIL import Image, ImageChops  # not at import: pages that only read a printer's name need no Pillow

    yield image
    ink = ImageChops.invert(image.convert("L")).getbbox()  # in mode 1, Pillow may hold white as 1, whose inverse is 254
    room_dots = width_dots - (ink[2] if ink else 0)
    for shift_dots in range(1, min(MOST_SHIFT_DOTS, room_dots) + 1):
        moved = Image.new("1", (min(image.width + shift_dots, width_dots), image.height), 1)
        moved.paste(image, (shift_dots, 0))
        yield moved


def has_real_time_command(data: bytes) -> bool:
    return _REAL_TIME.search(data) is not None


def without_real_time_commands(data: bytes) -> bytes:
    """Each DLE that starts a command becomes 0: one black dot of 0.125 mm turns white. The last resort."""
    return _REAL_TIME.sub(b"\x00", data)
