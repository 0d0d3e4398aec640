"""Who calls for help: the first thing on the board."""

from dataclasses import dataclass

import sqlite_utils

from floor_app.atelier import Atelier
from floor_app.store import stations


@dataclass(frozen=True, slots=True)
class HelpCall:
    """`title`: how people call the station."""

    station: str
    title: str
    since_ms: int


@dataclass(frozen=True, slots=True)
class HelpTile:
    calls: tuple[HelpCall, ...]


def load(db: sqlite_utils.Database, atelier: Atelier, *, at_ms: int) -> HelpTile:
    """Those who have waited longest first."""
    return HelpTile(
        tuple(
            HelpCall(call.station, _title(atelier, call.station), call.since_ms)
            for call in stations.open_help_calls(db)
        )
    )


def _title(atelier: Atelier, name: str) -> str:
    """A station taken out of the set-up can still be calling."""
    station = atelier.station(name)
    return station.title if station else name
