"""Each text of a drawing as an SVG of its own, no larger than the text needs: most of the time goes into pixels."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor
from typing import TYPE_CHECKING

from label_templates.fitting import runs
from label_templates.layout import Box
from label_templates.svg_attributes import dots, inherited
from label_templates.svg_tree import parents_of, serialise

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

# Around the baseline: a capital with two accents or a high Arabic letter; the lowest letter of a centred text.
ABOVE_EM, BELOW_EM, BESIDE_EM = 1.4, 0.8, 0.3
LEFT_SHARE = {"start": 0.0, "middle": 0.5, "end": 1.0}
NUMBER = re.compile(r"-?[\d.]+")


@dataclass(frozen=True, slots=True)
class TextCutout:
    """One text as <svg>; its upper left corner is at column `x_dots`, row `y_dots` of the label."""

    svg: str
    x_dots: int
    y_dots: int


def take_texts_out(svg: Element) -> list[TextCutout]:
    """The texts in drawing order; `svg` keeps the shapes."""
    parents = parents_of(svg)
    texts = list(svg.iter("text"))
    cutouts = [_cutout(text, _around(text, parents), _reach(text, parents)) for text in texts]
    for text in texts:
        parents[text].remove(text)
    return cutouts


def _around(text: Element, parents: dict[Element, Element]) -> list[Element]:
    """The elements around a text, innermost first, <svg> last."""
    around = [parents[text]]
    while around[-1] in parents:
        around.append(parents[around[-1]])
    return around


def _cutout(text: Element, around: Sequence[Element], reach: Box | None) -> TextCutout:
    from xml.etree.ElementTree import Element

    label = around[-1]
    right, bottom = int(label.get("width", "0")), int(label.get("height", "0"))
    reach = reach or Box(0, 0, right, bottom)
    x_dots, y_dots = max(0, floor(reach.x)), max(0, floor(reach.y))
    width_dots = max(1, min(right, ceil(reach.x + reach.width)) - x_dots)
    height_dots = max(1, min(bottom, ceil(reach.y + reach.height)) - y_dots)
    drawn = text
    for element in around:
        shell = Element(element.tag, element.attrib)
        shell.append(drawn)
        drawn = shell
    drawn.attrib.update(
        viewBox=f"{x_dots} {y_dots} {width_dots} {height_dots}", width=str(width_dots), height=str(height_dots)
    )
    return TextCutout(serialise(drawn), x_dots, y_dots)


def _reach(text: Element, parents: dict[Element, Element]) -> Box | None:
    """Where the text may leave ink, in dots of the label; None where it is moved about in ways not reckoned with."""
    around = _around(text, parents)
    moved = [element for element in (*around, *text.iter()) if "transform" in element.attrib]
    if any("data-place" not in element.attrib for element in moved) or len(moved) > 1 or _has_places_of_its_own(text):
        return None
    stretches = list(runs(text, parents=parents))
    em_dots = max((run.size_dots for run in stretches), default=0.0)
    width_dots = sum(run.width_dots() for run in stretches)
    left_share = LEFT_SHARE.get(inherited(text, "text-anchor", parents=parents), 0.0)
    x_dots = dots(text.get("x", "0")) - left_share * width_dots - BESIDE_EM * em_dots
    y_dots = dots(text.get("y", "0")) - ABOVE_EM * em_dots
    box = Box(x_dots, y_dots, width_dots + 2 * BESIDE_EM * em_dots, (ABOVE_EM + BELOW_EM) * em_dots)
    return _moved(box, moved[0].attrib["transform"]) if moved else box


def _has_places_of_its_own(text: Element) -> bool:
    return any({"x", "y", "dx", "dy", "rotate"} & set(part.attrib) for part in text.iter("tspan"))


def _moved(box: Box, transform: str) -> Box:
    """The box after `translate(x y) scale(s)`, as `Box.transform_into` writes it."""
    x_dots, y_dots, scale = (float(number) for number in NUMBER.findall(transform))
    return Box(x_dots + scale * box.x, y_dots + scale * box.y, scale * box.width, scale * box.height)
