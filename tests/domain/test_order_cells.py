"""Two rule tables: how a number and how a date is read from a cell."""

from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from floor_app.domain.order_cells import Cell, cell_text, read_due, read_pieces, within_line
from floor_app.domain.order_faults import FaultCode

NOT_WHOLE = FaultCode.QUANTITY_NOT_WHOLE
AMBIGUOUS = FaultCode.QUANTITY_AMBIGUOUS
NEGATIVE = FaultCode.QUANTITY_NEGATIVE
NO_NUMBER = FaultCode.QUANTITY_NOT_A_NUMBER
FORMULA = FaultCode.QUANTITY_FORMULA
NO_DATE = FaultCode.DATE_NOT_READ
IMPOSSIBLE = FaultCode.DATE_IMPOSSIBLE
OUT_OF_RANGE = FaultCode.DATE_OUT_OF_RANGE
DAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("cell", "pieces"),
    [
        (None, None),
        ("", None),
        ("  ", None),
        ("-", None),
        ("—", None),
        ("0", 0),
        (0, 0),
        ("30", 30),
        ("030", 30),
        ("+30", 30),
        (30, 30),
        (30.0, 30),
        (29.999999999996, 30),
        (Decimal("30.00"), 30),
        ("30,0", 30),
        ("30.0", 30),
        ("30,00", 30),
        ("1 200", 1200),
        ("1\u00a0200", 1200),
        ("1\u202f200", 1200),
        ("1\u2009200,0", 1200),
        ("12 000", 12000),
        ("1 000 000", 1_000_000),
        ("1'200", 1200),
        ("1’200", 1200),
        ("1200,000", 1200),
        ("1.200,00", 1200),
        ("1,200.00", 1200),
        ("1.200.300", 1_200_300),
        ("1,200,300", 1_200_300),
        ("30 pcs", 30),
        ("30 pièces", 30),
        ("1 200 u.", 1200),
        ("1.200", AMBIGUOUS),
        ("1,200", AMBIGUOUS),
        ("30,000", AMBIGUOUS),
        ("30,5", NOT_WHOLE),
        ("30.5", NOT_WHOLE),
        ("0,500", NOT_WHOLE),
        ("1234,567", NOT_WHOLE),
        ("1 200,5", NOT_WHOLE),
        ("1.200,5", NOT_WHOLE),
        (30.5, NOT_WHOLE),
        (Decimal("0.1"), NOT_WHOLE),
        ("-5", NEGATIVE),
        ("- 5", NEGATIVE),
        ("−5", NEGATIVE),
        ("-1.200", NEGATIVE),
        ("-0,5", NEGATIVE),
        (-5, NEGATIVE),
        (-0.5, NEGATIVE),
        ("-0", 0),
        ("trente", NO_NUMBER),
        ("12 0", NO_NUMBER),
        ("1 20", NO_NUMBER),
        ("1 200 30", NO_NUMBER),
        ("12/3", NO_NUMBER),
        ("1e3", NO_NUMBER),
        ("1,2E+03", NO_NUMBER),
        ("30,", NO_NUMBER),
        (",5", NO_NUMBER),
        ("x30", NO_NUMBER),
        ("½", NO_NUMBER),
        ("٣٠", NO_NUMBER),
        ("#REF!", NO_NUMBER),
        pytest.param("9" * 5_000, NO_NUMBER, id="five thousand nines"),
        (True, NO_NUMBER),
        (float("nan"), NO_NUMBER),
        (float("inf"), NO_NUMBER),
        pytest.param(10**5_000, NO_NUMBER, id="five thousand digits"),
        (Decimal("sNaN"), NO_NUMBER),
        (Decimal("1e999999"), NO_NUMBER),
        (DAY, NO_NUMBER),
        (datetime(2026, 11, 23, 8, 0), NO_NUMBER),  # noqa: DTZ001 - spreadsheets know no time zone
        ("=A1+B1", FORMULA),
        ("=cmd|' /C calc'!A0", FORMULA),
    ],
)
def test_pieces_are_read_as_a_workshop_writes_them(cell: Cell, pieces: int | FaultCode | None) -> None:
    assert read_pieces(cell) == pieces


@given(st.integers(0, 10**9), st.sampled_from([" ", "\u00a0", "\u202f", "'", "’"]), st.sampled_from(["", ",0", ".00"]))
def test_any_number_reads_back_with_its_thousands_apart(number: int, mark: str, decimals: str) -> None:
    assert read_pieces(f"{number:,}".replace(",", mark) + decimals) == number


@given(st.integers(0, 10**9))
def test_a_number_in_french_and_in_english_figures_is_the_same(number: int) -> None:
    english = f"{number:,}.00"
    french = english.translate(str.maketrans(",.", ".,"))
    assert read_pieces(english) == read_pieces(french) == number


