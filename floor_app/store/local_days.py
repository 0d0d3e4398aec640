"""Which day and hour of the atelier's clock an event belongs to."""

from datetime import date, timedelta
from functools import lru_cache

from floor_app.store.events import StoredEvent

_MS_A_MINUTE = 60_000


def local_day_and_hour(stored: StoredEvent) -> tuple[str, int]:
    """The day (ISO) and hour of the atelier's clock at which it happened."""
    hour = local_hour(stored)
    return _iso_day(hour // 24), hour % 24


def local_hour(stored: StoredEvent) -> int:
    """The same hour, counted from 1970."""
    return (stored.happened_at_ms // _MS_A_MINUTE + stored.utc_offset_minutes) // 60


@lru_cache(maxsize=64)
def _iso_day(days: int) -> str:
    return (date(1970, 1, 1) + timedelta(days=days)).isoformat()
