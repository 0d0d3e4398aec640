"""How far a bundle is: what has come to each step, what waits there, what is left to do."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from floor_app.domain.codes import bundle_code
from floor_app.domain.events import (
    Event,
    PiecesDeclaredMissing,
    ReworkDone,
    StepDone,
    StepPresumed,
    StepSkipped,
)
from floor_app.domain.progress import (
    BundleState,
    BundleStatus,
    consistent,
    in_progress,
    next_step,
    pieces_in,
    steps_missing,
    waiting,
    with_fact,
)
from floor_app.domain.routings import DEFAULT_ROUTING, Operation, Routing, Section

HOME = "KLND"
CODE = bundle_code(HOME, 71_342, 201)
CUT, SEW, FINISH = DEFAULT_ROUTING.operations
FRONT_AND_BACK = Routing(
    (
        Operation("cutting", Section.CUT),
        Operation("front", Section.SEW, after=("cutting",)),
        Operation("back", Section.SEW, after=("cutting",)),
        Operation("join", Section.FINISH, after=("front", "back")),
    )
)


def done(operation: str, good: int = 20, **parts: int) -> StepDone:
    return StepDone(CODE, operation, good=good, **parts)


def bundle(*facts: Event, quantity: int = 20) -> BundleState:
    state = BundleState(CODE, quantity)
    for fact in facts:
        state = with_fact(state, fact, at_ms=1_000)
    return state


# A bundle at rest


@pytest.mark.parametrize(
    ("facts", "waits", "left", "goes_to"),
    [
        ([], [20, 0, 0], 20, "cut"),
        ([done("cut")], [0, 20, 0], 20, "sew"),
        ([done("cut"), done("sew")], [0, 0, 20], 20, "finish"),
        ([done("cut"), done("sew"), done("finish")], [0, 0, 0], 0, None),
        ([done("cut", 18, rejected=2)], [0, 18, 0], 18, "sew"),
        ([done("cut"), done("sew", 12)], [0, 8, 12], 20, "sew"),
        ([done("cut"), done("sew", 17, to_rework=3)], [0, 0, 17], 17, "finish"),
        (
            [done("cut"), done("sew", 17, to_rework=3), ReworkDone(CODE, "sew", good=2, second=1)],
            [0, 0, 19],
            19,
            "finish",
        ),
        ([done("cut"), done("sew", 0, rejected=20)], [0, 0, 0], 0, None),
        ([done("cut"), PiecesDeclaredMissing(CODE, "sew", 4)], [0, 16, 0], 16, "sew"),
        ([StepPresumed(CODE, "cut", 20), done("sew")], [0, 0, 20], 20, "finish"),
        ([StepSkipped(CODE, "cut", 20), done("sew")], [0, 0, 20], 20, "finish"),
        ([StepPresumed(CODE, "cut", 20), done("sew"), done("cut", replaces_presumed=20)], [0, 0, 20], 20, "finish"),
    ],
)
def test_a_bundle_waits_where_its_pieces_have_come_to(
    facts: list[Event], waits: list[int], left: int, goes_to: str | None
) -> None:
    state = bundle(*facts)
    assert [waiting(state, DEFAULT_ROUTING, operation) for operation in DEFAULT_ROUTING.operations] == waits
    assert in_progress(state, DEFAULT_ROUTING) == left
    following = next_step(state, DEFAULT_ROUTING)
    assert (following.code if following else None) == goes_to
    assert consistent(state, DEFAULT_ROUTING)


def test_a_garment_is_joined_only_when_each_of_its_parts_is_there() -> None:
    state = bundle(done("cutting"), done("front", 15), done("back", 12))
    join = FRONT_AND_BACK.last
    assert (pieces_in(state, join), waiting(state, FRONT_AND_BACK, join)) == (12, 12)


def test_steps_missing_are_those_at_which_nothing_was_counted() -> None:
    assert steps_missing(bundle(), DEFAULT_ROUTING, FINISH) == (CUT, SEW)
    assert steps_missing(bundle(done("cut", 0, rejected=20)), DEFAULT_ROUTING, FINISH) == (SEW,)
    assert steps_missing(bundle(done("cutting"), done("back")), FRONT_AND_BACK, FRONT_AND_BACK.last) == (
        FRONT_AND_BACK.operations[1],
    )


@pytest.mark.parametrize("status", [status for status in BundleStatus if status != BundleStatus.OPEN])
def test_a_bundle_whose_pieces_count_elsewhere_has_none_waiting_or_in_progress(status: BundleStatus) -> None:
    state = replace(bundle(done("cut")), status=status)
    assert (
        waiting(state, DEFAULT_ROUTING, SEW),
        in_progress(state, DEFAULT_ROUTING),
        next_step(state, DEFAULT_ROUTING),
    ) == (0, 0, None)


@pytest.mark.parametrize(
    "fact",
    [
        done("sew", 14, second=1, rejected=2, to_rework=3),
        done("sew", 20, replaces_presumed=12, replaces_skipped=8),
        ReworkDone(CODE, "sew", good=1, second=1, rejected=1),
        StepPresumed(CODE, "sew", 20),
        StepSkipped(CODE, "sew", 20),
        PiecesDeclaredMissing(CODE, "sew", 2),
    ],
)
def test_a_fact_taken_back_leaves_the_bundle_as_it_was(fact: Event) -> None:
    before = bundle(done("cut"), done("sew", 5, to_rework=5))
    back = with_fact(with_fact(before, fact, at_ms=2_000), fact, sign=-1)
    assert replace(back.at("sew"), done_at_ms=1_000) == before.at("sew")
    assert back.at("cut") == before.at("cut")


def test_facts_taken_back_in_another_order_still_add_up() -> None:
    """Twenty presumed, then real: without the presumption twenty are real and twenty too many were replaced."""
    presumed, real = StepPresumed(CODE, "sew", 20), done("sew", replaces_presumed=20)
    state = with_fact(bundle(done("cut"), presumed, real), presumed, sign=-1)
    assert (state.at("sew").good, state.at("sew").presumed) == (20, -20)
    assert not consistent(state, DEFAULT_ROUTING)


@pytest.mark.parametrize(
    "facts",
    [
        [done("sew")],
        [done("cut", 19), done("sew", 20)],
        [done("cut", 21)],
        [done("cut", 18, rejected=3)],
        [done("cut"), done("sew", -1)],
        [done("cut"), ReworkDone(CODE, "sew", good=1)],
        [done("cut", replaces_presumed=20)],
    ],
)
def test_more_pieces_than_there_are_is_not_consistent(facts: list[Event]) -> None:
    assert not consistent(bundle(*facts), DEFAULT_ROUTING)


def step(code: str, *after: str) -> Operation:
    return Operation(code, Section.SEW, after)


BRANCHED = {
    "two branches": FRONT_AND_BACK,
    "two from the start": Routing((step("x"), step("y"), step("join", "x", "y"), step("pack", "join"))),
    "a branch that parts again": Routing(
        (
            *(step("cut"), step("a", "cut"), step("a1", "a"), step("a2", "a"), step("aj", "a1", "a2")),
            *(step("b", "cut"), step("join", "aj", "b")),
        )
    ),
    "branches that cross": Routing(
        (
            *(step("cut"), step("a", "cut"), step("b", "cut"), step("c", "cut")),
            *(step("ab", "a", "b"), step("bc", "b", "c"), step("join", "ab", "bc")),
        )
    ),
}


@pytest.mark.parametrize(
    ("facts", "back_waits"),
    [
        ([done("cutting", 10), done("front", 9, rejected=1)], 9),
        ([done("cutting", 11, to_rework=1), done("front", 10, to_rework=1)], 10),
        ([done("cutting", 20), done("front", 0, rejected=20)], 0),
    ],
)
def test_pieces_lost_in_one_branch_do_not_wait_in_the_other(facts: list[Event], back_waits: int) -> None:
    """Of those that have come to where the branches part: what was lost before is not there, what is still to come is no reserve."""
    back = FRONT_AND_BACK.operation("back")
    assert back
    assert waiting(bundle(*facts), FRONT_AND_BACK, back) == back_waits


@pytest.mark.parametrize("routing", BRANCHED.values(), ids=BRANCHED)
@given(counts=st.lists(st.tuples(*[st.integers(0, 20)] * 4), max_size=14))
@settings(max_examples=150, deadline=None)
def test_whatever_is_lost_in_branches_no_more_is_finished_than_was_made(
    routing: Routing, counts: list[tuple[int, int, int, int]]
) -> None:
    state = bundle()
    for place, good, rejected, to_rework in counts:
        operation = routing.operations[place % len(routing.operations)]
        left = waiting(state, routing, operation)
        good = min(good, left)
        rejected = min(rejected, left - good)
        counted = done(operation.code, good, rejected=rejected, to_rework=min(to_rework, left - good - rejected))
        state = with_fact(state, counted, at_ms=1)
        assert consistent(state, routing)
        assert in_progress(state, routing) >= 0
