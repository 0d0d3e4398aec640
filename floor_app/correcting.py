"""A supervisor's corrections: any count can be taken back with a reason, as long as the bundle has not gone on."""

import sqlite_utils

from floor_app.domain.events import Moment
from floor_app.domain.routings import DEFAULT_ROUTING
from floor_app.domain.scans import Answer, Decision
from floor_app.domain.undoing import decide_undo
from floor_app.store import bundles, projections, stations


def undo_count(db: sqlite_utils.Database, seq: int, *, event_id: str, reason: str, moment: Moment) -> Decision:
    """Takes back the count recorded as `seq`. A reason is required: the history shows it."""
    if not reason.strip():
        return Decision(Answer.LOOK, "reason_needed")
    last = stations.count_by_seq(db, seq)
    standing = bundles.standing(db, last.bundle) if last else None
    routing = standing.routing if standing else DEFAULT_ROUTING
    decision = decide_undo(last, standing.state if standing else None, routing, reason=reason.strip()[:200])
    for fact in decision.facts:
        projections.record(db, fact, event_id=event_id, moment=moment)
    return decision
