"""Stretches of the log that came in one hour, by one boot and one state of the clock: how a day's events are found without a walk.

A table of few rows in place of an index, which every scan would have to write to. A trigger of the log keeps it (`schema`).
"""

import sqlite_utils

from floor_app.store.event_times import SAID_HOUR

LAST_OF_RUN = "coalesce((SELECT n.first - 1 FROM event_run n WHERE n.first > r.first ORDER BY n.first LIMIT 1), 9223372036854775807)"
"""The last event of the run `r`, or the largest number there can be while it goes on."""


def book(db: sqlite_utils.Database, first: int, last: int) -> None:
    """Of the events `first` to `last`, after those before were booked: what the trigger does one by one."""
    db.conn.execute(_BOOK, {"first": first, "last": last})


_BOOK = (
    "INSERT INTO event_run SELECT seq, hour, boot, clock_trusted FROM (SELECT e.seq AS seq,"
    f" {SAID_HOUR} AS hour, e.boot AS boot, e.clock_trusted AS clock_trusted,"
    f" lag({SAID_HOUR}) OVER log AS hour_before, lag(e.boot) OVER log AS boot_before, lag(e.clock_trusted) OVER log AS trusted_before"
    " FROM event e WHERE e.seq BETWEEN :first - 1 AND :last WINDOW log AS (ORDER BY e.seq))"
    " WHERE seq >= :first AND (hour, boot, clock_trusted) IS NOT (hour_before, boot_before, trusted_before)"
)
