"""The picture of the style, made into black dots at the size it is printed."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image

MOST_PIXELS = 25_000_000
LARGEST_FILE_BYTES = 8_000_000


@lru_cache(maxsize=64)
def picture_data_uri(png: bytes, *, width_dots: int, height_dots: int) -> str | None:
    """A data URI of the picture in 1 bit, fitted and centred in the box; None where it is no readable PNG.

    A label without its picture is still a label: a bad picture never stops the printing.
    """
    from base64 import b64encode
    from io import BytesIO

    gray = _gray_on_white(png)
    if gray is None:
        return None
    buffer = BytesIO()
    _in_dots(gray, width_dots, height_dots).save(buffer, "PNG")
    return "data:image/png;base64," + b64encode(buffer.getvalue()).decode("ascii")


def _gray_on_white(png: bytes) -> Image | None:
    from io import BytesIO

    from PIL import Image

    if len(png) > LARGEST_FILE_BYTES:
        return None
    try:
        with Image.open(BytesIO(png), formats=["PNG"]) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                return None
            coloured = picture.convert("RGBA")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None
    paper = Image.new("RGBA", coloured.size, "white")
    return Image.alpha_composite(paper, coloured).convert("L")


def _in_dots(gray: Image, width_dots: int, height_dots: int) -> Image:
    from PIL import Image, ImageOps

    fitted = ImageOps.autocontrast(ImageOps.contain(gray, (width_dots, height_dots), Image.Resampling.LANCZOS))
    paper = Image.new("L", (width_dots, height_dots), 255)
    paper.paste(fitted, ((width_dots - fitted.width) // 2, (height_dots - fitted.height) // 2))
    return paper.convert("1", dither=Image.Dither.FLOYDSTEINBERG)
