"""The rule of a scan: what was read, where, how the bundle stands → one answer and the facts to record. Pure.

`decide` is the table of what a scan means; everything a screen, a sound or a machine says comes from its `Decision`.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from enum import StrEnum

from floor_app.domain.codes import Found, Reading, site_of
from floor_app.domain.events import Event, ReworkDone, StepDone, StepPresumed, StepSkipped
from floor_app.domain.progress import (
    BundleState,
    BundleStatus,
    StepCount,
    next_step,
    pieces_in,
    steps_missing,
    waiting,
    with_fact,
)
from floor_app.domain.routings import MissingSteps, Operation, Policy, Routing


class Answer(StrEnum):
    COUNTED = "counted"
    ALREADY_DONE = "already_done"
    LOOK = "look"
    STOP = "stop"
    UNKNOWN = "unknown"
    NOT_A_LABEL = "not_a_label"


class Choice(StrEnum):
    """What an operator may answer to a « look ». At most two are offered."""

    COUNT_ANYWAY = "count_anyway"
    COUNT_REST = "count_rest"
    CONFIRM = "confirm"
    REPAIRED = "repaired"
    NO = "no"


@dataclass(frozen=True, slots=True)
class Quantities:
    """Pieces of one bundle, as an operator says them. `good` None: all that is left."""

    good: int | None = None
    second: int = 0
    rejected: int = 0
    to_rework: int = 0

    @property
    def whole(self) -> bool:
        return self.good is None and not (self.second or self.rejected or self.to_rework)

    def of(self, pieces: int) -> "Quantities":
        """With `good` filled in from the pieces that wait."""
        if self.good is not None:
            return self
        good = pieces - self.second - self.rejected - self.to_rework
        return Quantities(good, self.second, self.rejected, self.to_rework)

    @property
    def total(self) -> int:
        return (self.good or 0) + self.second + self.rejected + self.to_rework


WHOLE = Quantities()

# Information, not a count and not a question: told calmly.
CALM_REASONS = (
    "undone",
    "help_called",
    "defect_noted",
    "defect_found",
    "left_as_it_was",
    "scan_the_bundle",
    "card_pause",
    "card_end_of_day",
    "card_language",
)


@dataclass(frozen=True, slots=True)
class Decision:
    """`reason` refines the answer; `goes_to` is an operation code; `pieces` what counts; `at_ms` when it was counted before."""

    answer: Answer
    reason: str
    facts: tuple[Event, ...] = ()
    choices: tuple[Choice, ...] = ()
    goes_to: str = ""
    operation: str = ""
    pieces: int = 0
    before: int = 0
    quantities: Quantities = field(default=WHOLE)
    at_ms: int = 0

    @property
    def is_good(self) -> bool:
        """All is well: nobody need look at the screen."""
        return self.answer in (Answer.COUNTED, Answer.ALREADY_DONE) or self.reason in CALM_REASONS


def decide(
    reading: Reading,
    bundle: BundleState | None,
    routing: Routing,
    *,
    station_does: str,
    home_site: str,
    policy: Policy,
    quantities: Quantities = WHOLE,
    choice: Choice | None = None,
) -> Decision:
    """The answer to a bundle label at a station. `station_does`: operation code or section; `choice`: answer to an earlier « look »."""
    if reading.found != Found.BUNDLE:
        return Decision(Answer.NOT_A_LABEL, reading.found.value)
    if bundle is None:
        foreign = site_of(reading.code) != home_site
        return Decision(Answer.STOP, "other_atelier") if foreign else Decision(Answer.UNKNOWN, "unknown_bundle")
    if bundle.status != BundleStatus.OPEN:
        return Decision(_STATUS_ANSWERS[bundle.status], bundle.status.value)
    if choice == Choice.NO:
        return _elsewhere(Answer.LOOK, "left_as_it_was", bundle, routing)
    operation = _operation_here(bundle, routing, station_does)
    if operation is None:
        return _not_done_here(bundle, routing)
    return _decide_step(bundle, routing, operation, policy=operation.policy or policy, asked=_Asked(quantities, choice))


_STATUS_ANSWERS = {
    BundleStatus.CANCELLED: Answer.STOP,
    BundleStatus.SPLIT: Answer.LOOK,
    BundleStatus.MERGED: Answer.LOOK,
    BundleStatus.IN_TRANSIT: Answer.STOP,
}


@dataclass(frozen=True, slots=True)
class _Asked:
    quantities: Quantities
    choice: Choice | None


def _operation_here(bundle: BundleState, routing: Routing, station_does: str) -> Operation | None:
    """Of the steps done here, the first where pieces wait, are in rework, were presumed, or did nothing yet; else the last."""
    here = routing.at_station(station_does)
    if len(here) < 2:
        return here[0] if here else None
    reasons: tuple[Callable[[StepCount, Operation], object], ...] = (
        lambda step, operation: waiting(bundle, routing, operation),
        lambda step, operation: step.in_rework,
        lambda step, operation: step.presumed or step.skipped,
        lambda step, operation: not step.accounted,
    )
    for reason in reasons:
        for operation in here:
            if reason(bundle.at(operation.code), operation):
                return operation
    return here[-1]


def _not_done_here(bundle: BundleState, routing: Routing) -> Decision:
    if next_step(bundle, routing) is None and not _rework_steps(bundle):
        return Decision(Answer.LOOK, "finished")
    return _elsewhere(Answer.STOP, "not_done_here", bundle, routing)


def _decide_step(
    bundle: BundleState, routing: Routing, operation: Operation, *, policy: Policy, asked: _Asked
) -> Decision:
    step = bundle.at(operation.code)
    if step.in_rework and not waiting(bundle, routing, operation):
        return _back_from_rework(bundle, routing, operation, asked)
    if step.presumed or step.skipped:
        return _real_at_last(bundle, routing, operation, step, asked)
    if step.accounted and not waiting(bundle, routing, operation):
        return replace(
            _elsewhere(Answer.ALREADY_DONE, "already_done", bundle, routing),
            operation=operation.code,
            at_ms=step.done_at_ms,
        )
    missing = steps_missing(bundle, routing, operation)
    if missing and waiting(bundle, routing, missing[0]):
        return _decide_missing(bundle, routing, operation, missing, policy=policy, asked=asked)
    pieces = waiting(bundle, routing, operation)
    if pieces == 0:
        return _nothing_arrives(bundle, routing, operation)
    if step.accounted and asked.choice not in (Choice.COUNT_REST, Choice.CONFIRM):
        choices = (Choice.COUNT_REST, Choice.NO)
        return Decision(Answer.LOOK, "rest", choices=choices, operation=operation.code, pieces=pieces)
    return _count(bundle, routing, operation, asked, pieces=pieces)


def _decide_missing(
    bundle: BundleState,
    routing: Routing,
    operation: Operation,
    missing: tuple[Operation, ...],
    *,
    policy: Policy,
    asked: _Asked,
) -> Decision:
    anyway = asked.choice in (Choice.COUNT_ANYWAY, Choice.CONFIRM)
    filled = policy.missing_steps == MissingSteps.FILL and len(missing) <= policy.fill_up_to
    allowed = policy.missing_steps == MissingSteps.ALLOW
    if not (anyway or filled or allowed):
        choices = (Choice.COUNT_ANYWAY, Choice.NO)
        return Decision(Answer.LOOK, "step_missing", choices=choices, goes_to=missing[0].code, operation=operation.code)
    passing = StepSkipped if allowed else StepPresumed
    passed, facts = bundle, list[Event]()
    for step in missing:
        pieces = pieces_in(passed, step)
        if pieces == 0:
            break
        facts.append(passing(bundle.code, step.code, pieces))
        count = StepCount(skipped=pieces) if allowed else StepCount(presumed=pieces)
        passed = replace(passed, steps={**passed.steps, step.code: count})
    pieces = waiting(passed, routing, operation)
    if pieces == 0:
        return _nothing_arrives(bundle, routing, operation)
    return _count(passed, routing, operation, asked, pieces=pieces, already=tuple(facts))


def _count(
    bundle: BundleState,
    routing: Routing,
    operation: Operation,
    asked: _Asked,
    *,
    pieces: int,
    already: tuple[Event, ...] = (),
) -> Decision:
    """`pieces` wait here, with what is presumed of the steps before by `already`."""
    said = asked.quantities.of(pieces)
    if not _possible(said, pieces):
        return Decision(Answer.LOOK, "too_many", operation=operation.code, pieces=asked.quantities.total, before=pieces)
    if not asked.quantities.whole and said.good != pieces and asked.choice != Choice.CONFIRM:
        return _confirm_quantity(operation, said, before=pieces)
    done = StepDone(
        bundle.code,
        operation.code,
        good=said.good or 0,
        second=said.second,
        rejected=said.rejected,
        to_rework=said.to_rework,
        steps_with_it=len(already),
    )
    return _counted(bundle, routing, operation, (*already, done), pieces=said.good or 0, before=pieces, quantities=said)


def _possible(said: Quantities, pieces: int) -> bool:
    parts = (said.good or 0, said.second, said.rejected, said.to_rework)
    return min(parts) >= 0 and 0 < sum(parts) <= pieces


def _real_at_last(
    bundle: BundleState, routing: Routing, operation: Operation, step: StepCount, asked: _Asked
) -> Decision:
    """A real scan of a step that was presumed or passed by: counts, and takes the place of what was presumed."""
    pieces = step.presumed + step.skipped
    if asked.quantities.of(pieces).good != pieces:
        return Decision(Answer.LOOK, "whole_only", operation=operation.code, pieces=pieces)
    done = StepDone(
        bundle.code, operation.code, good=pieces, replaces_presumed=step.presumed, replaces_skipped=step.skipped
    )
    return replace(_counted(bundle, routing, operation, (done,), pieces=pieces, before=pieces), reason="real_at_last")


def _back_from_rework(bundle: BundleState, routing: Routing, operation: Operation, asked: _Asked) -> Decision:
    away = bundle.at(operation.code).in_rework
    if asked.choice not in (Choice.REPAIRED, Choice.CONFIRM):
        choices = (Choice.REPAIRED, Choice.NO)
        return Decision(Answer.LOOK, "in_rework", choices=choices, operation=operation.code, pieces=away)
    said = asked.quantities.of(away)
    if not _possible(said, away) or said.to_rework:
        return Decision(Answer.LOOK, "too_many", operation=operation.code, pieces=asked.quantities.total, before=away)
    if not asked.quantities.whole and asked.choice != Choice.CONFIRM:
        return _confirm_quantity(operation, said, before=away)
    back = ReworkDone(bundle.code, operation.code, good=said.good or 0, second=said.second, rejected=said.rejected)
    counted = _counted(bundle, routing, operation, (back,), pieces=said.good or 0, before=away, quantities=said)
    return replace(counted, reason="repaired")


def _confirm_quantity(operation: Operation, said: Quantities, *, before: int) -> Decision:
    """Old and new are shown before anything counts."""
    return Decision(
        Answer.LOOK,
        "confirm_quantity",
        choices=(Choice.CONFIRM, Choice.NO),
        operation=operation.code,
        pieces=said.good or 0,
        before=before,
        quantities=said,
    )


def _counted(
    bundle: BundleState,
    routing: Routing,
    operation: Operation,
    facts: tuple[Event, ...],
    *,
    pieces: int,
    before: int,
    quantities: Quantities = WHOLE,
) -> Decision:
    after = with_fact(bundle, facts[-1])
    following = next((step.code for step in routing.next_after(operation.code) if waiting(after, routing, step)), "")
    return Decision(
        Answer.COUNTED,
        "counted",
        facts=facts,
        goes_to=following or _where_now(after, routing),
        operation=operation.code,
        pieces=pieces,
        before=before,
        quantities=quantities,
    )


def _nothing_arrives(bundle: BundleState, routing: Routing, operation: Operation) -> Decision:
    """The steps before were done but passed nothing on: all rejected, or away for rework."""
    reason = "in_rework_elsewhere" if _rework_steps(bundle) else "nothing_left"
    return replace(_elsewhere(Answer.STOP, reason, bundle, routing), operation=operation.code)


def _elsewhere(answer: Answer, reason: str, bundle: BundleState, routing: Routing) -> Decision:
    return Decision(answer, reason, goes_to=_where_now(bundle, routing))


def _where_now(bundle: BundleState, routing: Routing) -> str:
    """The first step where pieces wait, else the first they are in rework from, else nowhere."""
    step = next_step(bundle, routing)
    return step.code if step else next(iter(_rework_steps(bundle)), "")


def _rework_steps(bundle: BundleState) -> tuple[str, ...]:
    return tuple(code for code, step in bundle.steps.items() if step.in_rework)
