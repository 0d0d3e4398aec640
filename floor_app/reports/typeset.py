"""A report as PDF, with our fonts behind Typst's own for the letters those lack (Arabic, Cyrillic)."""

from collections.abc import Mapping
from typing import Any

from groundwork import typeset


def pdf_of(page: bytes, said: Mapping[str, Any]) -> bytes:
    """`page`: reads `said` by `json(bytes(sys.inputs.said))`. The same gives the same bytes."""
    from label_templates.resvg import FONTS

    return typeset.pdf_of(page, said, fonts=FONTS)
