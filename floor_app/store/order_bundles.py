"""The bundles of one order with what was counted of each: what stands behind a figure. Read when somebody asks for it."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

import sqlite_utils

from floor_app.domain.progress import BundleStatus
from floor_app.domain.quality import Conservation
from floor_app.store.board import BoardOrder


@dataclass(frozen=True, slots=True)
class BundlePieces:
    """`waits_at`: (operation, pieces, since ms). `finished_at_ms`: when last counted at the last step, 0 before."""

    code: str
    number: int
    line_id: int
    size: str
    colour: str
    quantity: int
    pieces: Conservation
    waits_at: tuple[tuple[str, int, int], ...]
    finished_at_ms: int


@dataclass(frozen=True, slots=True)
class LineStepCount:
    """Pieces of one line counted at one step; `presumed` and `skipped` were passed on without a scan."""

    line_id: int
    operation: str
    good: int
    presumed: int
    skipped: int


def bundles_of_order(db: sqlite_utils.Database, order: BoardOrder) -> list[BundlePieces]:
    """Every bundle of the order's lays that were not taken back, by number."""
    rows = db.conn.execute(_BUNDLES, (order.routing.last.code, order.id, BundleStatus.CANCELLED))
    return list(_bundles(rows))


def steps_of_lines(db: sqlite_utils.Database, order_id: int) -> list[LineStepCount]:
    rows = db.conn.execute(
        "SELECT s.order_line_id, s.operation, s.good, s.presumed, s.skipped FROM order_line l"
        " JOIN line_step s ON s.order_line_id = l.id WHERE l.order_id = ?",
        (order_id,),
    )
    return [LineStepCount(*row) for row in rows]


# One row a bundle and step; a bundle nothing was counted of has one row of zeros.
_BUNDLES = (
    "SELECT b.code, b.number, l.id, l.size, l.colour, iif(y.note = '', b.quantity, 0), b.received, b.sent,"
    " b.quantity, b.status, b.in_progress, coalesce(s.operation, ''),"
    " coalesce(CASE WHEN s.operation = ?1 THEN s.good + s.presumed + s.skipped + s.elsewhere END, 0), coalesce(s.second, 0),"
    " coalesce(s.rejected, 0), coalesce(s.in_rework, 0), coalesce(s.missing, 0), coalesce(s.waiting, 0),"
    " coalesce(s.waiting_since_ms, 0), coalesce(CASE WHEN s.operation = ?1 THEN s.done_at_ms END, 0)"
    " FROM lay y JOIN bundle b ON b.lay_id = y.id JOIN order_line l ON l.id = b.order_line_id"
    " LEFT JOIN bundle_step s ON s.bundle_id = b.id WHERE y.order_id = ?2 AND b.status <> ?3 ORDER BY b.number, b.id"
)
_Row = tuple[str, int, int, str, str, int, int, int, int, str, int, str, int, int, int, int, int, int, int, int]
_SPLIT_UP = (BundleStatus.SPLIT, BundleStatus.MERGED)


def _bundles(rows: Iterator[_Row]) -> Iterator[BundlePieces]:
    for code, found in groupby(rows, key=lambda row: row[0]):
        steps = list(found)
        _, number, line_id, size, colour, cut, received, sent, quantity, status, in_progress = steps[0][:11]
        finished, second, rejected, in_rework, missing = (sum(int(row[at]) for row in steps) for at in range(12, 17))
        # A bundle split or merged has its pieces counted in others.
        pieces = Conservation(
            cut=0 if status in _SPLIT_UP else cut,
            received=received,
            sent=sent,
            finished_good=finished,
            second=second,
            rejected=rejected,
            in_rework=in_rework,
            in_progress=in_progress,
            missing=missing,
        )
        waits_at = tuple((row[11], row[17], row[18]) for row in steps if row[17] > 0)
        finished_at_ms = max(row[19] for row in steps)
        yield BundlePieces(code, number, line_id, size, colour, quantity, pieces, waits_at, finished_at_ms)
