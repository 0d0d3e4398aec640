"""What a printer is to the rest of the app: a profile, a status, an outcome; and what a printer language must offer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal, Protocol

from devices.ports import Port

if TYPE_CHECKING:
    from PIL import Image

StatusCode = Literal[
    "ready", "paper_near_end", "paper_out", "cover_open", "too_hot", "error", "offline", "unknown", "missing"
]
OutcomeState = Literal["confirmed", "unknown", "failed"]
Rung = Literal["process_id", "queued_status", "realtime_status", "none"]

_REFUSES = frozenset({"paper_out", "cover_open", "error", "too_hot", "offline"})
_ENDS = frozenset({"paper_out", "cover_open", "error"})  # too hot and offline go on by themselves


@dataclass(frozen=True, slots=True)
class PrinterProfile:
    """One printer of the atelier. `dots_per_mm` is 8.0 at 203 dpi, 7.09 at 180 dpi: never a constant.

    `speed_mm_s`, `darkness` (the printer's own scale), `gap_mm` (between two labels of the roll; 0: continuous paper): `None` leaves
    what was set at its buttons. Not every language has them: `Language.settings`.
    """

    name: str
    address: str
    language: str
    width_dots: int
    dots_per_mm: float
    speed_mm_s: int | None = None
    darkness: int | None = None
    gap_mm: float | None = None


def inches_a_second(speed_mm_s: int) -> int:
    """The nearest whole step of printers that count in inches (25.4 mm), at least one."""
    return max(1, round(speed_mm_s / 25.4))


@dataclass(frozen=True, slots=True)
class PrinterStatus:
    """What the printer said. No word from it is `unknown`, never `ready`. `detail` is for the log."""

    state: StatusCode
    detail: str = ""

    @property
    def refuses_label(self) -> bool:
        """A label sent now would not come out: do not send the first byte."""
        return self.state in _REFUSES

    @property
    def ends_label(self) -> bool:
        """The label on its way cannot come out whole any more."""
        return self.state in _ENDS


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """What the printer said about a label after its bytes went out. `fault` is a PrinterStatus.state or empty."""

    state: OutcomeState
    rung: Rung
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one label ended.

    confirmed: the printer acknowledged it. failed: certainly not printed whole (a fault before the first byte, or the
    printer itself reported paper out, cover open or an error). unknown: bytes went out and nobody answered for them; a
    human decides, nothing is sent again. `rung` is the highest step of the acknowledgement ladder that was reached.
    `fault` is a PrinterStatus.state, or "stalled", "lost", "missing", "busy".
    """

    state: OutcomeState
    bytes_sent: int
    bytes_total: int
    rung: Rung
    fault: str = ""


class Printer(Protocol):
    """A label printer."""

    @property
    def profile(self) -> PrinterProfile: ...

    def status(self) -> PrinterStatus:
        """Ask the printer. Never raises for a device fault."""

    def print_image(
        self, image: Image.Image, *, job_number: int, on_sent: Callable[[int, int], None] | None = None
    ) -> Outcome:
        """Print one label, a 1-bit image (white = 1) no wider than the profile; `on_sent(bytes sent, bytes total)`.

        Never raises for a device fault, never sends twice. ValueError when the image cannot be printed at all.
        """


class Conversation(Protocol):
    """The talk over one open port, in one language."""

    def status(self) -> PrinterStatus:
        """Ask the printer, before a label or without one. DeviceLost."""

    def acknowledgement_request(self, job_number: int) -> bytes:
        """Bytes to send right behind the label. Sends nothing."""

    def acknowledgement(self, job_number: int, *, printing_s: float) -> Acknowledgement:
        """Wait for the printer's word about the label; `printing_s` = what the mechanism needs for it.

        DeviceLost when the port fails before the word came.
        """

    def overheard(self) -> PrinterStatus:
        """What the printer said unasked since `status`; `unknown` if nothing. Asks nothing."""

    def forget_label(self) -> None:
        """Make the printer drop what is left of an earlier label. Never raises for a device fault."""


class Language(Protocol):
    """How to speak to a kind of printer. Stateless. `settings`: what of PrinterProfile it can say, each from … to."""

    settings: ClassVar[Mapping[str, tuple[float, float]]]

    def encode(self, image: Image.Image, profile: PrinterProfile) -> bytes:
        """The bytes of one label. ValueError for a wrong mode or a width beyond the profile."""

    def converse(self, port: Port) -> Conversation: ...
