"""The layout of cards, notes and sheets: everything where it is drawn, as large as the paper allows; codes on whole dots."""

from __future__ import annotations

from collections.abc import Sequence

from label_templates.label import LabelError
from label_templates.layout import Box, CodeBox, CodeSlot, Layout, Paper, whole_dots
from label_templates.qr_code import side_modules

PAGE = "page"


def lay_out_freely(drawn: Box, slots: Sequence[CodeSlot], paper: Paper, *, codes: Sequence[str]) -> Layout:
    """A square for a code the label does not have stays empty. Raises LabelError for a code without a square, or too small."""
    target = Box(0, 0, paper.width_dots, paper.height_dots)
    used = [slot for slot in slots if slot.says < len(codes)]
    if {slot.says for slot in used} != set(range(len(codes))):
        raise LabelError(f"each of {len(codes)} codes needs a square data-slot='code' with its number in data-says")
    return Layout(
        tuple(_placed(slot, drawn, target, paper, codes[slot.says]) for slot in used), {PAGE: (drawn, target)}
    )


def _placed(slot: CodeSlot, drawn: Box, target: Box, paper: Paper, says: str) -> CodeBox:
    scale, (x_dots, y_dots) = drawn.scale_into(target), drawn.corner_in(target)
    box = Box(x_dots + slot.box.x * scale, y_dots + slot.box.y * scale, slot.box.width * scale, slot.box.height * scale)
    return whole_dots(CodeSlot(box, slot.says), says=says, modules=side_modules(says), paper=paper)
