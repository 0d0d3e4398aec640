"""What a bundle label says, and the sizes of label it is printed on."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class BundleLabel:
    """One bundle as printed. Texts are free (they are cleaned); `code` is 14 letters A–Z without separator."""

    code: str
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


@dataclass(frozen=True, slots=True)
class LabelSize:
    """A label of the roll, backing paper not counted."""

    name: str
    width_mm: float
    height_mm: float


SIZES: dict[str, LabelSize] = {
    "50x30": LabelSize("50x30", 50.0, 30.0),
    "58x40": LabelSize("58x40", 58.0, 40.0),
    "80x50": LabelSize("80x50", 80.0, 50.0),
}


class LabelError(ValueError):
    """A label that cannot be drawn: unknown template or size, faulty template, label too small for two codes."""
