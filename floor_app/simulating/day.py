"""A whole day at a running floor: orders in, then everybody acts; at the end, what they did."""

import base64
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from floor_app.simulating.actors import Actor, DayUnderWay, Hands, Surprise, TabletHands, WiredHands, wait_for_reader
from floor_app.simulating.acts import CUTTERS, Act, DayPlan
from floor_app.simulating.cutters import CutterHands
from floor_app.simulating.equipment import Equipment
from floor_app.simulating.lay_plan import Shop
from floor_app.simulating.links import FloorAddress, Link

LOOKS_EVERY_S = 0.1
Progress = Callable[[int], None]


class DayBroken(Exception):
    """The day could not be lived to its end; raised from the reason."""


@dataclass(frozen=True, slots=True)
class DayDone:
    """`labels`: (asked for, came out on paper). `lasted_s`: real time."""

    acts: tuple[Act, ...]
    surprises: tuple[Surprise, ...]
    labels: tuple[int, int]
    began_at: datetime
    lasted_s: float


def run_day(
    plan: DayPlan,
    floor: FloorAddress,
    equipment: Equipment,
    *,
    shop: Shop,
    speed: float,
    progress: Progress = lambda done: None,
) -> DayDone:
    """Lives `plan` at a floor that has none of its orders yet. `progress` is told how many acts are done. DayBroken."""
    began_at, began_at_s = datetime.now(UTC), time.monotonic()
    _bring_orders(plan, floor)
    for scanner in equipment.scanners.values():
        wait_for_reader(scanner)
    day = DayUnderWay(plan, speed)
    cutters = CutterHands(floor, equipment, shop, day)
    actors = [_actor(name, _hands(name, floor, equipment, cutters, day), day) for name in _stations(plan)]
    _live(actors, day, progress)
    labels = (cutters.asked_labels, equipment.paper.labels)
    return DayDone(tuple(day.done), tuple(day.surprises), labels, began_at, time.monotonic() - began_at_s)


def _bring_orders(plan: DayPlan, floor: FloorAddress) -> None:
    rows = ["OF;Client;Modèle;Coloris;Taille;Quantité"]
    for order in plan.orders:
        rows += [
            f"{order.code};{order.client};{order.style};{colour};{size};{pieces}"
            for size, colour, pieces in order.lines
        ]
    content = base64.b64encode("\n".join(rows).encode()).decode()
    link = Link(floor.url, floor.control_token)
    answer = link.post("/control/import_file", {"filename": "simulation.csv", "content": content})
    link.close()
    if answer["faults"]:
        raise DayBroken(str(answer["faults"]))


def _stations(plan: DayPlan) -> list[str]:
    return sorted({act.station for act in plan.acts})


def _hands(name: str, floor: FloorAddress, equipment: Equipment, cutters: CutterHands, day: DayUnderWay) -> Hands:
    if name == CUTTERS:
        return cutters
    link = Link(floor.url, floor.tokens[name])
    scanner = equipment.scanners.get(name)
    return WiredHands(name, scanner, link, day) if scanner else TabletHands(link, day)


def _actor(name: str, hands: Hands, day: DayUnderWay) -> Actor:
    return Actor(name or "cutters", hands, [act for act in day.plan.acts if act.station == name], day)


def _live(actors: list[Actor], day: DayUnderWay, progress: Progress) -> None:
    for actor in actors:
        actor.start()
    try:
        for actor in actors:
            while actor.is_alive():
                actor.join(LOOKS_EVERY_S)
                progress(len(day.done))
    finally:
        day.stopping.set()
        for actor in actors:
            actor.join()
    if day.failures:
        raise DayBroken(str(day.failures[0])) from day.failures[0]
