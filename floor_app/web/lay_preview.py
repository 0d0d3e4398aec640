"""What a lay being entered would give: its bundles, and each size against what was ordered. Nothing is stored."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import sqlite_utils

from floor_app.cutting import preview_lay
from floor_app.domain.bundles import BundleDraft
from floor_app.domain.lays import LayFault
from floor_app.store import lays
from floor_app.store.orders import StandingLine
from floor_app.web.lay_form import LayForm, read_lay_form


@dataclass(frozen=True, slots=True)
class SizeSum:
    """One size: pieces ordered, already in lays, in this one."""

    size: str
    ordered: int
    before: int
    here: int

    @property
    def after(self) -> int:
        return self.before + self.here

    @property
    def over(self) -> int:
        return max(0, self.after - self.ordered) if self.here else 0


@dataclass(frozen=True, slots=True)
class LayPreview:
    """Faults, or the bundles; `first_number`: the one the first of them gets in its order."""

    faults: tuple[LayFault, ...]
    drafts: tuple[BundleDraft, ...]
    sums: tuple[SizeSum, ...]
    first_number: int

    @property
    def pieces(self) -> int:
        return sum(draft.quantity for draft in self.drafts)

    @property
    def over(self) -> tuple[SizeSum, ...]:
        return tuple(found for found in self.sums if found.over)


def preview_form(db: sqlite_utils.Database, order_id: int, form: LayForm, lines: Sequence[StandingLine]) -> LayPreview:
    """`lines`: those of the form's order and colour."""
    faults, asked = read_lay_form(form, lines, request_id="preview")
    drafts = tuple[BundleDraft, ...]()
    if not faults:
        faults, drafts = preview_lay(db, asked)
    here = Counter[str]()
    for draft in drafts:
        here[draft.size] += draft.quantity
    sums = tuple(SizeSum(line.size, line.quantity, line.pieces_cut, here[line.size]) for line in lines)
    return LayPreview(faults, drafts, sums, lays.next_numbers(db, order_id)[1])
