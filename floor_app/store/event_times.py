"""When events happened, for use in statements: as they say it, or as a clock put right later says it. Hours count from 1970.

`e` is the event in each. A shift is looked for only where the clock was unsure, and found by one look at its key.
"""

SAID_HOUR = "(e.happened_at_ms / 60000 + e.utc_offset_minutes) / 60"

PUT_RIGHT = (
    "LEFT JOIN clock_shift s ON e.seq <= s.last AND s.first ="
    " CASE e.clock_trusted WHEN 0 THEN (SELECT max(c.first) FROM clock_shift c WHERE c.first <= e.seq) END"
)
"""Joins the shift of an event as `s`; its columns are NULL where the clock was right, or nobody knows better."""

# The same without a join, for a statement that reads many events of which hardly any has a shift.
SHIFT_MS = (
    "CASE e.clock_trusted WHEN 1 THEN 0 ELSE coalesce((SELECT iif(e.seq <= c.last, c.shift_ms, 0) FROM clock_shift c"
    " WHERE c.first <= e.seq ORDER BY c.first DESC LIMIT 1), 0) END"
)

RIGHT_AT_MS = "(e.happened_at_ms + coalesce(s.shift_ms, 0))"
RIGHT_OFFSET = "coalesce(s.utc_offset_minutes, e.utc_offset_minutes)"
RIGHT_HOUR = f"(({RIGHT_AT_MS} / 60000 + {RIGHT_OFFSET}) / 60)"
