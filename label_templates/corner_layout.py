"""The layout of bundle labels: a code in each lower corner, words over and between them, laid out anew for each paper."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import floor

from label_templates.label import LabelError
from label_templates.layout import Box, CodeBox, CodeSlot, Layout, Paper

LEAST_WORDS_DOTS = 80
PLACES = ("above", "between")


@dataclass(frozen=True, slots=True)
class Corners:
    """A label `width_dots` × `height_dots`; a code with its quiet zone fills each lower corner, `side_dots` square."""

    width_dots: int
    height_dots: int
    module_dots: int
    modules: int

    @property
    def side_dots(self) -> int:
        return self.module_dots * self.modules

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


def lay_out_in_corners(drawn: Box, slots: Sequence[CodeSlot], paper: Paper, *, says: str, modules: int) -> Layout:
    """The drawn label laid out for this paper. Raises LabelError where two codes leave no room for words."""
    corners = _drawn_corners(drawn, slots, modules)
    target = _on_paper(corners, paper)
    codes = (CodeBox(int(box.x), int(box.y), target.module_dots, modules, says) for box in target.codes)
    return Layout(tuple(codes), {name: (corners.places[name], target.places[name]) for name in PLACES})


def _drawn_corners(drawn: Box, slots: Sequence[CodeSlot], modules: int) -> Corners:
    found = {slot.box for slot in slots}
    module_dots = round(next(iter(found)).width / modules) if found else 0
    corners = Corners(int(drawn.width), int(drawn.height), module_dots, modules)
    if found != set(corners.codes):
        raise LabelError(f"two squares data-slot='code' of a multiple of {modules} dots go in the lower corners")
    return corners


def _on_paper(drawn: Corners, paper: Paper) -> Corners:
    scale = min(paper.width_dots / drawn.width_dots, paper.height_dots / drawn.height_dots)
    module_dots = max(paper.least_module_dots, floor(drawn.module_dots * scale + 1e-9))
    corners = Corners(paper.width_dots, paper.height_dots, module_dots, drawn.modules)
    if min(corners.places["between"].width, corners.places["above"].height) < LEAST_WORDS_DOTS:
        size = f"{paper.width_dots}×{paper.height_dots}"
        raise LabelError(f"two codes of {corners.side_dots} dots leave no room for words on {size} dots")
    return corners
