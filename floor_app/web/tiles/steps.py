"""The work waiting at each step, the bundle that has waited longest, and where it blocks."""

from dataclasses import dataclass, replace

import sqlite_utils

from floor_app.atelier import Atelier
from floor_app.domain.routings import Operation, Section
from floor_app.store import board
from floor_app.store.board import BoardOrder, StepWaiting

MOST_EMPTY_STEPS = 8


@dataclass(frozen=True, slots=True)
class Step:
    """`title`: as the routing names it, "" where the app's own word serves. `bottleneck`: at most one has it."""

    operation: str
    title: str
    bundles: int = 0
    pieces: int = 0
    oldest_since_ms: int = 0
    oldest_bundle: str = ""
    bottleneck: bool = False


@dataclass(frozen=True, slots=True)
class StepsTile:
    steps: tuple[Step, ...]


def load(db: sqlite_utils.Database, atelier: Atelier, *, at_ms: int) -> StepsTile:
    """In the order of the routings. Steps without work are shown too, unless the routings have very many."""
    known = _in_routing_order(board.orders_on_board(db, atelier.clock.production_day(at_ms)))
    waiting = {found.operation: found for found in board.work_waiting(db)}
    steps = [_step(operation, known.get(operation), waiting.get(operation)) for operation in {**known, **waiting}]
    if len(steps) > MOST_EMPTY_STEPS:
        steps = [step for step in steps if step.pieces]
    return StepsTile(tuple(_with_bottleneck(steps)))


def _in_routing_order(orders: list[BoardOrder]) -> dict[str, Operation]:
    """Cut before sew before finish; within a section as far along as in the routing where a step comes latest."""
    places = dict[str, tuple[int, int]]()
    operations = dict[str, Operation]()
    sections = list(Section)
    for routing in dict.fromkeys(order.routing for order in orders):
        for place, operation in enumerate(routing.operations):
            here = (sections.index(operation.section), place)
            places[operation.code] = max(here, places.get(operation.code, here))
            operations.setdefault(operation.code, operation)
    return {code: operations[code] for code in sorted(places, key=lambda code: (places[code], code))}


def _step(code: str, operation: Operation | None, waiting: StepWaiting | None) -> Step:
    title = operation.title if operation else ""
    if waiting is None:
        return Step(code, title)
    return Step(code, title, waiting.bundles, waiting.pieces, waiting.oldest_since_ms, waiting.oldest_bundle)


def _with_bottleneck(steps: list[Step]) -> list[Step]:
    """The most waiting pieces; where two have as many, the one whose oldest bundle has waited longer."""
    busiest = max(steps, key=lambda step: (step.pieces, -step.oldest_since_ms), default=None)
    return [replace(step, bottleneck=step is busiest and step.pieces > 0) for step in steps]
