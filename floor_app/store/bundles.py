"""Bundles as they stand."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import sqlite_utils

from floor_app.domain.progress import BundleState, BundleStatus, StepCount
from floor_app.domain.routings import Routing
from floor_app.store import routings

LEAST_LETTERS = 3  # of a code or an order, to search by: fewer would find half the floor
LONGEST_NUMBER = 6
UNFINISHED = "bundle b INDEXED BY bundle_line_open"  # with `b.in_progress <> 0`: whatever waits anywhere is among them
_NO_MATCH = "\x00"  # no code and no order holds it


@dataclass(frozen=True, slots=True)
class BundleCard:
    """What a label, a page or an answer says of a bundle. `lay`: its number where it was cut; `note`: the one it came with, "" for
    a bundle made here."""

    code: str
    number: int
    bundle_count: int
    order: str
    style: str
    client: str
    size: str
    colour: str
    shade: str
    roll: str
    lay: int
    ply_from: int
    ply_to: int
    quantity: int
    status: str
    duplicates: int
    note: str = ""


@dataclass(frozen=True, slots=True)
class StandingBundle:
    """A bundle, its place in the tables and the routing its order runs by. `waiting`: operation → pieces, as stored."""

    id: int
    order_id: int
    order_line_id: int
    state: BundleState
    routing: Routing
    card: BundleCard
    waiting: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which bundles: of an order, size, colour; waiting at a `step`; with pieces of a `fate` of `FATES`. "": any."""

    order: str = ""
    size: str = ""
    colour: str = ""
    step: str = ""
    fate: str = ""


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Operations at which pieces of a bundle wait, and those from which pieces are away for repair."""

    waits_at: tuple[str, ...] = ()
    in_rework_at: tuple[str, ...] = ()


def standing(db: sqlite_utils.Database, code: str) -> StandingBundle | None:
    row = db.conn.execute(f"SELECT {STANDING_COLUMNS} {_CARD_TABLES} WHERE b.code = ?", (code,)).fetchone()
    return standing_from(db, row) if row else None


def standing_in_order(db: sqlite_utils.Database, order: str) -> list[StandingBundle]:
    """The open bundles of an order of which pieces are in progress or in rework, by number."""
    rows = db.conn.execute(
        f"SELECT {STANDING_COLUMNS} {_CARD_TABLES} WHERE o.code = ? AND o.undone = 0 AND y.order_id = o.id AND b.status = 'open' AND"
        " (b.in_progress <> 0 OR EXISTS (SELECT 1 FROM bundle_step s WHERE s.bundle_id = b.id AND s.in_rework > 0))"
        " ORDER BY b.number, b.id",
        (order,),
    ).fetchall()
    return [standing_from(db, row) for row in rows]


def standing_from(db: sqlite_utils.Database, row: tuple[Any, ...]) -> StandingBundle:
    """From `STANDING_COLUMNS` as stored."""
    bundle_id, order_id, order_line_id, routing_id, steps, held = row[:6]
    found = BundleCard(*row[6:])
    counts, waiting = dict[str, StepCount](), dict[str, int]()
    for operation, pieces, *numbers in json.loads(steps):
        counts[operation], waiting[operation] = StepCount(*numbers), pieces
    state = BundleState(found.code, held, _STATUSES[found.status], counts)
    return StandingBundle(bundle_id, order_id, order_line_id, state, routings.routing(db, routing_id), found, waiting)


# Asked with every scan: a call of the enumeration costs seven times this.
_STATUSES = {status.value: status for status in BundleStatus}


def card(db: sqlite_utils.Database, code: str) -> BundleCard | None:
    row = db.conn.execute(f"{_CARD} WHERE b.code = ?", (code,)).fetchone()
    return BundleCard(*row) if row else None


def cards_of_lay(db: sqlite_utils.Database, order: str, lay_number: int) -> list[BundleCard]:
    rows = db.conn.execute(
        f"{_CARD} WHERE o.code = ? AND o.undone = 0 AND y.number = ? ORDER BY b.number", (order, lay_number)
    )
    return [BundleCard(*row) for row in rows]


def search(db: sqlite_utils.Database, text: str, *, limit: int = 50) -> list[BundleCard]:
    """By any part of a code, by « order number », by number, or by part of an order's code: the surest first."""
    wanted = " ".join(text.split())
    order, _, number = wanted.rpartition(" ")
    letters = "".join(letter for letter in wanted.upper() if letter.isalnum())
    sought = {
        "letters": letters if len(letters) >= LEAST_LETTERS else _NO_MATCH,
        "order": order,
        "number": _small_number(number),
        "alone": _small_number(wanted),
        "part": wanted.lower() if len(wanted) >= LEAST_LETTERS else _NO_MATCH,
        "limit": limit,
    }
    rows = db.conn.execute(
        f"{_CARD} WHERE instr(b.code, :letters) OR (o.code = :order AND b.number = :number) OR b.number = :alone"
        " OR instr(lower(o.code), :part)"
        " ORDER BY (o.code = :order AND b.number = :number) DESC, instr(b.code, :letters) > 0 DESC, o.undone, b.id DESC"
        " LIMIT :limit",
        sought,
    )
    return [BundleCard(*row) for row in rows]


