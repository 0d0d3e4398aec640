"""A QR code in whole dots (ISO/IEC 18004): as small a version as holds the text, at the highest level that costs no larger one.

The 14 letters of a bundle are version 1 level Q, the 8 letters of a command card version 1 level H.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal

from label_templates.label import LabelError

if TYPE_CHECKING:
    from PIL.Image import Image
    from qrcode.main import QRCode

QUIET_ZONE_MODULES = 4
LONGEST_BYTES = 600  # version 18 at level L: at 4 dots per module it fills 5 cm

Matrix = tuple[tuple[bool, ...], ...]


def side_modules(text: str) -> int:
    """Modules along one side, quiet zone included. Raises LabelError for an empty text and for one too long."""
    return len(_matrix(text)) + 2 * QUIET_ZONE_MODULES


def code_image(text: str, *, module_dots: int) -> Image:
    """The QR in its quiet zone, mode "1", `module_dots` dots per module."""
    from PIL import Image

    matrix = _matrix(text)
    modules = Image.new("1", (side_modules(text), side_modules(text)), 255)
    inner = Image.new("1", (len(matrix), len(matrix)))
    inner.putdata([0 if black else 255 for row in matrix for black in row])
    modules.paste(inner, (QUIET_ZONE_MODULES, QUIET_ZONE_MODULES))
    side_dots = side_modules(text) * module_dots
    return modules.resize((side_dots, side_dots), Image.Resampling.NEAREST)


def code_path(text: str, *, module_dots: int) -> str:
    """SVG path data of the QR, shifted by its quiet zone: one square per black module."""
    m = module_dots
    return "".join(
        f"M{(QUIET_ZONE_MODULES + column) * m} {(QUIET_ZONE_MODULES + row) * m}h{m}v{m}h-{m}z"
        for row, modules in enumerate(_matrix(text))
        for column, black in enumerate(modules)
        if black
    )


@lru_cache(maxsize=1024)
def _matrix(text: str) -> Matrix:
    from qrcode.constants import ERROR_CORRECT_H, ERROR_CORRECT_L, ERROR_CORRECT_M, ERROR_CORRECT_Q

    if not 0 < len(text.encode()) <= LONGEST_BYTES:
        raise LabelError(f"a code says 1 to {LONGEST_BYTES} bytes, not {len(text.encode())}")
    loosest = _fitted(text, ERROR_CORRECT_L)
    stricter = (_fitted(text, level) for level in (ERROR_CORRECT_H, ERROR_CORRECT_Q, ERROR_CORRECT_M))
    code = next((code for code in stricter if code.version == loosest.version), loosest)
    code.make(fit=False)
    return tuple(tuple(row) for row in code.get_matrix())


def _fitted(text: str, level: Literal[0, 1, 2, 3]) -> QRCode[Any]:
    from qrcode.main import QRCode

    code: QRCode[Any] = QRCode(error_correction=level, border=0)
    code.add_data(text)
    return code
