"""Routings: the steps of a style, in a line or in branches that join."""

from decimal import Decimal

import pytest

from floor_app.domain.routings import (
    DEFAULT_ROUTING,
    LONGEST_OPERATION_CODE,
    MOST_OPERATIONS,
    MissingSteps,
    Operation,
    Policy,
    Routing,
    RoutingFault,
    Section,
    routing_faults,
)

SHIRT = Routing(
    (
        Operation("cut", Section.CUT),
        Operation("collar", Section.SEW, after=("cut",)),
        Operation("sleeves", Section.SEW, after=("cut",)),
        Operation("cuffs", Section.SEW, after=("sleeves",)),
        Operation("join", Section.SEW, after=("collar", "cuffs")),
        Operation("press", Section.FINISH, after=("join",)),
        Operation("pack", Section.FINISH, after=("press",)),
    )
)


def codes(operations: tuple[Operation, ...]) -> list[str]:
    return [operation.code for operation in operations]


def step(code: str, *after: str, sam: str | None = None, fill_up_to: int | None = None) -> Operation:
    policy = None if fill_up_to is None else Policy(MissingSteps.FILL, fill_up_to)
    return Operation(code, Section.SEW, after, sam_minutes=None if sam is None else Decimal(sam), policy=policy)


def line(count: int) -> list[Operation]:
    return [step(f"s{n}", *([f"s{n - 1}"] if n else [])) for n in range(count)]


def test_with_no_set_up_a_style_is_cut_sewn_and_finished() -> None:
    assert codes(DEFAULT_ROUTING.operations) == ["cut", "sew", "finish"]
    assert DEFAULT_ROUTING.last.code == "finish"
    assert routing_faults(DEFAULT_ROUTING.operations) == ()


@pytest.mark.parametrize(
    ("code", "before", "next_after"),
    [
        ("cut", [], ["collar", "sleeves"]),
        ("collar", ["cut"], ["join"]),
        ("sleeves", ["cut"], ["cuffs"]),
        ("cuffs", ["cut", "sleeves"], ["join"]),
        ("join", ["cut", "collar", "sleeves", "cuffs"], ["press"]),
        ("press", ["cut", "collar", "sleeves", "cuffs", "join"], ["pack"]),
        ("pack", ["cut", "collar", "sleeves", "cuffs", "join", "press"], []),
        ("unheard-of", [], []),
    ],
)
def test_each_step_knows_what_comes_before_and_after_it(code: str, before: list[str], next_after: list[str]) -> None:
    assert codes(SHIRT.before(code)) == before
    assert codes(SHIRT.next_after(code)) == next_after


def test_the_steps_of_another_branch_do_not_come_before() -> None:
    assert "collar" not in codes(SHIRT.before("cuffs"))
    assert "cuffs" not in codes(SHIRT.before("collar"))


def test_parts_that_start_apart_and_join_make_a_usable_routing() -> None:
    bag = Routing((step("body"), step("handles"), step("join", "body", "handles")))
    assert routing_faults(bag.operations) == ()
    assert codes(bag.before("join")) == ["body", "handles"]
    assert bag.last.code == "join"


@pytest.mark.parametrize(
    ("station_does", "steps"),
    [
        ("cut", ["cut"]),
        ("collar", ["collar"]),
        ("sew", ["collar", "sleeves", "cuffs", "join"]),
        ("finish", ["press", "pack"]),
        ("dye", []),
        ("", []),
    ],
)
def test_a_station_does_its_step_or_every_step_of_its_section(station_does: str, steps: list[str]) -> None:
    assert codes(SHIRT.at_station(station_does)) == steps


def test_an_operation_is_found_by_its_code() -> None:
    assert SHIRT.operation("cuffs") == SHIRT.operations[3]
    assert SHIRT.operation("Cuffs") is None


@pytest.mark.parametrize(
    ("operations", "faults"),
    [
        ([], [RoutingFault("no_operation")]),
        (line(1), []),
        (line(MOST_OPERATIONS), []),
        (line(MOST_OPERATIONS + 1), [RoutingFault("too_many", value=str(MOST_OPERATIONS + 1))]),
        ([step("")], [RoutingFault("bad_code")]),
        ([step("-_-")], [RoutingFault("bad_code", "-_-", "-_-")]),
        ([step("sew hem")], [RoutingFault("bad_code", "sew hem", "sew hem")]),
        ([step("ourlé")], [RoutingFault("bad_code", "ourlé", "ourlé")]),
        ([step("a/b")], [RoutingFault("bad_code", "a/b", "a/b")]),
        ([step("hem-2_left")], []),
        ([step("h" * LONGEST_OPERATION_CODE)], []),
        ([step("h" * 25)], [RoutingFault("bad_code", "h" * 24, "h" * 25)]),
        ([step("h" * 900)], [RoutingFault("bad_code", "h" * 24, "h" * 60)]),
        ([step("sew", sam="0.01")], []),
        ([step("sew", sam="1000")], []),
        ([step("sew", sam="0")], [RoutingFault("bad_sam", "sew", "0")]),
        ([step("sew", sam="-1.5")], [RoutingFault("bad_sam", "sew", "-1.5")]),
        ([step("sew", sam="1000.01")], [RoutingFault("bad_sam", "sew", "1000.01")]),
        ([step("sew", sam="Infinity")], [RoutingFault("bad_sam", "sew", "Infinity")]),
        ([step("sew", sam="NaN")], [RoutingFault("bad_sam", "sew", "NaN")]),
        ([step("sew", fill_up_to=0)], []),
        ([step("sew", fill_up_to=-1)], [RoutingFault("bad_fill", "sew", "-1")]),
        ([step("sew", fill_up_to=MOST_OPERATIONS + 1)], [RoutingFault("bad_fill", "sew", "61")]),
        ([step("sew"), step("sew")], [RoutingFault("code_twice", "sew")]),
        ([step("cut"), step("sew", "cutt")], [RoutingFault("unknown_step", "sew", "cutt")]),
        ([step("sew", "sew")], [RoutingFault("loop", "sew", "sew")]),
        ([step("a", "b"), step("b", "a")], [RoutingFault("loop", "a", "b")]),
        ([step("sew", "cut"), step("cut")], [RoutingFault("loop", "sew", "cut")]),
        ([step("cut"), step("sew", "cut"), step("pack", "cut")], [RoutingFault("two_last_steps", value="sew, pack")]),
        ([step("cut"), step("sew")], [RoutingFault("two_last_steps", value="cut, sew")]),
        (
            [step("a b", sam="0"), step("c", fill_up_to=99)],
            [
                RoutingFault("bad_code", "a b", "a b"),
                RoutingFault("bad_sam", "a b", "0"),
                RoutingFault("bad_fill", "c", "99"),
            ],
        ),
    ],
)
def test_everything_wrong_with_a_routing_is_named_at_once(
    operations: list[Operation], faults: list[RoutingFault]
) -> None:
    assert list(routing_faults(operations)) == faults


def test_the_shirt_has_no_fault() -> None:
    assert routing_faults(iter(SHIRT.operations)) == ()
