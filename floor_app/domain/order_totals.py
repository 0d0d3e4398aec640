"""Totals written in a sheet, compared with the pieces read: they are checked and never counted."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

ALL = -1  # stands beside column indexes for the pieces of all columns


@dataclass(slots=True)
class RunningTotals:
    """Pieces per column index: of everything, of the current order, and since the last total row."""

    everything: Counter[int] = field(default_factory=Counter)
    of_order: Counter[int] = field(default_factory=Counter)
    since_total: Counter[int] = field(default_factory=Counter)
    order_code: str = ""

    def add(self, order_code: str, pieces: Mapping[int, int]) -> None:
        """Count the pieces of one row."""
        if order_code != self.order_code:
            self.order_code = order_code
            self.of_order = Counter()
        for counts in (self.everything, self.of_order, self.since_total):
            counts.update(pieces)

    def differing(self, written: Mapping[int, int]) -> Mapping[int, tuple[int, int]]:
        """Column index -> (written, counted) where a total row differs; closes the group of that row.

        A total row may sum up its group, its order or the whole table: it is held to the one it fits best.
        """
        groups = (self.since_total, self.of_order, self.everything)
        written = self._placed(written)
        faults = [{index: (n, group[index]) for index, n in written.items() if n != group[index]} for group in groups]
        self.since_total = Counter()
        return min(faults, key=len)

    def _placed(self, written: Mapping[int, int]) -> Mapping[int, int]:
        """« TOTAL ; 12 000 »: a lone number may stand under any title and mean all columns."""
        groups = (self.since_total, self.of_order, self.everything)
        lone = len(written) == 1 and any(group[ALL] in written.values() for group in groups)
        return {} if lone else written
