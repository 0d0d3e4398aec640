"""The conservation law per order: every piece cut is somewhere. A gap is shown with the bundles behind it."""

from dataclasses import dataclass

import sqlite_utils

from floor_app.atelier import Atelier
from floor_app.domain.quality import Conservation, added_up
from floor_app.store import board, order_bundles
from floor_app.store.board import BoardOrder, LineConservation
from floor_app.store.order_bundles import BundlePieces

MOST_BUNDLES_BEHIND = 40


@dataclass(frozen=True, slots=True)
class Gap:
    """A line where the law does not hold. `bundles`: those whose own pieces do not add up.

    `whole_line`: each bundle adds up, so the total of the line is wrong; `bundles` are then all of the line.
    """

    line: LineConservation
    bundles: tuple[BundlePieces, ...]
    whole_line: bool
    more: bool


@dataclass(frozen=True, slots=True)
class OrderPieces:
    order: str
    pieces: Conservation
    gaps: tuple[Gap, ...]


@dataclass(frozen=True, slots=True)
class ConservationTile:
    """`lines`: what the orders' sums are made of."""

    orders: tuple[OrderPieces, ...]
    lines: tuple[LineConservation, ...]

    @property
    def gaps(self) -> tuple[Gap, ...]:
        return tuple(gap for order in self.orders for gap in order.gaps)


def load(db: sqlite_utils.Database, atelier: Atelier, *, at_ms: int) -> ConservationTile:
    shown = board.orders_on_board(db, atelier.clock.production_day(at_ms))
    lines = board.conservation(db, shown)
    return ConservationTile(tuple(_order(db, order, lines) for order in shown), tuple(lines))


def gaps_of(db: sqlite_utils.Database, order: BoardOrder, lines: list[LineConservation]) -> tuple[Gap, ...]:
    """Reads the order's bundles only when a line does not add up: opposite gaps of two sizes never cancel out."""
    wrong = [line for line in lines if not line.pieces.holds]
    bundles = order_bundles.bundles_of_order(db, order) if wrong else []
    return tuple(_gap(line, [bundle for bundle in bundles if bundle.line_id == line.line_id]) for line in wrong)


def _order(db: sqlite_utils.Database, order: BoardOrder, lines: list[LineConservation]) -> OrderPieces:
    own = [line for line in lines if line.order == order.code]
    return OrderPieces(order.code, added_up(line.pieces for line in own), gaps_of(db, order, own))


def _gap(line: LineConservation, bundles: list[BundlePieces]) -> Gap:
    behind = [bundle for bundle in bundles if not bundle.pieces.holds]
    listed = behind or bundles
    return Gap(line, tuple(listed[:MOST_BUNDLES_BEHIND]), whole_line=not behind, more=len(listed) > MOST_BUNDLES_BEHIND)
