"""A day sheet that is to be held from now on, and which it is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from central.domain.sheet_rules import Version


@dataclass(frozen=True, slots=True, order=True)
class SheetKey:
    atelier: str
    day: date


@dataclass(frozen=True, slots=True)
class NewSheet:
    """To be held from now on. `said`: the sheet as JSON, `body` its canonical bytes; `before`: the one held until now, or `None`.

    `gaps`: control totals its counts do not bear out, {total, said, found}; with any, its figures count nowhere. `before_counted`:
    whether those of the one before do. `road`: network, file.
    """

    key: SheetKey
    version: Version
    said: Mapping[str, Any]
    body: bytes
    before: Mapping[str, Any] | None
    before_counted: bool
    gaps: Sequence[dict[str, Any]]
    road: str
    received_at_ms: int

    @property
    def counted(self) -> bool:
        return not self.gaps

    @property
    def counting(self) -> Mapping[str, Any] | None:
        """What of it goes into totals; `None`: nothing."""
        return self.said if self.counted else None

    @property
    def counting_before(self) -> Mapping[str, Any] | None:
        """What of the one before is in totals."""
        return self.before if self.before_counted else None
