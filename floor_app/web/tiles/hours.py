"""Good pieces by hour of the day at the last step, and the age of the last scan."""

from dataclasses import dataclass

import sqlite_utils

from floor_app.atelier import Atelier
from floor_app.domain.production_days import HOURS_A_DAY
from floor_app.store import board

USUAL_HOURS = range(8, 17)


@dataclass(frozen=True, slots=True)
class Hour:
    hour: int
    good: int


@dataclass(frozen=True, slots=True)
class HoursTile:
    """`last_scan_at_ms`: 0 before the first scan ever."""

    hours: tuple[Hour, ...]
    last_scan_at_ms: int

    @property
    def total(self) -> int:
        return sum(hour.good for hour in self.hours)

    @property
    def highest(self) -> int:
        return max((hour.good for hour in self.hours), default=0)


def load(db: sqlite_utils.Database, atelier: Atelier, *, at_ms: int) -> HoursTile:
    """The usual hours of work, and whatever was finished outside them, as the production day has them one after the other."""
    day = atelier.clock.production_day(at_ms)
    good = dict[int, int]()
    for count in board.output_of_day(db, day, board.orders_on_board(db, day)):
        good[count.hour] = good.get(count.hour, 0) + count.good
    shown = [day.place_of(hour) for hour in (*good, *USUAL_HOURS)]
    hours = [(place + day.starts) % HOURS_A_DAY for place in range(min(shown), max(shown) + 1)]
    return HoursTile(tuple(Hour(hour, good.get(hour, 0)) for hour in hours), board.last_scan_at_ms(db))
