"""The squares for codes, the groups that words are placed by, and copies: what of a whole drawing must fit together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from math import ceil
from typing import TYPE_CHECKING

from label_templates.layout import Box, CodeSlot, Paper
from label_templates.qr_code import side_modules
from label_templates.safe_svg import MOST_ELEMENTS
from label_templates.svg_attributes import box_of
from label_templates.svg_tree import parents_of, parse
from label_templates.template_fault import TemplateFault

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

DRAWN_DOTS_PER_MM = 8.0
DOTS_PER_MM = (DRAWN_DOTS_PER_MM, 7.087, 11.8)
"""Of the printers sold: 203, 180 and 300 dpi."""


def drawn_page(svg: str) -> tuple[int, int]:
    """Width and height of a drawing of ours, in dots."""
    width, height = (int(number) for number in parse(svg).get("viewBox", "").split()[2:])
    return width, height


def tree_faults(svg: str, *, ours: str, codes: Sequence[str]) -> list[TemplateFault]:
    """What is wrong with an SVG that `svg_faults` found safe. `ours`: what it stands in for; `codes`: what a label of it says."""
    drawn, wanted = parse(svg), parse(ours)
    found = [*_copy_faults(drawn), *_place_faults(drawn, wanted), *_moved_faults(drawn)]
    return found or list(_slot_faults(drawn, wanted, codes))


def _copy_faults(svg: Element) -> Iterator[TemplateFault]:
    """Copies of copies double at each step; so a copy is of something drawn, and all of them together are few."""
    by_id = {name: element for element in svg.iter() if (name := element.get("id"))}
    drawn = 0
    for use in svg.iter("use"):
        target = by_id.get(use.get("href", "").strip().removeprefix("#"))
        parts = [] if target is None else list(target.iter())
        drawn += len(parts)
        if not parts or any(part.tag == "use" for part in parts) or drawn > MOST_ELEMENTS:
            yield TemplateFault("copies", element="<use>", detail=use.get("href", "")[:40])
            return


def _place_faults(svg: Element, ours: Element) -> Iterator[TemplateFault]:
    wanted = {group.get("data-place", "") for group in ours.iter("g")} - {""}
    found = Counter(group.get("data-place", "") for group in svg.iter("g"))
    for name in sorted(wanted):
        if found[name] != 1:
            yield TemplateFault("places", element=f'<g data-place="{name}">')
    for name in sorted(set(found) - wanted - {""}):
        yield TemplateFault("places", element=f'<g data-place="{name[:40]}">')


def _moved_faults(svg: Element) -> Iterator[TemplateFault]:
    """Squares and places are read where they stand: a shift around them, or on them, would be overlooked."""
    parents = parents_of(svg)
    for element in svg.iter():
        mark = next((name for name in ("data-slot", "data-place") if name in element.attrib), "")
        if mark and any("transform" in around.attrib for around in _with_parents(element, parents)):
            yield TemplateFault("moved", element=f'<{element.tag} {mark}="{element.get(mark, "")[:40]}">')


def _with_parents(element: Element, parents: Mapping[Element, Element]) -> Iterator[Element]:
    around: Element | None = element
    while around is not None:
        yield around
        around = parents.get(around)


def _slot_faults(svg: Element, ours: Element, codes: Sequence[str]) -> Iterator[TemplateFault]:
    wanted, found = _slots(ours), _slots(svg)
    for says, count in Counter(slot.says for slot in wanted).items():
        if sum(slot.says == says for slot in found) < count:
            yield TemplateFault("codes", element=f'<rect data-slot="code" data-says="{says}">', detail=str(count))
    page = _page(svg)
    in_corners = any("data-place" in group.attrib for group in ours.iter("g"))
    for slot in found:
        code = _slot_fault(slot, page, codes, in_corners=in_corners)
        if code:
            least = _least_side_dots(codes[slot.says]) if slot.says < len(codes) else 0
            yield TemplateFault(code, element=_shown(slot), detail=str(least))
    for one, other in combinations([slot.box for slot in found], 2):
        if _overlap(one, other):
            yield TemplateFault("code_overlap", element=_shown(CodeSlot(other)))
            return


def _slots(svg: Element) -> list[CodeSlot]:
    rects = [rect for rect in svg.iter() if rect.get("data-slot") == "code"]
    return [CodeSlot(box_of(rect), int(rect.get("data-says", "0"))) for rect in rects]


def _slot_fault(slot: CodeSlot, page: Box, codes: Sequence[str], *, in_corners: bool) -> str:
    box = slot.box
    if box.x < 0 or box.y < 0 or box.x + box.width > page.width or box.y + box.height > page.height:
        return "code_off"
    if slot.says < len(codes) and min(box.width, box.height) < _least_side_dots(
        codes[slot.says], in_corners=in_corners
    ):
        return "code_small"
    if in_corners and not _is_in_corner(box, page, side_modules(codes[0])):
        return "code_corner"
    return ""


def _least_side_dots(says: str, *, in_corners: bool = False) -> int:
    """As drawn, so that on each of the printers sold a module has its 4 dots and 0.5 mm. In corners a code keeps its dots."""
    drawn_at = [Paper(0, 0, dots_per_mm) for dots_per_mm in DOTS_PER_MM]
    scaled = max(paper.least_module_dots * DRAWN_DOTS_PER_MM / paper.dots_per_mm for paper in drawn_at)
    return ceil(side_modules(says) * (drawn_at[0].least_module_dots if in_corners else scaled))


def _is_in_corner(box: Box, page: Box, modules: int) -> bool:
    whole = box.width == box.height and box.width % modules == 0 and box.x % 1 == 0
    return whole and box.y + box.height == page.height and (box.x == 0 or box.x + box.width == page.width)


def _page(svg: Element) -> Box:
    width, height = (float(number) for number in svg.get("viewBox", "").replace(",", " ").split()[2:])
    return Box(0, 0, width, height)


def _overlap(one: Box, other: Box) -> bool:
    beside = one.x + one.width <= other.x or other.x + other.width <= one.x
    return not (beside or one.y + one.height <= other.y or other.y + other.height <= one.y)


def _shown(slot: CodeSlot) -> str:
    return f'<rect data-slot="code" x="{slot.box.x:g}" y="{slot.box.y:g}">'
