"""When an order's last piece is to be expected, at the pace of its last days: sums first, then one division. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from math import ceil

LOOKED_BACK_DAYS = 28
FEWEST_DAYS = 3  # days with finished pieces: fewer say nothing of a pace
FARTHEST_DAYS = 3 * 365


class Outlook(StrEnum):
    FINISHED = "finished"
    ON_TIME = "on_time"
    LATE = "late"
    DAY = "day"  # nobody agreed on a day
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Forecast:
    """`day`: of the last piece; `None` where it is not to be known, or past."""

    outlook: Outlook
    day: date | None = None


def forecast(finished: Mapping[date, int], *, left: int, due: str, today: date) -> Forecast:
    """`finished`: pieces by day; `left`: still to be finished; `due`: ISO day or ""."""
    if left <= 0:
        return Forecast(Outlook.FINISHED)
    lately = {
        day: pieces for day, pieces in finished.items() if 0 <= (today - day).days < LOOKED_BACK_DAYS and pieces > 0
    }
    if len(lately) < FEWEST_DAYS:
        return Forecast(Outlook.UNKNOWN)
    days = (today - min(lately)).days + 1
    needed = ceil(left * days / sum(lately.values()))
    if needed > FARTHEST_DAYS:
        return Forecast(Outlook.UNKNOWN)
    last = today + timedelta(days=needed)
    if not due:
        return Forecast(Outlook.DAY, last)
    return Forecast(Outlook.ON_TIME if last.isoformat() <= due else Outlook.LATE, last)
