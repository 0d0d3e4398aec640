"""Declaring pieces missing: some of a bundle are gone; and taking it back when they are found."""

from dataclasses import dataclass

import sqlite_utils

from floor_app.domain.events import Moment, PiecesDeclaredMissing
from floor_app.domain.progress import BundleStatus, waiting
from floor_app.domain.scans import Answer, Decision
from floor_app.domain.undoing import LastCount, decide_undo
from floor_app.store import bundle_history, bundles, events, projections

LONGEST_REASON = 200


@dataclass(frozen=True, slots=True)
class MissingAnswer:
    """`outcome`: `declared`, or why not: `unknown_bundle`, `not_open`, `nothing_waits`, `too_many`, `reason_needed`.

    `waiting`: pieces that waited at the step, so the most that could be declared.
    """

    outcome: str
    waiting: int = 0


def declare_missing(
    db: sqlite_utils.Database, declared: PiecesDeclaredMissing, *, event_id: str, moment: Moment
) -> MissingAnswer:
    """Only pieces that wait at a step can be missing there. The same `event_id` again answers the same."""
    if events.find(db, event_id):
        return MissingAnswer("declared")
    standing = bundles.standing(db, declared.bundle)
    if standing is None:
        return MissingAnswer("unknown_bundle")
    if standing.state.status != BundleStatus.OPEN:
        return MissingAnswer("not_open")
    operation = standing.routing.operation(declared.operation)
    most = waiting(standing.state, standing.routing, operation) if operation else 0
    if most == 0:
        return MissingAnswer("nothing_waits")
    if not 1 <= declared.pieces <= most:
        return MissingAnswer("too_many", most)
    reason = declared.reason.strip()[:LONGEST_REASON]
    if not reason:
        return MissingAnswer("reason_needed", most)
    fact = PiecesDeclaredMissing(declared.bundle, declared.operation, declared.pieces, reason)
    projections.record(db, fact, event_id=event_id, moment=moment)
    return MissingAnswer("declared", most)


def take_back_missing(db: sqlite_utils.Database, seq: int, *, event_id: str, reason: str, moment: Moment) -> Decision:
    """The pieces declared missing by event `seq` were found: they wait again where they were. A reason is required."""
    if not reason.strip():
        return Decision(Answer.LOOK, "reason_needed")
    stored = events.by_seq(db, seq)
    if stored is None or not isinstance(stored.event, PiecesDeclaredMissing):
        return Decision(Answer.LOOK, "nothing_to_undo")
    missing = stored.event
    standing = bundles.standing(db, missing.bundle)
    if standing is None or seq in bundle_history.undone_seqs(db, missing.bundle):
        return Decision(Answer.LOOK, "nothing_to_undo")
    last = LastCount(missing.bundle, missing.operation, ((seq, missing),))
    decision = decide_undo(last, standing.state, standing.routing, reason=reason.strip()[:LONGEST_REASON])
    for fact in decision.facts:
        projections.record(db, fact, event_id=event_id, moment=moment)
    return decision
