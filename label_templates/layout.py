"""Where the two codes and the words go, in whole printer dots, whatever the printer's resolution and width."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, floor

from label_templates.label import LabelError

QUIET_ZONE_MODULES = 4
CODE_MODULES = 21  # QR version 1
SIDE_MODULES = CODE_MODULES + 2 * QUIET_ZONE_MODULES
LEAST_MODULE_DOTS = 4
LEAST_MODULE_MM = 0.5
LEAST_WORDS_DOTS = 80


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

    def transform_into(self, target: Box) -> str:
        """The SVG transform that draws this box in `target`: same proportions, centred."""
        scale = self.scale_into(target)
        x_dots = target.x + (target.width - self.width * scale) / 2 - self.x * scale
        y_dots = target.y + (target.height - self.height * scale) / 2 - self.y * scale
        return f"translate({x_dots:.3f} {y_dots:.3f}) scale({scale:.5f})"


@dataclass(frozen=True, slots=True)
class Paper:
    """What the printer can print on one label."""

    width_dots: int
    height_dots: int
    dots_per_mm: float


@dataclass(frozen=True, slots=True)
class Layout:
    """A label `width_dots` × `height_dots`; a code with its quiet zone fills each lower corner, `side_dots` square."""

    width_dots: int
    height_dots: int
    module_dots: int

    @property
    def side_dots(self) -> int:
        return self.module_dots * SIDE_MODULES

    @property
    def codes(self) -> tuple[Box, Box]:
        """The lower left and the lower right corner."""
        side_dots, y_dots = self.side_dots, self.height_dots - self.side_dots
        return Box(0, y_dots, side_dots, side_dots), Box(self.width_dots - side_dots, y_dots, side_dots, side_dots)

    @property
    def places(self) -> dict[str, Box]:
        """`above`: over the codes, as wide as the label. `between`: from one code to the other."""
        y_dots = self.height_dots - self.side_dots
        return {
            "above": Box(0, 0, self.width_dots, y_dots),
            "between": Box(self.side_dots, y_dots, self.width_dots - 2 * self.side_dots, self.side_dots),
        }


def lay_out(drawn: Layout, paper: Paper) -> Layout:
    """The drawn label laid out anew for this paper.

    A module is a whole number of dots, never under 4 dots nor under 0.5 mm: what is smaller is not read once worn.
    Raises LabelError where two such codes leave no room for words.
    """
    scale = min(paper.width_dots / drawn.width_dots, paper.height_dots / drawn.height_dots)
    least_dots = max(LEAST_MODULE_DOTS, ceil(LEAST_MODULE_MM * paper.dots_per_mm - 0.1))
    module_dots = max(least_dots, floor(drawn.module_dots * scale + 1e-9))
    layout = Layout(paper.width_dots, paper.height_dots, module_dots)
    if min(layout.places["between"].width, layout.places["above"].height) < LEAST_WORDS_DOTS:
        size = f"{paper.width_dots}×{paper.height_dots}"
        raise LabelError(f"two codes of {layout.side_dots} dots leave no room for words on {size} dots")
    return layout
