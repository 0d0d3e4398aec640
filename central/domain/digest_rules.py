"""When alerts are told, and when telling them is tried again. Pure."""

DAY_MS = 24 * 3_600_000
DIGEST_AFTER_MS = 5 * 3_600_000  # of the day, UTC: ateliers talk between one and five in the morning
FIRST_PAUSE_MS = 5 * 60_000
LONGEST_PAUSE_MS = 6 * 3_600_000


def digest_is_due(last_sent_at_ms: int, now_ms: int) -> bool:
    """Once a day, after the ateliers' night. `last_sent_at_ms`: 0 where nothing ever was."""
    return last_sent_at_ms < now_ms - (now_ms - DIGEST_AFTER_MS) % DAY_MS


def pause_ms(attempts: int) -> int:
    """Before the next attempt, after so many that failed: twice as long each time, up to six hours."""
    return min(FIRST_PAUSE_MS << min(max(attempts - 1, 0), 20), LONGEST_PAUSE_MS)
