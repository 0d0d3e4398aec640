"""Confirming a day's half-days: names stay in the people's own file, totals by contract go into the log as an event."""

import sqlite_utils

from floor_app.domain.events import InsertionHoursConfirmed, Moment
from floor_app.domain.insertion import Assignment, totals
from floor_app.store import events, projections


def record_totals(
    db: sqlite_utils.Database, day: str, assignments: tuple[Assignment, ...], *, event_id: str, moment: Moment
) -> None:
    """In place of the day's earlier totals, if any. The same `event_id` again changes nothing."""
    if events.find(db, event_id):
        return
    rows = tuple((total.contract, total.minutes, total.people) for total in totals(assignments))
    projections.record(db, InsertionHoursConfirmed(day, rows), event_id=event_id, moment=moment)
