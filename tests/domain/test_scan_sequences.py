"""Whatever is scanned, wherever and in whatever order: no piece appears, vanishes or counts twice."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from floor_app.domain.codes import Found, Reading, bundle_code
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
    StepCount,
    consistent,
    in_progress,
    waiting,
    with_fact,
)
from floor_app.domain.quality import Conservation
from floor_app.domain.routings import DEFAULT_ROUTING, MissingSteps, Operation, Policy, Routing, Section, routing_faults
from floor_app.domain.scans import Answer, Choice, Decision, Quantities, decide
from floor_app.domain.undoing import LastCount, decide_undo

HOME = "KLND"
CODE = bundle_code(HOME, 71_342, 201)
FRONT_AND_BACK = Routing(
    (
        Operation("cutting", Section.CUT),
        Operation("front", Section.SEW, after=("cutting",)),
        Operation("back", Section.SEW, after=("cutting",)),
        Operation("join", Section.FINISH, after=("front", "back")),
    )
)


WHOLE, ASK = Quantities(), Policy(MissingSteps.WARN)


@dataclass
class Floor:
    """One bundle, its log, and every law that must hold after each thing that happens to it."""

    routing: Routing
    state: BundleState
    log: dict[int, Event] = field(default_factory=dict)
    counted: list[LastCount] = field(default_factory=list)

    def decide(self, station: str, quantities: Quantities, policy: Policy, choice: Choice | None) -> Decision:
        return decide(
            Reading(Found.BUNDLE, CODE),
            self.state,
            self.routing,
            station_does=station,
            home_site=HOME,
            policy=policy,
            quantities=quantities,
            choice=choice,
        )

    def scan(
        self,
        station: str,
        quantities: Quantities = WHOLE,
        *,
        policy: Policy = ASK,
        choice: Choice | None = None,
    ) -> None:
        decision = self.decide(station, quantities, policy, choice)
        assert decision == self.decide(station, quantities, policy, choice)
        assert bool(decision.facts) == (decision.answer == Answer.COUNTED)
        if not decision.facts:
            return
        before = self.state
        self.record(decision)
        self.check_undo(before)
        if choice is None and self.routing.operation(station):
            assert self.decide(station, quantities, policy, None).answer != Answer.COUNTED

    def record(self, decision: Decision) -> None:
        numbered = tuple(enumerate(decision.facts, start=max(self.log, default=0) + 1))
        self.log |= dict(numbered)
        for _, fact in numbered:
            self.state = with_fact(self.state, fact, at_ms=1_000)
        self.counted.append(LastCount(CODE, decision.operation, numbered))
        last = numbered[-1][1]
        assert not isinstance(last, StepDone) or last.steps_with_it == len(numbered) - 1

    def check_undo(self, before: BundleState) -> None:
        """What was counted this moment can be taken back this moment, and nothing of it stays."""
        decision = decide_undo(self.counted[-1], self.state, self.routing)
        assert decision.reason == "undone"
        assert self.counts(self.without(self.counted[-1])) == self.counts(before)

    def undo(self, number: int) -> None:
        """Take back any earlier count, where the rule allows it."""
        if not self.counted:
            return
        last = self.counted[number % len(self.counted)]
        if decide_undo(last, self.state, self.routing).facts:
            self.state = self.without(last)
            self.counted.remove(last)
            self.log = {seq: fact for seq, fact in self.log.items() if seq not in dict(last.facts)}

    def lose(self, station: str, pieces: int) -> None:
        operation = self.routing.operation(station)
        if operation and (lost := min(pieces, waiting(self.state, self.routing, operation))):
            fact = PiecesDeclaredMissing(CODE, station, lost)
            self.log[max(self.log, default=0) + 1_000] = fact
            self.state = with_fact(self.state, fact)

    def without(self, last: LastCount) -> BundleState:
        state = self.state
        for _, fact in reversed(last.facts):
            state = with_fact(state, fact, sign=-1)
        return state

    def counts(self, state: BundleState) -> list[StepCount]:
        return [replace(state.at(operation.code), done_at_ms=0) for operation in self.routing.operations]

    def check(self) -> None:
        assert consistent(self.state, self.routing)
        for operation in self.routing.operations:
            step = self.state.at(operation.code)
            assert (step.passed, step.second, step.rejected, step.in_rework, step.missing) == totals(
                self.log.values(), operation
            )

    def conservation(self) -> Conservation:
        """The fates of the pieces, from the log alone but for those in progress."""
        steps = [totals(self.log.values(), operation) for operation in self.routing.operations]
        second, rejected, in_rework, missing = (sum(step[fate] for step in steps) for fate in (1, 2, 3, 4))
        return Conservation(
            cut=self.state.quantity,
            finished_good=steps[-1][0],
            second=second,
            rejected=rejected,
            in_rework=in_rework,
            missing=missing,
            in_progress=in_progress(self.state, self.routing),
        )


def totals(log: Iterable[Event], operation: Operation) -> tuple[int, int, int, int, int]:
    """Passed on, second, rejected, in rework and missing at a step, added up from the facts of the log."""
    sums = Counter[str]()
    for fact in log:
        if getattr(fact, "operation", None) != operation.code:
            continue
        match fact:
            case StepDone():
                passed = fact.good - fact.replaces_presumed - fact.replaces_skipped
                sums.update(passed=passed, second=fact.second, rejected=fact.rejected, in_rework=fact.to_rework)
            case ReworkDone():
                back = fact.good + fact.second + fact.rejected
                sums.update(passed=fact.good, second=fact.second, rejected=fact.rejected, in_rework=-back)
            case StepPresumed() | StepSkipped():
                sums.update(passed=fact.pieces)
            case PiecesDeclaredMissing():
                sums.update(missing=fact.pieces)
    return sums["passed"], sums["second"], sums["rejected"], sums["in_rework"], sums["missing"]


@dataclass(frozen=True)
class Act:
    """Something that happens: `number` says at which station, which undo, how many pieces."""

    kind: str
    number: int
    quantities: Quantities = WHOLE
    policy: Policy = ASK
    choice: Choice | None = None


POLICIES = [
    ASK,
    Policy(MissingSteps.ALLOW),
    Policy(MissingSteps.FILL, 1),
    Policy(MissingSteps.FILL, 3),
]
few = st.integers(0, 3)
quantities_said = st.just(WHOLE) | st.builds(Quantities, st.none() | st.integers(-1, 9), few, few, few)
choices = st.sampled_from([None, Choice.CONFIRM, Choice.CONFIRM, *Choice])
scans = st.builds(Act, st.just("scan"), st.integers(0, 8), quantities_said, st.sampled_from(POLICIES), choices)
losses = st.builds(Act, st.just("lose"), st.integers(0, 8))
undos = st.builds(Act, st.just("undo"), st.integers(0, 8))
sections = st.sampled_from(Section)


@st.composite
def lines(draw: st.DrawFn) -> Routing:
    names = "abcde"[: draw(st.integers(1, 5))]
    steps = [Operation(name, draw(sections), (names[at - 1],) if at else ()) for at, name in enumerate(names)]
    return Routing(tuple(steps))


@st.composite
def branches(draw: st.DrawFn) -> Routing:
    """Steps that need any of the steps before them; the last needs all that nothing else needs."""
    names = "abcdef"[: draw(st.integers(3, 6))]
    steps = list[Operation]()
    for at, name in enumerate(names[:-1]):
        needed = draw(st.sets(st.sampled_from(names[:at]), max_size=2)) if at else set[str]()
        steps.append(Operation(name, draw(sections), tuple(sorted(needed))))
    needed_somewhere = {needed for step in steps for needed in step.after}
    loose = tuple(step.code for step in steps if step.code not in needed_somewhere)
    return Routing((*steps, Operation(names[-1], Section.FINISH, loose)))


def happen(routing: Routing, quantity: int, acts: list[Act]) -> Iterable[Floor]:
    """The floor after each act, its laws checked."""
    assert routing_faults(routing.operations) == ()
    floor = Floor(routing, BundleState(CODE, quantity))
    stations = [*(operation.code for operation in routing.operations), *Section]
    for act in acts:
        station = stations[act.number % len(stations)]
        match act.kind:
            case "scan":
                floor.scan(station, act.quantities, policy=act.policy, choice=act.choice)
            case "lose":
                floor.lose(station, 1)
            case "undo":
                floor.undo(act.number)
        floor.check()
        yield floor


scans_and_losses = st.lists(st.one_of(scans, scans, scans, losses), min_size=1, max_size=14)
anything = st.lists(st.one_of(scans, scans, undos, losses), min_size=1, max_size=14)
pieces = st.integers(1, 12)


@settings(max_examples=150, deadline=None)
@given(routing=lines(), quantity=pieces, acts=scans_and_losses)
def test_on_a_line_every_piece_is_somewhere_once_whatever_is_scanned(
    routing: Routing, quantity: int, acts: list[Act]
) -> None:
    for floor in happen(routing, quantity, acts):
        assert in_progress(floor.state, routing) >= 0
        assert floor.conservation().holds


@settings(max_examples=150, deadline=None)
@given(routing=branches(), quantity=pieces, acts=scans_and_losses)
def test_in_branches_no_step_counts_more_than_reached_it_and_every_undo_is_exact(
    routing: Routing, quantity: int, acts: list[Act]
) -> None:
    for floor in happen(routing, quantity, acts):
        assert floor.state.at(routing.last.code).passed <= quantity


@settings(max_examples=150, deadline=None)
@given(routing=branches(), quantity=pieces, acts=scans_and_losses)
def test_in_branches_every_garment_is_somewhere_once_whatever_is_scanned(
    routing: Routing, quantity: int, acts: list[Act]
) -> None:
    for floor in happen(routing, quantity, acts):
        assert in_progress(floor.state, routing) >= 0
        assert floor.conservation().holds


@settings(max_examples=150, deadline=None)
@given(routing=lines(), quantity=pieces, acts=anything)
@example(
    routing=DEFAULT_ROUTING,
    quantity=12,
    acts=[
        Act("scan", 0),
        Act("scan", 1, Quantities(to_rework=3), choice=Choice.CONFIRM),
        Act("scan", 1, choice=Choice.REPAIRED),
        Act("undo", 1),
    ],
)
def test_an_undo_that_comes_late_never_leaves_a_count_without_its_pieces(
    routing: Routing, quantity: int, acts: list[Act]
) -> None:
    for floor in happen(routing, quantity, acts):
        assert floor.conservation().holds


@pytest.mark.parametrize("first", ["front", "back"])
def test_losses_on_two_parts_of_a_garment_never_lose_more_garments_than_there_are(first: str) -> None:
    """Two fronts and three backs are lost: how many garments that costs, never more than were cut."""
    second = "back" if first == "front" else "front"
    floor = Floor(FRONT_AND_BACK, BundleState(CODE, 20))
    floor.scan("cutting")
    floor.scan(first, Quantities(rejected=2), choice=Choice.CONFIRM)
    floor.scan(second, Quantities(rejected=3), choice=Choice.CONFIRM)
    floor.scan("join", choice=Choice.CONFIRM)
    assert in_progress(floor.state, FRONT_AND_BACK) >= 0
    assert floor.conservation().holds
