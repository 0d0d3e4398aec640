"""Hours of a contract against what it asks for, and where they will be at its end."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from central.domain.contract_hours import Term, forecast_minutes, step_reached, term_of

YEAR = Term(date(2026, 1, 1), date(2026, 12, 31), 60_000)


@pytest.mark.parametrize(
    ("done", "today", "there_will_be"),
    [
        (0, date(2025, 12, 31), None),  # it has not begun
        (100, date(2026, 1, 1), 36_500),  # one day of 365
        (7300, date(2026, 3, 14), 36_500),  # 73 of 365
        (500, date(2026, 12, 31), 500),
        (500, date(2027, 6, 1), 500),  # over: what was done
        (0, date(2026, 6, 1), 0),
    ],
)
def test_the_pace_so_far_goes_on_to_the_last_day(done: int, today: date, there_will_be: int | None) -> None:
    assert forecast_minutes(done, YEAR, today) == there_will_be


@pytest.mark.parametrize(("first", "last"), [("", "2026-12-31"), ("2026-01-01", ""), ("2026-02-01", "2026-01-01")])
def test_without_two_days_in_order_nothing_is_forecast(first: str, last: str) -> None:
    assert term_of(first, last, 60) is None
    assert forecast_minutes(100, term_of(first, last, 60), date(2026, 6, 1)) is None


@pytest.mark.parametrize(
    ("done", "due", "step"),
    [
        (0, 100, 0),
        (49, 100, 0),
        (50, 100, 50),
        (79, 100, 50),
        (80, 100, 80),
        (100, 100, 100),
        (900, 100, 100),
        (5, 0, 0),
    ],
)
def test_a_step_is_reached_when_the_hours_are_there(done: int, due: int, step: int) -> None:
    assert step_reached(done, due) == step


@given(st.lists(st.integers(0, 5000), min_size=1, max_size=20), st.integers(0, 364))
def test_inputs_are_summed_before_the_division(minutes: list[int], gone: int) -> None:
    today = date.fromordinal(YEAR.first.toordinal() + gone)
    forecast = forecast_minutes(sum(minutes), YEAR, today)
    assert forecast is not None
    assert abs(forecast * (gone + 1) - sum(minutes) * 365) <= (gone + 1) / 2
