"""A report as PDF on A4: a Typst page of ours, with what it says handed over as data, never as markup."""

import json
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from typst import Fonts


def pdf_of(page: bytes, said: Mapping[str, Any]) -> bytes:
    """`page`: reads `said` by `json(bytes(sys.inputs.said))`. The same gives the same bytes; nothing is read but our fonts."""
    import typst

    made: Any = typst.compile(page, sys_inputs={"said": json.dumps(said)}, format="pdf", font_paths=_fonts())
    return bytes(made)


@cache
def _fonts() -> "Fonts":
    """Typst's own text fonts, and ours behind them for the letters those lack (Arabic, Cyrillic)."""
    from typst import Fonts

    from label_templates.resvg import FONTS

    return Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[str(FONTS)])
