"""All the board says at one moment, from one view of the database: for the page and for machines alike."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from floor_app.atelier import Atelier
from floor_app.domain.quality import Conservation
from floor_app.web.tiles import TILES, conservation, devices, help_calls, hours, orders, steps
from floor_app.web.tiles.devices import Device
from floor_app.web.tiles.orders import OrderToday
from floor_app.web.tiles.steps import Step


@dataclass(frozen=True, slots=True)
class BoardFigures:
    """`at_ms`: when it was read, UTC. `day`: ISO, the production day. `tiles`: each tile's own dataclass, by its name."""

    at_ms: int
    day: str
    tiles: Mapping[str, Any]


def load_figures(atelier: Atelier) -> BoardFigures:
    at_ms = atelier.clock.now_ms()
    with atelier.reading() as db:
        tiles = {name: load(db, atelier, at_ms=at_ms) for name, load in TILES.items()}
    return BoardFigures(at_ms, _day(atelier, at_ms), tiles)


def board_now(atelier: Atelier) -> dict[str, Any]:
    """The board for machines, JSON-able. Times are ISO 8601 with the atelier's offset, `None` where there is none yet."""
    at_ms = atelier.clock.now_ms()
    with atelier.reading() as db:
        shown = orders.load(db, atelier, at_ms=at_ms)
        waiting = steps.load(db, atelier, at_ms=at_ms)
        law = conservation.load(db, atelier, at_ms=at_ms)
        calls = help_calls.load(db, atelier, at_ms=at_ms)
        last_scan_at_ms = hours.load(db, atelier, at_ms=at_ms).last_scan_at_ms
        machines = devices.load(db, atelier, at_ms=at_ms)
    return {
        "at": _iso(atelier, at_ms),
        "day": _day(atelier, at_ms),
        "orders": [_order(order) for order in shown.orders],
        "steps": [_step(atelier, step) for step in waiting.steps],
        "conservation": [
            {"order": line.order, "size": line.size, "colour": line.colour, **_pieces(line.pieces)}
            for line in law.lines
        ],
        "help": [{"station": call.station, "since": _iso(atelier, call.since_ms)} for call in calls.calls],
        "last_scan_at": _iso(atelier, last_scan_at_ms),
        "devices": [_device(atelier, device) for device in machines.devices],
    }


def _day(atelier: Atelier, at_ms: int) -> str:
    return atelier.clock.production_day(at_ms).day


def _iso(atelier: Atelier, at_ms: int) -> str | None:
    return atelier.clock.local(at_ms).isoformat(timespec="milliseconds") if at_ms else None


def _order(order: OrderToday) -> dict[str, Any]:
    return {
        "order": order.code,
        "client": order.client,
        "style": order.style,
        "due": order.due or None,
        "planned": order.planned,
        "cut": order.cut,
        "finished": order.finished,
        "left": order.left,
        "today": order.today,
    }


def _step(atelier: Atelier, step: Step) -> dict[str, Any]:
    return {
        "operation": step.operation,
        "bundles": step.bundles,
        "pieces": step.pieces,
        "oldest_since": _iso(atelier, step.oldest_since_ms),
    }


def _pieces(pieces: Conservation) -> dict[str, int]:
    return {**asdict(pieces), "gap": pieces.gap}


def _device(atelier: Atelier, device: Device) -> dict[str, Any]:
    return {
        "kind": device.kind,
        "name": device.name,
        "state": device.state,
        "serves": device.station,
        "since": _iso(atelier, device.since_ms),
    }
