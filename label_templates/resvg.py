"""SVG to pixels with the fonts of the tree and none of the machine: same pixels everywhere."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image

FONTS = Path(__file__).parent / "fonts"
WORDS_FONT = str(FONTS / "DejaVuSansCondensed-Bold.ttf")
MONO_FONT = str(FONTS / "DejaVuSansMono-Bold.ttf")


def pixels(svg: str) -> Image:
    """One pixel per SVG unit, mode "RGBA", transparent where nothing is drawn. Holds the GIL while drawing."""
    from io import BytesIO

    import resvg_py
    from PIL import Image

    png = resvg_py.svg_to_bytes(svg_string=svg, skip_system_fonts=True, font_files=[WORDS_FONT, MONO_FONT])
    return Image.open(BytesIO(png), formats=["PNG"]).convert("RGBA")
