"""Undo: the last count of a station is taken back whole, or not at all."""

import itertools
from collections.abc import Iterable
from dataclasses import replace

import pytest

from floor_app.domain.codes import Found, Reading, bundle_code
from floor_app.domain.events import CountUndone, Event, ReworkDone, StepDone, StepPresumed, StepSkipped
from floor_app.domain.progress import BundleState, BundleStatus, StepCount, with_fact
from floor_app.domain.routings import DEFAULT_ROUTING, MissingSteps, Policy
from floor_app.domain.scans import Answer, Choice, Decision, Quantities, decide
from floor_app.domain.undoing import LastCount, decide_undo

HOME = "KLND"
CODE = bundle_code(HOME, 71_342, 201)
STEPS = [operation.code for operation in DEFAULT_ROUTING.operations]


def done(operation: str, good: int = 20, **parts: int) -> StepDone:
    return StepDone(CODE, operation, good=good, **parts)


def bundle(facts: Iterable[Event]) -> BundleState:
    state = BundleState(CODE, 20)
    for fact in facts:
        state = with_fact(state, fact, at_ms=1_000)
    return state


def counts(state: BundleState) -> dict[str, StepCount]:
    """The pieces at each step, whenever they were counted."""
    return {code: replace(state.at(code), done_at_ms=0) for code in STEPS}


def last(*facts: Event, first_seq: int = 41) -> LastCount:
    """The last count of a station: of the step its newest fact names."""
    return LastCount(CODE, getattr(facts[-1], "operation", ""), tuple(enumerate(facts, start=first_seq)))


def undo(story: Iterable[Event], taken_back: LastCount, *, status: BundleStatus = BundleStatus.OPEN) -> Decision:
    return decide_undo(taken_back, replace(bundle(story), status=status), DEFAULT_ROUTING)


def without(state: BundleState, decision: Decision, last_count: LastCount) -> BundleState:
    """The bundle after a decided undo, the events it names taken back one by one."""
    facts = dict(last_count.facts)
    for undone in decision.facts:
        assert isinstance(undone, CountUndone)
        for seq in undone.events:
            state = with_fact(state, facts[seq], sign=-1)
    return state


REWORK_STORY = [done("cut"), done("sew", 17, to_rework=3), ReworkDone(CODE, "sew", good=2, rejected=1)]
FILLED = [StepPresumed(CODE, "cut", 20), StepPresumed(CODE, "sew", 20), done("finish")]
SKIPPED = [StepSkipped(CODE, "cut", 20), done("sew")]


@pytest.mark.parametrize(
    ("before", "counted", "pieces"),
    [
        ([], [done("cut")], 20),
        ([done("cut")], [done("sew")], 20),
        ([done("cut")], [done("sew", 14, second=1, rejected=2, to_rework=3)], 14),
        ([done("cut"), done("sew", 12)], [done("sew", 8)], 8),
        ([], FILLED, 20),
        ([], SKIPPED, 20),
        (FILLED, [done("sew", replaces_presumed=20)], 20),
        (FILLED, [done("cut", replaces_presumed=20)], 20),
        (SKIPPED, [done("cut", replaces_skipped=20)], 20),
        (REWORK_STORY[:2], REWORK_STORY[2:], 2),
        (REWORK_STORY, [done("finish", 19)], 19),
        ([done("cut"), done("sew", 12), done("finish", 12)], [done("sew", 8)], 8),
    ],
)
def test_an_undo_gives_back_the_bundle_as_it_was(before: list[Event], counted: list[Event], pieces: int) -> None:
    story, last_count = [*before, *counted], last(*counted)
    decision = undo(story, last_count)
    assert (decision.answer, decision.reason, decision.pieces) == (Answer.COUNTED, "undone", pieces)
    assert counts(without(bundle(story), decision, last_count)) == counts(bundle(before))


def test_all_that_one_scan_counted_is_taken_back_together_newest_first() -> None:
    decision = undo(FILLED, last(*FILLED, first_seq=7))
    assert decision.facts == (CountUndone((9, 8, 7)),)
    assert (decision.operation, decision.goes_to) == ("finish", "finish")


