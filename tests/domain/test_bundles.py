"""Bundles of a lay: whole, even, never mixed, as few as the cap with its tolerance allows."""

from collections import defaultdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from floor_app.domain.bundles import MOST_CAP, BundleDraft, make_bundles
from floor_app.domain.lays import Lay, MarkerSize, Roll, lay_faults

EXAMPLE = Lay(
    "OF-1",
    "Marine",
    (MarkerSize("S", 1), MarkerSize("M", 2), MarkerSize("L", 2), MarkerSize("XL", 1)),
    (Roll(30, "A", "R1"),),
)

rolls = st.lists(
    st.builds(Roll, st.integers(1, 60), st.sampled_from(["", "A", "B"]), st.sampled_from(["", "R1"])),
    min_size=1,
    max_size=4,
)
markers = st.lists(
    st.builds(MarkerSize, st.sampled_from("SMLX"), st.integers(1, 40)),
    min_size=1,
    max_size=4,
    unique_by=lambda marked: marked.size,
)
lays = st.builds(lambda marker, laid: Lay("OF-1", "Marine", tuple(marker), tuple(laid)), markers, rolls)
caps = st.integers(1, 60).flatmap(lambda cap: st.tuples(st.just(cap), st.integers(0, cap)))


def stacks(bundles: tuple[BundleDraft, ...]) -> dict[tuple[str, int], list[BundleDraft]]:
    """The bundles of each pile on the table: same size, same positions of the marker."""
    piles = defaultdict[tuple[str, int], list[BundleDraft]](list)
    for bundle in bundles:
        piles[bundle.size, bundle.stack].append(bundle)
    return piles


def plies(bundle: BundleDraft) -> int:
    return bundle.ply_to - bundle.ply_from + 1


def plies_of_rolls(lay: Lay) -> list[tuple[Roll, range]]:
    """Each roll with the plies it gave, counted from 1 at the bottom."""
    laid, bottom = [], 1
    for roll in lay.rolls:
        laid.append((roll, range(bottom, bottom + roll.plies)))
        bottom += roll.plies
    return laid


def in_roll(pile: list[BundleDraft], laid: range) -> list[BundleDraft]:
    return [bundle for bundle in pile if bundle.ply_from in laid]


def test_the_example_of_the_trade_gives_its_hundred_and_eighty_pieces() -> None:
    bundles = make_bundles(EXAMPLE, cap=20, tolerance=2)
    per_size = {
        size: sum(bundle.quantity for bundle in bundles if bundle.size == size) for size in ("S", "M", "L", "XL")
    }
    assert per_size == {"S": 30, "M": 60, "L": 60, "XL": 30}
    assert sum(per_size.values()) == EXAMPLE.pieces == 180
    assert [bundle.quantity for bundle in bundles] == [15, 15, 20, 20, 20, 20, 20, 20, 15, 15]
    assert bundles[2] == BundleDraft("M", "A", "R1", 1, 10, 20)


@pytest.mark.parametrize(
    ("laid", "ratio", "cap", "tolerance", "quantities"),
    [
        ([30], 1, 30, 0, [30]),
        ([30], 1, 20, 0, [15, 15]),
        ([21], 1, 20, 0, [11, 10]),
        ([21], 1, 20, 1, [21]),  # the tolerance saves a bundle
        ([44], 1, 20, 2, [22, 22]),
        ([45], 1, 20, 2, [15, 15, 15]),  # where it saves none, nothing is above the cap
        ([10], 3, 10, 0, [9, 9, 6, 6]),  # whole plies only
        ([18, 12], 1, 20, 0, [18, 12]),  # a roll ends a bundle
        ([5, 5, 5], 2, 40, 0, [10, 10, 10]),
        ([2], 30, 20, 0, [15, 15, 15, 15]),  # one ply alone is more than a bundle
        ([2], 7, 3, 0, [3, 3, 2, 2, 2, 2]),
        ([1], 1, 1, 0, [1]),
        ([2], 21, 20, 1, [21, 21]),
    ],
)
def test_a_lay_is_bundled_as_a_cutter_would(
    laid: list[int], ratio: int, cap: int, tolerance: int, quantities: list[int]
) -> None:
    lay = Lay("OF-1", "Marine", (MarkerSize("S", ratio),), tuple(Roll(plies_laid) for plies_laid in laid))
    assert [bundle.quantity for bundle in make_bundles(lay, cap=cap, tolerance=tolerance)] == quantities


