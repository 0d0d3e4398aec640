"""An order shared out: exact to the piece, never more than somebody said he can take."""

from datetime import date
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from central.domain.proposals import Capacity, Line, propose, room

TODAY = date(2026, 11, 26)
lines = st.lists(st.builds(Line, st.just("M"), st.text("ABC", max_size=2), st.integers(0, 5000)), max_size=8)
rooms = st.dictionaries(st.sampled_from([f"A{n}" for n in range(12)]), st.integers(0, 9000), max_size=12)


@pytest.mark.parametrize(
    ("pieces_a_week", "from_day", "taken", "due", "found"),
    [
        (700, "", 0, "2026-12-10", 1400),  # two weeks
        (700, "", 400, "2026-12-10", 1000),
        (700, "", 5000, "2026-12-10", 0),
        (700, "2026-12-03", 0, "2026-12-10", 700),
        (700, "2026-12-11", 0, "2026-12-10", 0),
        (700, "", 0, "2026-11-20", 0),  # past
        (700, "", 0, "", 2800),  # four weeks
        (100, "", 0, "2026-11-27", 14),  # a day of it, rounded down
        (0, "", 0, "2026-12-10", 0),
    ],
)
def test_room_is_what_was_declared_less_what_was_taken(
    pieces_a_week: int, from_day: str, taken: int, due: str, found: int
) -> None:
    assert room(Capacity("a", pieces_a_week, from_day), taken=taken, today=TODAY, due=due) == found


def test_twice_the_room_gets_twice_the_pieces() -> None:
    found = propose([Line("M", "", 300), Line("L", "", 600)], {"big": 2000, "small": 1000})
    assert found.shares == {"big": (200, 400), "small": (100, 200)}
    assert found.unplaced == (0, 0)


def test_what_nobody_has_room_for_is_said() -> None:
    found = propose([Line("M", "", 300), Line("L", "", 600)], {"one": 500})
    assert (found.shares, found.unplaced) == ({"one": (300, 200)}, (0, 400))
    assert propose([Line("M", "", 300)], {}).unplaced == (300,)


@given(lines, rooms)
def test_every_piece_is_somebodys_or_nobodys_and_none_is_given_beyond_the_room(
    asked: list[Line], spaces: dict[str, int]
) -> None:
    found = propose(asked, spaces)
    for place, line in enumerate(asked):
        assert sum(share[place] for share in found.shares.values()) + found.unplaced[place] == line.pieces
    for atelier, share in found.shares.items():
        assert all(pieces >= 0 for pieces in share)
        assert sum(share) <= spaces[atelier]
    placed = sum(sum(share) for share in found.shares.values())
    assert placed == min(sum(line.pieces for line in asked), sum(spaces.values()))


@given(lines, rooms, st.randoms())
def test_the_order_in_which_ateliers_are_named_changes_nothing(
    asked: list[Line], spaces: dict[str, int], chance: Random
) -> None:
    names = list(spaces)
    chance.shuffle(names)
    assert propose(asked, {name: spaces[name] for name in names}) == propose(asked, spaces)