def test_an_undo_keeps_its_reason() -> None:
    decision = decide_undo(last(done("cut")), bundle([done("cut")]), DEFAULT_ROUTING, reason="mauvais paquet")
    assert decision.facts == (CountUndone((41,), "mauvais paquet"),)


@pytest.mark.parametrize(
    ("last_count", "state"),
    [(None, None), (None, bundle([done("cut")])), (last(done("cut")), None)],
)
def test_where_nothing_was_counted_there_is_nothing_to_undo(
    last_count: LastCount | None, state: BundleState | None
) -> None:
    assert decide_undo(last_count, state, DEFAULT_ROUTING) == Decision(Answer.LOOK, "nothing_to_undo")


@pytest.mark.parametrize(
    ("story", "taken_back"),
    [
        ([done("cut"), done("sew")], 0),
        ([done("cut"), done("sew", 12), done("finish", 1)], 1),
        ([done("cut"), done("sew", 12), done("sew", 8), done("finish", 13)], 1),
        (REWORK_STORY, 1),
        ([*REWORK_STORY, done("finish", 19)], 2),
    ],
)
def test_a_bundle_that_has_gone_on_keeps_what_was_counted(story: list[Event], taken_back: int) -> None:
    fact = story[taken_back]
    decision = undo(story, last(fact))
    assert (decision.answer, decision.reason, decision.facts) == (Answer.LOOK, "gone_on", ())


@pytest.mark.parametrize("first", [0, 1])
def test_one_of_two_parts_counted_at_a_step_can_be_taken_back(first: int) -> None:
    parts = [done("sew", 12), done("sew", 8)]
    story, last_count = [done("cut"), *parts], last(parts[first])
    decision = undo(story, last_count)
    assert decision.reason == "undone"
    assert without(bundle(story), decision, last_count).at("sew").good == parts[1 - first].good


def test_pieces_sent_to_rework_and_repaired_since_are_not_taken_back_from_under_the_repair() -> None:
    """Otherwise the scan could be made again beside the repair: twenty in, twenty-three out."""
    story = [done("cut"), done("sew", 17, to_rework=3), ReworkDone(CODE, "sew", good=3)]
    last_count = last(story[1])
    decision = undo(story, last_count)
    assert decision.facts == ()
    assert without(bundle(story), decision, last_count).at("sew").good == 20


def test_the_real_count_of_a_step_outlives_the_undo_of_the_scan_that_presumed_it() -> None:
    story = [StepPresumed(CODE, "sew", 20), done("finish", steps_with_it=1), done("sew", replaces_presumed=20)]
    story = [done("cut"), *story]
    last_count = last(story[1], story[2])
    decision = undo(story, last_count)
    assert without(bundle(story), decision, last_count).at("sew").good == 20


@pytest.mark.parametrize("status", [status for status in BundleStatus if status != BundleStatus.OPEN])
def test_a_bundle_that_is_split_sent_or_cancelled_since_keeps_what_was_counted(status: BundleStatus) -> None:
    decision = undo([done("cut")], last(done("cut")), status=status)
    assert (decision.answer, decision.facts) == (Answer.LOOK, ())


def test_what_was_undone_can_be_scanned_again_as_if_for_the_first_time() -> None:
    label = Reading(Found.BUNDLE, CODE)
    policy = Policy(MissingSteps.FILL, 2)
    for station, quantities in itertools.product(STEPS, (Quantities(), Quantities(15, rejected=5))):
        fresh = BundleState(CODE, 20)

        def scanned(state: BundleState, station: str = station, quantities: Quantities = quantities) -> Decision:
            return decide(
                label,
                state,
                DEFAULT_ROUTING,
                station_does=station,
                home_site=HOME,
                policy=policy,
                quantities=quantities,
                choice=Choice.CONFIRM,
            )

        first = scanned(fresh)
        last_count = last(*first.facts)
        back = without(bundle(first.facts), undo([*first.facts], last_count), last_count)
        assert scanned(back) == first
