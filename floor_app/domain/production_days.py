"""The production day: a night shift's hours before it begins belong to the day before. Whole hours of the atelier's clock."""

from dataclasses import dataclass
from datetime import date, timedelta

HOURS_A_DAY = 24
_FIRST_DAY = date(1970, 1, 1)


@dataclass(frozen=True, slots=True, order=True)
class ProductionDay:
    """`day`: ISO. `starts`: the hour of its clock, 0 to 23, at which it begins; it lasts until that hour of the day after."""

    day: str
    starts: int = 0

    @property
    def following(self) -> str:
        """The calendar day after, ISO."""
        return _iso(_number(self.day) + 1)

    @property
    def hours(self) -> tuple[int, int]:
        """Its first and its last hour, counted from 1970 on the atelier's clock. The hour that comes twice in autumn is one."""
        first = _number(self.day) * HOURS_A_DAY + self.starts
        return first, first + HOURS_A_DAY - 1

    def place_of(self, hour: int) -> int:
        """How many hours after it begins an hour of the clock comes: 0 to 23."""
        return (hour - self.starts) % HOURS_A_DAY


def day_of_hour(hour: int, starts: int) -> ProductionDay:
    """The production day to which an hour belongs, counted from 1970 on the atelier's clock."""
    return ProductionDay(_iso((hour - starts) // HOURS_A_DAY), starts)


def _number(day: str) -> int:
    return (date.fromisoformat(day) - _FIRST_DAY).days


def _iso(days: int) -> str:
    return (_FIRST_DAY + timedelta(days=days)).isoformat()
