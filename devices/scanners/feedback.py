"""Good or bad, heard and seen on the scanner itself: the operator looks at the cloth, not at a screen.

A scanner takes bytes for orders (on a Datalogic one letter switches it off), so nothing but the documented orders of the
maker named in floor.toml is ever sent, and nothing at all where none is named. Keyboard mode has no way back.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

_SSI_HOST, _SSI_SCANNER = 0x04, 0x00
_SSI_BEEP, _SSI_ACK, _SSI_NAK = 0xE6, 0xD0, 0xD1
_SSI_ONE_SHORT_HIGH, _SSI_ONE_LONG_LOW = 0x00, 0x0F
_SSI_REASONS = (0x01, 0x02, 0x06)  # send again, not now, denied


class Feedback(Protocol):
    """How one maker's scanners are told. An empty order is not sent."""

    @property
    def replies(self) -> tuple[bytes, ...]:
        """What the scanner says back to an order, to be told from what it reads; first the consenting one."""

    def good(self) -> bytes: ...
    def bad(self) -> bytes: ...


@dataclass(frozen=True, slots=True)
class FixedOrders:
    """Orders that are always the same bytes."""

    good_order: bytes = b""
    bad_order: bytes = b""
    replies: tuple[bytes, ...] = ()

    def good(self) -> bytes:
        return self.good_order

    def bad(self) -> bytes:
        return self.bad_order


def ssi_frame(opcode: int, payload: bytes = b"", *, source: int = _SSI_HOST) -> bytes:
    """A packet of Zebra's Simple Serial Interface (programmer's guide 72E-40451): length, opcode, source, status 0,
    payload, then the two's complement of the sum of all these, high byte first."""
    packet = bytes([4 + len(payload), opcode, source, 0]) + payload
    return packet + (-sum(packet) & 0xFFFF).to_bytes(2, "big")


NO_FEEDBACK = FixedOrders()

MODELS: Mapping[str, Feedback] = {
    # PowerScan and Magellan reference guides, "Host commands" (RS-232 and USB-COM): B sounds the good read tone; F sounds
    # "not on file" and stops the scanner from reading until E, which therefore goes with it.
    "datalogic": FixedOrders(b"B", b"FE"),
    # Xenon and Granit user's guides, "Host ACK": ESC 7 and ESC 8, each ended by a comma. With Host ACK on, the scanner is
    # silent and reads nothing until it is told, 10 s at most.
    "honeywell": FixedOrders(b"\x1b7,", b"\x1b8,"),
    # SSI over RS-232 or USB-CDC, with the factory's "raw decode data": codes come as on any serial line.
    "zebra": FixedOrders(
        ssi_frame(_SSI_BEEP, bytes([_SSI_ONE_SHORT_HIGH])),
        ssi_frame(_SSI_BEEP, bytes([_SSI_ONE_LONG_LOW])),
        replies=(
            ssi_frame(_SSI_ACK, source=_SSI_SCANNER),
            *(ssi_frame(_SSI_NAK, bytes([reason]), source=_SSI_SCANNER) for reason in _SSI_REASONS),
        ),
    ),
}


class ReplyFilter:
    """Takes the scanner's replies out of its bytes: read as a code, each would be answered, and so be told, for ever."""

    def __init__(self, feedback: Feedback) -> None:
        self._replies = feedback.replies
        self._held = b""

    def feed(self, data: bytes) -> bytes:
        """`data` without replies; what may be the first part of one is held back until the rest comes."""
        data = self._held + data
        for reply in self._replies:
            data = data.replace(reply, b"")
        begun = max(
            (size for reply in self._replies for size in range(1, len(reply)) if data.endswith(reply[:size])), default=0
        )
        self._held = data[len(data) - begun :]
        return data[: len(data) - begun]
