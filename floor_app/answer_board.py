"""The last answer of each station, in memory: how a station's screen shows what the Pi's own scanner read.

Beside it the last readings as they came, for the test of a scanner and nothing else: they are no scans, and in no log.
"""

import secrets
import threading
from collections import deque
from dataclasses import dataclass, field

from floor_app.domain.scanner_faults import RawReading
from floor_app.scanning import ScanAnswer


@dataclass(frozen=True, slots=True)
class LastAnswer:
    """`number` grows with every answer of the process; `scan_id` lets a tablet recognise its own scan; `at_ms` UTC."""

    number: int
    scan_id: str
    answer: ScanAnswer
    at_ms: int


MOST_READINGS = 12


@dataclass(slots=True)
class ReadingBoard:
    """The last readings of each station. Safe to use from any thread; bounded by the number of stations."""

    _readings: dict[str, deque[tuple[int, RawReading]]] = field(default_factory=dict)
    _number: int = 0
    _start: str = field(default_factory=lambda: secrets.token_hex(3))  # tells two runs of the service apart
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def tell(self, station: str, reading: RawReading) -> None:
        with self._lock:
            self._number += 1
            self._readings.setdefault(station, deque(maxlen=MOST_READINGS)).append((self._number, reading))

    def mark(self, station: str) -> str:
        """Names what is the station's last reading now: `since` it, others come."""
        with self._lock:
            last = self._readings.get(station)
            return f"{self._start}.{last[-1][0] if last else 0}"

    def since(self, station: str, mark: str) -> tuple[RawReading, ...]:
        """Oldest first; all that are kept for the mark of another run, or for none."""
        start, _, number = mark.partition(".")
        after = int(number) if start == self._start and number.isdecimal() and len(number) < 18 else 0
        with self._lock:
            return tuple(reading for at, reading in self._readings.get(station, ()) if at > after)


class AnswerBoard:
    """Safe to use from any thread. Bounded by the number of stations."""

    def __init__(self) -> None:
        self.readings = ReadingBoard()
        self._last: dict[str, LastAnswer] = {}
        self._number = 0
        self._lock = threading.Lock()

    def tell(self, station: str, scan_id: str, answer: ScanAnswer, *, at_ms: int) -> None:
        with self._lock:
            self._number += 1
            self._last[station] = LastAnswer(self._number, scan_id, answer, at_ms)

    def last(self, station: str) -> LastAnswer | None:
        with self._lock:
            return self._last.get(station)
