"""When an atelier talks: its own minute of the night, and after a failure never all at once."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from floor_app.domain.sync_times import (
    FIRST_PAUSE_S,
    LONGEST_PAUSE_S,
    MOST_TRIES,
    NIGHT_MINUTES,
    last_night_run,
    minute_of_night,
    next_night_run,
    night_run_due,
    pause_s,
)

PARIS = ZoneInfo("Europe/Paris")
codes = st.text(alphabet="ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-", min_size=1, max_size=32)
moments = st.integers(1_577_836_800, 2_208_988_800).map(lambda at_s: datetime.fromtimestamp(at_s, PARIS))


def test_ten_thousand_ateliers_are_spread_over_the_night() -> None:
    per_minute = [0] * NIGHT_MINUTES
    for number in range(10_000):
        per_minute[minute_of_night(f"ATL{number:05}")] += 1
    assert max(per_minute) < 2.5 * 10_000 / NIGHT_MINUTES
    assert min(per_minute) > 0


@given(codes, moments)
def test_there_is_one_moment_a_night_and_always_the_same(code: str, now: datetime) -> None:
    last, following = last_night_run(code, now), next_night_run(code, now)
    assert last <= now < following
    assert following - last == timedelta(days=1)
    assert 1 <= last.hour < 5


@pytest.mark.parametrize(
    ("last", "due"),
    [
        (None, True),
        ("2026-11-25T12:00", True),  # yesterday at noon: a night lies between
        ("2026-11-26T11:59", False),
        ("2026-11-26T05:00", False),
        ("2026-12-24T12:00", False),  # the clock was put back: it waits
        ("1970-01-01T00:00", True),  # the clock was put right
    ],
)
def test_a_night_that_lies_between_makes_a_talk_due(last: str | None, due: bool) -> None:
    now = datetime(2026, 11, 26, 12, tzinfo=PARIS)
    then = datetime.fromisoformat(last).replace(tzinfo=PARIS) if last else None
    assert night_run_due("ATL07", now=now, last=then) is due


@given(st.integers(1, 30), st.floats(0, 100_000), st.floats(0, 1))
def test_pauses_are_never_shorter_than_the_centre_said_and_never_without_end(
    failures: int, said: float, chance: float
) -> None:
    pause = pause_s(failures, said_s=said, chance=chance)
    if failures >= MOST_TRIES:
        assert pause is None
    else:
        assert pause is not None
        assert pause >= min(said, 6 * 3600)
        assert FIRST_PAUSE_S / 2 <= pause <= max(LONGEST_PAUSE_S, 6 * 3600 + FIRST_PAUSE_S)


def test_pauses_grow() -> None:
    assert [pause_s(n, chance=1) for n in (1, 2, 3, 6, 9, 10)] == [60, 120, 240, 1800, 1800, None]
    assert [pause_s(n, chance=0) for n in (1, 2)] == [30, 60]
