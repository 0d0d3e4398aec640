"""Pictures as both programs keep them: small PNG without anything but its pixels, known by the SHA-256 of its bytes.

A photo carries where it was taken, when, and often its owner's name: none of it is kept.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING

from groundwork.picture_names import name_of

if TYPE_CHECKING:
    from PIL.Image import Image

LARGEST_SENT = 12 * 1024 * 1024  # bytes; a telephone's photo has 3 to 8 MB
MOST_PIXELS = 50_000_000
LARGEST_SIDE = 640  # pixels
LARGEST_KEPT = 256 * 1024  # bytes
TAKEN = ("PNG", "JPEG", "WEBP")
_COLOURS = (256, 64, 16)
_SMALLER = 0.7
# At DEBUG Pillow writes down every word that a photo carries.
logging.getLogger("PIL").setLevel(logging.INFO)


class PictureFault(ValueError):
    """`code`: too_large (bytes or pixels), not_a_picture (another kind of file, or a broken one), no_file (a form's, left empty)."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Picture:
    """A PNG of at most 640 × 640 pixels and 256 KiB. `sha256`: hexadecimal, of the PNG."""

    png: bytes
    sha256: str
    width: int
    height: int

    @property
    def name(self) -> str:
        return name_of(self.sha256)


def clean_picture(content: bytes) -> Picture:
    """A picture out of what a person sent: PNG, JPEG or WebP, of which the first frame. PictureFault for anything else.

    The same bytes always make the same picture.
    """
    from PIL import ImageOps

    upright = ImageOps.exif_transpose(_opened(content, TAKEN, LARGEST_SENT, MOST_PIXELS))
    plain = upright.convert("RGBA" if upright.has_transparency_data else "RGB")
    plain.thumbnail((LARGEST_SIDE, LARGEST_SIDE))
    return read_picture(next(png for png in _ever_smaller(plain) if len(png) <= LARGEST_KEPT))


def _ever_smaller(image: Image) -> Iterator[bytes]:
    """As PNG: as it is, then with fewer and fewer colours, then all of it again at half its area."""
    while True:
        yield _as_png(image)
        yield from (_as_png(image.quantize(colours)) for colours in _COLOURS)
        image = image.resize((max(1, int(image.width * _SMALLER)), max(1, int(image.height * _SMALLER))))


def read_picture(png: bytes, *, sha256: str = "") -> Picture:
    """A picture that says it is clean already, from elsewhere. `sha256`: what it has to be, where that is known.

    PictureFault also where it is larger than ours, holds more than pixels, or is another one.
    """
    digest = hashlib.sha256(png).hexdigest()
    if sha256 and digest != sha256:
        raise PictureFault("not_a_picture")
    found = _opened(png, ("PNG",), LARGEST_KEPT, LARGEST_SIDE * LARGEST_SIDE)
    if max(found.size) > LARGEST_SIDE:
        raise PictureFault("too_large")
    kinds = _chunks(png)
    if set(kinds) - _PIXELS_ALONE or kinds[-1] != b"IEND":
        raise PictureFault("not_a_picture")
    return Picture(png, digest, found.width, found.height)


_PIXELS_ALONE = frozenset({b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"})


def _chunks(png: bytes) -> list[bytes]:
    """The kinds of its chunks (ISO/IEC 15948, 5.3); what follows the last is one of no kind."""
    kinds, at = list[bytes](), 8
    while at + 12 <= len(png) and (not kinds or kinds[-1] != b"IEND"):
        length = int.from_bytes(png[at : at + 4], "big")
        kinds.append(png[at + 4 : at + 8])
        at += 12 + length
    return kinds if at == len(png) else [*kinds, b""]


def _opened(content: bytes, formats: tuple[str, ...], most_bytes: int, most_pixels: int) -> Image:
    """Decoded whole, so that what is broken shows here."""
    from PIL import Image

    if len(content) > most_bytes:
        raise PictureFault("too_large")
    try:
        with Image.open(BytesIO(content), formats=formats) as found:
            if found.width * found.height > most_pixels:
                raise PictureFault("too_large")
            found.load()
            return found
    except Image.DecompressionBombError as error:
        raise PictureFault("too_large") from error
    except PictureFault:
        raise
    except (OSError, ValueError, SyntaxError, EOFError) as error:
        raise PictureFault("not_a_picture") from error


def _as_png(image: Image) -> bytes:
    image.info = {}  # else Pillow writes back a profile or a text that came along
    written = BytesIO()
    image.save(written, "PNG", optimize=True)
    return written.getvalue()
