"""Measures of the floor: collective only, never of a person. `None` means not measured, which is never the same as zero.

Formulas are those of the trade (ILO, Introduction to Work Study; ISO 2859-1 for defects per hundred units).
"""

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal

Number = int | Decimal


def efficiency_percent(work: Iterable[tuple[int, Decimal]], *, attended_minutes: Number) -> Decimal | None:
    """Σ (pieces × SAM) × 100 / attended minutes, over (pieces, sam_minutes)."""
    earned = [pieces * sam for pieces, sam in work]
    return _ratio(sum(earned, Decimal(0)) * 100, attended_minutes) if earned else None


def hourly_target(*, sam_minutes: Decimal, efficiency_percent: Decimal, operators: int = 1) -> Decimal | None:
    """Pieces an hour: 60 × efficiency / SAM × operators."""
    return _ratio(60 * efficiency_percent / 100 * operators, sam_minutes)


def line_target(*, operators: int, minutes: int, garment_sam_minutes: Decimal) -> int | None:
    """Whole garments a day: operators × minutes / garment SAM."""
    target = _ratio(operators * minutes, garment_sam_minutes)
    return None if target is None else int(target.quantize(Decimal(1), ROUND_HALF_UP))


def defects_per_hundred(*, defects: int, pieces_inspected: int) -> Decimal | None:
    """DHU."""
    return _ratio(defects * 100, pieces_inspected)


def defective_percent(*, defective_pieces: int, pieces_inspected: int) -> Decimal | None:
    return _ratio(defective_pieces * 100, pieces_inspected)


def wip(*, done_before: int, done: int, rejected: int = 0) -> int:
    """Pieces waiting at a step: done(previous) − done(step) − rejected(step)."""
    return done_before - done - rejected


def _ratio(dividend: Number, divisor: Number) -> Decimal | None:
    return None if divisor <= 0 else Decimal(dividend) / Decimal(divisor)
