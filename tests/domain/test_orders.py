from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from floor_app.domain.orders import (
    CODE_LIMIT,
    LINE_PIECES_LIMIT,
    LINES_LIMIT,
    TEXT_LIMIT,
    Order,
    OrderLine,
    clean_text,
    likeness,
    plain_text,
)

LINE = OrderLine("M", "Blanc", 10)


def order(**changes: object) -> Order:
    fields: dict[str, object] = {
        "code": "2026-0117",
        "client": "Ville de Lille",
        "contract": "Marché 12",
        "style": "Tablier",
        "due": date(2026, 11, 23),
        "lines": (LINE,),
    }
    return Order(**{**fields, **changes})  # type: ignore[arg-type]  # wrong values are what these tests are about


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Ville   de\tLille \r\n", "Ville de Lille"),
        ("1\u00a0200\u202fpièces", "1 200 pièces"),
        ("e\u0301cru", "écru"),
        ("Ta\u200bbl\ufeffier\u00ad", "Tablier"),
        ("OF\u202e7110\u202c", "OF7110"),
        ("\u2066abc\u2069\u200f", "abc"),
        ("a\x00b\x07c\x1bd\x7f", "abcd"),
        ("a \u200b b", "a b"),
        ("\ud800x\ufffe", "x"),
        ("<b>L’œuf</b> & cœur €", "<b>L’œuf</b> & cœur €"),
        ("=cmd|' /C calc'!A0", "=cmd|' /C calc'!A0"),
        ("\u3000Blouse\u2003enfant", "Blouse enfant"),
        ("", ""),
    ],
)
def test_text_is_kept_as_what_people_see(typed: str, kept: str) -> None:
    assert plain_text(typed) == kept


def test_text_is_cut_without_a_space_left_at_the_end() -> None:
    assert clean_text("Tablier à bavette", limit=10) == "Tablier à"


@given(st.text())
def test_cleaning_twice_changes_nothing(text: str) -> None:
    assert plain_text(plain_text(text)) == plain_text(text)
    assert clean_text(clean_text(text, limit=7), limit=7) == clean_text(text, limit=7)


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("ÉCRU", "écru", True),
        ("Ecru", "Écru", True),
        ("Blanc", "BLANC", True),
        ("2XL", "XXL", False),
        ("Bleu", "Bleue", False),
        ("حَ", "حِ", False),
    ],
)
def test_spellings_of_one_word_are_alike(one: str, other: str, alike: bool) -> None:
    assert (likeness(one) == likeness(other)) is alike


def test_an_order_counts_its_pieces() -> None:
    lines = (LINE, OrderLine("L", "Blanc", 20), OrderLine("M", "Écru", 5))
    assert order(lines=lines).pieces == 35


def test_an_order_may_know_no_more_than_its_code_and_lines() -> None:
    bare = Order("7", "", "", "", None, (OrderLine("TU", "", LINE_PIECES_LIMIT),))
    assert bare.pieces == LINE_PIECES_LIMIT


@pytest.mark.parametrize(
    "changes",
    [
        {"code": ""},
        {"code": "7" * (CODE_LIMIT + 1)},
        {"code": " 7"},
        {"client": "x" * (TEXT_LIMIT + 1)},
        {"style": "a\u202eb"},
        {"contract": "a  b"},
        {"due": date(1999, 12, 31)},
        {"due": date(2100, 1, 1)},
        {"lines": ()},
        {"lines": (LINE, OrderLine("m", "BLANC", 3))},
        {"lines": (LINE, OrderLine("L", "", 3))},
        {"lines": tuple(OrderLine(str(n), "", 1) for n in range(LINES_LIMIT + 1))},
    ],
)
def test_what_is_no_order_cannot_be_made(changes: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"."):
        order(**changes)


@pytest.mark.parametrize(
    ("size", "colour", "quantity"),
    [("", "Blanc", 1), ("M\n", "", 1), ("M", " ", 1), ("M", "", 0), ("M", "", -1), ("M", "", LINE_PIECES_LIMIT + 1)],
)
def test_what_is_no_order_line_cannot_be_made(size: str, colour: str, quantity: int) -> None:
    with pytest.raises(ValueError, match=r"."):
        OrderLine(size, colour, quantity)
