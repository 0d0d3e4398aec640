"""Time on a Pi without a clock battery: wall time, and how far it is to be believed."""

import ctypes
import time
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

from floor_app.domain.events import Moment
from floor_app.domain.production_days import ProductionDay, day_of_hour

_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
_RECHECK_S = 10.0
_STA_UNSYNC = 0x40  # adjtimex(2): the kernel's clock follows no time source
LATE_SCAN = timedelta(days=31)
AHEAD = timedelta(minutes=2)
_QUARTER_MS = 15 * 60 * 1000


class Clock:
    """The atelier's clock. `trusted` follows the kernel: set by a time source since the start, or not.

    `day_starts`: the hour at which the atelier's production day begins.
    """

    def __init__(self, timezone: str, *, day_starts: int = 0) -> None:
        self.timezone = ZoneInfo(timezone)
        self.day_starts = day_starts
        self.boot_id = _BOOT_ID.read_text(encoding="ascii").strip() if _BOOT_ID.exists() else "unknown"
        self._checked_at = -_RECHECK_S
        self._trusted = False

    def now_ms(self) -> int:
        return time.time_ns() // 1_000_000

    def moment(self, *, said_at_ms: int | None = None) -> Moment:
        """Now, for an event. A time said by a tablet that kept a scan is taken if it is within the last 31 days."""
        now_ms = self.now_ms()
        happened_at_ms = said_at_ms if said_at_ms is not None and self._plausible(said_at_ms, now_ms) else now_ms
        monotonic_ms = time.monotonic_ns() // 1_000_000
        return Moment(
            happened_at_ms, now_ms, self.offset_minutes(happened_at_ms), self.boot_id, monotonic_ms, self.trusted
        )

    def offset_minutes(self, at_ms: int) -> int:
        return _offset_minutes(self.timezone, at_ms // _QUARTER_MS)

    def local(self, at_ms: int) -> datetime:
        return datetime.fromtimestamp(at_ms / 1000, self.timezone)

    def today(self) -> str:
        """ISO day of the calendar, where the atelier is."""
        return self.local(self.now_ms()).date().isoformat()

    def production_day(self, at_ms: int | None = None) -> ProductionDay:
        """The day whose counts a moment adds to; now, unless said."""
        when_ms = self.now_ms() if at_ms is None else at_ms
        return day_of_hour((when_ms // 60_000 + self.offset_minutes(when_ms)) // 60, self.day_starts)

    @property
    def trusted(self) -> bool:
        now_s = time.monotonic()
        if now_s - self._checked_at > _RECHECK_S:
            self._checked_at, self._trusted = now_s, _kernel_clock_synchronised()
        return self._trusted

    def _plausible(self, said_at_ms: int, now_ms: int) -> bool:
        return now_ms - LATE_SCAN.total_seconds() * 1000 <= said_at_ms <= now_ms + AHEAD.total_seconds() * 1000


@lru_cache(maxsize=64)
def _offset_minutes(timezone: ZoneInfo, quarter: int) -> int:
    """Of a quarter of an hour, counted from 1970: clocks are put forward and back at its ends, never within."""
    offset = datetime.fromtimestamp(quarter * _QUARTER_MS / 1000, timezone).utcoffset()
    return int(offset.total_seconds() // 60) if offset else 0


class _Timex(ctypes.Structure):
    """struct timex of adjtimex(2), the leading fields by name; the rest only has to be large enough."""

    _fields_ = (
        ("modes", ctypes.c_uint),
        ("offset", ctypes.c_long),
        ("freq", ctypes.c_long),
        ("maxerror", ctypes.c_long),
        ("esterror", ctypes.c_long),
        ("status", ctypes.c_int),
        ("rest", ctypes.c_char * 256),
    )


def _kernel_clock_synchronised() -> bool:
    timex = _Timex()
    state = ctypes.CDLL(None, use_errno=True).adjtimex(ctypes.byref(timex))
    return state >= 0 and not timex.status & _STA_UNSYNC