def listed(db: sqlite_utils.Database, wanted: Wanted, *, limit: int = 200) -> list[BundleCard]:
    """The bundles behind a figure, newest first; those waiting at a step in the order they came."""
    conditions = [sql for name, sql in _WANTED.items() if getattr(wanted, name)]
    if wanted.fate:
        conditions.append(_FATES[wanted.fate])
    rows = db.conn.execute(
        f"{_WAITING_CARD if wanted.step else _CARD} WHERE {' AND '.join(['o.undone = 0', *conditions])}"
        f" ORDER BY {'w.waiting_since_ms, b.id' if wanted.step else 'b.id DESC'} LIMIT :limit",
        {name: getattr(wanted, name) for name in _WANTED} | {"limit": limit},
    )
    return [BundleCard(*row) for row in rows]


def whereabouts(db: sqlite_utils.Database, codes: Collection[str]) -> dict[str, Whereabouts]:
    """Bundle code → where its pieces are. A bundle left out waits nowhere and has nothing in rework."""
    marks = ",".join("?" * len(codes))
    rows = db.conn.execute(
        "SELECT b.code, s.operation, s.waiting > 0, s.in_rework > 0 FROM bundle_step s"
        f" JOIN bundle b ON b.id = s.bundle_id WHERE b.code IN ({marks}) AND (s.waiting > 0 OR s.in_rework > 0)",
        tuple(codes),
    )
    found = dict[str, Whereabouts]()
    for code, operation, waits, in_rework in rows:
        known = found.get(code, Whereabouts())
        found[code] = Whereabouts(
            known.waits_at + ((operation,) if waits else ()), known.in_rework_at + ((operation,) if in_rework else ())
        )
    return found


def neighbours(db: sqlite_utils.Database, code: str) -> list[BundleCard]:
    """The bundles before and after in the same lay: to find a lost label by the one that lay beside it."""
    rows = db.conn.execute(
        f"{_CARD} JOIN bundle found ON found.lay_id = b.lay_id AND abs(found.number - b.number) <= 2"
        " WHERE found.code = ? ORDER BY b.number",
        (code,),
    )
    return [BundleCard(*row) for row in rows]


_CARD_COLUMNS = (
    "b.code, b.number, y.last_number, o.code, o.style, o.client, l.size, l.colour, b.shade, b.roll,"
    " CASE y.note WHEN '' THEN y.number ELSE y.cut_as END, b.ply_from, b.ply_to, b.quantity, b.status, b.duplicates, y.note"
)
_CARD_JOINS = (
    "JOIN order_line l ON l.id = b.order_line_id JOIN lay y ON y.id = b.lay_id JOIN orders o ON o.id = l.order_id"
)
_CARD_TABLES = f"FROM bundle b {_CARD_JOINS}"
_CARD = f"SELECT {_CARD_COLUMNS} {_CARD_TABLES}"
# With the bundle in one statement: each statement more lets every other thread go first.
_STEPS = (
    "(SELECT json_group_array(json_array(operation, waiting, good, second, rejected, in_rework, missing, presumed, skipped,"
    " done_at_ms, elsewhere)) FROM bundle_step WHERE bundle_id = b.id)"
)
_HELD = "iif(y.note = '', b.quantity, 0) + b.received - b.sent"
STANDING_COLUMNS = f"b.id, o.id, l.id, o.routing_id, {_STEPS}, {_HELD}, {_CARD_COLUMNS}"


_WANTED = {
    "order": "o.code = :order",
    "size": "l.size = :size",
    "colour": "l.colour = :colour",
    "step": "b.in_progress <> 0",
}
_WAITING_CARD = (
    f"SELECT {_CARD_COLUMNS} FROM {UNFINISHED} CROSS JOIN bundle_step w ON w.bundle_id = b.id AND w.operation = :step AND w.waiting > 0"
    f" {_CARD_JOINS}"
)
_AT_SOME_STEP = "EXISTS (SELECT 1 FROM bundle_step s WHERE s.bundle_id = b.id AND s.{} > 0)"
_FATES = {fate: _AT_SOME_STEP.format(fate) for fate in ("second", "rejected", "in_rework", "missing")}
_FATES["in_progress"] = "b.in_progress <> 0"
_FATES["sent"] = "b.status = 'in_transit'"
FATES = tuple(_FATES)


def _small_number(text: str) -> int:
    """A bundle's number in its order; -1, which no bundle has, for any other text."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER else -1
