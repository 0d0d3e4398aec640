"""How many people a figure of insertion hours stands for. Groups of fewer than five are not counted out (`FEW`): they could be known by it.

Everything said here is worked out of what sheets say, a number from five on or "<5", and of nothing else. So no two figures, over months,
ateliers or contracts, can be subtracted to find out what a "<5" hides: whatever it hides, they would all be the same. Pure.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from contract.day_sheets import FEW

SMALLEST_SAID = 5


@dataclass(frozen=True, slots=True)
class PeopleCount:
    """`least`: at least so many, and exactly so many where not `open`. A single hidden group is `FEW` and says no number."""

    least: int = 0
    open: bool = False
    groups: int = 0

    @property
    def few(self) -> bool:
        """One group, and it is hidden."""
        return self.open and self.groups == 1


NOBODY = PeopleCount()


def said_by_sheet(people: str) -> PeopleCount:
    """`people`: a number from five on, or "<5". A number below five is a fault of who sent it, and is hidden here."""
    if people != FEW and int(people) >= SMALLEST_SAID:
        return PeopleCount(int(people), False, 1)
    return PeopleCount(1, True, 1)  # whoever has hours is somebody


def most_on_a_day(days: Iterable[str]) -> PeopleCount:
    """Of one atelier: the same people come on many days, so days are never added up."""
    counts = [said_by_sheet(people) for people in days]
    return max(counts, key=lambda count: count.least, default=NOBODY)


def together(groups: Iterable[PeopleCount]) -> PeopleCount:
    """Of several ateliers: firms of their own, so nobody is in two. A hidden group counts one, and the sum says "at least"."""
    counted = [group for group in groups if group.groups]
    return PeopleCount(
        sum(group.least for group in counted),
        any(group.open for group in counted),
        sum(group.groups for group in counted),
    )
