"""A QR code as one SVG path: drawn in the page itself, so that a link's secret is in no other address."""

from dataclasses import dataclass

QUIET_MODULES = 4


@dataclass(frozen=True, slots=True)
class QrDrawing:
    """`side`: modules, quiet zone included. `path`: the dark ones, as an SVG path in modules."""

    side: int
    path: str


def draw_qr(text: str) -> QrDrawing:
    """Level M, as small a version as holds the text (ISO/IEC 18004)."""
    import qrcode  # not at import: it brings Pillow along, a twelfth of the service's start

    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, border=QUIET_MODULES)
    code.add_data(text)
    rows = code.get_matrix()
    dark = (f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, is_dark in enumerate(row) if is_dark)
    return QrDrawing(len(rows), "".join(dark))
