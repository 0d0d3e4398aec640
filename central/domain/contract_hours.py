"""Insertion hours of a contract: against what it asks for, and where they will be at its end. Sums first, then one division. Pure."""

from dataclasses import dataclass
from datetime import date

STEPS = (50, 80, 100)
"""Per cent of the hours asked for, at which somebody should hear of it."""


@dataclass(frozen=True, slots=True)
class Term:
    """From the first day to the last, both included. `minutes_due`: 0 where none are asked for."""

    first: date
    last: date
    minutes_due: int

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    def days_gone(self, today: date) -> int:
        """Today with them; none before it begins, all once it is over."""
        return max(0, min(self.days, (today - self.first).days + 1))


def term_of(from_day: str, until_day: str, minutes_due: int) -> Term | None:
    """ISO days; `None` where one of them is not said, or they are the wrong way round."""
    if not from_day or not until_day or until_day < from_day:
        return None
    return Term(date.fromisoformat(from_day), date.fromisoformat(until_day), minutes_due)


def forecast_minutes(done: int, term: Term | None, today: date) -> int | None:
    """At the pace so far. `None`: not to be known. `done`: minutes of all ateliers within the term, up to today."""
    gone = term.days_gone(today) if term else 0
    if term is None or gone == 0:
        return None
    return round(done * term.days / gone)


def step_reached(done: int, minutes_due: int) -> int:
    """The highest of STEPS; 0: none, or no hours are asked for."""
    if minutes_due <= 0:
        return 0
    return max((step for step in STEPS if done * 100 >= step * minutes_due), default=0)
