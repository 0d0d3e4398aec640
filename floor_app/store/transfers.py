"""Notes of bundles sent and received, as they stand."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

import sqlite_utils

from contract.day_sheets import TransferLine
from floor_app.domain.progress import BundleStatus
from floor_app.domain.transfers import KnownOrder, TransferState
from floor_app.store import orders, routings
from floor_app.store.bundle_history import STORY
from floor_app.store.bundles import UNFINISHED

MOST_LISTED = 200


@dataclass(frozen=True, slots=True)
class Transfer:
    """`id`: seq of the event that made it. `direction`: sent, received; `atelier`: the other one. `order`: as it is called here.

    `as_of`: the receiver's own number of its last word on it, 0 before any.
    """

    id: int
    note: str
    direction: str
    atelier: str
    atelier_name: str
    order: str
    day: str
    at_ms: int
    state: TransferState
    sent: int
    received: int
    settled: bool
    reason: str
    as_of: int

    @property
    def missing(self) -> int:
        """Pieces that did not arrive; of a note on its way nobody knows yet."""
        arrived = self.state in (TransferState.RECEIVED, TransferState.DISCREPANCY)
        return self.sent - self.received if arrived else 0


@dataclass(frozen=True, slots=True)
class TransferBundle:
    """A bundle of one note. `number` 0 and `status` "" where it never arrived; `size`, `colour`: of its order line here."""

    code: str
    size: str
    colour: str
    sent: int
    received: int
    number: int
    bundle_count: int
    shade: str
    status: str


@dataclass(frozen=True, slots=True)
class OrderOnTheFloor:
    """An order with bundles in progress: what could be sent."""

    code: str
    client: str
    style: str
    bundles: int
    pieces: int


def listed(db: sqlite_utils.Database, *, limit: int = MOST_LISTED) -> list[Transfer]:
    """Newest first; those taken back are left out."""
    rows = db.conn.execute(f"{_SELECT} WHERE state <> 'undone' ORDER BY id DESC LIMIT ?", (limit,))
    return [_transfer(*row) for row in rows]


def by_note(db: sqlite_utils.Database, note: str) -> Transfer | None:
    """Not one that was taken in by mistake and taken back: such a note may come again."""
    row = db.conn.execute(f"{_SELECT} WHERE note = ? AND state <> 'undone'", (note,)).fetchone()
    return _transfer(*row) if row else None


def bundles_of(db: sqlite_utils.Database, transfer_id: int) -> list[TransferBundle]:
    """By number."""
    rows = db.conn.execute(
        "SELECT t.code, l.size, l.colour, t.sent, t.received, coalesce(b.number, 0), coalesce(y.last_number, 0),"
        " coalesce(b.shade, ''), coalesce(b.status, '') FROM transfer_bundle t JOIN order_line l ON l.id = t.order_line_id"
        " LEFT JOIN bundle b ON b.code = t.code LEFT JOIN lay y ON y.id = b.lay_id"
        " WHERE t.transfer_id = ? ORDER BY b.number IS NULL, b.number, t.code",
        (transfer_id,),
    )
    return [TransferBundle(*row) for row in rows]


def of_bundle(db: sqlite_utils.Database, code: str) -> Transfer | None:
    """The note a bundle left with last and is gone with; `None` where it did not leave, or came back by a cancelled note."""
    row = db.conn.execute(
        f"{_SELECT} WHERE direction = 'sent' AND state NOT IN ('cancelled', 'undone')"
        " AND id IN (SELECT transfer_id FROM transfer_bundle WHERE code = ?) ORDER BY id DESC LIMIT 1",
        (code,),
    ).fetchone()
    return _transfer(*row) if row else None


def present(db: sqlite_utils.Database, codes: Collection[str]) -> frozenset[str]:
    """Those of `codes` that are here: neither gone, nor known only by a receipt that was taken back."""
    marks = ",".join("?" * len(codes))
    rows = db.conn.execute(
        f"SELECT b.code FROM bundle b JOIN lay y ON y.id = b.lay_id WHERE b.code IN ({marks})"
        " AND b.status <> ? AND NOT (b.status = ? AND y.note <> '')",
        (*codes, BundleStatus.IN_TRANSIT, BundleStatus.CANCELLED),
    )
    return frozenset(code for (code,) in rows)


def known_order(db: sqlite_utils.Database, code: str) -> KnownOrder | None:
    found = orders.by_code(db, code)
    if found is None:
        return None
    lines = tuple((line.size, line.colour) for line in orders.lines(db, found.id))
    return KnownOrder(found.code, found.style, routings.routing(db, found.routing_id), lines, not found.import_id)


def known_ateliers(db: sqlite_utils.Database, *, limit: int = 50) -> list[tuple[str, str]]:
    """(code, name) of those bundles went to or came from, the last one first."""
    # With max(), SQLite takes the other columns from the row that has the maximum (sqlite.org/lang_select.html).
    rows = db.conn.execute(
        "SELECT atelier, atelier_name, max(id) FROM transfer GROUP BY atelier ORDER BY max(id) DESC LIMIT ?", (limit,)
    )
    return [(code, name) for code, name, _ in rows]


def orders_on_the_floor(db: sqlite_utils.Database, *, limit: int = MOST_LISTED) -> list[OrderOnTheFloor]:
    """Orders with bundles in progress, the first due first."""
    rows = db.conn.execute(
        "SELECT o.code, o.client, o.style, count(*), sum(b.in_progress)"
        f" FROM {UNFINISHED}"
        " JOIN order_line l ON l.id = b.order_line_id JOIN orders o ON o.id = l.order_id"
        " WHERE b.in_progress <> 0 AND o.undone = 0 GROUP BY o.id ORDER BY o.due = '', o.due, o.id LIMIT ?",
        (limit,),
    )
    return [OrderOnTheFloor(*row) for row in rows]


def counted_since(db: sqlite_utils.Database, code: str, seq: int) -> bool:
    """Whether anything was counted of a bundle after an event, and not taken back since."""
    row = db.conn.execute(
        f"SELECT 1 FROM bundle b CROSS JOIN event e ON e.seq IN {STORY} AND e.seq > ?"
        " WHERE b.code = ? AND e.type IN ('step_done', 'step_presumed', 'step_skipped', 'rework_done', 'pieces_declared_missing')"
        " AND e.seq NOT IN (SELECT seq FROM undone_event) LIMIT 1",
        (seq, code),
    ).fetchone()
    return row is not None


def came_again(db: sqlite_utils.Database, code: str, seq: int) -> bool:
    """Whether a bundle arrived with another note after an event: it had left in between, so what came before is another's story."""
    row = db.conn.execute(
        f"SELECT 1 FROM bundle b CROSS JOIN event e ON e.seq IN {STORY} AND e.seq > ?"
        " WHERE b.code = ? AND e.type = 'bundles_received' LIMIT 1",
        (seq, code),
    ).fetchone()
    return row is not None


