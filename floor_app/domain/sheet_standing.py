"""What it means that the centre holds this of a day, and not that: the rule, pure. A table in its test."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum


class Standing(StrEnum):
    CONFIRMED = "confirmed"  # it holds the sheet as it stands now
    BEHIND = "behind"  # it holds none, or an earlier one of ours: to be sent
    LOST = "lost"  # it confirmed more than it holds: it went back to an old copy of its own
    STRANGE = "strange"  # it holds one that this machine never sent: another machine speaks for this atelier, or this one forgot


@dataclass(frozen=True, slots=True, order=True)
class SheetName:
    """A revision of one day's sheet, by its digest."""

    revision: int
    digest: str


NOTHING = SheetName(0, "")


def standing(
    *, now: SheetName, confirmed: SheetName, held: SheetName | None, sent: Collection[SheetName] = ()
) -> Standing:
    """`now`: the sheet as it stands; `confirmed`: what the centre said it holds, NOTHING before; `sent`: all that ever left here."""
    if held == now:
        return Standing.CONFIRMED
    if held is not None and held != confirmed and held not in sent:
        return Standing.STRANGE
    return Standing.LOST if (held or NOTHING).revision < confirmed.revision else Standing.BEHIND
