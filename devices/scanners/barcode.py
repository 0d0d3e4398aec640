"""What a scanner read."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Barcode:
    """One frame of a scanner.

    `text`: ASCII, at most 256 characters, AIM identifier taken off; 0x1D (GS1 FNC1) is kept, frame ends never are.
    `symbology`: AIM identifier without "]" (ISO/IEC 15424), e.g. "Q1" for QR; "" when the scanner sends none.
    `fault`: "" | "not_ascii" | "too_long". A frame that cannot be a code is delivered too, with an empty text, because
    the operator heard the scanner beep and must hear an answer.
    """

    text: str
    symbology: str = ""
    fault: str = ""
