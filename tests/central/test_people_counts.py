"""Whatever is said of people, and however it is added up, nobody learns how many a group of fewer than five is."""

from itertools import chain, combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from central.domain.people_counts import NOBODY, PeopleCount, most_on_a_day, said_by_sheet, together
from contract.day_sheets import FEW

Cells = list[list[int]]  # of each atelier, how many people each day of a month

days_of_ateliers = st.lists(st.lists(st.integers(1, 12), min_size=1, max_size=4), min_size=1, max_size=4)


def as_sheets_say(cells: Cells) -> list[list[str]]:
    return [[str(people) if people >= 5 else FEW for people in days] for days in cells]


def every_figure(sheets: list[list[str]]) -> list[PeopleCount]:
    """Of each set of ateliers, for each run of days: all that a page, a paper, or two of them months apart could ever show."""
    ateliers = range(len(sheets))
    subsets = chain.from_iterable(combinations(ateliers, size) for size in range(len(sheets) + 1))
    longest = max(len(days) for days in sheets)
    spans = [(first, last) for first in range(longest) for last in range(first + 1, longest + 1)]
    return [
        together(most_on_a_day(sheets[atelier][first:last]) for atelier in subset)
        for subset in subsets
        for first, last in spans
    ]


@given(days_of_ateliers, st.data())
def test_all_figures_are_the_same_whatever_a_few_people_are(cells: Cells, data: st.DataObject) -> None:
    other = [[people if people >= 5 else data.draw(st.integers(1, 4)) for people in days] for days in cells]
    assert every_figure(as_sheets_say(cells)) == every_figure(as_sheets_say(other))


@given(days_of_ateliers)
def test_what_is_said_is_true(cells: Cells) -> None:
    said = together(most_on_a_day(days) for days in as_sheets_say(cells))
    true = sum(max(days) for days in cells)
    assert said.least <= true if said.open else said.least == true
    assert said.open == any(max(days) < 5 for days in cells)


@given(st.lists(st.integers(5, 40), min_size=1, max_size=6), st.integers(1, 4))
def test_a_hidden_group_is_not_what_the_total_has_more_than_the_others(others: list[int], few: int) -> None:
    groups = [said_by_sheet(str(people)) for people in others]
    total = together([*groups, said_by_sheet(FEW)])
    assert total.open
    assert total.least - sum(others) == 1, f"one at least, whether it is {few} or any other"


@pytest.mark.parametrize(
    ("groups", "said"),
    [
        ([], NOBODY),
        (["7"], PeopleCount(7, False, 1)),
        (["<5"], PeopleCount(1, True, 1)),
        (["7", "12"], PeopleCount(19, False, 2)),
        (["7", "<5"], PeopleCount(8, True, 2)),
        (["<5", "<5"], PeopleCount(2, True, 2)),
        (["3"], PeopleCount(1, True, 1)),  # a sheet that counted a small group out is not repeated
    ],
)
def test_groups_added_up(groups: list[str], said: PeopleCount) -> None:
    assert together(map(said_by_sheet, groups)) == said


def test_one_hidden_group_says_no_number() -> None:
    assert said_by_sheet(FEW).few
    assert not together([said_by_sheet(FEW), said_by_sheet("7")]).few


def test_the_same_people_on_many_days_are_counted_once() -> None:
    assert most_on_a_day(["6", "8", FEW, "8"]) == PeopleCount(8, False, 1)
    assert most_on_a_day([FEW, FEW]) == PeopleCount(1, True, 1)
