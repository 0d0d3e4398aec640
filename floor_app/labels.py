"""A bundle as its label says it."""

import sqlite_utils

from floor_app.store import pictures
from floor_app.store.bundles import BundleCard
from label_templates.label import BundleLabel


def pictured_label(db: sqlite_utils.Database, card: BundleCard, *, duplicate: int = 0) -> BundleLabel:
    """`label_of`, with the picture of its style where it is here."""
    return label_of(card, duplicate=duplicate, picture_png=pictures.png_of_style(db, card.style))


def label_of(card: BundleCard, *, duplicate: int = 0, picture_png: bytes | None = None) -> BundleLabel:
    """`duplicate` 0 for the first label, n for « DUPLICATA n »."""
    return BundleLabel(
        code=card.code,
        order=card.order,
        style=card.style,
        colour=card.colour,
        size=card.size,
        quantity=card.quantity,
        bundle_number=card.number,
        bundle_count=card.bundle_count,
        shade=card.shade,
        lay=str(card.lay),
        ply_from=card.ply_from,
        ply_to=card.ply_to,
        duplicate=duplicate,
        picture_png=picture_png,
    )
