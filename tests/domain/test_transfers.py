"""What may leave, with what, what may be taken in, and what is then open: tables, and laws over whatever was scanned before."""

from collections import Counter
from dataclasses import replace
from itertools import islice
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from floor_app.domain.codes import bundle_code, read_code
from floor_app.domain.events import Event, PiecesDeclaredMissing, StepDone, StepPresumed, StepSkipped
from floor_app.domain.progress import BundleState, BundleStatus, StepCount, consistent, in_progress, waiting, with_fact
from floor_app.domain.routings import DEFAULT_ROUTING, MissingSteps, Operation, Policy, Routing, Section
from floor_app.domain.scans import Answer, Choice, Decision, Quantities, decide
from floor_app.domain.transfers import (
    KnownOrder,
    TransferFault,
    TransferState,
    arrival_faults,
    joins,
    note_faults,
    order_codes,
    settling_faults,
    state_on_arrival,
    steps_of,
    what_leaves,
    why_it_stays,
)
from tests.network import a_note, a_note_bundle

CODE = bundle_code("BCDF", 71_342, 201)
FRONT_AND_BACK = Routing(
    (
        Operation("cut", Section.CUT),
        Operation("front", Section.SEW, after=("cut",)),
        Operation("back", Section.SEW, after=("cut",)),
        Operation("finish", Section.FINISH, after=("front", "back")),
    )
)
ROUTINGS = {"line": DEFAULT_ROUTING, "branches": FRONT_AND_BACK}


def done(operation: str, good: int = 20, **parts: int) -> StepDone:
    return StepDone(CODE, operation, good=good, **parts)


def bundle(*facts: Event, status: BundleStatus = BundleStatus.OPEN) -> BundleState:
    state = BundleState(CODE, 20)
    for fact in facts:
        state = with_fact(state, fact, at_ms=1_000)
    return replace(state, status=status)


def arrived(leaving: Any, *, pieces: int | None = None) -> BundleState:
    """The bundle as it stands where it arrived."""
    counted = leaving.pieces if pieces is None else pieces
    steps = {code: StepCount(elsewhere=passed) for code, passed in steps_of(leaving.steps, counted)}
    return BundleState(CODE, counted, steps=steps)


@pytest.mark.parametrize(
    ("state", "why"),
    [
        (bundle(), ""),
        (bundle(done("cut")), ""),
        (bundle(done("cut"), done("sew"), done("finish", 5)), ""),
        (bundle(done("cut"), done("sew"), done("finish")), "nothing_in_progress"),
        (bundle(done("cut", 0, rejected=20)), "nothing_in_progress"),
        (bundle(done("cut", 17, to_rework=3)), "in_rework"),
        (bundle(status=BundleStatus.IN_TRANSIT), "not_open"),
        (bundle(status=BundleStatus.CANCELLED), "not_open"),
        (bundle(status=BundleStatus.SPLIT), "not_open"),
    ],
)
def test_a_bundle_goes_with_something_in_progress_and_nothing_away_for_repair(state: BundleState, why: str) -> None:
    assert why_it_stays(state, DEFAULT_ROUTING) == why


