"""The bundle code as a QR in whole dots: ISO/IEC 18004 version 1 level Q, alphanumeric (16 characters fit)."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from label_templates.label import LabelError
from label_templates.layout import CODE_MODULES, QUIET_ZONE_MODULES, SIDE_MODULES

if TYPE_CHECKING:
    from PIL.Image import Image

Matrix = tuple[tuple[bool, ...], ...]


def groups(code: str) -> tuple[str, str, str, str]:
    """The code as it is printed and typed: SSSS NNNN NNRR CC. Raises LabelError for anything but 14 letters."""
    if len(code) != 14 or not (code.isascii() and code.isalpha() and code.isupper()):
        raise LabelError(f"a bundle code is 14 letters A–Z, not {code!r:.40}")
    return code[:4], code[4:8], code[8:12], code[12:]


def code_image(code: str, *, module_dots: int) -> Image:
    """The QR in its quiet zone, mode "1", `module_dots` dots per module."""
    from PIL import Image

    modules = Image.new("1", (SIDE_MODULES, SIDE_MODULES), 255)
    inner = Image.new("1", (CODE_MODULES, CODE_MODULES))
    inner.putdata([0 if black else 255 for row in _matrix(code) for black in row])
    modules.paste(inner, (QUIET_ZONE_MODULES, QUIET_ZONE_MODULES))
    side_dots = SIDE_MODULES * module_dots
    return modules.resize((side_dots, side_dots), Image.Resampling.NEAREST)


def code_path(code: str, *, module_dots: int) -> str:
    """SVG path data of the QR, shifted by its quiet zone: one square per black module."""
    m = module_dots
    return "".join(
        f"M{(QUIET_ZONE_MODULES + column) * m} {(QUIET_ZONE_MODULES + row) * m}h{m}v{m}h-{m}z"
        for row, modules in enumerate(_matrix(code))
        for column, black in enumerate(modules)
        if black
    )


@lru_cache(maxsize=1024)
def _matrix(code: str) -> Matrix:
    from qrcode.constants import ERROR_CORRECT_Q
    from qrcode.main import QRCode

    qr = QRCode(version=1, error_correction=ERROR_CORRECT_Q, border=0)
    qr.add_data("".join(groups(code)))
    qr.make(fit=False)
    return tuple(tuple(row) for row in qr.get_matrix())
