"""Pieces by fate, and the conservation law that holds at any moment for each order, size and colour."""

from collections.abc import Iterable
from dataclasses import dataclass, fields


@dataclass(frozen=True, slots=True)
class Conservation:
    """Pieces of one order, size and colour. `finished_good` counts the last step only."""

    cut: int = 0
    received: int = 0
    finished_good: int = 0
    second: int = 0
    rejected: int = 0
    in_rework: int = 0
    in_progress: int = 0
    missing: int = 0
    sent: int = 0

    @property
    def gap(self) -> int:
        """Pieces that came in less those accounted for: 0 when the law holds."""
        accounted = (
            self.finished_good
            + self.second
            + self.rejected
            + self.in_rework
            + self.in_progress
            + self.missing
            + self.sent
        )
        return self.cut + self.received - accounted

    @property
    def holds(self) -> bool:
        parts = (self.cut, self.received, self.finished_good, self.second, self.rejected, self.in_rework)
        return self.gap == 0 and min(*parts, self.in_progress, self.missing, self.sent) >= 0


_FATES = tuple(fate.name for fate in fields(Conservation))


def added_up(parts: Iterable[Conservation]) -> Conservation:
    """As one: of several lines, or what several events change.

    Gaps of opposite sign hide each other in it: who shows it shows the parts too.
    """
    whole = dict.fromkeys(_FATES, 0)
    for part in parts:
        for fate in _FATES:
            whole[fate] += getattr(part, fate)
    return Conservation(**whole)