def test_a_line_holds_a_million_pieces_at_most() -> None:
    assert within_line(1_000_000) == 1_000_000
    assert within_line(1_000_001) == FaultCode.QUANTITY_TOO_LARGE


@pytest.mark.parametrize(
    ("cell", "due"),
    [
        (None, None),
        ("", None),
        ("-", None),
        ("23/11/2026", DAY),
        ("23/11/26", DAY),
        ("23-11-2026", DAY),
        ("23-11-26", DAY),
        ("23.11.2026", DAY),
        ("23 11 2026", DAY),
        ("2026-11-23", DAY),
        ("2026/11/23", DAY),
        ("20261123", DAY),
        ("23 novembre 2026", DAY),
        ("23 NOVEMBRE 2026", DAY),
        ("23 nov. 2026", DAY),
        ("23 nov 26", DAY),
        ("23-nov-26", DAY),
        ("23\u00a0novembre\u00a02026", DAY),
        ("23 November 2026", DAY),
        ("lundi 23 novembre 2026", DAY),
        ("Lundi 23/11/2026", DAY),
        ("lun. 23/11/2026", DAY),
        ("le 23/11/2026", DAY),
        ("23/11/2026 00:00:00", DAY),
        ("23/11/2026 à 14h30", DAY),
        ("2026-11-23T08:00:00", DAY),
        ("2026-11-23T08:00:00.000Z", DAY),
        ("2026-11-23 08:00:00+01:00", DAY),
        ("1er décembre 2026", date(2026, 12, 1)),
        ("2 fév. 2027", date(2027, 2, 2)),
        ("15 août 2027", date(2027, 8, 15)),
        ("3 mars 2027", date(2027, 3, 3)),
        ("mardi 3 mars 2027", date(2027, 3, 3)),
        ("31 juil. 2027", date(2027, 7, 31)),
        ("5/1/2027", date(2027, 1, 5)),
        ("29/02/2028", date(2028, 2, 29)),
        (DAY, DAY),
        (datetime(2026, 11, 23, 17, 30), DAY),  # noqa: DTZ001 - spreadsheets know no time zone
        (46349, DAY),
        (46349.75, DAY),
        (Decimal(46349), DAY),
        ("46349", DAY),
        ("46349,5", DAY),
        (36526, date(2000, 1, 1)),
        (73050, date(2099, 12, 31)),
        ("30/02/2026", IMPOSSIBLE),
        ("29/02/2027", IMPOSSIBLE),
        ("11/23/2026", IMPOSSIBLE),
        ("0/11/2026", IMPOSSIBLE),
        ("31 juin 2026", IMPOSSIBLE),
        ("2026-13-01", IMPOSSIBLE),
        ("23/11/1926", OUT_OF_RANGE),
        ("23/11/2126", OUT_OF_RANGE),
        (36525, OUT_OF_RANGE),
        (73051, OUT_OF_RANGE),
        (12, OUT_OF_RANGE),
        (date(1999, 12, 31), OUT_OF_RANGE),
        (datetime(9999, 12, 31), OUT_OF_RANGE),  # noqa: DTZ001 - spreadsheets know no time zone
        ("semaine 47", NO_DATE),
        ("S47 2026", NO_DATE),
        ("dès que possible", NO_DATE),
        ("novembre 2026", NO_DATE),
        ("23/11", NO_DATE),
        ("23 brumaire 2026", NO_DATE),
        ("23/11/026", NO_DATE),
        ("=TODAY()", NO_DATE),
        ("٢٣/١١/٢٠٢٦", NO_DATE),
        (True, NO_DATE),
        (float("nan"), NO_DATE),
        pytest.param(10**5_000, NO_DATE, id="five thousand digits"),
    ],
)
def test_a_due_date_is_read_as_a_workshop_writes_it(cell: Cell, due: date | FaultCode | None) -> None:
    assert read_due(cell) == due


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (None, ""),
        ("  a  b ", "a b"),
        (36, "36"),
        (36.0, "36"),
        (2026117.0, "2026117"),
        (1.5, "1.5"),
        (Decimal("1E+3"), "1000"),
        (True, "TRUE"),
        (DAY, "2026-11-23"),
        (float("nan"), "NaN"),
    ],
)
def test_a_cell_is_shown_as_the_sheet_shows_it(cell: Cell, text: str) -> None:
    assert cell_text(cell) == text


@given(st.one_of(st.text(), st.integers(), st.floats(), st.decimals(), st.dates(), st.datetimes(), st.booleans()))
def test_any_cell_is_read_without_an_accident(cell: Cell) -> None:
    pieces, due = read_pieces(cell), read_due(cell)
    assert pieces is None or isinstance(pieces, FaultCode) or pieces >= 0
    assert due is None or isinstance(due, FaultCode) or 2000 <= due.year <= 2099
    assert "\n" not in cell_text(cell)
