"""How wide a text is, in the fonts it is printed with."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from label_templates.clean_text import POP_ISOLATE, RIGHT_TO_LEFT_ISOLATE, is_simple
from label_templates.resvg import MONO_FONT, WORDS_FONT, pixels

if TYPE_CHECKING:
    from PIL.ImageFont import FreeTypeFont

MEASURED_AT_DOTS = 40


@lru_cache(maxsize=4096)
def width_em(text: str, *, mono: bool) -> float:
    """Width of `text` at font size 1, never less than it is drawn: kerning, which only narrows, is left out."""
    plain = text.replace(RIGHT_TO_LEFT_ISOLATE, "").replace(POP_ISOLATE, "")
    if is_simple(plain):
        return _font(mono=mono).getlength(plain) / _font(mono=mono).size
    return _drawn_width_dots(text, mono=mono) / MEASURED_AT_DOTS


@cache
def _font(*, mono: bool) -> FreeTypeFont:
    from PIL import ImageFont

    return ImageFont.truetype(MONO_FONT if mono else WORDS_FONT, 1000, layout_engine=ImageFont.Layout.BASIC)


def _drawn_width_dots(text: str, *, mono: bool) -> int:
    """Joined letters take other shapes than single ones: only drawing them tells."""
    margin_dots = MEASURED_AT_DOTS
    size = f'width="{2 * margin_dots * (len(text) + 1)}" height="{2 * margin_dots}"'
    family = "DejaVu Sans Mono" if mono else "DejaVu Sans"
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" {size}>'
        f'<text x="{margin_dots}" y="{margin_dots}" font-size="{MEASURED_AT_DOTS}" font-family="{family}" '
        f'font-stretch="condensed" font-weight="700">{escape(text)}</text></svg>'
    )
    ink = pixels(svg).getchannel("A").getbbox()
    return ink[2] - margin_dots + 1 if ink else 0
