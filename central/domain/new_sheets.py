"""A day sheet that is to be held from now on, and which it is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from central.domain.sheet_figures import FigureTable
from central.domain.sheet_rules import Version


@dataclass(frozen=True, slots=True, order=True)
class SheetKey:
    atelier: str
    day: date


@dataclass(frozen=True, slots=True)
class SheetContent:
    """What a sheet says, worked out before it waits for the database. `said`: as JSON; `packed`: its canonical bytes, compressed.

    `rows`: list → its rows as the tables have their columns, in the order in which they are numbered. `figures`: what it adds to
    totals. `gaps`: control totals its counts do not bear out, {total, said, found}; with any, its figures count nowhere.
    """

    said: Mapping[str, Any]
    packed: bytes
    rows: Mapping[str, Sequence[tuple[Any, ...]]]
    figures: FigureTable
    gaps: Sequence[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class NewSheet:
    """To be held from now on. `before`: the one held until now as JSON, or `None`; `before_counted`: whether its figures count.

    `road`: network, file.
    """

    key: SheetKey
    version: Version
    content: SheetContent
    before: Mapping[str, Any] | None
    before_counted: bool
    road: str
    received_at_ms: int

    @property
    def counted(self) -> bool:
        return not self.content.gaps

    @property
    def figures(self) -> FigureTable:
        """What of it goes into totals."""
        return self.content.figures if self.counted else {}

    @property
    def counting(self) -> Mapping[str, Any] | None:
        """What of it says anything that counts; `None`: nothing."""
        return self.content.said if self.counted else None

    @property
    def counting_before(self) -> Mapping[str, Any] | None:
        """What of the one before is in totals."""
        return self.before if self.before_counted else None
