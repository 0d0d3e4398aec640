"""When an order's last piece is to be expected."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from central.domain.buyer_forecast import Forecast, Outlook, forecast

TODAY = date(2026, 11, 26)


def days_ago(*pieces: int) -> dict[date, int]:
    """Today's first."""
    return {TODAY - timedelta(days=number): count for number, count in enumerate(pieces)}


@pytest.mark.parametrize(
    ("finished", "left", "due", "expected"),
    [
        (days_ago(10, 10, 10, 10), 100, "2026-12-06", Forecast(Outlook.ON_TIME, date(2026, 12, 6))),
        (days_ago(10, 10, 10, 10), 101, "2026-12-06", Forecast(Outlook.LATE, date(2026, 12, 7))),
        (days_ago(10, 10, 10, 10), 100, "", Forecast(Outlook.DAY, date(2026, 12, 6))),
        (days_ago(10, 0, 0, 10, 10), 60, "", Forecast(Outlook.DAY, date(2026, 12, 6))),  # days off are days
        (days_ago(10, 10, 10), 0, "2026-12-06", Forecast(Outlook.FINISHED)),
        (days_ago(10, 10, 10), -5, "2026-12-06", Forecast(Outlook.FINISHED)),
        (days_ago(10, 10), 50, "2026-12-06", Forecast(Outlook.UNKNOWN)),
        ({}, 50, "2026-12-06", Forecast(Outlook.UNKNOWN)),
        (days_ago(*[0] * 28, 10, 10, 10), 50, "2026-12-06", Forecast(Outlook.UNKNOWN)),  # too long ago
        (days_ago(1, 1, 1), 1_000_000, "", Forecast(Outlook.UNKNOWN)),  # beyond what anybody can say
    ],
)
def test_the_pace_of_the_last_days_goes_on(finished: dict[date, int], left: int, due: str, expected: Forecast) -> None:
    assert forecast(finished, left=left, due=due, today=TODAY) == expected


@given(st.lists(st.integers(1, 500), min_size=3, max_size=28), st.integers(1, 5000), st.integers(1, 5000))
def test_more_to_do_is_never_ready_sooner(pieces: list[int], left: int, more: int) -> None:
    made = [forecast(days_ago(*pieces), left=count, due="", today=TODAY).day for count in (left, left + more)]
    if made[1] is not None:
        assert made[0] is not None and TODAY < made[0] <= made[1]