@pytest.mark.parametrize(
    ("routing", "facts", "pieces", "steps"),
    [
        ("line", [], 20, ()),
        ("line", [done("cut")], 20, (("cut", 20),)),
        ("line", [done("cut"), done("sew", 12)], 20, (("cut", 20), ("sew", 12))),
        ("line", [done("cut"), done("sew", 15, rejected=2)], 18, (("cut", 18), ("sew", 15))),
        ("line", [done("cut"), done("sew"), done("finish", 5)], 15, (("cut", 15), ("sew", 15))),
        ("line", [done("cut"), done("sew", 12), done("finish", 5, second=1)], 14, (("cut", 14), ("sew", 6))),
        ("line", [StepPresumed(CODE, "cut", 20), done("sew", 8)], 20, (("cut", 20), ("sew", 8))),
        ("line", [StepSkipped(CODE, "cut", 20)], 20, (("cut", 20),)),
        ("line", [done("cut"), PiecesDeclaredMissing(CODE, "sew", 3)], 17, (("cut", 17),)),
        ("branches", [done("cut"), done("front"), done("back", 15)], 20, (("cut", 20), ("front", 20), ("back", 15))),
        (
            "branches",
            [done("cut"), done("front"), done("back", 15, rejected=5)],
            15,
            (("cut", 15), ("front", 15), ("back", 15)),
        ),
        ("branches", [done("cut"), done("front", 5), done("back", 0, rejected=4)], 16, (("cut", 16), ("front", 5))),
        ("branches", [done("cut", 10), done("front", 6), done("back", 6, rejected=4)], 16, (("cut", 6), ("front", 6), ("back", 6))),
    ],
)  # fmt: skip
def test_what_leaves_is_in_progress_with_what_was_done_to_it(
    routing: str, facts: list[Event], pieces: int, steps: tuple[tuple[str, int], ...]
) -> None:
    leaving = what_leaves(bundle(*facts), ROUTINGS[routing])
    assert (leaving.pieces, leaving.steps) == (pieces, steps)


scans = st.tuples(
    st.sampled_from(["cut", "sew", "front", "back", "finish"]),
    st.none() | st.integers(0, 20),
    st.integers(0, 3),
    st.integers(0, 3),
    st.sampled_from([Policy(MissingSteps.FILL, 3), Policy(MissingSteps.ALLOW), Policy()]),
)


def scanned(routing: Routing, scanned: list[Any], state: BundleState | None = None) -> BundleState:
    state = state or BundleState(CODE, 20)
    for station, good, second, rejected, policy in scanned:
        said = Quantities(good, second, rejected)
        for fact in answer_of(state, station, routing, policy=policy, quantities=said, choice=Choice.CONFIRM).facts:
            state = with_fact(state, fact, at_ms=1)
    return state


def answer_of(state: BundleState, station: str, routing: Routing, **asked: Any) -> Decision:
    reading = read_code(CODE, home_site="BCDF")
    policy = asked.pop("policy", Policy())
    return decide(reading, state, routing, station_does=station, home_site="BCDF", policy=policy, **asked)


def counted(state: BundleState) -> Counter[str]:
    """Pieces a state accounts for at each step by what was counted there."""
    return Counter({code: step.accounted - step.elsewhere for code, step in state.steps.items()})


@pytest.mark.parametrize("routing", ROUTINGS.values(), ids=ROUTINGS)
@given(before=st.lists(scans, max_size=8), after=st.lists(scans, max_size=8), short=st.integers(0, 20))
@settings(max_examples=150, deadline=None)
def test_wherever_a_bundle_goes_no_step_counts_a_piece_twice(
    routing: Routing, before: list[Any], after: list[Any], short: int
) -> None:
    here = scanned(routing, before)
    if why_it_stays(here, routing):
        return
    leaving = what_leaves(here, routing)
    there = arrived(leaving, pieces=max(1, leaving.pieces - short))
    assert consistent(there, routing)
    assert in_progress(there, routing) == there.quantity
    finally_there = scanned(routing, after, there)
    assert consistent(finally_there, routing)
    both = counted(here) + counted(finally_there)
    assert all(pieces <= here.quantity for pieces in both.values())


@given(before=st.lists(scans, max_size=8))
@settings(max_examples=150, deadline=None)
def test_in_a_line_of_steps_the_same_pieces_wait_at_the_same_steps_on_arrival(before: list[Any]) -> None:
    here = scanned(DEFAULT_ROUTING, before)
    if why_it_stays(here, DEFAULT_ROUTING):
        return
    there = arrived(what_leaves(here, DEFAULT_ROUTING))
    for operation in DEFAULT_ROUTING.operations:
        assert waiting(there, DEFAULT_ROUTING, operation) == waiting(here, DEFAULT_ROUTING, operation)


