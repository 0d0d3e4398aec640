"""The machines of a simulated day: scanners on real pseudo-terminals where the set-up looks for them, a printer on a real socket."""

import os
import threading
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from devices.printers.simulated import SimulatedPrinter
from devices.scanners.simulated import SimulatedScanner
from floor_app.config import FloorConfig, PrinterConfig
from floor_app.simulating.pieces import STEPS
from floor_app.simulating.planning import Post

_HERE = ("127.0.0.1", "localhost")


class RealMachine(Exception):
    """A scanner of the set-up (its address is the message) is there, or could be: nothing is put in its place."""


@dataclass(slots=True)
class Paper:
    """What came out of the printer."""

    _count: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def labels(self) -> int:
        return self._count

    def take(self, label: Any) -> None:
        with self._lock:
            self._count += 1


@dataclass(frozen=True, slots=True)
class Equipment:
    """`scanners` by station. `printer_name` as the board calls it."""

    scanners: Mapping[str, SimulatedScanner]
    printer: SimulatedPrinter | None = None
    printer_name: str = ""
    paper: Paper = field(default_factory=Paper)


@contextmanager
def equipment_for(config: FloorConfig) -> Iterator[Equipment]:
    """In the places a set-up names. A station with a network scanner, or none, is a tablet; a printer elsewhere is left alone."""
    with ExitStack() as stack:
        scanners = {
            station.name: stack.enter_context(scanner_at(station.scanner))
            for station in config.stations
            if station.scanner and station.scanner.startswith("/")
        }
        printer, paper = next((found for found in config.printers if _port(found)), None), Paper()
        if printer is None:
            yield Equipment(scanners)
            return
        simulated = SimulatedPrinter(_port(printer), width_dots=printer.width_dots, on_label=paper.take)
        yield Equipment(scanners, stack.enter_context(simulated), printer.name, paper)


@contextmanager
def scanner_at(path: str) -> Iterator[SimulatedScanner]:
    if path.startswith("/dev/") or os.path.lexists(path):
        raise RealMachine(path)
    scanner = SimulatedScanner(path)
    try:
        yield scanner
    finally:
        scanner.close()


def posts_of(config: FloorConfig, equipment: Equipment) -> list[Post]:
    """The stations that do one of the three usual steps."""
    return [
        Post(station.name, station.operation, station.name in equipment.scanners)
        for station in config.stations
        if station.operation in STEPS
    ]


def _port(printer: PrinterConfig) -> int:
    """Of a printer on this machine; 0 for any other."""
    address = urlsplit(printer.address)
    return address.port or 0 if address.scheme == "socket" and address.hostname in _HERE else 0
