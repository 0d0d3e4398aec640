"""A Pi without a clock battery wakes in the past. Once its clock is right, the events before are put into the time they belong to."""

import sqlite_utils

from floor_app.domain.events import ClockPutRight, Moment
from floor_app.store import projections, unsure_events

LEAST_SHIFT_MS = 60_000  # a clock that was a little off need not be put right: the day and hour are the same


def put_clock_right(db: sqlite_utils.Database, *, moment: Moment, event_id: str) -> bool:
    """Of this boot, a run of events recorded before the clock was trusted. False when there is none left to put right.

    `moment`: now, by a clock that is trusted. What passed since an event is known by the monotonic clock, which no setting moves.
    """
    if not moment.clock_trusted:
        return False
    unsure = unsure_events.next_run(db, moment.boot_id)
    if unsure is None:
        return False
    shift_ms = (moment.recorded_at_ms - moment.monotonic_ms) - unsure.boot_began_at_ms
    if abs(shift_ms) < LEAST_SHIFT_MS:
        shift_ms = 0
    right = ClockPutRight(moment.boot_id, shift_ms, unsure.first, unsure.last, moment.utc_offset_minutes)
    projections.record(db, right, event_id=event_id, moment=moment)
    return True
