"""The drawings there are: one file for each size a label is drawn in, and where a printer is narrow, for that."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from label_templates.kinds import KINDS
from label_templates.label import LabelSize
from label_templates.layout import Paper
from label_templates.render import ALL_SIZES, NARROW, TEMPLATES, drawing_name


@dataclass(frozen=True, slots=True)
class TemplateFile:
    """One drawing: `bundle.58x40-narrow` is `bundle` on labels of 58x40, for printers that print much less than the roll."""

    name: str
    template: str
    size: LabelSize
    narrow: bool

    @property
    def filename(self) -> str:
        return f"{self.name}.svg"

    @property
    def ours(self) -> Path:
        return TEMPLATES / self.filename

    def is_for(self, paper: Paper) -> bool:
        """Whether a label of this kind and size is drawn from this file on such a paper."""
        return drawing_name(self.template, self.size.name, paper) == self.name


def template_files() -> dict[str, TemplateFile]:
    """Every drawing that labels are printed from, by name: kind after kind, the smallest first."""
    drawings = [
        TemplateFile(f"{template}.{size.name}{suffix}", template, size, bool(suffix))
        for template in KINDS
        for size in ALL_SIZES.values()
        for suffix in ("", NARROW)
    ]
    return {drawing.name: drawing for drawing in drawings if drawing.ours.is_file()}
