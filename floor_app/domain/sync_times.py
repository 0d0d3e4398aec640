"""When an atelier speaks with the centre: once a night, each at its own minute, and again after a while when it did not work."""

import hashlib
from datetime import datetime, timedelta

NIGHT_BEGINS = 1
NIGHT_MINUTES = 4 * 60
FIRST_PAUSE_S = 60
LONGEST_PAUSE_S = 1800
LONGEST_SAID_S = 6 * 3600
MOST_TRIES = 10
"""After so many it waits for the next night; nothing is given up."""


def minute_of_night(atelier: str) -> int:
    """0 to 239, from 01:00 on: the same every night, evenly spread over the ateliers, so that 10,000 do not come together."""
    return int.from_bytes(hashlib.sha256(atelier.encode()).digest()[:8]) % NIGHT_MINUTES


def last_night_run(atelier: str, now: datetime) -> datetime:
    """The newest of its moments that is not after `now`, on the atelier's clock."""
    begins = now.replace(hour=NIGHT_BEGINS, minute=0, second=0, microsecond=0)
    moment = begins + timedelta(minutes=minute_of_night(atelier))
    return moment if moment <= now else moment - timedelta(days=1)


def next_night_run(atelier: str, now: datetime) -> datetime:
    return last_night_run(atelier, now) + timedelta(days=1)


def night_run_due(atelier: str, *, now: datetime, last: datetime | None) -> bool:
    """Whether its moment has come since the last run, or there was none. A clock put back waits; one put forward runs once more."""
    return last is None or last < last_night_run(atelier, now)


def pause_s(failures: int, *, said_s: float = 0, chance: float) -> float | None:
    """How long to wait after so many failures in a row; `None`: until the next night.

    Doubles, at random within its upper half (`chance`: 0 to 1), never shorter than the centre said (`said_s`, Retry-After), as far
    as that is within reason.
    """
    if failures >= MOST_TRIES:
        return None
    longest = min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2 ** (failures - 1))
    pause = float(longest * (0.5 + chance / 2))
    said = min(max(said_s, 0), LONGEST_SAID_S)
    return pause if pause >= said else said + chance * FIRST_PAUSE_S
