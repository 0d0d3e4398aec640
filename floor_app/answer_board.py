"""The last answer of each station, in memory: how a station's screen shows what the Pi's own scanner read."""

import threading
from dataclasses import dataclass

from floor_app.scanning import ScanAnswer


@dataclass(frozen=True, slots=True)
class LastAnswer:
    """`number` grows with every answer of the process; `scan_id` lets a tablet recognise its own scan; `at_ms` UTC."""

    number: int
    scan_id: str
    answer: ScanAnswer
    at_ms: int


class AnswerBoard:
    """Safe to use from any thread. Bounded by the number of stations."""

    def __init__(self) -> None:
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
