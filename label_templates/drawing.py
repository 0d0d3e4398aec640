"""A label template filled in and laid out: an SVG drawn in dots at 8 dots/mm, with Jinja in its texts."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from label_templates.bundle_code import code_path
from label_templates.fitting import fit
from label_templates.label import BundleLabel, LabelError
from label_templates.layout import SIDE_MODULES, Layout, Paper, lay_out
from label_templates.picture import picture_data_uri
from label_templates.svg_attributes import dots
from label_templates.svg_tree import parents_of, parse
from label_templates.template_fields import template_fields

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from jinja2 import Template
    from jinja2.sandbox import SandboxedEnvironment


@dataclass(frozen=True, slots=True)
class Drawing:
    """The words and shapes of one label as <svg>, one unit per printer dot, and where its codes go."""

    svg: Element
    layout: Layout
    code: str


def draw(template: Path, label: BundleLabel, paper: Paper) -> Drawing:
    """Fill a template in for this bundle and this paper.

    Raises LabelError for a template that is missing or faulty; the message says what to mend in it.
    """
    try:
        svg = _filled(template, label)
        drawn = _drawn_layout(svg)
        layout = lay_out(drawn, paper)
        _say(svg)
        _fit_texts(svg)
        _place_words(svg, drawn, layout, picture_png=label.picture_png)
    except (OSError, SyntaxError, ValueError) as error:
        raise LabelError(f"{template.name}: {error}") from error
    width, height = str(paper.width_dots), str(paper.height_dots)
    svg.attrib.update(viewBox=f"0 0 {width} {height}", width=width, height=height)
    return Drawing(svg, layout, label.code)


def add_codes(drawing: Drawing) -> Element:
    """The <svg> with both codes, on white and last of all: whatever a text does, the quiet zones stay white."""
    from xml.etree.ElementTree import SubElement

    side_dots = str(drawing.layout.side_dots)
    path = code_path(drawing.code, module_dots=drawing.layout.module_dots)
    for box in drawing.layout.codes:
        corner = {"transform": f"translate({box.x:.0f} {box.y:.0f})", "shape-rendering": "crispEdges"}
        group = SubElement(drawing.svg, "g", corner)
        SubElement(group, "rect", {"width": side_dots, "height": side_dots, "fill": "#ffffff"})
        SubElement(group, "path", {"d": path, "fill": "#000000"})
    return drawing.svg


def _filled(template: Path, label: BundleLabel) -> Element:
    from jinja2 import TemplateError

    fields = template_fields(label)
    try:
        return parse(_compiled(template, template.stat().st_mtime_ns).render(fields))
    except (TemplateError, TypeError, ArithmeticError, LookupError) as error:
        raise LabelError(f"Jinja: {error}") from error


@lru_cache(maxsize=32)
def _compiled(template: Path, _changed_at_ns: int) -> Template:
    """Compiled once per saving of the file: a label mended in a drawing program is printed at once."""
    return _environment().from_string(template.read_text(encoding="utf-8"))


@cache
def _environment() -> SandboxedEnvironment:
    from jinja2 import StrictUndefined
    from jinja2.sandbox import SandboxedEnvironment

    return SandboxedEnvironment(autoescape=True, undefined=StrictUndefined)


def _drawn_layout(svg: Element) -> Layout:
    """The layout as drawn, read off the two code rectangles, which are taken out."""
    width_dots, height_dots = (round(float(number)) for number in svg.get("viewBox", "0 0 0 0").split()[2:])
    slots = [(parent, rect) for parent in svg.iter() for rect in parent if rect.get("data-slot") == "code"]
    found = {tuple(dots(rect.get(side, "0")) for side in ("x", "y", "width", "height")) for _, rect in slots}
    layout = Layout(width_dots, height_dots, round(next(iter(found))[2] / SIDE_MODULES) if found else 0)
    if found != {(box.x, box.y, box.width, box.height) for box in layout.codes}:
        raise LabelError(f"two squares data-slot='code' of a multiple of {SIDE_MODULES} dots go in the lower corners")
    for parent, rect in slots:
        parent.remove(rect)
    return layout


def _say(svg: Element) -> None:
    """Put what `data-text` says in place of the sample text that a drawing program shows."""
    for element in [element for element in svg.iter() if "data-text" in element.attrib]:
        element.text = element.attrib.pop("data-text")
        for sample in [part for part in element if "data-text" not in part.attrib]:
            element.remove(sample)


def _fit_texts(svg: Element) -> None:
    parents = parents_of(svg)
    for text in svg.iter("text"):
        if "data-width" in text.attrib:
            fit(text, parents=parents)


def _place_words(svg: Element, drawn: Layout, layout: Layout, *, picture_png: bytes | None) -> None:
    for group in svg.iter("g"):
        place = group.get("data-place", "")
        if place in drawn.places:
            box, target = drawn.places[place], layout.places[place]
            group.set("transform", box.transform_into(target))
            _draw_pictures(group, picture_png, scale=box.scale_into(target))


def _draw_pictures(group: Element, picture_png: bytes | None, *, scale: float) -> None:
    for slot in [rect for rect in group.iter("rect") if rect.get("data-slot") == "picture"]:
        box = {side: slot.get(side, "0") for side in ("x", "y", "width", "height")}
        width_dots, height_dots = (max(1, round(dots(box[side]) * scale)) for side in ("width", "height"))
        uri = picture_data_uri(picture_png or b"", width_dots=width_dots, height_dots=height_dots)
        slot.clear()
        slot.tag = "image" if uri else "g"
        slot.attrib.update(box, href=uri or "", **{"image-rendering": "optimizeSpeed"})
