"""Giving a style its routing."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from floor_app.domain.routings import MissingSteps, Operation, Policy, Section
from floor_app.setting_routings import RoutingAnswer, set_routing
from floor_app.store import routings
from tests.floor import Floor, a_lay, an_order

STEPS = (
    Operation("cut", Section.CUT),
    Operation("piquer", Section.SEW, after=("cut",), title="Piquer les côtés", sam_minutes=Decimal("1.25")),
    Operation("ourler", Section.SEW, after=("piquer",)),
    Operation("finish", Section.FINISH, after=("ourler",), policy=Policy(MissingSteps.FILL, 2), picture="fer.svg"),
)


@pytest.fixture
def floor(tmp_path: Path) -> Iterator[Floor]:
    opened = Floor(tmp_path)
    yield opened
    opened.close()


def give(
    floor: Floor, steps: tuple[Operation, ...] = STEPS, *, event_id: str = "routing-1", style: str = "Tablier"
) -> RoutingAnswer:
    return floor.atelier.run(set_routing, style, steps, event_id=event_id, moment=floor.moment)


def test_a_routing_comes_back_as_it_was_given(floor: Floor) -> None:
    assert give(floor) == RoutingAnswer(version=1, changed=True)
    with floor.reading() as db:
        assert [(style, version) for style, version, _ in routings.all_newest(db)] == [("Tablier", 1)]
        routing_id, _ = routings.newest_for_style(db, "Tablier")
        assert routings.routing(db, routing_id).operations == STEPS


def test_a_change_is_a_new_version(floor: Floor) -> None:
    give(floor)
    changed = (replace(STEPS[0], sam_minutes=Decimal("0.5")), *STEPS[1:])
    assert give(floor, changed, event_id="routing-2") == RoutingAnswer(version=2, changed=True)


def test_the_same_steps_again_make_no_new_version(floor: Floor) -> None:
    give(floor)
    before = floor.last_seq
    assert give(floor, event_id="routing-2") == RoutingAnswer(version=1)
    assert floor.last_seq == before


def test_a_form_sent_twice_makes_one_version(floor: Floor) -> None:
    give(floor)
    give(floor, STEPS[:1], event_id="routing-2")
    before = floor.last_seq
    assert give(floor).version == 1
    assert floor.last_seq == before


@pytest.mark.parametrize(
    ("steps", "fault"),
    [
        ((), "no_operation"),
        (tuple(Operation(f"s{number}", Section.SEW) for number in range(61)), "too_many"),
        ((Operation("é", Section.SEW),), "bad_code"),
        ((Operation("a", Section.SEW), Operation("a", Section.SEW, after=("a",))), "code_twice"),
        ((Operation("a", Section.SEW, after=("z",)),), "unknown_step"),
        ((Operation("a", Section.SEW, after=("b",)), Operation("b", Section.SEW)), "loop"),
        ((Operation("a", Section.SEW), Operation("b", Section.SEW)), "two_last_steps"),
        ((Operation("a", Section.SEW, sam_minutes=Decimal(0)),), "bad_sam"),
        ((Operation("a", Section.SEW, policy=Policy(fill_up_to=-1)),), "bad_fill"),
    ],
)
def test_a_routing_that_cannot_work_is_named_and_changes_nothing(
    floor: Floor, steps: tuple[Operation, ...], fault: str
) -> None:
    assert fault in [found.code for found in give(floor, steps).faults]
    assert floor.last_seq == 0


@pytest.mark.parametrize("style", ["", "  Tablier", "T" * 81])
def test_a_routing_needs_a_style_an_order_can_name(floor: Floor, style: str) -> None:
    assert [found.code for found in give(floor, style=style).faults] == ["no_style"]
    assert floor.last_seq == 0


def test_a_running_order_keeps_its_steps_when_the_style_gets_others(floor: Floor) -> None:
    floor.order(an_order())
    code = floor.cut(a_lay()).bundles[0].code
    give(floor)
    floor.scan(code, "cut")
    assert floor.scan(code, "sew").decision.goes_to == "finish"
    floor.order(an_order("2026-0118"), import_id="import-2")
    newer = floor.cut(a_lay("lay-2", order="2026-0118")).bundles[0].code
    floor.scan(newer, "cut")
    assert floor.scan(newer, "sew").decision.goes_to == "ourler"
