"""What fits on the workshop's wall: no scrolling, so orders take turns, and of many steps those with the most work stay."""

from dataclasses import dataclass

from floor_app.web.board_figures import BoardFigures
from floor_app.web.tiles.conservation import Gap
from floor_app.web.tiles.devices import STOP, Device
from floor_app.web.tiles.help_calls import HelpCall
from floor_app.web.tiles.orders import OrderToday
from floor_app.web.tiles.steps import Step

TURN_MS = 15_000
MOST_ORDERS = 5
MOST_ORDERS_BELOW_A_BAND = 4
MOST_STEPS = 3
MOST_CALLS = 3


@dataclass(frozen=True, slots=True)
class Wall:
    """One turn of the wall. `page` counts from 1; `room`: orders a page holds; `…_more`: so many are not shown."""

    page: int
    pages: int
    room: int
    orders: tuple[OrderToday, ...]
    steps: tuple[Step, ...]
    steps_more: int
    calls: tuple[HelpCall, ...]
    calls_more: int
    gaps: tuple[Gap, ...]
    devices: tuple[Device, ...]


def wall(figures: BoardFigures, *, at_ms: int) -> Wall:
    """A band at the top, for a call or for trouble, takes the room of one order."""
    tiles = figures.tiles
    calls: tuple[HelpCall, ...] = tiles["help_calls"].calls
    gaps: tuple[Gap, ...] = tiles["conservation"].gaps
    devices = tuple(device for device in tiles["devices"].devices if device.level == STOP)
    orders: tuple[OrderToday, ...] = tiles["orders"].orders
    room = MOST_ORDERS_BELOW_A_BAND if calls or gaps or devices else MOST_ORDERS
    pages = max(1, -(-len(orders) // room))
    page = at_ms // TURN_MS % pages
    steps = _busiest(tiles["steps"].steps)
    return Wall(
        page=page + 1,
        pages=pages,
        room=room,
        orders=orders[page * room : (page + 1) * room],
        steps=steps,
        steps_more=len(tiles["steps"].steps) - len(steps),
        calls=calls[:MOST_CALLS],
        calls_more=max(0, len(calls) - MOST_CALLS),
        gaps=gaps,
        devices=devices,
    )


def _busiest(steps: tuple[Step, ...]) -> tuple[Step, ...]:
    """Still in the order of the routing."""
    kept = sorted(steps, key=lambda step: -step.pieces)[:MOST_STEPS]
    return tuple(step for step in steps if step in kept)
