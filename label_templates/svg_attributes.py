"""Attributes of SVG as drawing programs write them: plain, or as a property inside `style`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from label_templates.layout import Box

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element


def prop(element: Element, name: str) -> str | None:
    """A presentation property; `style` wins over the plain attribute (SVG 1.1 §6.4)."""
    return _style(element).get(name, element.get(name))


def inherited(element: Element, name: str, *, parents: Mapping[Element, Element]) -> str:
    """The property of the element or of the nearest one around it; empty where none has it."""
    around: Element | None = element
    while around is not None:
        value = prop(around, name)
        if value is not None:
            return value
        around = parents.get(around)
    return ""


def set_prop(element: Element, name: str, value: str) -> None:
    """Set the plain attribute and take the property out of `style`, which would win over it."""
    style = _style(element)
    if style.pop(name, None) is not None:
        element.set("style", ";".join(f"{key}:{kept}" for key, kept in style.items()))
    element.set(name, value)


def dots(value: str) -> float:
    """A length in dots, with or without `px`. Raises ValueError for any other unit."""
    return float(value.strip().removesuffix("px"))


def box_of(rect: Element) -> Box:
    """The rectangle of a <rect>, in dots."""
    return Box(*(dots(rect.get(side, "0")) for side in ("x", "y", "width", "height")))


def _style(element: Element) -> dict[str, str]:
    pairs = (pair.partition(":") for pair in element.get("style", "").split(";"))
    return {name.strip(): value.strip() for name, colon, value in pairs if colon}
