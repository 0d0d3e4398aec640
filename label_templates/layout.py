"""Where codes and words go, in whole printer dots, whatever the printer's resolution and width."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil, floor

from label_templates.label import LabelError

LEAST_MODULE_DOTS = 4
LEAST_MODULE_MM = 0.5


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in dots, from its upper left corner."""

    x: float
    y: float
    width: float
    height: float

    def scale_into(self, target: Box) -> float:
        """How much larger this box may be drawn in `target`, its proportions kept."""
        return min(target.width / self.width, target.height / self.height)

    def corner_in(self, target: Box) -> tuple[float, float]:
        """Where the point (0, 0) comes to lie when this box is drawn in `target`: same proportions, centred."""
        scale = self.scale_into(target)
        x_dots = target.x + (target.width - self.width * scale) / 2 - self.x * scale
        y_dots = target.y + (target.height - self.height * scale) / 2 - self.y * scale
        return x_dots, y_dots

    def transform_into(self, target: Box) -> str:
        """The SVG transform that draws this box in `target`."""
        x_dots, y_dots = self.corner_in(target)
        return f"translate({x_dots:.3f} {y_dots:.3f}) scale({self.scale_into(target):.5f})"


@dataclass(frozen=True, slots=True)
class Paper:
    """What the printer can print on one label."""

    width_dots: int
    height_dots: int
    dots_per_mm: float

    @property
    def least_module_dots(self) -> int:
        """Never under 4 dots nor under 0.5 mm: what is smaller is not read once worn."""
        return max(LEAST_MODULE_DOTS, ceil(LEAST_MODULE_MM * self.dots_per_mm - 0.1))


@dataclass(frozen=True, slots=True)
class CodeSlot:
    """A square of the drawing for a code with its quiet zone. `says`: which of the label's codes."""

    box: Box
    says: int = 0


@dataclass(frozen=True, slots=True)
class CodeBox:
    """Where a code comes to lie, quiet zone included: whole dots. `says`: its text."""

    x: int
    y: int
    module_dots: int
    modules: int
    says: str

    @property
    def width(self) -> int:
        return self.module_dots * self.modules

    @property
    def height(self) -> int:
        return self.width


@dataclass(frozen=True, slots=True)
class Layout:
    """`places`: name of a group (`data-place`) → (its box as drawn, its box on this paper)."""

    codes: tuple[CodeBox, ...]
    places: Mapping[str, tuple[Box, Box]]


def whole_dots(slot: CodeSlot, *, says: str, modules: int, paper: Paper) -> CodeBox:
    """The code as large as its square allows, centred in it. Raises LabelError where it would be too small to be read."""
    side_dots = min(slot.box.width, slot.box.height)
    module_dots = floor(side_dots / modules + 1e-9)
    if module_dots < paper.least_module_dots:
        least_dots = modules * paper.least_module_dots
        raise LabelError(f"a code of {modules} modules needs a square of {least_dots} dots, it has {side_dots:.0f}")
    left_dots = round(slot.box.x + (slot.box.width - module_dots * modules) / 2)
    top_dots = round(slot.box.y + (slot.box.height - module_dots * modules) / 2)
    return CodeBox(left_dots, top_dots, module_dots, modules, says)
