"""What every label has in common, the bundle label, and the sizes of label it is printed on."""

from __future__ import annotations

from dataclasses import dataclass


class LabelError(ValueError):
    """A label that cannot be drawn: unknown template or size, faulty template, wrong fields, too small for its codes."""


@dataclass(frozen=True, slots=True)
class Label:
    """What one label says: every field may be said by its template. Texts are free, they are cleaned.

    Fields named `picture_…` are drawn where the template has a picture slot, and are not said.
    """

    code: str

    @property
    def codes(self) -> tuple[str, ...]:
        """What the QR codes say: a square of the template takes the one of its `data-says`, the first unless it has one."""
        return (self.code,)

    @property
    def groups(self) -> tuple[str, ...]:
        """`code` as it is printed and typed: in groups of four letters."""
        return tuple(self.code[start : start + 4] for start in range(0, len(self.code), 4))


@dataclass(frozen=True, slots=True)
class BundleLabel(Label):
    """One bundle as printed. `code` is 14 letters A–Z without separator."""

    order: str
    style: str
    colour: str
    size: str
    quantity: int
    bundle_number: int
    bundle_count: int
    shade: str
    lay: str
    ply_from: int
    ply_to: int
    duplicate: int = 0
    picture_png: bytes | None = None

    @property
    def groups(self) -> tuple[str, ...]:
        """SSSS NNNN NNRR CC. Raises LabelError for anything but 14 letters."""
        if len(self.code) != 14 or not (self.code.isascii() and self.code.isalpha() and self.code.isupper()):
            raise LabelError(f"a bundle code is 14 letters A–Z, not {self.code!r:.40}")
        return self.code[:4], self.code[4:8], self.code[8:12], self.code[12:]


@dataclass(frozen=True, slots=True)
class LabelSize:
    """A label of the roll, backing paper not counted; or a card, a note or a page of a sheet."""

    name: str
    width_mm: float
    height_mm: float


SIZES: dict[str, LabelSize] = {
    "50x30": LabelSize("50x30", 50.0, 30.0),
    "58x40": LabelSize("58x40", 58.0, 40.0),
    "80x50": LabelSize("80x50", 80.0, 50.0),
}
"""Of the rolls that label printers take."""

SHEET_SIZES: dict[str, LabelSize] = {
    "85x54": LabelSize("85x54", 85.0, 54.0),
    "105x148": LabelSize("105x148", 105.0, 148.0),
    "148x210": LabelSize("148x210", 148.0, 210.0),
    "210x297": LabelSize("210x297", 210.0, 297.0),
}
"""Of what is printed on A4 and cut: a card (ISO/IEC 7810 ID-1, in whole mm), A6, A5, A4."""
