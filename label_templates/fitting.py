"""Text made to fit its place: first smaller, then cut with an ellipsis where the template allows it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from label_templates.svg_attributes import dots, inherited, set_prop
from label_templates.typeface import width_em

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

ELLIPSIS = "…"


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text in one size: an element's own text."""

    element: Element
    size_dots: float
    mono: bool

    @property
    def text(self) -> str:
        return self.element.text or ""

    def width_dots(self, *, scale: float = 1.0) -> float:
        return width_em(self.text, mono=self.mono) * self.size_dots * scale


def fit(text: Element, *, parents: Mapping[Element, Element]) -> None:
    """Fit a <text> into its `data-width` dots, shrinking all its parts alike.

    Without `data-least` it is only made smaller, because a number must never be cut. With it, shrinking stops at that
    font size (dots) and the last part is cut.
    """
    stretches = list(runs(text, parents=parents))
    room_dots = dots(text.get("data-width", "0"))
    wanted_dots = sum(run.width_dots() for run in stretches)
    if wanted_dots <= room_dots:
        return
    least = text.get("data-least")
    least_scale = dots(least) / max(run.size_dots for run in stretches) if least else 0.0
    scale = min(1.0, max(room_dots / wanted_dots, least_scale))
    for run in stretches:
        set_prop(run.element, "font-size", f"{run.size_dots * scale:.3f}")
    _cut(stretches[-1], room_dots - sum(run.width_dots(scale=scale) for run in stretches[:-1]), scale=scale)


def runs(text: Element, *, parents: Mapping[Element, Element]) -> Iterator[Run]:
    """The stretches of a <text> that say something, in reading order."""
    for element in text.iter():
        if element.text and element.text.strip():
            size_dots = dots(inherited(element, "font-size", parents=parents))
            mono = "Mono" in inherited(element, "font-family", parents=parents)
            yield Run(element, size_dots, mono)


def _cut(run: Run, room_dots: float, *, scale: float) -> None:
    """Keep the longest beginning that fits with an ellipsis; a tenth of a dot of rounding is no reason to cut."""
    if run.width_dots(scale=scale) <= room_dots + 0.1:
        return
    whole = run.text
    shortest, longest = 0, len(whole)
    while shortest < longest:
        middle = (shortest + longest + 1) // 2
        run.element.text = whole[:middle].rstrip() + ELLIPSIS
        if run.width_dots(scale=scale) <= room_dots:
            shortest = middle
        else:
            longest = middle - 1
    run.element.text = whole[:shortest].rstrip() + ELLIPSIS
