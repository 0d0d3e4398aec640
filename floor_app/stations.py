"""One loop per scanner of the Pi: read, record, answer; and come back by itself when the cable does."""

import contextlib
import logging
import math
import threading
import time
import uuid
from pathlib import Path

from devices.errors import DeviceBusy, DeviceError, DeviceLost, DeviceMissing
from devices.scanners import Barcode, Scanner, scanner_at
from devices.scanners.bindings import ROOT, means_socket, pointed_at, present
from devices.scanners.input_events import is_keyboard
from floor_app.atelier import Atelier
from floor_app.config import StationConfig
from floor_app.domain.codes import LONGEST_READ
from floor_app.domain.scanner_faults import RawReading, Way
from floor_app.domain.scanner_moves import PluggedScanner
from floor_app.domain.scans import Answer, Decision
from floor_app.noticing_moves import note_scanner, note_scanner_left
from floor_app.scanning import BOUNCE_MS, Scan, ScanAnswer
from floor_app.store.writer import StoreFull, WriterStopped

READ_S = 0.25
REOPEN_S = 0.5
log = logging.getLogger(__name__)

# A frame that can be no code still gets an answer: the nearest text that reads as what it was.
_FAULT_TEXTS = {"not_ascii": "\ufffd", "too_long": "?" * (LONGEST_READ + 1)}
_STATES: dict[type[DeviceError], str] = {DeviceMissing: "missing", DeviceBusy: "busy", DeviceLost: "lost"}


class StationLoop(threading.Thread):
    """Serves one station's scanner until `stop`. `root`: the folder that holds the machine's sys and dev."""

    def __init__(self, atelier: Atelier, station: StationConfig, *, root: Path = ROOT) -> None:
        assert station.scanner, "only stations with a scanner on the Pi have a loop"
        super().__init__(name=f"scanner {station.name}", daemon=True)
        self._atelier = atelier
        self._station = station
        self._address = station.scanner
        self._root = root
        self._scanner: Scanner = scanner_at(station.scanner, root=root)
        self._way = Way.KEYBOARD if is_keyboard(station.scanner) else Way.BYTES
        self._is_there: bool | None = None
        self._bounces = Bounces()
        self._last_good = True
        self._stopping = threading.Event()

    def run(self) -> None:
        while not self._stopping.is_set():
            try:
                self._serve()
            except WriterStopped:
                break
            except Exception:
                log.exception("the scanner of %s stumbled", self._station.name)
                self._tell("lost", "stumbled")
            self._scanner.close()
            self._stopping.wait(REOPEN_S)

    def stop(self) -> None:
        self._stopping.set()

    def _serve(self) -> None:
        """Until it goes away."""
        try:
            self._scanner.open()
            self._note_there()
            self._tell("ready")
            while not self._stopping.is_set():
                for barcode in self._scanner.read(timeout_s=READ_S):
                    self._take(barcode)
        except DeviceError as error:
            self._tell(_STATES.get(type(error), "lost"), str(error))
            if not isinstance(error, DeviceBusy):
                self._note_gone()

    def _note_there(self) -> None:
        """Which scanner it is, and in which socket; nothing of one on the network, or that udev gives no name."""
        self._is_there = True
        plugged = present(self._root)
        found = pointed_at(self._address, plugged)
        if found is None or not found.ports:
            return
        called = f"{found.maker} {found.model}".strip()
        now = PluggedScanner(
            self._station.name, found.ports[0], found.vendor, found.product, found.serial, called, found.numbered
        )
        with contextlib.suppress(StoreFull):  # told by the first scan; a notice can wait
            self._atelier.run(
                note_scanner,
                now,
                plugged={port for scanner in plugged for port in scanner.ports},
                by_socket=means_socket(self._address, found),
                at_ms=self._atelier.clock.now_ms(),
            )

    def _note_gone(self) -> None:
        """Once, not at each attempt to open it again."""
        if self._is_there is not False:
            self._is_there = False
            with contextlib.suppress(StoreFull):
                self._atelier.run(note_scanner_left, self._station.name, at_ms=self._atelier.clock.now_ms())

    def _take(self, barcode: Barcode) -> None:
        reading = RawReading(self._way, barcode.text, barcode.ended_by == "suffix", fault=barcode.fault)
        self._atelier.answers.readings.tell(self._station.name, reading)
        text = _FAULT_TEXTS.get(barcode.fault, barcode.text)
        if self._bounces.is_one(text, at_s=time.monotonic()):
            log.info("%s: the same code again within %d ms is the same scan", self._station.name, BOUNCE_MS)
            self._bounces.note(text, at_s=time.monotonic())
        elif self._answer(text, barcode.symbology):
            self._bounces.note(text, at_s=time.monotonic())
        self._scanner.signal(self._last_good)  # a scanner that waits for its host reads nothing until it is told

    def _answer(self, text: str, symbology: str) -> bool:
        """Whether it could be judged at all; after it is on disk and on the screen. On a full disk the next try is a new scan."""
        scan = Scan(uuid.uuid4().hex, text, self._station.name, self._station.operation, symbology=symbology)
        try:
            answer = self._atelier.take_scan(scan)
        except StoreFull:
            answer = ScanAnswer(Decision(Answer.STOP, "store_full"))
            self._atelier.answers.tell(scan.station, scan.id, answer, at_ms=self._atelier.clock.now_ms())
            self._last_good = False
            return False
        self._last_good = answer.decision.is_good
        return True

    def _tell(self, state: str, detail: str = "") -> None:
        at_ms = self._atelier.clock.now_ms()
        self._atelier.devices.tell(
            "scanner", self._address, state, at_ms=at_ms, serves=self._station.name, detail=detail
        )


class Bounces:
    """Second readings of one pull of the trigger, of one scanner: a label carries its code twice. Seconds of a steady clock.

    Another code in between was read on purpose, and so is what comes after it.
    """

    def __init__(self) -> None:
        self._last = ("", -math.inf)

    def is_one(self, text: str, *, at_s: float) -> bool:
        """Whether the same text was answered, or taken for a bounce, just before, less than 1.5 s ago."""
        last_text, last_s = self._last
        return text == last_text and at_s - last_s < BOUNCE_MS / 1000

    def note(self, text: str, *, at_s: float) -> None:
        self._last = (text, at_s)
