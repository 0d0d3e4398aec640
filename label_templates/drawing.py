"""A label template filled in and laid out: an SVG drawn in dots at 8 dots/mm, with Jinja in its texts."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from label_templates.corner_layout import PLACES, lay_out_in_corners
from label_templates.fitting import fit
from label_templates.free_layout import PAGE, lay_out_freely
from label_templates.label import Label, LabelError
from label_templates.layout import Box, CodeSlot, Layout, Paper
from label_templates.pictures_in import draw_pictures
from label_templates.qr_code import code_path, side_modules
from label_templates.svg_attributes import box_of
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


def draw(template: Path, label: Label, paper: Paper) -> Drawing:
    """Fill a template in with this label, for this paper.

    Raises LabelError for a template that is missing or faulty; the message says what to mend in it.
    """
    try:
        svg = _filled(template, label)
        layout = _layout(svg, label, paper)
        _say(svg)
        _fit_texts(svg)
        _place_words(svg, layout, label)
    except (OSError, SyntaxError, ValueError) as error:
        raise LabelError(f"{template.name}: {error}") from error
    width, height = str(paper.width_dots), str(paper.height_dots)
    svg.attrib.update(viewBox=f"0 0 {width} {height}", width=width, height=height)
    return Drawing(svg, layout)


def add_codes(drawing: Drawing) -> Element:
    """The <svg> with all codes, on white and last of all: whatever a text does, the quiet zones stay white."""
    from xml.etree.ElementTree import SubElement

    for code in drawing.layout.codes:
        corner = {"transform": f"translate({code.x} {code.y})", "shape-rendering": "crispEdges"}
        group = SubElement(drawing.svg, "g", corner)
        SubElement(group, "rect", {"width": str(code.width), "height": str(code.height), "fill": "#ffffff"})
        SubElement(group, "path", {"d": code_path(code.says, module_dots=code.module_dots), "fill": "#000000"})
    return drawing.svg


def _filled(template: Path, label: Label) -> Element:
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


def _layout(svg: Element, label: Label, paper: Paper) -> Layout:
    """In corners where the template has the places for it, else as it is drawn."""
    width_dots, height_dots = (round(float(number)) for number in svg.get("viewBox", "0 0 0 0").split()[2:])
    drawn, slots = Box(0, 0, width_dots, height_dots), _take_slots(svg)
    if any(group.get("data-place") in PLACES for group in svg.iter("g")):
        return lay_out_in_corners(drawn, slots, paper, says=label.code, modules=side_modules(label.code))
    _in_one_place(svg)
    return lay_out_freely(drawn, slots, paper, codes=label.codes)


def _take_slots(svg: Element) -> list[CodeSlot]:
    """The squares for codes, taken out of the drawing."""
    found = [(parent, rect) for parent in svg.iter() for rect in parent if rect.get("data-slot") == "code"]
    for parent, rect in found:
        parent.remove(rect)
    return [CodeSlot(box_of(rect), int(rect.get("data-says", "0"))) for _, rect in found]


def _in_one_place(svg: Element) -> None:
    from xml.etree.ElementTree import Element

    group = Element("g", {"data-place": PAGE})
    group.extend(list(svg))
    for child in list(svg):
        svg.remove(child)
    svg.append(group)


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


def _place_words(svg: Element, layout: Layout, label: Label) -> None:
    for group in svg.iter("g"):
        place = group.get("data-place", "")
        if place in layout.places:
            drawn, target = layout.places[place]
            group.set("transform", drawn.transform_into(target))
            draw_pictures(group, label, scale=drawn.scale_into(target))
