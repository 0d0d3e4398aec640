"""What the board asks: its orders, their pieces by fate, the day's output, the work waiting by step, the last scan.

Everything comes from the tables kept up to date with the events; nothing here reads the log or the bundles of the past.
"""

import json
from dataclasses import dataclass

import sqlite_utils

from floor_app.domain.production_days import ProductionDay
from floor_app.domain.quality import Conservation
from floor_app.domain.routings import Routing
from floor_app.store import production_hours, routings
from floor_app.store.bundles import UNFINISHED
from floor_app.store.event_times import SHIFT_MS
from floor_app.store.events import OF_LATE
from floor_app.store.production_hours import IN_DAY

MOST_ORDERS = 200


@dataclass(frozen=True, slots=True)
class BoardOrder:
    """An order the board shows. `due`: ISO date or "". `planned`: pieces to finish here."""

    id: int
    code: str
    client: str
    style: str
    due: str
    planned: int
    closed: bool
    routing: Routing


@dataclass(frozen=True, slots=True)
class LineConservation:
    """The law for one order, size and colour. `quantity`: pieces planned."""

    order: str
    line_id: int
    size: str
    colour: str
    quantity: int
    pieces: Conservation


@dataclass(frozen=True, slots=True)
class HourOutput:
    """Good pieces of one order at its last step within one hour of the atelier's clock."""

    hour: int
    order_id: int
    good: int


@dataclass(frozen=True, slots=True)
class StepWaiting:
    """Work waiting at a step: bundles, pieces, and which bundle has waited longest, since when."""

    operation: str
    bundles: int
    pieces: int
    oldest_since_ms: int
    oldest_bundle: str


@dataclass(frozen=True, slots=True)
class WaitingBundle:
    code: str
    number: int
    order: str
    style: str
    size: str
    colour: str
    pieces: int
    since_ms: int


def orders_on_board(db: sqlite_utils.Database, day: ProductionDay, *, limit: int = MOST_ORDERS) -> list[BoardOrder]:
    """Orders not finished, counted on `day`, or with pieces on the floor; the first due first, those without a date last."""
    rows = db.conn.execute(
        "SELECT id, code, client, style, due, planned, closed, routing_id FROM orders"
        f" WHERE id IN ({_RUNNING} UNION {_COUNTED_ON_DAY} UNION {_ON_THE_FLOOR}) ORDER BY due = '', due, id LIMIT :limit",
        {**production_hours.of(day), "limit": limit},
    ).fetchall()
    return [_order(db, *row) for row in rows]


def order_by_code(db: sqlite_utils.Database, code: str) -> BoardOrder | None:
    """Any order not taken back, on the board or not."""
    row = db.conn.execute(
        "SELECT id, code, client, style, due, planned, closed, routing_id FROM orders WHERE code = ? AND undone = 0",
        (code,),
    ).fetchone()
    return _order(db, *row) if row else None


def any_order(db: sqlite_utils.Database) -> bool:
    return db.conn.execute("SELECT 1 FROM orders WHERE undone = 0 LIMIT 1").fetchone() is not None


def conservation(db: sqlite_utils.Database, orders: list[BoardOrder]) -> list[LineConservation]:
    """Of every line of `orders`, in the order given. Cut is the lines', fates the steps', progress the bundles'."""
    chosen = json.dumps([[order.id, order.code, order.routing.last.code] for order in orders])
    rows = db.conn.execute(_CONSERVATION, (chosen,))
    return [_conservation(*row) for row in rows]


def output_of_day(db: sqlite_utils.Database, day: ProductionDay, orders: list[BoardOrder]) -> list[HourOutput]:
    """What came out of the last steps of `orders` on a day, hour by hour: no other step is output."""
    last_steps = {(order.id, order.routing.last.code) for order in orders}
    rows = db.conn.execute(
        "SELECT c.hour, l.order_id, c.operation, sum(c.good) FROM count_hour c"
        f" JOIN order_line l ON l.id = c.order_line_id WHERE {IN_DAY} GROUP BY c.hour, l.order_id, c.operation",
        production_hours.of(day),
    )
    return [HourOutput(hour, order_id, good) for hour, order_id, step, good in rows if (order_id, step) in last_steps]


def work_waiting(db: sqlite_utils.Database) -> list[StepWaiting]:
    """By operation, closed orders left out; the order of the steps is the caller's to know."""
    rows = db.conn.execute(
        "SELECT w.operation, w.bundles, w.pieces, w.since_ms, b.code FROM ("
        # With min(), SQLite takes the other columns from the row that has the minimum (sqlite.org/lang_select.html).
        "SELECT s.operation, count(*) AS bundles, sum(s.waiting) AS pieces, min(s.waiting_since_ms) AS since_ms, s.bundle_id"
        f" FROM {UNFINISHED} CROSS JOIN bundle_step s ON s.bundle_id = b.id AND s.waiting > 0"
        f" WHERE b.in_progress <> 0 AND b.order_line_id NOT IN ({_CLOSED_LINES}) GROUP BY s.operation"
        ") w JOIN bundle b ON b.id = w.bundle_id"
    )
    return [StepWaiting(*row) for row in rows]


