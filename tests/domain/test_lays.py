"""Lays: a marker as people write it, and pieces per size = plies × ratio."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from floor_app.domain.lays import (
    LONGEST_SHADE,
    MOST_PIECES,
    MOST_PLIES,
    MOST_RATIO,
    MOST_ROLLS,
    Lay,
    LayFault,
    MarkerSize,
    Roll,
    lay_faults,
    read_marker,
)

LETTERS = ("S", "M", "L", "XL", "XXL", "2XL", "XS")
NUMBERS = ("3", "36", "38", "40")
CHILDREN = ("6 ans", "8 ans", "10 ans", "16")


def marker(*sizes: tuple[str, int]) -> tuple[MarkerSize, ...]:
    return tuple(MarkerSize(size, ratio) for size, ratio in sizes)


def lay(*, sizes: tuple[MarkerSize, ...] = marker(("S", 1)), rolls: tuple[Roll, ...] = (Roll(30),)) -> Lay:
    return Lay("OF-1", "Marine", sizes, rolls)


def test_thirty_plies_of_six_garments_are_a_hundred_and_eighty_pieces() -> None:
    sizes = read_marker("S1 M2 L2 XL1", LETTERS)
    assert isinstance(sizes, tuple)
    cut = lay(sizes=sizes, rolls=(Roll(18, "A"), Roll(12, "B")))
    assert cut.plies == 30
    assert cut.pieces_per_size == {"S": 30, "M": 60, "L": 60, "XL": 30}
    assert cut.pieces == 180


@pytest.mark.parametrize(
    ("text", "sizes", "expected"),
    [
        ("S1 M2 L2 XL1", LETTERS, [("S", 1), ("M", 2), ("L", 2), ("XL", 1)]),
        ("s1 m2 xl1", LETTERS, [("S", 1), ("M", 2), ("XL", 1)]),
        ("S 1 M 2", LETTERS, [("S", 1), ("M", 2)]),
        ("S:1, M:2; L:10", LETTERS, [("S", 1), ("M", 2), ("L", 10)]),
        ("S=1+M=2", LETTERS, [("S", 1), ("M", 2)]),
        ("S x 1  M×2 L*3", LETTERS, [("S", 1), ("M", 2), ("L", 3)]),
        ("XLx2", LETTERS, [("XL", 2)]),
        ("XXL1 2XL3 XS2", LETTERS, [("XXL", 1), ("2XL", 3), ("XS", 2)]),
        ("  S1\tM2\n", LETTERS, [("S", 1), ("M", 2)]),
        ("S1, M2,", LETTERS, [("S", 1), ("M", 2)]),
        ("38:2 40:1", NUMBERS, [("38", 2), ("40", 1)]),
        ("3:2 36:1", NUMBERS, [("3", 2), ("36", 1)]),
        ("38 2 40 1", NUMBERS, [("38", 2), ("40", 1)]),
        ("38x12", NUMBERS, [("38", 12)]),
        ("6 ans x2", CHILDREN, [("6 ans", 2)]),
        ("6 ans x 2, 8 ANS x 1", CHILDREN, [("6 ans", 2), ("8 ans", 1)]),
        ("6 ans 2 8 ans 1 16:3", CHILDREN, [("6 ans", 2), ("8 ans", 1), ("16", 3)]),
        ("10 ans:1", CHILDREN, [("10 ans", 1)]),
        ("Unique 4", ("Unique",), [("Unique", 4)]),
        ("t.u. 4", ("T.U.",), [("T.U.", 4)]),
        ("(a|b)*2", ("(a|b)",), [("(a|b)", 2)]),
        ("S0", LETTERS, [("S", 0)]),  # refused as a lay, with its size named
        ("S1 S2", LETTERS, [("S", 1), ("S", 2)]),  # likewise
    ],
)
def test_a_marker_is_read_as_people_write_it(
    text: str, sizes: tuple[str, ...], expected: list[tuple[str, int]]
) -> None:
    assert read_marker(text, sizes) == marker(*expected)


@pytest.mark.parametrize(
    ("text", "sizes", "fault"),
    [
        ("", LETTERS, LayFault("no_marker")),
        (" \t ", LETTERS, LayFault("no_marker")),
        ("S1", (), LayFault("no_marker")),
        ("S1 XM2", LETTERS, LayFault("marker_unread", "xm2")),
        ("4XL1", LETTERS, LayFault("marker_unread", "4xl1")),
        ("S1M2", LETTERS, LayFault("marker_unread", "s1m2")),
        ("2S 1M", LETTERS, LayFault("marker_unread", "2s 1m")),
        ("S", LETTERS, LayFault("marker_unread", "s")),
        ("S-1", LETTERS, LayFault("marker_unread", "s-1")),
        ("S1,5", LETTERS, LayFault("marker_unread", "5")),
        ("S99999", LETTERS, LayFault("marker_unread", "s99999")),
        ("382", NUMBERS, LayFault("marker_unread", "382")),
        ("42:1", NUMBERS, LayFault("marker_unread", "42:1")),
        ("38", NUMBERS, LayFault("marker_unread", "38")),
        ("ans x2", CHILDREN, LayFault("marker_unread", "ans x2")),
        ("=1+1", LETTERS, LayFault("marker_unread", "=1+1")),
        ("?" * 500, LETTERS, LayFault("marker_unread", "?" * 40)),
    ],
)
def test_a_marker_that_cannot_be_read_says_where(text: str, sizes: tuple[str, ...], fault: LayFault) -> None:
    assert read_marker(text, sizes) == fault


@given(
    ratios=st.lists(st.tuples(st.sampled_from((*LETTERS, *CHILDREN)), st.integers(1, 999)), min_size=1),
    mark=st.sampled_from(":=x×*"),
)
def test_what_the_preview_writes_is_read_back(ratios: list[tuple[str, int]], mark: str) -> None:
    text = ", ".join(f"{size}{mark}{ratio}" for size, ratio in ratios)
    assert read_marker(text, (*LETTERS, *CHILDREN)) == marker(*ratios)


@settings(max_examples=50)
@given(text=st.text(max_size=40), sizes=st.lists(st.text(min_size=1, max_size=6), max_size=5))
def test_no_text_breaks_the_reading_of_a_marker(text: str, sizes: list[str]) -> None:
    read = read_marker(text, sizes)
    assert isinstance(read, LayFault) or {marked.size for marked in read} <= set(sizes)


@pytest.mark.parametrize(
    ("faulty", "faults"),
    [
        (lay(), []),
        (lay(sizes=marker(("S", MOST_RATIO)), rolls=(Roll(MOST_PIECES // MOST_RATIO),)), []),
        (lay(rolls=(Roll(MOST_PLIES, "A" * LONGEST_SHADE),)), []),
        (lay(sizes=()), [LayFault("no_marker")]),
        (lay(sizes=marker(("S", 1), ("M", 1), ("S", 2))), [LayFault("size_twice", "S")]),
        (lay(sizes=marker(("S", 0))), [LayFault("bad_ratio", "S")]),
        (lay(sizes=marker(("S", -1), ("M", MOST_RATIO + 1))), [LayFault("bad_ratio", "S"), LayFault("bad_ratio", "M")]),
        (lay(rolls=()), [LayFault("no_plies")]),
        (lay(rolls=(Roll(10), Roll(0))), [LayFault("bad_plies", "0")]),
        (lay(rolls=(Roll(-3),)), [LayFault("bad_plies", "-3")]),
        (lay(rolls=(Roll(MOST_PLIES + 1),)), [LayFault("bad_plies", "2001")]),
        (lay(rolls=(Roll(1),) * MOST_ROLLS), []),
        (lay(rolls=(Roll(1),) * (MOST_ROLLS + 1)), [LayFault("too_many_rolls", "101")]),
        (lay(rolls=(Roll(1, "B" * 90),)), [LayFault("shade_too_long", "B" * 40)]),
        (lay(sizes=marker(("S", MOST_RATIO)), rolls=(Roll(201),)), [LayFault("too_many_pieces", "100500")]),
        (lay(sizes=(), rolls=()), [LayFault("no_marker"), LayFault("no_plies")]),
    ],
)
def test_everything_wrong_with_a_lay_is_named_at_once(faulty: Lay, faults: list[LayFault]) -> None:
    assert list(lay_faults(faulty)) == faults