def test_a_step_done_elsewhere_is_already_done_here_and_counts_nothing() -> None:
    there = arrived(what_leaves(bundle(done("cut"), done("sew", 12)), DEFAULT_ROUTING))
    assert (answer_of(there, "cut", DEFAULT_ROUTING).answer, answer_of(there, "cut", DEFAULT_ROUTING).facts) == (
        Answer.ALREADY_DONE,
        (),
    )
    rest = answer_of(there, "sew", DEFAULT_ROUTING, choice=Choice.COUNT_REST)
    assert rest.facts == (StepDone(CODE, "sew", good=8),)
    assert answer_of(there, "finish", DEFAULT_ROUTING).facts == (StepDone(CODE, "finish", good=12),)


@pytest.mark.parametrize("station", ["cut", "sew", "finish"])
def test_a_bundle_on_its_way_says_so_and_counts_nothing(station: str) -> None:
    gone = bundle(done("cut"), status=BundleStatus.IN_TRANSIT)
    assert answer_of(gone, station, DEFAULT_ROUTING) == Decision(Answer.STOP, "in_transit")


@pytest.mark.parametrize(
    ("pieces", "kept"),
    [(20, (("cut", 20), ("sew", 12))), (18, (("cut", 18), ("sew", 12))), (10, (("cut", 10), ("sew", 10))), (0, ())],
)
def test_of_a_bundle_that_arrives_short_those_furthest_on_are_there(
    pieces: int, kept: tuple[tuple[str, int], ...]
) -> None:
    assert steps_of((("cut", 20), ("sew", 12)), pieces) == kept


NOTE = a_note()
FIRST, SECOND = (bundle.code for bundle in NOTE.bundles)


@pytest.mark.parametrize(
    ("taken", "present", "faults"),
    [
        ({FIRST: 20, SECOND: 20}, (), ()),
        ({FIRST: 20, SECOND: 18}, (), ()),
        ({FIRST: 20, SECOND: 0}, (), ()),
        ({FIRST: 1}, (), ()),
        ({FIRST: 0, SECOND: 0}, (), (TransferFault("nothing_received"),)),
        ({}, (), (TransferFault("nothing_received"),)),
        ({FIRST: 21, SECOND: 20}, (), (TransferFault("too_many", FIRST, 20),)),
        ({FIRST: -1, SECOND: 20}, (), (TransferFault("too_many", FIRST, 20),)),
        ({FIRST: 20, SECOND: 20}, (SECOND,), (TransferFault("already_here", SECOND),)),
        ({FIRST: 20, CODE: 3}, (), (TransferFault("not_on_note", CODE),)),
    ],
)
def test_what_may_be_taken_in(
    taken: dict[str, int], present: tuple[str, ...], faults: tuple[TransferFault, ...]
) -> None:
    assert arrival_faults(NOTE, taken, present=present) == faults


@pytest.mark.parametrize(
    ("sent", "received", "settled", "state"),
    [
        (40, 40, False, TransferState.RECEIVED),
        (40, 38, False, TransferState.DISCREPANCY),
        (40, 0, False, TransferState.DISCREPANCY),
        (40, 38, True, TransferState.RECEIVED),
    ],
)
def test_38_of_40_opens_a_discrepancy_and_a_word_on_it_closes_it(
    sent: int, received: int, settled: bool, state: TransferState
) -> None:
    assert state_on_arrival(sent, received, settled=settled) == state


@pytest.mark.parametrize(
    ("short", "found", "reason", "faults"),
    [
        ({FIRST: 2}, {}, "perdues", ()),
        ({FIRST: 2}, {FIRST: 2}, "sous la bâche", ()),
        ({FIRST: 2, SECOND: 0}, {}, "perdues", ()),
        ({"": 2}, {}, "perdues", ()),
        ({FIRST: 2}, {}, "", ("reason_needed",)),
        ({FIRST: 2}, {FIRST: 3}, "perdues", ("too_many",)),
        ({FIRST: 2}, {FIRST: -1}, "perdues", ("too_many",)),
        ({FIRST: 2}, {SECOND: 1}, "perdues", ("not_on_note",)),
        ({FIRST: 0}, {}, "perdues", ("nothing_missing",)),
        ({}, {}, "perdues", ("nothing_missing",)),
    ],
)
def test_what_closes_a_discrepancy(
    short: dict[str, int], found: dict[str, int], reason: str, faults: tuple[str, ...]
) -> None:
    assert tuple(fault.code for fault in settling_faults(short, found, reason=reason)) == faults


