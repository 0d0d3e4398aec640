"""The rule of an undo: take back the last count of a station, unless the bundle has gone on since. Pure."""

from dataclasses import dataclass

from floor_app.domain.events import CountUndone, Event
from floor_app.domain.progress import BundleState, BundleStatus, consistent, with_fact
from floor_app.domain.routings import Routing
from floor_app.domain.scans import Answer, Decision


@dataclass(frozen=True, slots=True)
class LastCount:
    """What one scan counted: (seq, fact) in the order recorded."""

    bundle: str
    operation: str
    facts: tuple[tuple[int, Event], ...]


def decide_undo(last: LastCount | None, bundle: BundleState | None, routing: Routing, *, reason: str = "") -> Decision:
    """`nothing_to_undo`, `gone_on` (a later step has counted these pieces), or `undone` with its one fact."""
    if last is None or bundle is None:
        return Decision(Answer.LOOK, "nothing_to_undo")
    if bundle.status != BundleStatus.OPEN:
        return Decision(Answer.LOOK, "gone_on", operation=last.operation)
    before = bundle
    for _, fact in reversed(last.facts):
        before = with_fact(before, fact, sign=-1)
    if not consistent(before, routing):
        return Decision(Answer.LOOK, "gone_on", operation=last.operation)
    fact = CountUndone(tuple(seq for seq, _ in reversed(last.facts)), reason)
    pieces = bundle.at(last.operation).good - before.at(last.operation).good
    return Decision(
        Answer.COUNTED, "undone", facts=(fact,), operation=last.operation, goes_to=last.operation, pieces=pieces
    )
