"""Attributes of an SVG drawn by others: nothing that runs, nothing from elsewhere, no number a label has no room for."""

from __future__ import annotations

import re
from math import isfinite

from label_templates.safe_jinja import has_jinja
from label_templates.svg_attributes import dots

LARGEST_NUMBER = 100_000.0
MOST_PIXELS = 4_000_000
LONGEST_TEXT = 400
SAYING = frozenset({"data-text", "display", "data-width", "data-least"})
"""Where fields may stand. All else is plain, so that drawing programs understand it."""

_PNG = "data:image/png;base64,"
_FREE = frozenset({"id", "class", "font-family", "aria-label"})
_READ_AS_NUMBERS = {
    "text": ("x", "y"),
    "rect": ("x", "y", "width", "height"),
}
_AT_LEAST_ONE = ("data-width", "data-least")
_HERE = re.compile(r"#[\w.:-]+")
_URL = re.compile(r"url\s*\(\s*(['\"]?)(.*?)\1\s*\)", re.IGNORECASE | re.DOTALL)
_ELSEWHERE = re.compile(r"(?:https?|ftp|file|javascript|vbscript|data|blob)\s*:|@|\\|expression\s*\(", re.IGNORECASE)
_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?", re.IGNORECASE)
_NO_NUMBER = re.compile(r"(?<![\w-])[-+]?(?:nan|inf|infinity)(?![\w-])", re.IGNORECASE)


def attribute_fault(tag: str, name: str, value: str) -> str:
    """The code of what is wrong with an attribute that has no namespace (or with `href` of xlink); "" if nothing."""
    if name.lower().startswith("on"):
        return "event"
    if name == "href":
        return _href_fault(tag, value)
    if name == "data-text":
        return "text_long" if len(value) > LONGEST_TEXT else ""
    if _from_elsewhere(value):
        return "reference"
    return "" if has_jinja(value) else _number_fault(tag, name, value)


def _href_fault(tag: str, value: str) -> str:
    if _HERE.fullmatch(value.strip()):
        return ""
    if tag != "image" or not value.strip().startswith(_PNG):
        return "reference"
    return "" if _is_png(value.strip().removeprefix(_PNG)) else "picture"


def _is_png(encoded: str) -> bool:
    """A whole PNG of at most 4 million pixels: what is declared larger fills the memory when it is unpacked."""
    import struct
    from base64 import b64decode
    from io import BytesIO

    from PIL import Image

    try:
        with Image.open(BytesIO(b64decode("".join(encoded.split()), validate=True)), formats=["PNG"]) as picture:
            small = picture.width * picture.height <= MOST_PIXELS
            picture.verify()
    except (OSError, ValueError, SyntaxError, EOFError, struct.error, Image.DecompressionBombError):
        return False
    return small


def _from_elsewhere(value: str) -> bool:
    outside = [target for _, target in _URL.findall(value) if not _HERE.fullmatch(target.strip())]
    rest = _URL.sub("", value)
    return bool(outside) or "url(" in rest.lower().replace(" ", "") or _ELSEWHERE.search(rest) is not None


def _number_fault(tag: str, name: str, value: str) -> str:
    if name in _READ_AS_NUMBERS.get(tag, ()) or name in _AT_LEAST_ONE:
        return "" if _is_length(value, least=1.0 if name in _AT_LEAST_ONE else -LARGEST_NUMBER) else "number"
    if name == "data-says":
        return "" if re.fullmatch(r"\d", value) else "number"
    if not _is_length(_font_size(name, value), least=1.0):
        return "font_size"
    return "" if name in _FREE or _numbers_fit(value) else "number"


def _font_size(name: str, value: str) -> str:
    """The font size this attribute sets, plain or inside `style`; any other is none of its business."""
    pairs = (pair.partition(":") for pair in value.split(";") if name == "style")
    return value if name == "font-size" else next((size for key, _, size in pairs if key.strip() == "font-size"), "1")


def _is_length(value: str, *, least: float) -> bool:
    try:
        length = dots(value)
    except ValueError:
        return False
    return isfinite(length) and least <= length <= LARGEST_NUMBER and "_" not in value


def _numbers_fit(value: str) -> bool:
    plain = re.sub(r"#[\w.:-]+", " ", value)  # colours and names
    return not _NO_NUMBER.search(plain) and all(
        abs(float(number)) <= LARGEST_NUMBER for number in _NUMBER.findall(plain)
    )