def bundles_waiting(db: sqlite_utils.Database, operation: str, *, limit: int = 200) -> list[WaitingBundle]:
    """At a step, the one that has waited longest first."""
    rows = db.conn.execute(
        "SELECT b.code, b.number, o.code, o.style, l.size, l.colour, s.waiting, s.waiting_since_ms"
        f" FROM {UNFINISHED} CROSS JOIN bundle_step s ON s.bundle_id = b.id AND s.operation = ? AND s.waiting > 0"
        " JOIN order_line l ON l.id = b.order_line_id JOIN orders o ON o.id = l.order_id"
        " WHERE b.in_progress <> 0 AND o.closed = 0 ORDER BY s.waiting_since_ms, s.bundle_id LIMIT ?",
        (operation, limit),
    )
    return [WaitingBundle(*row) for row in rows]


def last_scan_at_ms(db: sqlite_utils.Database) -> int:
    """When anything was last scanned at a station; 0 before the first."""
    # By the log's order the latest is nearly always the last; a tablet's kept scans come later than they happened.
    at_ms: int = db.conn.execute(
        f"SELECT coalesce((SELECT max({_AT_MS}) FROM event e WHERE e.seq > (SELECT max(seq) FROM event) - 200 AND {_AT_A_STATION}),"
        f" (SELECT {_AT_MS} FROM event e WHERE e.{OF_LATE} AND {_AT_A_STATION} ORDER BY e.seq DESC LIMIT 1), 0)"
    ).fetchone()[0]
    return at_ms


_AT_MS = f"e.happened_at_ms + {SHIFT_MS}"
_AT_A_STATION = "e.station <> '' AND e.type <> 'help_answered'"
_RUNNING = "SELECT id FROM orders WHERE undone = 0 AND closed = 0 AND finished < planned"
_COUNTED_ON_DAY = f"SELECT l.order_id FROM count_hour c JOIN order_line l ON l.id = c.order_line_id WHERE {IN_DAY}"
# Both walk the index of unfinished bundles only, however many were ever made.
_OPEN_LINES = f"SELECT DISTINCT b.order_line_id FROM {UNFINISHED} WHERE b.in_progress <> 0"
_ON_THE_FLOOR = (
    "SELECT o.id FROM order_line l JOIN orders o ON o.id = l.order_id"
    f" WHERE o.closed = 0 AND o.undone = 0 AND l.id IN ({_OPEN_LINES})"
)
_CLOSED_LINES = (
    f"SELECT l.id FROM order_line l JOIN orders o ON o.id = l.order_id WHERE o.closed = 1 AND l.id IN ({_OPEN_LINES})"
)
_PASSED = "s.good + s.presumed + s.skipped"
_CONSERVATION = (
    "WITH chosen AS MATERIALIZED (SELECT key AS place, json_extract(value, '$[0]') AS id,"
    " json_extract(value, '$[1]') AS code, json_extract(value, '$[2]') AS last_step FROM json_each(?))"
    " SELECT chosen.code, l.id, l.size, l.colour, l.quantity, l.pieces_cut, l.pieces_received, l.pieces_sent,"
    f" coalesce(sum(CASE WHEN s.operation = chosen.last_step THEN {_PASSED} END), 0), coalesce(sum(s.second), 0),"
    " coalesce(sum(s.rejected), 0), coalesce(sum(s.in_rework), 0), coalesce(sum(s.missing), 0),"
    " coalesce((SELECT sum(in_progress) FROM bundle b WHERE b.order_line_id = l.id AND b.in_progress <> 0), 0)"
    " FROM chosen CROSS JOIN order_line l ON l.order_id = chosen.id LEFT JOIN line_step s ON s.order_line_id = l.id"
    " GROUP BY chosen.place, l.id"
)


def _order(
    db: sqlite_utils.Database, order_id: int, code: str, client: str, style: str, due: str, *rest: int
) -> BoardOrder:
    planned, closed, routing_id = rest
    return BoardOrder(order_id, code, client, style, due, planned, bool(closed), routings.routing(db, routing_id))


def _conservation(
    order: str, line_id: int, size: str, colour: str, quantity: int, cut: int, *rest: int
) -> LineConservation:
    received, sent, finished, second, rejected, in_rework, missing, in_progress = rest
    pieces = Conservation(
        cut=cut,
        received=received,
        finished_good=finished,
        second=second,
        rejected=rejected,
        in_rework=in_rework,
        missing=missing,
        in_progress=in_progress,
        sent=sent,
    )
    return LineConservation(order, line_id, size, colour, quantity, pieces)
