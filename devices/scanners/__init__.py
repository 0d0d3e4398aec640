"""Scanners: where barcodes come from. A kind is one file here and one line in SCANNERS."""

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from devices.scanners.barcode import Barcode
from devices.scanners.bindings import ROOT, bound_scanner
from devices.scanners.input_events import KeyboardScanner, is_keyboard
from devices.scanners.listening import ListeningScanner
from devices.scanners.network import NetworkScanner
from devices.scanners.serial_line import SerialLine

__all__ = [
    "SCANNERS",
    "Barcode",
    "KeyboardScanner",
    "ListeningScanner",
    "NetworkScanner",
    "Scanner",
    "SerialLine",
    "scanner_at",
]


class Scanner(Protocol):
    """One scanner, used by one thread: open, read again and again, close; after DeviceLost open again."""

    address: str

    def open(self) -> None:
        """DeviceMissing, DeviceBusy. An open scanner is closed first."""

    def read(self, *, timeout_s: float) -> tuple[Barcode, ...]:
        """() when nothing came in time; DeviceLost when it went away, after every frame that was complete before."""

    def signal(self, good: bool) -> None:
        """Good or bad, on the scanner itself, where its address says how (`?feedback=`). Never raises, never waits."""

    def close(self) -> None:
        """Never raises, may be called twice."""


SCANNERS: dict[str, Callable[[str], Scanner]] = {
    "serial": SerialLine,
    "keyboard": KeyboardScanner,
    "usb": bound_scanner,
    "port": bound_scanner,
    "socket": NetworkScanner,
    "listen": ListeningScanner,
}


def scanner_at(address: str, *, root: Path = ROOT) -> Scanner:
    """The scanner an address of floor.toml means, not yet opened; ValueError with the cure.

    `root`: the folder that holds the machine's sys and dev, for an address that has to be looked up there.
    """
    kind = SCANNERS[_kind(address)]
    return bound_scanner(address, root=root) if kind is bound_scanner else kind(address)


def _kind(address: str) -> str:
    scheme = address.partition(":")[0]
    if address.startswith(("usb:", "port:", "socket://", "listen://")):
        return scheme
    if address.startswith("/") and address.isprintable():
        return "keyboard" if is_keyboard(address) else "serial"
    raise ValueError(
        f"scanner address {address!r} is not understood: write the path of a port, "
        "e.g. /dev/serial/by-path/…, usb:VID:PID[:SERIAL], port:NAME, listen://host:port or socket://host:port"
    )
