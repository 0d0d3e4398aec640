"""A drawing to printer dots: shapes, then texts, then codes.

Each is drawn alone and kept: in a batch most texts are those of the label before. And resvg holds the GIL while it
draws, so that many short drawings leave room for a scan where one long one would not.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from label_templates.drawing import Drawing
from label_templates.qr_code import code_image
from label_templates.resvg import pixels
from label_templates.svg_tree import serialise
from label_templates.text_cutouts import take_texts_out

if TYPE_CHECKING:
    from PIL.Image import Image

BLACK_OR_WHITE = [0] * 128 + [255] * 128


def ink_image(drawing: Drawing) -> Image:
    """Mode "1": a dot is black (0) or white (255), nothing between."""
    cutouts = take_texts_out(drawing.svg)
    image = _shapes(serialise(drawing.svg)).copy()
    for cutout in cutouts:
        text = _text(cutout.svg)
        if text is not None:
            ink, mask, left_dots, top_dots = text
            image.paste(ink, (cutout.x_dots + left_dots, cutout.y_dots + top_dots), mask)
    for code in drawing.layout.codes:
        image.paste(code_image(code.says, module_dots=code.module_dots), (code.x, code.y))
    return image


@lru_cache(maxsize=32)
def _shapes(svg: str) -> Image:
    from PIL import Image

    drawn = pixels(svg)
    paper = Image.new("RGBA", drawn.size, "white")
    return _in_ink(Image.alpha_composite(paper, drawn))


@lru_cache(maxsize=512)
def _text(svg: str) -> tuple[Image, Image, int, int] | None:
    """Ink and mask of a text, cut to what is drawn, and where that begins; None where nothing is."""
    drawn = pixels(svg)
    mask = drawn.getchannel("A").point(BLACK_OR_WHITE, "1")
    box = mask.getbbox()
    return (_in_ink(drawn).crop(box), mask.crop(box), box[0], box[1]) if box else None


def _in_ink(image: Image) -> Image:
    return image.convert("L").point(BLACK_OR_WHITE, "1")
