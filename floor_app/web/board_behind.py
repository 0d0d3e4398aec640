"""The bundles behind a figure of the board: what one tap on it shows."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlite_utils

from floor_app.atelier import Atelier
from floor_app.domain.quality import Conservation, added_up
from floor_app.domain.routings import DEFAULT_ROUTING, Operation
from floor_app.store import board, order_bundles
from floor_app.store.board import BoardOrder, LineConservation, WaitingBundle
from floor_app.store.order_bundles import BundlePieces, LineStepCount
from floor_app.web.tiles import conservation
from floor_app.web.tiles.conservation import Gap

MOST_LISTED = 200


@dataclass(frozen=True, slots=True)
class WaitingHere:
    """`title`: the step as its routing names it, "" where the app's own word serves."""

    operation: str
    title: str
    bundles: tuple[WaitingBundle, ...]
    more: bool

    @property
    def pieces(self) -> int:
        return sum(bundle.pieces for bundle in self.bundles)


@dataclass(frozen=True, slots=True)
class OrderLine:
    """One size and colour: pieces passed on by each step, and where they all are."""

    line: LineConservation
    steps: tuple[LineStepCount, ...]


@dataclass(frozen=True, slots=True)
class OrderAsItStands:
    """`show`: which bundles are listed, a key of FATES; `pieces`: of each listed bundle, those of that fate."""

    order: BoardOrder
    steps: tuple[Operation, ...]
    lines: tuple[OrderLine, ...]
    total: OrderLine
    gaps: tuple[Gap, ...]
    show: str
    bundles: tuple[tuple[BundlePieces, int], ...]
    more: bool


@dataclass(frozen=True, slots=True)
class FinishedBundles:
    order: BoardOrder
    bundles: tuple[BundlePieces, ...]


@dataclass(frozen=True, slots=True)
class FinishedInHour:
    """`pieces` as counted in that hour; a bundle finished in two goes stands in the hour of its last one."""

    hour: int
    pieces: int
    orders: tuple[FinishedBundles, ...]


FATES: Mapping[str, Callable[[BundlePieces], int]] = {
    "in_progress": lambda bundle: bundle.pieces.in_progress,
    "finished_good": lambda bundle: bundle.pieces.finished_good,
    "second": lambda bundle: bundle.pieces.second,
    "rejected": lambda bundle: bundle.pieces.rejected,
    "in_rework": lambda bundle: bundle.pieces.in_rework,
    "missing": lambda bundle: bundle.pieces.missing,
    "cut": lambda bundle: bundle.pieces.cut,
    "received": lambda bundle: bundle.pieces.received,
    "sent": lambda bundle: bundle.pieces.sent,
}


def waiting_at(atelier: Atelier, operation: str) -> WaitingHere | None:
    """`None` for a step no order on the board has and where nothing waits."""
    with atelier.reading() as db:
        found = board.bundles_waiting(db, operation, limit=MOST_LISTED + 1)
        step = _known_step(db, atelier, operation)
    if not found and step is None:
        return None
    title = step.title if step else ""
    return WaitingHere(operation, title, tuple(found[:MOST_LISTED]), more=len(found) > MOST_LISTED)


def order_as_it_stands(atelier: Atelier, code: str, *, fate: str) -> OrderAsItStands | None:
    """`fate` "today": the bundles finished today; an unknown one is taken as `in_progress`."""
    with atelier.reading() as db:
        order = board.order_by_code(db, code)
        if order is None:
            return None
        lines = board.conservation(db, [order])
        counts = order_bundles.steps_of_lines(db, order.id)
        bundles = order_bundles.bundles_of_order(db, order)
        gaps = conservation.gaps_of(db, order, lines)
    show = fate if fate in FATES or fate == "today" else "in_progress"
    listed = _listed(bundles, show, _start_of_day_ms(atelier))
    own = tuple(OrderLine(line, _in_order(order, counts, line.line_id)) for line in lines)
    return OrderAsItStands(
        order=order,
        steps=order.routing.operations,
        lines=own,
        total=_total(order, own),
        gaps=gaps,
        show=show,
        bundles=tuple(listed[:MOST_LISTED]),
        more=len(listed) > MOST_LISTED,
    )


def finished_in_hour(atelier: Atelier, hour: int) -> FinishedInHour:
    """Of today."""
    from_ms, to_ms = _hour_ms(atelier, hour)
    day = atelier.clock.production_day()
    with atelier.reading() as db:
        orders = board.orders_on_board(db, day)
        output = [count for count in board.output_of_day(db, day, orders) if count.hour == hour and count.good]
        counted = {count.order_id for count in output}
        found = [
            FinishedBundles(order, _finished_between(order_bundles.bundles_of_order(db, order), from_ms, to_ms))
            for order in orders
            if order.id in counted
        ]
    return FinishedInHour(hour, sum(count.good for count in output), tuple(found))


def _known_step(db: sqlite_utils.Database, atelier: Atelier, operation: str) -> Operation | None:
    orders = board.orders_on_board(db, atelier.clock.production_day())
    routings = [*(order.routing for order in orders), DEFAULT_ROUTING]
    return next((step for routing in routings if (step := routing.operation(operation))), None)


def _listed(bundles: list[BundlePieces], show: str, today_ms: int) -> list[tuple[BundlePieces, int]]:
    if show == "today":
        return [(bundle, bundle.pieces.finished_good) for bundle in bundles if bundle.finished_at_ms >= today_ms]
    return [(bundle, pieces) for bundle in bundles if (pieces := FATES[show](bundle))]


def _in_order(order: BoardOrder, counts: list[LineStepCount], line_id: int) -> tuple[LineStepCount, ...]:
    """One count for each step of the routing, zeros where nothing was counted."""
    own = {count.operation: count for count in counts if count.line_id == line_id}
    steps = order.routing.operations
    return tuple(own.get(step.code, LineStepCount(line_id, step.code, 0, 0, 0)) for step in steps)


def _total(order: BoardOrder, lines: tuple[OrderLine, ...]) -> OrderLine:
    steps = tuple(
        LineStepCount(
            0,
            counts[0].operation,
            sum(count.good for count in counts),
            sum(count.presumed for count in counts),
            sum(count.skipped for count in counts),
        )
        for counts in zip(*(line.steps for line in lines), strict=True)
    )
    pieces: Conservation = added_up(line.line.pieces for line in lines)
    planned = sum(line.line.quantity for line in lines)
    return OrderLine(LineConservation(order.code, 0, "", "", planned, pieces), steps)


def _finished_between(bundles: list[BundlePieces], from_ms: int, to_ms: int) -> tuple[BundlePieces, ...]:
    return tuple(bundle for bundle in bundles if from_ms <= bundle.finished_at_ms < to_ms)[:MOST_LISTED]


def _start_of_day_ms(atelier: Atelier) -> int:
    return _hour_ms(atelier, atelier.clock.day_starts)[0]


def _hour_ms(atelier: Atelier, hour: int) -> tuple[int, int]:
    """Where an hour of today begins and ends, UTC; on the day the clocks change, as the clock on the wall has it.

    Of a night shift, those after midnight are the calendar's tomorrow.
    """
    today = atelier.clock.production_day()
    day = today.following if hour < today.starts else today.day
    begins = datetime.fromisoformat(f"{day}T{hour:02}:00").replace(tzinfo=atelier.clock.timezone)
    ends = begins + timedelta(hours=1)  # on the clock on the wall: arithmetic within one zone knows no other
    return int(begins.timestamp() * 1000), int(ends.timestamp() * 1000)
