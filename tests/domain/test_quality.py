"""The conservation law: every piece is somewhere, once."""

from dataclasses import replace

import pytest

from floor_app.domain.quality import Conservation

FATES = ("finished_good", "second", "rejected", "in_rework", "in_progress", "missing", "sent")
WHOLE = Conservation(
    cut=100, received=10, finished_good=80, second=2, rejected=3, in_rework=4, in_progress=10, missing=1, sent=10
)


def test_the_law_holds_when_every_piece_is_somewhere() -> None:
    assert (WHOLE.gap, WHOLE.holds) == (0, True)
    assert Conservation().holds


@pytest.mark.parametrize("fate", FATES)
def test_a_piece_that_appears_or_vanishes_is_a_gap(fate: str) -> None:
    for pieces in (1, -1):
        changed = replace(WHOLE, **{fate: getattr(WHOLE, fate) + pieces})
        assert (changed.gap, changed.holds) == (-pieces, False)


@pytest.mark.parametrize("source", ["cut", "received"])
def test_pieces_that_come_in_and_are_nowhere_are_a_gap(source: str) -> None:
    changed = replace(WHOLE, **{source: getattr(WHOLE, source) + 5})
    assert (changed.gap, changed.holds) == (5, False)


@pytest.mark.parametrize("fate", ["cut", "received", *FATES])
def test_less_than_no_pieces_breaks_the_law_even_when_the_sum_is_right(fate: str) -> None:
    other = "cut" if fate == "received" else "received" if fate == "cut" else "missing" if fate != "missing" else "sent"
    pieces = getattr(WHOLE, fate) + 1
    changed = replace(WHOLE, **{fate: -1, other: getattr(WHOLE, other) + pieces})
    assert (changed.gap, changed.holds) == (0, False)


def test_a_piece_moves_from_one_fate_to_another_without_a_gap() -> None:
    assert replace(WHOLE, in_progress=WHOLE.in_progress - 3, rejected=WHOLE.rejected + 3).holds
