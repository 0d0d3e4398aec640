"""What a scanner read."""

from dataclasses import dataclass
from typing import Literal

EndedBy = Literal["suffix", "silence", "prefix"]


@dataclass(frozen=True, slots=True)
class Barcode:
    """One frame of a scanner.

    `text`: ASCII, at most 256 characters, AIM identifier taken off; 0x1D (GS1 FNC1) is kept, frame ends never are.
    `symbology`: AIM identifier without "]" (ISO/IEC 15424), e.g. "Q1" for QR; "" when the scanner sends none.
    `fault`: "" | "not_ascii" | "too_long". A frame that cannot be a code is delivered too, with an empty text, because
    the operator heard the scanner beep and must hear an answer.
    `ended_by`: "suffix" (CR, LF, TAB, ETX, NUL); "silence", 150 ms of it; "prefix", the STX of the next frame. A scanner
    whose codes are never ended by a suffix is set up without one: each code comes late, and two fast ones come glued.
    """

    text: str
    symbology: str = ""
    fault: str = ""
    ended_by: EndedBy = "suffix"
