"""What a template may say about a bundle."""

from __future__ import annotations

from dataclasses import fields

from label_templates.bundle_code import groups
from label_templates.clean_text import clean, in_its_direction
from label_templates.label import BundleLabel
from label_templates.picture import picture_data_uri

MADE_FIELDS = ("groups", "picture")


def template_fields(label: BundleLabel) -> dict[str, object]:
    """Every field of the label under its own name, texts cleaned, and two made from them.

    `groups` is the code in its four printed groups, `picture` says whether there is one that can be read.
    """
    said = {field.name: _said(getattr(label, field.name)) for field in fields(label) if field.name != "picture_png"}
    return said | {"groups": groups(label.code), "picture": _is_readable(label.picture_png)}


def _said(value: str | int) -> str | int:
    return in_its_direction(clean(value)) if isinstance(value, str) else value


def _is_readable(png: bytes | None) -> bool:
    return png is not None and picture_data_uri(png, width_dots=8, height_dots=8) is not None
