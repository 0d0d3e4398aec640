"""The events of one production day, and which days the events of a stretch of the log touch: found by index, never by a walk.

Thousands, read while scans come in: a few at a time.
"""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence, Set
from dataclasses import dataclass

import sqlite_utils

from floor_app.domain.day_law import DAY_EVENTS
from floor_app.domain.events import Event, from_body
from floor_app.domain.production_days import ProductionDay, day_of_hour
from floor_app.store.bundle_history import STORY
from floor_app.store.event_runs import LAST_OF_RUN
from floor_app.store.event_times import PUT_RIGHT, RIGHT_HOUR, SAID_HOUR
from floor_app.store.events import last_seq
from groundwork.giving_way import in_pieces

EVENTS_A_PIECE = 20
EVENTS_A_LOOK = 2000
"""Of a stretch whose days are asked for: numbers alone, no bodies."""


@dataclass(frozen=True, slots=True)
class SharedOrder:
    """An order that is in day sheets. `allocation`: the centre's name for this atelier's share, or ""."""

    id: int
    code: str
    allocation: str
    routing_id: int


@dataclass(frozen=True, slots=True)
class DayEvent:
    """An event that belongs to the day, of a shared order. `corrections`: in the order they were recorded."""

    seq: int
    order_id: int
    event: Event
    corrections: tuple[Event, ...] = ()


@dataclass(frozen=True, slots=True)
class PieceOfDay:
    """A few of the day's events. `seqs`: their numbers, and those of whatever took away or put back what was once among them.

    `unsure`: of one of the events the clock was not to be trusted, and nobody knows better since.
    """

    events: Sequence[DayEvent]
    seqs: Set[int]
    unsure: bool


def of_day(db: sqlite_utils.Database, day: ProductionDay) -> Iterator[PieceOfDay]:
    """In order, of shared orders only. An order that was shared once leaves the number of the event that took it out, and nothing else."""
    for first, last in in_pieces(_pieces(_stretches(db, day), EVENTS_A_PIECE)):
        rows = db.conn.execute(_OF_DAY, (first, last, *day.hours)).fetchall()
        here = [row for row in rows if row[5] and row[7]]
        corrections = _corrections(db, [row[0] for row in here])
        seqs = {row[0] for row in here} | {row[4] for row in rows if row[7] and row[4]}
        seqs |= {row[8] for row in rows if row[8]} | {by for later in corrections.values() for by, _ in later}
        found = [
            DayEvent(seq, order, from_body(kind, json.loads(body)), tuple(event for _, event in corrections[seq]))
            for seq, kind, body, _, _, _, order, _, _ in here
        ]
        yield PieceOfDay(found, seqs, any(not row[3] and row[4] is None for row in here))


def shared_orders(db: sqlite_utils.Database, ids: Collection[int]) -> list[SharedOrder]:
    """In the order of their ids."""
    rows = db.conn.execute(
        "SELECT id, code, allocation, routing_id FROM orders WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id",
        (json.dumps(sorted(ids)),),
    )
    return [SharedOrder(*row) for row in rows]


def days_touched(db: sqlite_utils.Database, first: int, last: int, *, starts: int) -> set[str]:
    """ISO production days whose sheets may change by the events `first` to `last`: their own, and those of what they correct."""
    days = set[str]()
    for begin, end in in_pieces(_pieces([(first, last)], EVENTS_A_LOOK)):
        numbers = {"first": begin, "last": end}
        hours = {hour for statement in _TOUCHED for (hour,) in db.conn.execute(statement, numbers)}
        days |= {day_of_hour(hour, starts).day for hour in hours}
        days |= {day for (day,) in db.conn.execute(_HOURS_CONFIRMED, numbers)}
    return days


def first_day(db: sqlite_utils.Database, *, starts: int) -> str:
    """ISO; of the first event of the log, or "" before it."""
    row = db.conn.execute(f"SELECT {RIGHT_HOUR} FROM event e {PUT_RIGHT} WHERE e.seq = 1").fetchone()
    return day_of_hour(row[0], starts).day if row else ""


def _stretches(db: sqlite_utils.Database, day: ProductionDay) -> list[tuple[int, int]]:
    """Of the log, in order and apart from each other: all that the clock said were of the day, or that a clock put right brought here."""
    apart = list[tuple[int, int]]()
    for first, last in db.conn.execute(_NEAR, (*day.hours, last_seq(db))):
        if apart and first <= apart[-1][1]:
            apart[-1] = (apart[-1][0], max(last, apart[-1][1]))
        else:
            apart.append((first, last))
    return apart


def _pieces(stretches: Iterable[tuple[int, int]], size: int) -> Iterator[tuple[int, int]]:
    """First and last number of each."""
    for first, last in stretches:
        for begin in range(first, last + 1, size):
            yield begin, min(last, begin + size - 1)