def an_order(**changed: Any) -> KnownOrder:
    said: dict[str, Any] = {"code": "2026-0900", "style": "Blouse", "routing": DEFAULT_ROUTING}
    return KnownOrder(**(said | {"lines": (("M", "Écru"), ("L", "Écru")), "from_notes": False} | changed))


@pytest.mark.parametrize(
    ("order", "same"),
    [
        (an_order(), True),
        (an_order(style="BLOUSE", lines=(("m", "ecru"),)), True),
        (an_order(style="Tablier"), False),
        (an_order(routing=FRONT_AND_BACK), False),
        (an_order(lines=(("S", "Écru"),)), False),
        (an_order(lines=(("M", "Bleu"),)), False),
        (an_order(lines=(("S", "Bleu"),), from_notes=True), True),
        (an_order(lines=(("S", ""),), from_notes=True), False),
    ],
)
def test_a_note_joins_an_order_only_where_it_is_the_same_one(order: KnownOrder, same: bool) -> None:
    assert joins(NOTE, order) == same


@pytest.mark.parametrize("order", ["2026-0900", "X" * 40, "é" * 40])
def test_an_order_that_cannot_keep_its_number_has_another_without_end_and_never_too_long(order: str) -> None:
    codes = list(islice(order_codes(a_note(order=order)), 30))
    assert codes[0] == order
    assert len(set(codes)) == 30
    assert all(len(code) <= 40 for code in codes)


IMPOSSIBLE = {
    "a bundle twice": a_note(bundles=(a_note_bundle(1), a_note_bundle(1))),
    "no bundle": a_note(bundles=()),
    "more pieces than on the label": a_note(bundles=(a_note_bundle(1, pieces=21),)),
    "no piece": a_note(bundles=(a_note_bundle(1, pieces=0, steps=()),)),
    "more sewn than cut": a_note(bundles=(a_note_bundle(1, steps=(("cut", 5), ("sew", 6))),)),
    "finished pieces": a_note(bundles=(a_note_bundle(1, steps=(("cut", 20), ("sew", 20), ("finish", 1))),)),
    "a step nobody knows": a_note(bundles=(a_note_bundle(1, steps=(("iron", 5),)),)),
    "a step twice": a_note(bundles=(a_note_bundle(1, steps=(("cut", 5), ("cut", 5))),)),
    "a code with a wrong check": a_note(bundles=(a_note_bundle(1, code="CDFGBBBBBBBBBC"),)),
    "a card for a code": a_note(bundles=(a_note_bundle(1, code="XXBCBBVT"),)),
    "no size": a_note(bundles=(a_note_bundle(1, size=""),)),
    "colour on some only": a_note(bundles=(a_note_bundle(1), a_note_bundle(2, colour=""))),
    "text that turns the line round": a_note(bundles=(a_note_bundle(1, size="M\u202e"),)),
    "another sender's number": a_note("LILLE-BCDFGH"),
    "no order": a_note(order=""),
    "an order too long": a_note(order="X" * 41),
    "a date of another century": a_note(due="1826-12-18"),
    "a routing that loops": a_note(routing=Routing((Operation("cut", Section.CUT, after=("sew",)), Operation("sew", Section.SEW)))),
}  # fmt: skip


@pytest.mark.parametrize("why", IMPOSSIBLE)
def test_a_note_that_cannot_be_is_refused(why: str) -> None:
    assert note_faults(IMPOSSIBLE[why])


def test_a_note_of_ours_has_no_fault() -> None:
    assert note_faults(NOTE) == ()
    assert note_faults(a_note(due="", client="", style="")) == ()
