"""Insertion hours: what is proposed, what is added up, and that few people are never counted out."""

from collections import Counter
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as some

from floor_app.domain.insertion import (
    Assignment,
    ContractTotal,
    HalfDay,
    Person,
    Target,
    forecast_minutes,
    kept_since,
    proposed,
    totals,
)

AM, PM = HalfDay.MORNING, HalfDay.AFTERNOON
ANNE, BACHIR = Person(1, "Anne", 210), Person(2, "Bachir", 180)
RAN = {AM: Counter({"Lille": 40, "Lyon": 60}), PM: Counter({"Lille": 5})}


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        pytest.param({}, {(1, AM): "Lyon", (1, PM): "Lille", (2, AM): "Lyon", (2, PM): "Lille"}, id="what ran most"),
        pytest.param(
            {(1, AM): "Lille", (1, PM): "Lyon"},
            {(1, AM): "Lille", (1, PM): "Lille", (2, AM): "Lyon", (2, PM): "Lille"},
            id="as last time, where that ran today",
        ),
    ],
)
def test_the_sheet_is_proposed_from_what_ran_and_what_was_last_time(
    before: dict[tuple[int, HalfDay], str], expected: dict[tuple[int, HalfDay], str]
) -> None:
    found = proposed((ANNE, BACHIR), RAN, before)
    assert {(one.person, one.half_day): one.contract for one in found} == expected
    assert {one.person: one.minutes for one in found} == {1: 210, 2: 180}


def test_where_nothing_ran_nobody_is_proposed_for_a_contract() -> None:
    assert {one.contract for one in proposed((ANNE,), {}, {(1, AM): "Lille"})} == {""}


@pytest.mark.parametrize(("people", "said"), [(1, 0), (4, 0), (5, 5), (12, 12)])
def test_fewer_than_five_people_are_not_counted_out(people: int, said: int) -> None:
    sheet = [Assignment(person, half, "Lille", 200) for person in range(people) for half in HalfDay]
    assert totals(sheet) == (ContractTotal("Lille", 400 * people, said),)


@given(
    some.lists(
        some.builds(
            Assignment,
            some.integers(1, 20),
            some.sampled_from(HalfDay),
            some.sampled_from(["", "A", "B"]),
            some.integers(0, 300),
        ),
        max_size=60,
    )
)
def test_no_minute_is_lost_and_none_is_made(sheet: list[Assignment]) -> None:
    counted = sum(one.minutes for one in sheet if one.contract)
    assert sum(total.minutes for total in totals(sheet)) == counted
    assert all(total.people == 0 or total.people >= 5 for total in totals(sheet))


TARGET = Target("Lille", 6_000, date(2026, 1, 1), date(2026, 1, 10))


@pytest.mark.parametrize(
    ("done", "today", "forecast"),
    [
        (0, date(2025, 12, 31), None),
        (600, date(2026, 1, 1), 6_000),
        (1_500, date(2026, 1, 5), 3_000),
        (5_000, date(2026, 1, 10), 5_000),
        (5_000, date(2027, 6, 1), 5_000),
    ],
)
def test_the_forecast_goes_on_at_the_pace_so_far(done: int, today: date, forecast: int | None) -> None:
    assert forecast_minutes(done, TARGET, today) == forecast


def test_half_days_are_kept_five_years() -> None:
    assert kept_since(date(2026, 11, 26)) == date(2021, 11, 26)
    assert kept_since(date(2028, 2, 29)) == date(2023, 2, 28)
