"""Measures: what the formulas must give, and that « not measured » is never 0 %."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from floor_app.domain.measures import (
    defective_percent,
    defects_per_hundred,
    efficiency_percent,
    hourly_target,
    line_target,
    wip,
)

CENT = Decimal("0.01")
minutes = st.decimals(Decimal("0.05"), Decimal(60), places=2)


def test_four_hundred_garments_of_twenty_minutes_by_twenty_people_are_83_33_percent() -> None:
    efficiency = efficiency_percent([(400, Decimal(20))], attended_minutes=20 * 480)
    assert efficiency is not None
    assert efficiency.quantize(CENT) == Decimal("83.33")


@pytest.mark.parametrize(("operators", "pieces"), [(1, 72), (2, 144)])
def test_half_a_minute_at_sixty_percent_is_seventy_two_an_hour(operators: int, pieces: int) -> None:
    assert hourly_target(sam_minutes=Decimal("0.50"), efficiency_percent=Decimal(60), operators=operators) == pieces


def test_fifty_two_people_on_a_garment_of_34_25_minutes_make_911_a_day() -> None:
    assert line_target(operators=52, minutes=600, garment_sam_minutes=Decimal("34.25")) == 911


def test_thirty_five_defects_in_two_hundred_and_fifty_are_fourteen_per_hundred() -> None:
    assert defects_per_hundred(defects=35, pieces_inspected=250) == 14


def test_twenty_defective_pieces_of_two_hundred_and_fifty_are_eight_percent() -> None:
    assert defective_percent(defective_pieces=20, pieces_inspected=250) == 8


@pytest.mark.parametrize(
    ("done_before", "done", "rejected", "waiting"),
    [(10_000, 6_000, 0, 4_000), (10_000, 6_000, 150, 3_850), (0, 0, 0, 0)],
)
def test_what_was_cut_and_not_sewn_waits_to_be_sewn(done_before: int, done: int, rejected: int, waiting: int) -> None:
    assert wip(done_before=done_before, done=done, rejected=rejected) == waiting


def test_nothing_measured_is_not_measured() -> None:
    assert efficiency_percent([(400, Decimal(20))], attended_minutes=0) is None
    assert efficiency_percent([], attended_minutes=0) is None
    assert defects_per_hundred(defects=0, pieces_inspected=0) is None
    assert defective_percent(defective_pieces=0, pieces_inspected=0) is None
    assert hourly_target(sam_minutes=Decimal(0), efficiency_percent=Decimal(60)) is None
    assert line_target(operators=52, minutes=600, garment_sam_minutes=Decimal(0)) is None


def test_work_with_no_allowed_time_anywhere_has_no_efficiency() -> None:
    assert efficiency_percent([], attended_minutes=9_600) is None


def test_what_was_measured_and_is_nothing_is_zero() -> None:
    assert efficiency_percent([(0, Decimal(20))], attended_minutes=480) == 0
    assert defects_per_hundred(defects=0, pieces_inspected=250) == 0
    assert defective_percent(defective_pieces=0, pieces_inspected=250) == 0


@given(
    work=st.lists(st.tuples(st.integers(0, 5_000), minutes), min_size=2, max_size=6), attended=st.integers(1, 50_000)
)
def test_a_roll_up_sums_the_work_before_it_divides(work: list[tuple[int, Decimal]], attended: int) -> None:
    together = efficiency_percent(work, attended_minutes=attended)
    apart = [efficiency_percent([one], attended_minutes=attended) for one in work]
    assert together is not None
    assert abs(together - sum(share for share in apart if share is not None)) < CENT


def test_two_lines_together_are_not_the_average_of_their_percentages() -> None:
    small = efficiency_percent([(10, Decimal(1))], attended_minutes=10)
    large = efficiency_percent([(100, Decimal(1))], attended_minutes=1_000)
    both = efficiency_percent([(10, Decimal(1)), (100, Decimal(1))], attended_minutes=1_010)
    assert small == 100
    assert large == 10
    assert both is not None
    assert both.quantize(CENT) == Decimal("10.89")


@given(operators=st.integers(0, 200), day_minutes=st.integers(0, 720), sam=minutes)
def test_a_line_target_is_whole_garments_to_the_nearest(operators: int, day_minutes: int, sam: Decimal) -> None:
    target = line_target(operators=operators, minutes=day_minutes, garment_sam_minutes=sam)
    assert isinstance(target, int)
    assert abs(target - operators * day_minutes / sam) <= Decimal("0.5")