def note_is_taken(db: sqlite_utils.Database, note: str) -> bool:
    """Whether any note ever bore this code here, one taken back too."""
    return db.conn.execute("SELECT 1 FROM transfer WHERE note = ?", (note,)).fetchone() is not None


def keep_note_file(db: sqlite_utils.Database, note: str, content: bytes, *, at_ms: int) -> None:
    db.conn.execute("INSERT OR REPLACE INTO note_file VALUES (?, ?, ?)", (note, content, at_ms))


def note_file(db: sqlite_utils.Database, note: str) -> bytes | None:
    """The note as it was signed."""
    row = db.conn.execute("SELECT content FROM note_file WHERE note = ?", (note,)).fetchone()
    return bytes(row[0]) if row else None


def of_day(
    db: sqlite_utils.Database, day: str, *, allocations: Mapping[str, str] | None = None, day_starts: int = 0
) -> tuple[TransferLine, ...]:
    """For the day sheet: what left on an ISO day of the atelier, and what was taken in. Lines, no bundles.

    `day_starts`: the hour of the atelier's clock at which a day begins.

    `allocations`: order → the centre's name for this atelier's share, or ""; only these orders. `None`: every order.
    A note that was cancelled moved nothing; one taken in by mistake and taken back has no line.
    """
    rows = db.conn.execute(
        "SELECT t.note, t.direction, t.atelier, o.code, l.size, l.colour, sum(b.sent), sum(b.received), t.state"
        " FROM transfer t JOIN transfer_bundle b ON b.transfer_id = t.id JOIN order_line l ON l.id = b.order_line_id"
        " JOIN orders o ON o.id = l.order_id WHERE t.day IN (?1, date(?1, '+1 day'))"
        " AND (t.day = ?1) = (t.hour >= ?2) AND t.state <> 'undone' GROUP BY t.id, l.id ORDER BY t.id, l.id",
        (day, day_starts),
    )
    lines = (_line(*row) for row in rows)
    if allocations is None:
        return tuple(lines)
    return tuple(replace(line, allocation=allocations[line.order]) for line in lines if line.order in allocations)


def days_of_note(db: sqlite_utils.Database, note: str, *, day_starts: int = 0) -> tuple[str, ...]:
    """The ISO days whose sheets change with what is learned of a note: the day it left, or each on which it was taken in."""
    rows = db.conn.execute(
        "SELECT DISTINCT iif(hour >= ?2, day, date(day, '-1 day')) FROM transfer WHERE note = ?1 ORDER BY 1",
        (note, day_starts),
    )
    return tuple(day for (day,) in rows)


_SELECT = (
    "SELECT id, note, direction, atelier, atelier_name, order_code, day, at_ms, state, sent, received, settled, reason, as_of"
    " FROM transfer"
)


def _transfer(*row: Any) -> Transfer:
    found = Transfer(*row)
    return replace(found, state=TransferState(found.state), settled=bool(found.settled))


def _line(
    note: str, direction: str, atelier: str, order: str, size: str, colour: str, sent: int, received: int, state: str
) -> TransferLine:
    if state == TransferState.CANCELLED:
        sent = received = 0
    return TransferLine(note, direction, atelier, order, "", size, colour, sent, received, state)
