"""When an atelier has been silent for too long: a night was missed, with two hours of grace."""

SILENT_AFTER_MS = 26 * 3_600_000


def is_silent(heard_at_ms: int, now_ms: int) -> bool:
    """`heard_at_ms`: 0 for one that never spoke: it is waited for, and so silent too."""
    return now_ms - heard_at_ms > SILENT_AFTER_MS
