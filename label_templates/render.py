"""Labels as images for the printer and as SVG for the screen."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from label_templates.drawing import add_codes, draw
from label_templates.kinds import check_kind
from label_templates.label import SHEET_SIZES, SIZES, BundleLabel, Label, LabelError, LabelSize
from label_templates.layout import Paper
from label_templates.raster import ink_image
from label_templates.svg_tree import serialise

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = ["SIZES", "BundleLabel", "Label", "LabelError", "LabelSize", "render_label", "render_svg", "sizes_drawn"]

TEMPLATES = Path(__file__).parent
DRAWN_DOTS_PER_MM = 8.0
NARROW, NARROW_SHARE = "-narrow", 0.85
PLAIN_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,40}")
ALL_SIZES = SIZES | SHEET_SIZES


def render_label(
    template: str,
    label: Label,
    *,
    size: str,
    dots_per_mm: float = 8.0,
    width_dots: int | None = None,
    own: Path | None = None,
) -> Image:
    """The label in mode "1", black (0) on white, one pixel per printer dot.

    `width_dots` is what the printer can print at most. All codes are on whole dots at any resolution, at least
    4 dots and 0.5 mm per module. A drawing in the folder `own` is taken instead of ours of the same name. Raises
    LabelError for an unknown template or size, fields of another template, or a paper too small.
    """
    paper = paper_of(size, dots_per_mm, width_dots)
    return ink_image(draw(_template(template, label, size, paper, own), label, paper))


def render_svg(template: str, label: Label, *, size: str, own: Path | None = None) -> str:
    """The label as SVG in its true size (mm), for a screen or a sheet. `own` and LabelError as in `render_label`."""
    paper = paper_of(size, DRAWN_DOTS_PER_MM, None)
    svg = add_codes(draw(_template(template, label, size, paper, own), label, paper))
    svg.attrib.update(width=f"{ALL_SIZES[size].width_mm:g}mm", height=f"{ALL_SIZES[size].height_mm:g}mm")
    return serialise(svg)


def sizes_drawn(template: str) -> tuple[LabelSize, ...]:
    """The sizes there is a drawing for, the largest first."""
    found = [size for size in ALL_SIZES.values() if (TEMPLATES / f"{template}.{size.name}.svg").is_file()]
    return tuple(sorted(found, key=lambda size: -size.width_mm * size.height_mm))


def paper_of(size: str, dots_per_mm: float, width_dots: int | None) -> Paper:
    """What a printer of this resolution and width prints of a label. Raises LabelError for an unknown size."""
    if size not in ALL_SIZES:
        raise LabelError(f"no label size {size!r:.40}; there are {', '.join(ALL_SIZES)}")
    roll_dots = round(ALL_SIZES[size].width_mm * dots_per_mm)
    printed_dots = roll_dots if width_dots is None else min(roll_dots, width_dots)
    return Paper(printed_dots, round(ALL_SIZES[size].height_mm * dots_per_mm), dots_per_mm)


def drawing_name(template: str, size: str, paper: Paper) -> str:
    """`bundle.58x40-narrow` where the printer is much narrower than the roll and there is such a drawing of ours."""
    is_narrow = paper.width_dots < NARROW_SHARE * ALL_SIZES[size].width_mm * paper.dots_per_mm
    narrow = f"{template}.{size}{NARROW}"
    return narrow if is_narrow and (TEMPLATES / f"{narrow}.svg").is_file() else f"{template}.{size}"


def _template(template: str, label: Label, size: str, paper: Paper, own: Path | None) -> Path:
    if not PLAIN_NAME.fullmatch(template):
        raise LabelError(f"a template is named in a-z, 0-9, - and _, not {template!r:.40}")
    check_kind(template, label)
    filename = f"{drawing_name(template, size, paper)}.svg"
    return own / filename if own and (own / filename).is_file() else TEMPLATES / filename
