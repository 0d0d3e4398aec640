"""How far a bundle is: what was counted at each step, what waits there, what is still in progress."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple

from floor_app.domain.events import Event, PiecesDeclaredMissing, ReworkDone, StepDone, StepPresumed, StepSkipped
from floor_app.domain.routings import Operation, Routing


class BundleStatus(StrEnum):
    OPEN = "open"
    CANCELLED = "cancelled"
    SPLIT = "split"
    MERGED = "merged"
    IN_TRANSIT = "in_transit"


class Pieces(NamedTuple):
    """Of one bundle at one step, by what became of them; or what an event adds to them."""

    good: int = 0
    second: int = 0
    rejected: int = 0
    in_rework: int = 0
    missing: int = 0
    presumed: int = 0
    skipped: int = 0


@dataclass(frozen=True, slots=True)
class StepCount:
    """Pieces of one bundle at one step. `good` includes pieces repaired; `in_rework` are away for repair now.

    `elsewhere`: pieces that came from another atelier with this step done, less those that left with it done; it may be
    negative. They have passed the step and are counted where they passed it, never here.
    """

    good: int = 0
    second: int = 0
    rejected: int = 0
    in_rework: int = 0
    missing: int = 0
    presumed: int = 0
    skipped: int = 0
    done_at_ms: int = 0
    elsewhere: int = 0

    def with_pieces(self, added: Pieces, *, done_at_ms: int) -> "StepCount":
        good, second, rejected, in_rework, missing, presumed, skipped = added
        return StepCount(
            self.good + good,
            self.second + second,
            self.rejected + rejected,
            self.in_rework + in_rework,
            self.missing + missing,
            self.presumed + presumed,
            self.skipped + skipped,
            done_at_ms,
            self.elsewhere,
        )

    @property
    def passed(self) -> int:
        """Pieces the next step can have."""
        return self.good + self.presumed + self.skipped + self.elsewhere

    @property
    def lost(self) -> int:
        """Pieces that no step after this one will have, for now or for ever."""
        return self.second + self.rejected + self.in_rework + self.missing

    @property
    def accounted(self) -> int:
        return self.passed + self.lost

    @property
    def pieces(self) -> Pieces:
        return Pieces(self.good, self.second, self.rejected, self.in_rework, self.missing, self.presumed, self.skipped)


NOTHING = StepCount()


@dataclass(frozen=True, slots=True)
class BundleState:
    """A bundle as it stands. `quantity`: pieces it was made with here, or came with, less those that left with it."""

    code: str
    quantity: int
    status: BundleStatus = BundleStatus.OPEN
    steps: Mapping[str, StepCount] = field(default_factory=dict)

    def at(self, operation: str) -> StepCount:
        return self.steps.get(operation, NOTHING)


def pieces_in(bundle: BundleState, operation: Operation) -> int:
    """Pieces that have reached a step: the least that any step before it has passed on."""
    after = operation.after
    if not after:
        return bundle.quantity
    if len(after) == 1:  # nearly always, and asked several times a scan
        return bundle.at(after[0]).passed
    return min(bundle.at(before).passed for before in after)


def waiting(bundle: BundleState, routing: Routing, operation: Operation) -> int:
    """Pieces that have reached a step and are not yet accounted for there.

    A garment lost in one branch is lost for the branches beside it: two components joined are one piece. So of the pieces that
    have come to where they part, those lost since are no more.
    """
    if bundle.status != BundleStatus.OPEN:
        return 0
    reached = pieces_in(bundle, operation)
    for fork, losing in routing.forks(operation.code):
        parted = min((bundle.at(code).passed for code in fork), default=bundle.quantity)
        reached = min(reached, parted - sum(bundle.at(code).lost for code in losing))
    return max(0, reached - bundle.at(operation.code).accounted)


def in_progress(bundle: BundleState, routing: Routing) -> int:
    """Pieces neither finished nor lost on the way. A split or sent bundle has none: its pieces are counted elsewhere."""
    if bundle.status != BundleStatus.OPEN:
        return 0
    lost = sum(step.lost for step in bundle.steps.values())
    return bundle.quantity - bundle.at(routing.last.code).passed - lost


def steps_missing(bundle: BundleState, routing: Routing, operation: Operation) -> tuple[Operation, ...]:
    """Steps before `operation` at which nothing of the bundle was counted, in routing order."""
    return tuple(before for before in routing.before(operation.code) if bundle.at(before.code).accounted == 0)


def next_step(bundle: BundleState, routing: Routing) -> Operation | None:
    """Where the bundle must go now: the first step where pieces wait. `None` when there is none."""
    return next((operation for operation in routing.operations if waiting(bundle, routing, operation) > 0), None)


def with_fact(bundle: BundleState, event: Event, *, sign: int = 1, at_ms: int = 0) -> BundleState:
    """The bundle after a counting event, or (`sign` -1) as if the event had not been."""
    operation: str = getattr(event, "operation", "")
    step = bundle.at(operation)
    changed = step.with_pieces(added_by(event, sign=sign), done_at_ms=at_ms if sign > 0 else step.done_at_ms)
    if sign < 0 and not (changed.elsewhere or any(changed.pieces)):
        changed = NOTHING
    return BundleState(bundle.code, bundle.quantity, bundle.status, {**bundle.steps, operation: changed})


def added_by(event: Event, *, sign: int = 1) -> Pieces:
    """What a counting event adds to its step, or (`sign` -1) what taking it back does."""
    added = _ADDED[type(event)](event)
    return added if sign > 0 else Pieces(*(-pieces for pieces in added))


def consistent(bundle: BundleState, routing: Routing) -> bool:
    """Nothing is negative and no step has accounted for more pieces than reached it."""
    return all(_step_consistent(bundle, operation) for operation in routing.operations)


def _step_consistent(bundle: BundleState, operation: Operation) -> bool:
    step = bundle.at(operation.code)
    parts = (
        step.good,
        step.second,
        step.rejected,
        step.in_rework,
        step.missing,
        step.presumed,
        step.skipped,
        step.passed,
    )
    return min(parts) >= 0 and step.accounted <= pieces_in(bundle, operation)


def _step_done(event: StepDone) -> Pieces:
    return Pieces(
        good=event.good,
        second=event.second,
        rejected=event.rejected,
        in_rework=event.to_rework,
        presumed=-event.replaces_presumed,
        skipped=-event.replaces_skipped,
    )


def _rework_done(event: ReworkDone) -> Pieces:
    back = event.good + event.second + event.rejected
    return Pieces(good=event.good, second=event.second, rejected=event.rejected, in_rework=-back)


_ADDED: dict[type[Event], Callable[[Any], Pieces]] = {
    StepDone: _step_done,
    ReworkDone: _rework_done,
    StepPresumed: lambda event: Pieces(presumed=event.pieces),
    StepSkipped: lambda event: Pieces(skipped=event.pieces),
    PiecesDeclaredMissing: lambda event: Pieces(missing=event.pieces),
}
