"""The picture slots of a drawing filled in: `picture_png` in printer dots, `picture_svg` as shapes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from label_templates.label import Label
from label_templates.layout import Box
from label_templates.picture import picture_data_uri
from label_templates.svg_attributes import box_of
from label_templates.svg_tree import parse

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

PAPER_COLOUR = "var(--paper, #fff)"  # pages colour what is cut out of a shape; resvg knows no variables


def draw_pictures(group: Element, label: Label, *, scale: float) -> None:
    """Fill each `data-slot="picture"` of the group, which is drawn `scale` times as large; empty without a picture."""
    svg: str = getattr(label, "picture_svg", "")
    png: bytes | None = getattr(label, "picture_png", None)
    for slot in [rect for rect in group.iter("rect") if rect.get("data-slot") == "picture"]:
        box = box_of(slot)
        slot.clear()
        if svg:
            _draw_shapes(slot, svg, box)
        else:
            _draw_dots(slot, png or b"", box, scale=scale)


def _draw_dots(slot: Element, png: bytes, box: Box, *, scale: float) -> None:
    width_dots, height_dots = (max(1, round(side * scale)) for side in (box.width, box.height))
    uri = picture_data_uri(png, width_dots=width_dots, height_dots=height_dots)
    slot.tag = "image" if uri else "g"
    sides = {"x": box.x, "y": box.y, "width": box.width, "height": box.height}
    slot.attrib.update({name: f"{side:g}" for name, side in sides.items()}, href=uri or "")
    slot.set("image-rendering", "optimizeSpeed")


def _draw_shapes(slot: Element, svg: str, box: Box) -> None:
    """A drawing of the program's own: black, fitted and centred. Raises SyntaxError or ValueError for what is no SVG."""
    drawing = parse(svg.replace(PAPER_COLOUR, "#ffffff"))
    x, y, width, height = (float(number) for number in drawing.get("viewBox", "").split())
    slot.tag = "g"
    slot.attrib.update({"transform": Box(x, y, width, height).transform_into(box), "color": "#000000"})
    slot.extend(list(drawing))
