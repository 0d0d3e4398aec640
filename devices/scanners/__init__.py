"""Scanners: where barcodes come from. A kind is one file here and one line in SCANNERS."""

from collections.abc import Callable
from typing import Protocol

from devices.scanners.barcode import Barcode
from devices.scanners.network import NetworkScanner
from devices.scanners.serial_line import SerialLine

__all__ = ["SCANNERS", "Barcode", "NetworkScanner", "Scanner", "SerialLine", "scanner_at"]


class Scanner(Protocol):
    """One scanner, used by one thread: open, read again and again, close; after DeviceLost open again."""

    address: str

    def open(self) -> None:
        """DeviceMissing, DeviceBusy. An open scanner is closed first."""

    def read(self, *, timeout_s: float) -> tuple[Barcode, ...]:
        """() when nothing came in time; DeviceLost when it went away, after every frame that was complete before."""

    def close(self) -> None:
        """Never raises, may be called twice."""


SCANNERS: dict[str, Callable[[str], Scanner]] = {"serial": SerialLine, "socket": NetworkScanner}


def scanner_at(address: str) -> Scanner:
    """The scanner an address of floor.toml means, not yet opened; ValueError with the cure."""
    if address.startswith("socket://"):
        return SCANNERS["socket"](address)
    if address.startswith("/") and address.isprintable():
        return SCANNERS["serial"](address)
    raise ValueError(
        f"scanner address {address!r} is not understood: write the path of a port, "
        "e.g. /dev/serial/by-path/…, or socket://host:port"
    )
