"""A simulated day is thought through beforehand: repeatable, in order, and lawful by its own count."""

from collections import Counter
from dataclasses import astuple, replace

import pytest

from floor_app.domain.codes import Found, read_code
from floor_app.simulating.acts import CUTTERS, LABEL, DayPlan, Kind
from floor_app.simulating.lay_plan import Shop
from floor_app.simulating.pieces import STEPS, BundleRef, Pieces, Tally
from floor_app.simulating.planning import NobodyWorks, Post, plan_day
from floor_app.simulating.rates import Rates, usual_rates

POSTS = (
    Post("coupe", "cut", wired=True),
    Post("couture-1", "sew", wired=True),
    Post("couture-2", "sew", wired=False),
    Post("finition-1", "finish", wired=True),
    Post("finition-2", "finish", wired=False),
)
SEEDS = range(30)


def a_day(seed: int = 7, *, missing_steps: str = "warn", rates: Rates | None = None) -> DayPlan:
    return plan_day(seed, POSTS, shop=Shop(missing_steps), rates=rates or usual_rates())


def tally_of(plan: DayPlan) -> Tally:
    tally = Tally()
    for place, lay in enumerate(plan.lays):
        for number, bundle in enumerate(lay.bundles):
            tally.cut(BundleRef(place, number), bundle.quantity)
    for act in plan.acts:
        for deed in act.deeds:
            tally.add(deed)
    return tally


def test_the_same_seed_is_the_same_day_act_by_act() -> None:
    assert a_day(7) == a_day(7)
    assert a_day(7).acts != a_day(8).acts


def test_a_day_is_some_hundreds_of_acts() -> None:
    counts = [len(a_day(seed).acts) for seed in SEEDS]
    assert min(counts) > 100
    assert max(counts) < 800


def test_everything_that_can_happen_happens() -> None:
    seen = Counter(act.kind for seed in SEEDS for act in a_day(seed).acts)
    assert set(seen) == set(Kind)


def test_nothing_happens_when_habits_are_perfect() -> None:
    habits = replace(usual_rates().habits, incidents={}, outage_share=0.0)
    plan = a_day(rates=replace(usual_rates(), habits=habits))
    assert {act.kind for act in plan.acts} == {Kind.CUT, Kind.COUNT}
    tally = tally_of(plan)
    for bundle, quantity in tally.bundles.items():
        assert {tally.at(bundle, step) for step in STEPS} <= {Pieces(), Pieces(good=quantity)}


@pytest.mark.parametrize("missing_steps", ["warn", "allow", "fill"])
def test_no_step_ever_has_more_pieces_than_reached_it(missing_steps: str) -> None:
    for seed in SEEDS:
        plan = a_day(seed, missing_steps=missing_steps)
        tally = tally_of(plan)
        for bundle in tally.bundles:
            for step in STEPS:
                pieces = tally.at(bundle, step)
                assert min(astuple(pieces)) >= 0, (seed, bundle, step, pieces)
                assert tally.waiting(bundle, step) >= 0, (seed, bundle, step, pieces)


def test_time_goes_forward_at_every_station_and_each_act_waits_for_the_one_before_on_its_bundle() -> None:
    plan = a_day()
    assert [act.number for act in plan.acts] == list(range(len(plan.acts)))
    assert [act.at_minute for act in plan.acts] == sorted(act.at_minute for act in plan.acts)
    last: dict[BundleRef, int] = {}
    for act in plan.acts:
        if act.kind == Kind.CUT:
            last |= {BundleRef(act.lay, place): act.number for place in range(len(plan.lays[act.lay].bundles))}
        elif act.reads:
            assert act.bundle
            assert act.after == (last[act.bundle],)
            last[act.bundle] = act.number


def test_a_scan_kept_by_a_tablet_is_sent_when_the_wifi_is_back() -> None:
    kept = [(seed, act) for seed in SEEDS for act in a_day(seed).acts if act.kept_minutes]
    assert kept
    for seed, act in kept:
        backs = [
            other.at_minute
            for other in a_day(seed).acts
            if other.kind == Kind.WIFI_BACK and other.station == act.station
        ]
        assert act.at_minute in backs
        assert [read.text for read in act.reads][:1] == [LABEL]


def test_what_is_read_is_a_label_a_card_or_a_product_code() -> None:
    texts = {read.text for seed in SEEDS for act in a_day(seed).acts for read in act.reads}
    found = {read_code(text, home_site="BCDF").found for text in texts - {LABEL}}
    assert found == {Found.CARD, Found.PRODUCT_CODE}


def test_orders_are_larger_than_what_is_cut_of_them() -> None:
    plan = a_day()
    cut = Counter[str]()
    for lay in plan.lays:
        cut[lay.order] += sum(bundle.quantity for bundle in lay.bundles)
    planned = {order.code: sum(pieces for _, _, pieces in order.lines) for order in plan.orders}
    assert planned.keys() == cut.keys()
    assert all(planned[code] > pieces for code, pieces in cut.items())


def test_paper_ends_once_and_only_where_there_is_a_printer() -> None:
    assert sum(lay.paper_ends for lay in a_day().lays) == 1
    without = plan_day(7, POSTS, shop=Shop(has_printer=False), rates=usual_rates())
    assert not any(lay.paper_ends for lay in without.lays)


def test_only_cutters_cut() -> None:
    assert {act.station for act in a_day().acts if act.kind == Kind.CUT} == {CUTTERS}


@pytest.mark.parametrize("step", STEPS)
def test_a_shop_where_nobody_does_a_step_is_refused(step: str) -> None:
    posts = [post for post in POSTS if post.step != step]
    with pytest.raises(NobodyWorks, match=step):
        plan_day(7, posts, shop=Shop(), rates=usual_rates())
