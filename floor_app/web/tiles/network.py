"""Whether the centre knows what this floor knows: when they last talked, what waits, what needs a person. Nothing outside a network."""

from dataclasses import dataclass

import sqlite_utils

from floor_app.atelier import Atelier
from floor_app.store import day_sheets, network_identity, sync_attempts

GOOD, WARN, STOP = "good", "warn", "stop"
WARN_AFTER_MS = 26 * 3_600_000
STOP_AFTER_MS = 7 * 24 * 3_600_000


@dataclass(frozen=True, slots=True)
class NetworkTile:
    """`joined` false: nothing to show. `talked_at_ms`: the last talk that went through, 0 for none. `in_trouble`, `waiting`: days."""

    joined: bool
    talked_at_ms: int = 0
    waiting: int = 0
    in_trouble: int = 0
    level: str = GOOD


def load(db: sqlite_utils.Database, atelier: Atelier, *, at_ms: int) -> NetworkTile:
    if network_identity.trust(db) is None:
        return NetworkTile(joined=False)
    last = sync_attempts.last_good(db)
    talked_at_ms = last.ended_at_ms if last else 0
    in_trouble = len(day_sheets.sheets_in_trouble(db))
    return NetworkTile(
        True,
        talked_at_ms,
        waiting=day_sheets.backlog_days(db) - in_trouble,
        in_trouble=in_trouble,
        level=_level(at_ms - talked_at_ms, in_trouble, talked=bool(last)),
    )


def _level(since_ms: int, in_trouble: int, *, talked: bool) -> str:
    if in_trouble or (talked and since_ms > STOP_AFTER_MS):
        return STOP
    return WARN if not talked or since_ms > WARN_AFTER_MS else GOOD
