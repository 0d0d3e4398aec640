"""What a template may say about a label."""

from __future__ import annotations

from dataclasses import fields
from typing import TypeAlias

from label_templates.clean_text import clean, in_its_direction
from label_templates.label import Label
from label_templates.picture import picture_data_uri

MADE_FIELDS = ("groups", "picture")
DRAWN_FIELDS = ("picture_png", "picture_svg")

Said: TypeAlias = "str | int | tuple[Said, ...]"


def template_fields(label: Label) -> dict[str, object]:
    """Every field of the label under its own name, texts cleaned, and two made from them.

    `groups` is the code in its printed groups, `picture` says whether there is one that can be read.
    """
    said: dict[str, object] = {
        field.name: _said(getattr(label, field.name)) for field in fields(label) if field.name not in DRAWN_FIELDS
    }
    return said | {"groups": label.groups, "picture": _has_picture(label)}


def _said(value: Said) -> Said:
    if isinstance(value, tuple):
        return tuple(_said(part) for part in value)
    return in_its_direction(clean(value)) if isinstance(value, str) else value


def _has_picture(label: Label) -> bool:
    png: bytes | None = getattr(label, "picture_png", None)
    if png is not None:
        return picture_data_uri(png, width_dots=8, height_dots=8) is not None
    return bool(getattr(label, "picture_svg", ""))
