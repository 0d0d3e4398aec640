"""Bundles as they stand."""

from dataclasses import dataclass

import sqlite_utils

from floor_app.domain.progress import BundleState, BundleStatus, StepCount
from floor_app.domain.routings import Routing
from floor_app.store import routings


@dataclass(frozen=True, slots=True)
class BundleCard:
    """What a label, a page or an answer says of a bundle."""

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


@dataclass(frozen=True, slots=True)
class StandingBundle:
    """A bundle, its place in the tables and the routing its order runs by."""

    id: int
    order_id: int
    order_line_id: int
    state: BundleState
    routing: Routing
    card: BundleCard


def standing(db: sqlite_utils.Database, code: str) -> StandingBundle | None:
    row = db.conn.execute(
        f"SELECT b.id, o.id, l.id, o.routing_id, {_CARD_COLUMNS} {_CARD_TABLES} WHERE b.code = ?", (code,)
    ).fetchone()
    if not row:
        return None
    bundle_id, order_id, order_line_id, routing_id = row[:4]
    found = BundleCard(*row[4:])
    state = BundleState(code, found.quantity, BundleStatus(found.status), _steps(db, bundle_id))
    return StandingBundle(bundle_id, order_id, order_line_id, state, routings.routing(db, routing_id), found)


def card(db: sqlite_utils.Database, code: str) -> BundleCard | None:
    row = db.conn.execute(f"{_CARD} WHERE b.code = ?", (code,)).fetchone()
    return BundleCard(*row) if row else None


def cards_of_lay(db: sqlite_utils.Database, order: str, lay_number: int) -> list[BundleCard]:
    rows = db.conn.execute(
        f"{_CARD} WHERE o.code = ? AND o.undone = 0 AND y.number = ? ORDER BY b.number", (order, lay_number)
    )
    return [BundleCard(*row) for row in rows]


def search(db: sqlite_utils.Database, text: str, *, limit: int = 50) -> list[BundleCard]:
    """Bundles by the start or end of a code, by « order number », or by order: newest first."""
    wanted = text.strip()
    letters = wanted.upper().replace(" ", "")
    order, _, number = wanted.rpartition(" ")
    rows = db.conn.execute(
        f"{_CARD} WHERE b.code LIKE ? OR b.code LIKE ? OR o.code = ? OR (o.code = ? AND b.number = ?) ORDER BY b.id DESC LIMIT ?",
        (f"{_plain(letters)}%", f"%{_plain(letters)}", wanted, order, number, limit),
    )
    return [BundleCard(*row) for row in rows]


def neighbours(db: sqlite_utils.Database, code: str) -> list[BundleCard]:
    """The bundles before and after in the same lay: to find a lost label by the one that lay beside it."""
    found = card(db, code)
    if not found:
        return []
    return [near for near in cards_of_lay(db, found.order, found.lay) if abs(near.number - found.number) <= 2]


_CARD_COLUMNS = (
    "b.code, b.number, y.last_number, o.code, o.style, o.client, l.size, l.colour, b.shade, b.roll, y.number,"
    " b.ply_from, b.ply_to, b.quantity, b.status, b.duplicates"
)
_CARD_TABLES = "FROM bundle b JOIN order_line l ON l.id = b.order_line_id JOIN lay y ON y.id = b.lay_id JOIN orders o ON o.id = l.order_id"
_CARD = f"SELECT {_CARD_COLUMNS} {_CARD_TABLES}"


def _plain(letters: str) -> str:
    return "".join(letter for letter in letters if letter.isalnum()) or "\x00"


def _steps(db: sqlite_utils.Database, bundle_id: int) -> dict[str, StepCount]:
    rows = db.conn.execute(
        "SELECT operation, good, second, rejected, in_rework, missing, presumed, skipped, done_at_ms"
        " FROM bundle_step WHERE bundle_id = ?",
        (bundle_id,),
    )
    return {operation: StepCount(*counts) for operation, *counts in rows}
