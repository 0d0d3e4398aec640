"""A report as PDF: a Typst page of ours, with what it says handed over as data, never as markup."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from typst import Fonts


def pdf_of(page: bytes, said: Mapping[str, Any], *, fonts: Path | None = None) -> bytes:
    """`page`: reads `said` by `json(bytes(sys.inputs.said))`. The same gives the same bytes; nothing is read but the fonts.

    `fonts`: a folder of more of them, behind Typst's own, for the letters those lack.
    """
    import typst

    made: Any = typst.compile(page, sys_inputs={"said": json.dumps(said)}, format="pdf", font_paths=_fonts(fonts))
    return bytes(made)


@cache
def _fonts(more: Path | None) -> "Fonts":
    from typst import Fonts

    folders: Any = [str(more)] if more else []
    return Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=folders)