def _corrections(db: sqlite_utils.Database, seqs: list[int]) -> dict[int, list[tuple[int, Event]]]:
    found = defaultdict[int, list[tuple[int, Event]]](list)
    for seq, by, kind, body in db.conn.execute(_CORRECTIONS, (json.dumps(seqs),)):
        found[seq].append((by, from_body(kind, json.loads(body))))
    return found


_KINDS = ", ".join(f"'{kind.type}'" for kind in DAY_EVENTS)
_ORDER_OF_EVENT = (
    "CASE e.type WHEN 'lay_cut' THEN (SELECT y.order_id FROM lay y WHERE y.id = e.seq)"
    " WHEN 'bundles_sent' THEN (SELECT l.order_id FROM transfer_bundle t JOIN order_line l ON l.id = t.order_line_id"
    " WHERE t.transfer_id = e.seq LIMIT 1)"
    " WHEN 'bundles_received' THEN (SELECT l.order_id FROM transfer_bundle t JOIN order_line l ON l.id = t.order_line_id"
    " WHERE t.transfer_id = e.seq LIMIT 1)"
    " ELSE (SELECT l.order_id FROM bundle b JOIN order_line l ON l.id = b.order_line_id WHERE b.code = e.body ->> 'bundle') END"
)
# ?1 and ?2: the hours of the day; ?3: the last event of the log.
_NEAR = (
    f"SELECT r.first AS first, min({LAST_OF_RUN}, ?3) AS last FROM event_run r WHERE r.hour BETWEEN ?1 AND ?2"
    " UNION ALL SELECT s.first, min(s.last, ?3) FROM clock_shift s WHERE s.from_hour <= ?2 AND s.to_hour >= ?1 ORDER BY first"
)
# ?1 and ?2: the events; ?3 and ?4: the hours.
_OF_DAY = (
    f"SELECT e.seq, e.type, e.body, e.clock_trusted, s.by_seq, {RIGHT_HOUR} BETWEEN ?3 AND ?4, o.id, o.shared, o.sharing_seq"
    f" FROM event e {PUT_RIGHT} CROSS JOIN orders o ON o.id = {_ORDER_OF_EVENT}"
    f" WHERE e.seq BETWEEN ?1 AND ?2 AND e.type IN ({_KINDS}) AND (o.shared = 1 OR o.sharing_seq > 0) ORDER BY e.seq"
)
_CORRECTIONS = (
    "WITH chosen AS MATERIALIZED (SELECT value AS seq FROM json_each(?)),"
    " told AS (SELECT chosen.seq, u.undone_by AS by_seq FROM chosen CROSS JOIN undone_event u ON u.seq = chosen.seq"
    " UNION ALL SELECT chosen.seq, c.by_seq FROM chosen CROSS JOIN correction c ON c.corrected = chosen.seq)"
    " SELECT told.seq, e.seq, e.type, e.body FROM told CROSS JOIN event e ON e.seq = told.by_seq ORDER BY e.seq"
)
_STRETCH = "e.seq BETWEEN :first AND :last"
_HOUR_OF = f"SELECT DISTINCT {RIGHT_HOUR} FROM {{}} CROSS JOIN event e ON {{}} {PUT_RIGHT}"
_OF_SHARED_ORDERS = (
    "(SELECT h.seq FROM event c CROSS JOIN orders o ON o.code = c.body ->> 'order' CROSS JOIN lay y ON y.order_id = o.id"
    f" CROSS JOIN bundle b ON b.lay_id = y.id CROSS JOIN event h ON h.seq IN {STORY}"
    " WHERE c.seq BETWEEN :first AND :last AND c.type IN ('order_shared', 'order_revised') UNION ALL"
    " SELECT n.id FROM event c CROSS JOIN transfer n ON n.order_code = c.body ->> 'order'"
    " WHERE c.seq BETWEEN :first AND :last AND c.type IN ('order_shared', 'order_revised')) t"
)
_TOUCHED = (
    f"SELECT DISTINCT {RIGHT_HOUR} FROM event e {PUT_RIGHT} WHERE {_STRETCH} AND e.type IN ({_KINDS})",
    _HOUR_OF.format(
        "event c CROSS JOIN json_each(c.body, '$.events') t",
        "c.seq BETWEEN :first AND :last AND c.type = 'count_undone' AND e.seq = t.value",
    ),
    _HOUR_OF.format("correction t", "t.by_seq BETWEEN :first AND :last AND e.seq = t.corrected"),
    _HOUR_OF.format("clock_shift t", "t.by_seq BETWEEN :first AND :last AND e.seq BETWEEN t.first AND t.last"),
    f"SELECT DISTINCT {SAID_HOUR} FROM clock_shift t CROSS JOIN event e ON t.by_seq BETWEEN :first AND :last"
    " AND e.seq BETWEEN t.first AND t.last",
    _HOUR_OF.format(_OF_SHARED_ORDERS, "e.seq = t.seq"),
)
_HOURS_CONFIRMED = (
    f"SELECT DISTINCT e.body ->> 'day' FROM event e WHERE {_STRETCH} AND e.type = 'insertion_hours_confirmed'"
)
