"""Bundles and printers the label tests share."""

from __future__ import annotations

import random
from dataclasses import replace
from io import BytesIO
from typing import Any

from PIL import Image, ImageDraw

from label_templates.render import BundleLabel

LETTERS = "BCDFGHJKLNPRSTVX"
CODE = "BCDFGHJKLNPRST"

# size, dots per mm, printable dots: what the printers of the trade print (203, 180 and 300 dpi; 58 and 80 mm heads)
PRINTERS: list[tuple[str, float, int | None]] = [
    ("50x30", 8.0, None),
    ("50x30", 8.0, 384),
    ("50x30", 7.087, None),
    ("50x30", 11.8, None),
    ("58x40", 8.0, None),
    ("58x40", 8.0, 384),
    ("58x40", 7.087, 340),
    ("58x40", 11.8, None),
    ("80x50", 8.0, None),
    ("80x50", 8.0, 576),
    ("80x50", 7.087, 512),
    ("80x50", 11.8, 850),
]


BUNDLE = BundleLabel(
    code=CODE,
    order="OF-2026-0117",
    style="Blouse infirmière",
    colour="Bleu pétrole",
    size="XL",
    quantity=20,
    bundle_number=3,
    bundle_count=24,
    shade="B3",
    lay="12",
    ply_from=1,
    ply_to=20,
)


def bundle(**changes: Any) -> BundleLabel:
    return replace(BUNDLE, **changes)


def random_code(seed: int) -> str:
    return "".join(random.Random(seed).choices(LETTERS, k=14))


def picture() -> bytes:
    """A shirt on a transparent ground, as a drawing program exports it."""
    image = Image.new("RGBA", (300, 300), (0, 0, 0, 0))
    shirt = [(100, 20), (200, 20), (285, 90), (215, 115), (215, 285), (85, 285), (85, 115), (15, 90)]
    ImageDraw.Draw(image).polygon(shirt, fill=(70, 110, 170, 255), outline=(0, 0, 0, 255), width=8)
    buffer = BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()