@given(lay=lays, limit=caps)
def test_the_bundles_are_the_pieces_cut(lay: Lay, limit: tuple[int, int]) -> None:
    assert lay_faults(lay) == ()
    bundles = make_bundles(lay, cap=limit[0], tolerance=limit[1])
    per_size = defaultdict[str, int](int)
    for bundle in bundles:
        per_size[bundle.size] += bundle.quantity
    assert per_size == lay.pieces_per_size
    assert all(bundle.quantity > 0 for bundle in bundles)


@given(lay=lays, limit=caps)
def test_no_bundle_exceeds_the_cap_with_its_tolerance(lay: Lay, limit: tuple[int, int]) -> None:
    assert max(bundle.quantity for bundle in make_bundles(lay, cap=limit[0], tolerance=limit[1])) <= sum(limit)


@given(lay=lays, limit=caps)
def test_every_ply_of_a_pile_is_in_one_bundle_and_one_only(lay: Lay, limit: tuple[int, int]) -> None:
    piles = stacks(make_bundles(lay, cap=limit[0], tolerance=limit[1]))
    for pile in piles.values():
        assert [ply for bundle in pile for ply in range(bundle.ply_from, bundle.ply_to + 1)] == list(
            range(1, lay.plies + 1)
        )
        assert len({bundle.quantity // plies(bundle) for bundle in pile}) == 1
    for marked in lay.marker:
        positions = [pile[0].quantity // plies(pile[0]) for (size, _), pile in piles.items() if size == marked.size]
        assert sum(positions) == marked.ratio


@given(lay=lays, limit=caps)
def test_no_bundle_holds_two_rolls_or_two_shades(lay: Lay, limit: tuple[int, int]) -> None:
    for bundle in make_bundles(lay, cap=limit[0], tolerance=limit[1]):
        roll, laid = next((roll, laid) for roll, laid in plies_of_rolls(lay) if bundle.ply_from in laid)
        assert bundle.ply_to in laid
        assert (bundle.shade, bundle.roll) == (roll.shade, roll.number)


@given(lay=lays, limit=caps)
def test_bundles_of_a_roll_differ_by_one_ply_at_most_and_are_as_few_as_can_be(lay: Lay, limit: tuple[int, int]) -> None:
    cap, tolerance = limit
    for pile in stacks(make_bundles(lay, cap=cap, tolerance=tolerance)).values():
        positions = pile[0].quantity // plies(pile[0])
        for roll, laid in plies_of_rolls(lay):
            heights = [plies(bundle) for bundle in in_roll(pile, laid)]
            assert max(heights) - min(heights) <= 1
            fewest = next(
                count for count in range(1, roll.plies + 1) if -(-roll.plies // count) * positions <= cap + tolerance
            )
            assert len(heights) == fewest


@given(lay=lays, limit=caps)
def test_the_tolerance_is_used_only_where_it_saves_a_bundle(lay: Lay, limit: tuple[int, int]) -> None:
    cap, tolerance = limit
    for pile in stacks(make_bundles(lay, cap=cap, tolerance=tolerance)).values():
        positions = pile[0].quantity // plies(pile[0])
        for roll, laid in plies_of_rolls(lay):
            bundles = in_roll(pile, laid)
            fits_without = -(-roll.plies // len(bundles)) * positions <= cap
            assert not fits_without or all(bundle.quantity <= cap for bundle in bundles)


@given(lay=lays, limit=caps)
def test_positions_of_a_size_are_bundled_apart_only_where_one_ply_is_too_much(lay: Lay, limit: tuple[int, int]) -> None:
    piles = stacks(make_bundles(lay, cap=limit[0], tolerance=limit[1]))
    for marked in lay.marker:
        assert sum(1 for size, _ in piles if size == marked.size) == -(-marked.ratio // sum(limit))


@pytest.mark.parametrize(("cap", "tolerance"), [(0, 0), (-5, 0), (MOST_CAP + 1, 0), (20, -1), (20, 21)])
def test_a_cap_that_makes_no_sense_is_refused(cap: int, tolerance: int) -> None:
    with pytest.raises(ValueError, match=f"cap {cap} .*tolerance {tolerance}"):
        make_bundles(EXAMPLE, cap=cap, tolerance=tolerance)


def test_bundles_come_size_by_size_from_the_bottom_of_the_lay() -> None:
    bundles = make_bundles(EXAMPLE, cap=10, tolerance=0)
    assert list(dict.fromkeys(bundle.size for bundle in bundles)) == ["S", "M", "L", "XL"]
    assert all(pile == sorted(pile, key=lambda bundle: bundle.ply_from) for pile in stacks(bundles).values())
