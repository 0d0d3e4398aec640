"""A label after a day on the floor, seen by a camera: seeded, so that a failure comes back."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

CLOTH_GRAY = 110
CORNERS = ("top left", "top right", "bottom left", "bottom right")


def torn(image: Image.Image, corner: str, *, share: float) -> Image.Image:
    """The label with a corner gone: a triangle of `share` of its surface, of the label's own proportions."""
    paper = image.convert("L")
    width, height = paper.size
    legs = (2 * share) ** 0.5
    x, y = (0 if "left" in corner else width), (0 if "top" in corner else height)
    along_x = x + (1 if x == 0 else -1) * legs * width
    along_y = y + (1 if y == 0 else -1) * legs * height
    ImageDraw.Draw(paper).polygon([(x, y), (along_x, y), (x, along_y)], fill=CLOTH_GRAY)
    return paper


def scratched(image: Image.Image, *, seed: int) -> Image.Image:
    """A week on the floor: one or two scratches of up to 0.75 mm, and dots the head lost; nothing torn."""
    chance = np.random.default_rng(seed)
    paper = image.convert("L")
    pen = ImageDraw.Draw(paper)
    for _ in range(int(chance.integers(1, 3))):
        x, y = chance.uniform(0, paper.width), chance.uniform(0, paper.height)
        angle, length = chance.uniform(0, np.pi), chance.uniform(0.4, 0.9) * paper.width
        across, down = np.cos(angle) * length / 2, np.sin(angle) * length / 2
        pen.line((x - across, y - down, x + across, y + down), fill=235, width=int(chance.integers(2, 7)))
    for column in chance.integers(0, paper.width, size=int(chance.integers(0, 4))):
        pen.line((int(column), 0, int(column), paper.height), fill=255)
    return paper


def photographed(image: Image.Image, *, seed: int) -> Image.Image:
    """Grown dots, any angle, blur and noise; on cloth, one dot about two camera pixels wide."""
    chance = np.random.default_rng(seed)
    paper = image.convert("L")
    if chance.random() < 0.5:
        paper = Image.blend(paper, paper.filter(ImageFilter.MinFilter(3)), 0.4)
    cloth = Image.new("L", (paper.width + 80, paper.height + 80), CLOTH_GRAY)
    cloth.paste(paper, (40, 40))
    seen = cloth.resize((2 * cloth.width, 2 * cloth.height), Image.Resampling.BICUBIC)
    angle = float(chance.uniform(0, 360))
    seen = seen.rotate(angle, Image.Resampling.BICUBIC, expand=True, fillcolor=CLOTH_GRAY)
    seen = seen.filter(ImageFilter.GaussianBlur(float(chance.uniform(1.0, 2.2))))
    noisy = np.asarray(seen, dtype=np.float64) * 0.8 + 20 + chance.normal(0, 10, (seen.height, seen.width))
    return Image.fromarray(noisy.clip(0, 255).astype(np.uint8))
