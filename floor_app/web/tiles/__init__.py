"""The tiles of the board, top first. A new one is a file beside this one, a template of its name, and a line in TILES."""

from collections.abc import Callable, Mapping
from typing import Any

from floor_app.web.tiles import conservation, devices, help_calls, hours, network, orders, steps

TILES: Mapping[str, Callable[..., Any]] = {
    "help_calls": help_calls.load,
    "orders": orders.load,
    "steps": steps.load,
    "conservation": conservation.load,
    "hours": hours.load,
    "devices": devices.load,
    "network": network.load,
}
"""Each takes (db, atelier, at_ms=…) and returns its own frozen dataclass."""
