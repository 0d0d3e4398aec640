"""Bundles (paquets) of a lay: never mixed size, colour, shade, roll or lay; evenly filled; their sum is the pieces cut."""

from collections.abc import Iterator
from dataclasses import dataclass

from floor_app.domain.lays import Lay, Roll

LEAST_CAP = 1
MOST_CAP = 500
MOST_BUNDLES = 2_000  # of one lay: more is a slip of the hand in « pieces a bundle »


@dataclass(frozen=True, slots=True)
class BundleDraft:
    """A bundle before it has a code. Plies are counted from 1 at the bottom of the lay, both ends included.

    `stack` tells apart marker positions of one size that had to be bundled apart because one ply alone exceeds the cap.
    """

    size: str
    shade: str
    roll: str
    ply_from: int
    ply_to: int
    quantity: int
    stack: int = 1


def make_bundles(lay: Lay, *, cap: int, tolerance: int) -> tuple[BundleDraft, ...]:
    """Bundles of at most `cap` pieces, or up to `cap + tolerance` where that saves a bundle, evenly filled.

    A change of roll or shade ends a bundle. Ordered by size as in the marker, then by ply.
    """
    if not LEAST_CAP <= cap <= MOST_CAP or not 0 <= tolerance <= cap:
        raise ValueError(f"cap {cap} is {LEAST_CAP}..{MOST_CAP} and tolerance {tolerance} is 0..cap")
    return tuple(
        draft
        for marked in lay.marker
        for stack, ratio in enumerate(_stacks(marked.ratio, cap + tolerance), start=1)
        for draft in _stack_bundles(lay.rolls, marked.size, ratio, stack, most=cap + tolerance)
    )


def _stacks(ratio: int, most: int) -> tuple[int, ...]:
    """Marker positions of one size, in as few groups as keep one ply of a group within a bundle."""
    return _even(ratio, -(-ratio // most))


def _stack_bundles(rolls: tuple[Roll, ...], size: str, ratio: int, stack: int, *, most: int) -> Iterator[BundleDraft]:
    bottom = 1
    for roll in rolls:
        for plies in _even(roll.plies, -(-roll.plies // (most // ratio))):
            top = bottom + plies - 1
            yield BundleDraft(size, roll.shade, roll.number, bottom, top, plies * ratio, stack)
            bottom = top + 1


def _even(total: int, parts: int) -> tuple[int, ...]:
    """`total` in `parts` whole numbers that differ by one at most, the larger first."""
    share, extra = divmod(total, parts)
    return (share + 1,) * extra + (share,) * (parts - extra)
