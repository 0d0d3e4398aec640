"""One loop per scanner of the Pi: read, record, answer; and come back by itself when the cable does."""

import contextlib
import logging
import threading
import time
import uuid
from collections.abc import Callable

from devices.errors import DeviceBusy, DeviceError, DeviceLost, DeviceMissing
from devices.scanners import Barcode, Scanner, scanner_at
from devices.scanners.bindings import PresentScanner, found_at, is_bound
from devices.scanners.input_events import is_keyboard
from floor_app.atelier import Atelier
from floor_app.config import StationConfig
from floor_app.domain.codes import LONGEST_READ
from floor_app.domain.scanner_faults import RawReading, Way
from floor_app.domain.scanner_moves import SeenScanner
from floor_app.domain.scans import Answer, Decision
from floor_app.noticing_moves import notice_scanner
from floor_app.scanning import BOUNCE_MS, Scan, ScanAnswer
from floor_app.store.writer import StoreFull, WriterStopped

READ_S = 0.25
REOPEN_S = 0.5
log = logging.getLogger(__name__)

# A frame that can be no code still gets an answer: the nearest text that reads as what it was.
_FAULT_TEXTS = {"not_ascii": "\ufffd", "too_long": "?" * (LONGEST_READ + 1)}
_STATES: dict[type[DeviceError], str] = {DeviceMissing: "missing", DeviceBusy: "busy", DeviceLost: "lost"}


class StationLoop(threading.Thread):
    """Serves one station's scanner until `stop`. `scanner` and `find` stand in for the machine's own where there is none."""

    def __init__(
        self,
        atelier: Atelier,
        station: StationConfig,
        *,
        scanner: Scanner | None = None,
        find: Callable[[str], PresentScanner] = found_at,
    ) -> None:
        assert station.scanner, "only stations with a scanner on the Pi have a loop"
        super().__init__(name=f"scanner {station.name}", daemon=True)
        self._atelier = atelier
        self._station = station
        self._scanner: Scanner = scanner or scanner_at(station.scanner)
        self._find = find
        self._last_read = ("", -float("inf"))  # text, monotonic seconds
        self._last_good = True
        self._way = Way.KEYBOARD if is_keyboard(station.scanner) else Way.BYTES
        self._stopping = threading.Event()

    def run(self) -> None:
        while not self._stopping.is_set():
            try:
                self._serve()
            except DeviceError as error:
                self._tell(_STATES.get(type(error), "lost"), str(error))
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
        self._scanner.open()
        self._tell("ready")
        self._notice()
        while not self._stopping.is_set():
            for barcode in self._scanner.read(timeout_s=READ_S):
                self._take(barcode)

    def _notice(self) -> None:
        """Remembers which scanner serves the station: a person is told when it is another one than before."""
        address = self._station.scanner or ""
        if not is_bound(address):
            return
        found = self._find(address)
        seen = SeenScanner(address, found.vendor, found.product, found.serial, next(iter(found.ports), ""))
        with contextlib.suppress(StoreFull):  # a full disk is told by the first scan, and a notice can wait
            if self._atelier.run(notice_scanner, self._station.name, seen, at_ms=self._atelier.clock.now_ms()):
                self._atelier.devices.changed()

    def _bounced(self, text: str) -> bool:
        """The second code of the same label, or a finger that stayed on the trigger: no scan of its own."""
        last_text, last_s = self._last_read
        self._last_read = (text, time.monotonic())
        return text == last_text and self._last_read[1] - last_s < BOUNCE_MS / 1000

    def _take(self, barcode: Barcode) -> None:
        reading = RawReading(self._way, barcode.text, barcode.ended_by == "suffix", fault=barcode.fault)
        self._atelier.answers.readings.tell(self._station.name, reading)
        text = _FAULT_TEXTS.get(barcode.fault, barcode.text)
        if self._bounced(text):
            log.info("read twice at once, taken once")
            self._scanner.signal(self._last_good)
            return
        scan = Scan(
            uuid.uuid4().hex, text, self._station.name, self._station.operation, symbology=barcode.symbology[:8]
        )
        try:
            answer = self._atelier.take_scan(scan)
        except StoreFull:
            answer = ScanAnswer(Decision(Answer.STOP, "store_full"))
            self._atelier.answers.tell(scan.station, scan.id, answer, at_ms=self._atelier.clock.now_ms())
        self._last_good = answer.decision.is_good
        self._scanner.signal(self._last_good)  # a scanner that waits for its host reads nothing until it is told

    def _tell(self, state: str, detail: str = "") -> None:
        at_ms = self._atelier.clock.now_ms()
        self._atelier.devices.tell(
            "scanner", self._station.scanner or "", state, at_ms=at_ms, serves=self._station.name, detail=detail
        )
