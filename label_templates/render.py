"""Bundle labels as images for the printer and as SVG for the screen."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from label_templates.drawing import add_codes, draw
from label_templates.label import SIZES, BundleLabel, LabelError, LabelSize
from label_templates.layout import Paper
from label_templates.raster import ink_image
from label_templates.svg_tree import serialise

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = ["SIZES", "BundleLabel", "LabelError", "LabelSize", "render_label", "render_svg"]

TEMPLATES = Path(__file__).parent
DRAWN_DOTS_PER_MM = 8.0
NARROW_SHARE = 0.85
PLAIN_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,40}")


def render_label(
    template: str, label: BundleLabel, *, size: str, dots_per_mm: float = 8.0, width_dots: int | None = None
) -> Image:
    """The label in mode "1", black (0) on white, one pixel per printer dot.

    `width_dots` is what the printer can print at most. Both codes are on whole dots at any resolution, at least
    4 dots and 0.5 mm per module. Raises LabelError for an unknown template or size, or a paper too small.
    """
    paper = _paper(size, dots_per_mm, width_dots)
    return ink_image(draw(_template(template, size, paper), label, paper))


def render_svg(template: str, label: BundleLabel, *, size: str) -> str:
    """The label as SVG in its true size (mm), for a screen or a sheet. Raises LabelError as `render_label` does."""
    paper = _paper(size, DRAWN_DOTS_PER_MM, None)
    svg = add_codes(draw(_template(template, size, paper), label, paper))
    svg.attrib.update(width=f"{SIZES[size].width_mm:g}mm", height=f"{SIZES[size].height_mm:g}mm")
    return serialise(svg)


def _paper(size: str, dots_per_mm: float, width_dots: int | None) -> Paper:
    if size not in SIZES:
        raise LabelError(f"no label size {size!r:.40}; there are {', '.join(SIZES)}")
    roll_dots = round(SIZES[size].width_mm * dots_per_mm)
    printed_dots = roll_dots if width_dots is None else min(roll_dots, width_dots)
    return Paper(printed_dots, round(SIZES[size].height_mm * dots_per_mm), dots_per_mm)


def _template(template: str, size: str, paper: Paper) -> Path:
    """`bundle.58x40-narrow.svg` where the printer is much narrower than the roll and that file exists."""
    if not PLAIN_NAME.fullmatch(template):
        raise LabelError(f"a template is named in a-z, 0-9, - and _, not {template!r:.40}")
    narrow = TEMPLATES / f"{template}.{size}-narrow.svg"
    is_narrow = paper.width_dots < NARROW_SHARE * SIZES[size].width_mm * paper.dots_per_mm
    return narrow if is_narrow and narrow.is_file() else TEMPLATES / f"{template}.{size}.svg"
