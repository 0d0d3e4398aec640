"""What the board asks: today by order, work waiting by step, the conservation law, the age of the last scan."""

from dataclasses import dataclass

import sqlite_utils

from floor_app.domain.quality import Conservation


@dataclass(frozen=True, slots=True)
class OrderToday:
    """One running order. `planned` and `cut` pieces; `finished` good pieces in all; `today` of them on the asked day."""

    order_id: int
    code: str
    client: str
    style: str
    due: str
    planned: int
    cut: int
    finished: int
    today: int

    @property
    def left(self) -> int:
        return max(0, self.planned - self.finished)


@dataclass(frozen=True, slots=True)
class StepWaiting:
    """Work waiting at a step: bundles, pieces, and since when the oldest waits."""

    operation: str
    bundles: int
    pieces: int
    oldest_since_ms: int


@dataclass(frozen=True, slots=True)
class LineConservation:
    """The law for one order, size and colour."""

    order: str
    size: str
    colour: str
    pieces: Conservation


@dataclass(frozen=True, slots=True)
class HourCount:
    hour: int
    operation: str
    good: int


def orders_today(db: sqlite_utils.Database, day: str, *, limit: int = 50) -> list[OrderToday]:
    """Orders not finished, or counted on `day`; the most urgent first, those without a date last."""
    rows = db.conn.execute(
        f"SELECT o.id, o.code, o.client, o.style, o.due, o.planned, sum(l.pieces_cut), o.finished, sum({_FINISHED_ON_DAY}) AS today"
        f" FROM orders o JOIN order_line l ON l.order_id = o.id WHERE o.id IN ({_RUNNING} UNION {_COUNTED_ON_DAY})"
        " GROUP BY o.id ORDER BY o.due = '', o.due, o.id LIMIT ?2",
        (day, limit),
    )
    return [OrderToday(*row) for row in rows]


def work_waiting(db: sqlite_utils.Database) -> list[StepWaiting]:
    """By operation; the order of the steps is the caller's to know."""
    rows = db.conn.execute(
        "SELECT operation, count(*), sum(waiting), min(waiting_since_ms) FROM bundle_step WHERE waiting > 0 GROUP BY operation"
    )
    return [StepWaiting(*row) for row in rows]


def bundles_waiting(db: sqlite_utils.Database, operation: str, *, limit: int = 200) -> list[tuple[str, int, int]]:
    """(bundle code, pieces, since when) waiting at a step, the oldest first."""
    rows = db.conn.execute(
        "SELECT b.code, s.waiting, s.waiting_since_ms FROM bundle_step s JOIN bundle b ON b.id = s.bundle_id"
        " WHERE s.operation = ? AND s.waiting > 0 ORDER BY s.waiting_since_ms, b.id LIMIT ?",
        (operation, limit),
    )
    return [(code, pieces, since_ms) for code, pieces, since_ms in rows]


def conservation(db: sqlite_utils.Database, order_id: int | None = None) -> list[LineConservation]:
    """Of one order, or of all that are running. Cut comes from the lines, fates from the line totals, progress from the bundles."""
    wanted = ":order" if order_id else _RUNNING
    rows = db.conn.execute(
        "SELECT o.code, l.size, l.colour, l.pieces_cut,"
        f" {_FINISHED}, {_fate('second')}, {_fate('rejected')}, {_fate('in_rework')}, {_fate('missing')},"
        " coalesce((SELECT sum(in_progress) FROM bundle b WHERE b.order_line_id = l.id AND b.in_progress <> 0), 0)"
        f" FROM order_line l JOIN orders o ON o.id = l.order_id WHERE o.undone = 0 AND o.id IN ({wanted}) ORDER BY l.id",
        {"order": order_id} if order_id else {},
    )
    return [_conservation(*row) for row in rows]


def hours(db: sqlite_utils.Database, day: str) -> list[HourCount]:
    """Good pieces by hour and operation of a day."""
    rows = db.conn.execute(
        "SELECT hour, operation, sum(good) FROM count_hour WHERE day = ? GROUP BY hour, operation ORDER BY hour", (day,)
    )
    return [HourCount(*row) for row in rows]


def last_scan_at_ms(db: sqlite_utils.Database) -> int:
    """0 before the first."""
    at_ms: int = db.conn.execute("SELECT coalesce(max(at_ms), 0) FROM station_last").fetchone()[0]
    return at_ms


def _fate(column: str) -> str:
    return f"coalesce((SELECT sum({column}) FROM line_step s WHERE s.order_line_id = l.id), 0)"


_RUNNING = "SELECT id FROM orders WHERE undone = 0 AND closed = 0 AND finished < planned"
_COUNTED_ON_DAY = "SELECT l.order_id FROM count_hour c JOIN order_line l ON l.id = c.order_line_id WHERE c.day = ?1"
# The last step of an order's routing is its last operation; `cut > sew > finish` where it has none of its own.
_LAST_STEP = (
    "coalesce((SELECT json_extract(operations, '$[#-1].code') FROM routing r WHERE r.id = o.routing_id), 'finish')"
)
_FINISHED = f"coalesce((SELECT good + presumed + skipped FROM line_step s WHERE s.order_line_id = l.id AND s.operation = {_LAST_STEP}), 0)"
_FINISHED_ON_DAY = f"coalesce((SELECT sum(good) FROM count_hour c WHERE c.day = ?1 AND c.operation = {_LAST_STEP} AND c.order_line_id = l.id), 0)"


def _conservation(
    order: str, size: str, colour: str, cut: int, finished: int, second: int, rejected: int, in_rework: int, *rest: int
) -> LineConservation:
    missing, in_progress = rest
    pieces = Conservation(
        cut=cut,
        finished_good=finished,
        second=second,
        rejected=rejected,
        in_rework=in_rework,
        missing=missing,
        in_progress=in_progress,
    )
    return LineConservation(order, size, colour, pieces)
