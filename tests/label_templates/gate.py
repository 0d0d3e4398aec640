"""The gate every label passes: read it as a scanner does, then measure its codes on the pixels."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import zxingcpp
from numpy.typing import NDArray
from PIL import Image

CODE_MODULES = 21
QUIET_ZONE_MODULES = 4
LEAST_MODULE_DOTS = 4
LEAST_MODULE_MM = 0.5

QR_ONLY = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode])

Ink = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Symbol:
    """A code found on a label: its text and the square of its modules, in dots."""

    text: str
    left: int
    top: int
    right: int
    bottom: int


def read_codes(image: Image.Image) -> list[str]:
    """What a scanner set to QR alone reads on this image, in no order."""
    gray = np.asarray(image.convert("L"))
    return [found.text for found in zxingcpp.read_barcodes(gray, formats=QR_ONLY)]


def levels(image: Image.Image) -> list[str]:
    """Error correction level of each code."""
    return [found.ec_level for found in zxingcpp.read_barcodes(np.asarray(image.convert("L")), formats=QR_ONLY)]


def faults(image: Image.Image, code: str, *, dots_per_mm: float) -> list[str]:
    """What is wrong with a label as it goes to the printer; empty for one that may be printed."""
    found = symbols(image)
    wrong = [f"reads {symbol.text}" for symbol in found if symbol.text != code]
    if len(found) != 2:
        wrong.append(f"{len(found)} codes instead of 2")
    return wrong + [fault for symbol in found for fault in _measured(~np.asarray(image), symbol, dots_per_mm)]


def code_faults(image: Image.Image, *, dots_per_mm: float) -> list[str]:
    """The same for a paper with any number of codes of any size, whatever they say."""
    ink = ~np.asarray(image)
    return [fault for symbol in symbols(image) for fault in _measured(ink, symbol, dots_per_mm, _modules(ink, symbol))]


def symbols(image: Image.Image) -> list[Symbol]:
    gray = np.asarray(image.convert("L"))
    found = zxingcpp.read_barcodes(gray, formats=QR_ONLY)
    return [_symbol(barcode, gray < 128) for barcode in found]


def _symbol(barcode: zxingcpp.Barcode, ink: Ink) -> Symbol:
    """The exact square: finder patterns touch all four sides, so it is the ink within the corners the reader gives."""
    corners = barcode.position
    xs = [point.x for point in (corners.top_left, corners.top_right, corners.bottom_left, corners.bottom_right)]
    ys = [point.y for point in (corners.top_left, corners.top_right, corners.bottom_left, corners.bottom_right)]
    left, top = max(0, min(xs) - 2), max(0, min(ys) - 2)
    inside = ink[top : max(ys) + 3, left : max(xs) + 3]
    columns, rows = np.flatnonzero(inside.any(axis=0)), np.flatnonzero(inside.any(axis=1))
    return Symbol(
        barcode.text, left + int(columns[0]), top + int(rows[0]), left + int(columns[-1]) + 1, top + int(rows[-1]) + 1
    )


def _modules(ink: Ink, symbol: Symbol) -> int:
    """Along one side: the first row begins with the seven black modules of a finder pattern (ISO/IEC 18004)."""
    row = ink[symbol.top, symbol.left : symbol.right]
    seven = int(np.argmin(row))
    return round(7 * row.size / seven)


def _measured(ink: Ink, symbol: Symbol, dots_per_mm: float, modules: int = CODE_MODULES) -> list[str]:
    width, height = symbol.right - symbol.left, symbol.bottom - symbol.top
    if width != height or width % modules:
        return [f"{width}×{height} dots are not {modules} whole modules"]
    module = width // modules
    wrong = []
    if module < LEAST_MODULE_DOTS or module / dots_per_mm < LEAST_MODULE_MM - 0.02:
        wrong.append(f"modules of {module} dots, {module / dots_per_mm:.2f} mm")
    blocks = ink[symbol.top : symbol.bottom, symbol.left : symbol.right].reshape(modules, module, modules, -1)
    if (blocks != blocks[:, :1, :, :1]).any():
        wrong.append("a module is not of one colour")
    quiet = quiet_zone_modules(ink, symbol, modules)
    if quiet < QUIET_ZONE_MODULES:
        wrong.append(f"quiet zone of {quiet} modules")
    return wrong


def quiet_zone_modules(ink: Ink, symbol: Symbol, modules: int = CODE_MODULES) -> int:
    """How many modules around the code are white on all sides and still on the label, at most 4."""
    module = (symbol.right - symbol.left) // modules
    for quiet in range(QUIET_ZONE_MODULES, 0, -1):
        margin = quiet * module
        left, top, right, bottom = (
            symbol.left - margin,
            symbol.top - margin,
            symbol.right + margin,
            symbol.bottom + margin,
        )
        if left < 0 or top < 0 or right > ink.shape[1] or bottom > ink.shape[0]:
            continue
        around = ink[top:bottom, left:right].copy()
        around[margin:-margin, margin:-margin] = False
        if not around.any():
            return quiet
    return 0
