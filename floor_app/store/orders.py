"""Orders as imported, with what was cut of each line."""

from dataclasses import dataclass
from typing import Any

import sqlite_utils

from floor_app.domain.progress import StepCount


@dataclass(frozen=True, slots=True)
class StandingOrder:
    """`pieces` ordered, `pieces_cut` in lays, `finished` past the last step; `planned`: to finish here, without those sent away and with
    those received. `closed`: no more is expected of it.

    `import_id`: "" for an order that came with delivery notes alone.
    """

    id: int
    code: str
    client: str
    contract: str
    style: str
    due: str  # ISO date or ""
    routing_id: int
    import_id: str
    source: str
    imported_at_ms: int
    pieces: int
    pieces_cut: int
    finished: int
    planned: int
    closed: bool

    @property
    def running(self) -> bool:
        return not self.closed and self.finished < self.planned


@dataclass(frozen=True, slots=True)
class StandingLine:
    id: int
    size: str
    colour: str
    quantity: int
    pieces_cut: int


@dataclass(frozen=True, slots=True)
class Sharing:
    """Whether an order is in the day sheets. `allocation`: the centre's name for this atelier's share, or "".

    `decided`: somebody has said so, or otherwise. `cut_over`: no more is cut of it, the network has taken it back.
    """

    allocation: str
    shared: bool
    decided: bool
    cut_over: bool


@dataclass(frozen=True, slots=True)
class Import:
    """One import that can be looked back at. `scanned`: bundles of it were counted, have left or came, so it cannot be undone."""

    import_id: str
    source: str
    imported_at_ms: int
    orders: int
    pieces: int
    undone: bool
    scanned: bool


def all_orders(db: sqlite_utils.Database, *, limit: int = 500) -> list[StandingOrder]:
    """Newest first; undone ones are left out."""
    rows = db.conn.execute(f"{_ORDER} WHERE o.undone = 0 GROUP BY o.id ORDER BY o.id DESC LIMIT ?", (limit,))
    return [_order(*row) for row in rows]


def listed(db: sqlite_utils.Database, *, running: bool, text: str = "", limit: int = 100) -> list[StandingOrder]:
    """Running orders, the most urgent first; or the others, newest first.

    `text`: part of the code, client, style or contract.
    """
    urgent_first = "o.due = '', o.due, o.id" if running else "o.id DESC"
    rows = db.conn.execute(
        f"{_ORDER} WHERE o.undone = 0 AND {_IS_RUNNING} = ? AND (? = '' OR {_MENTIONS}) GROUP BY o.id"
        f" ORDER BY {urgent_first} LIMIT ?",
        (int(running), text, text, limit),
    )
    return [_order(*row) for row in rows]


def counts(db: sqlite_utils.Database) -> tuple[int, int]:
    """(running, others): how many orders there are."""
    row = db.conn.execute(
        f"SELECT coalesce(sum({_IS_RUNNING}), 0), count(*) FROM orders o WHERE o.undone = 0"
    ).fetchone()
    return row[0], row[1] - row[0]


def by_code(db: sqlite_utils.Database, code: str) -> StandingOrder | None:
    row = db.conn.execute(f"{_ORDER} WHERE o.undone = 0 AND o.code = ? GROUP BY o.id", (code,)).fetchone()
    return _order(*row) if row else None


def sharing(db: sqlite_utils.Database, code: str) -> Sharing | None:
    row = db.conn.execute(
        "SELECT allocation, shared, sharing_seq > 0, cut_over FROM orders WHERE code = ? AND undone = 0", (code,)
    ).fetchone()
    return Sharing(row[0], *map(bool, row[1:])) if row else None


def lines(db: sqlite_utils.Database, order_id: int) -> list[StandingLine]:
    rows = db.conn.execute(
        "SELECT id, size, colour, quantity, pieces_cut FROM order_line WHERE order_id = ? ORDER BY id", (order_id,)
    )
    return [StandingLine(*row) for row in rows]


def step_counts(db: sqlite_utils.Database, order_id: int) -> dict[tuple[int, str], StepCount]:
    """(order line id, operation) → its pieces, for every step at which anything of the order was counted."""
    rows = db.conn.execute(
        "SELECT s.order_line_id, s.operation,"
        " s.good, s.second, s.rejected, s.in_rework, s.missing, s.presumed, s.skipped"
        " FROM line_step s JOIN order_line l ON l.id = s.order_line_id WHERE l.order_id = ?",
        (order_id,),
    )
    return {(line_id, operation): StepCount(*pieces) for line_id, operation, *pieces in rows}


def styles(db: sqlite_utils.Database, *, limit: int = 200) -> list[tuple[str, int]]:
    """(style, its running orders) of every style an order names, those with running orders first."""
    rows = db.conn.execute(
        f"SELECT o.style, sum({_IS_RUNNING}) AS running FROM orders o WHERE o.undone = 0 AND o.style <> ''"
        " GROUP BY o.style ORDER BY running = 0, o.style LIMIT ?",
        (limit,),
    )
    return [(style, running) for style, running in rows]


def codes_of_import(db: sqlite_utils.Database, import_id: str, *, limit: int = 20) -> list[str]:
    """The first ones, in the order of the file."""
    rows = db.conn.execute("SELECT code FROM orders WHERE import_id = ? ORDER BY id LIMIT ?", (import_id, limit))
    return [code for (code,) in rows]


def taken_codes(db: sqlite_utils.Database, codes: tuple[str, ...]) -> set[str]:
    """Those of `codes` that an order already bears."""
    return {code for code in codes if by_code(db, code)}


def imports(db: sqlite_utils.Database, *, limit: int = 50) -> list[Import]:
    rows = db.conn.execute(
        f"{_IMPORT} WHERE o.import_id <> '' GROUP BY o.import_id ORDER BY min(o.id) DESC LIMIT ?", (limit,)
    )
    return [_import(*row) for row in rows]


def import_by_id(db: sqlite_utils.Database, import_id: str) -> Import | None:
    row = db.conn.execute(f"{_IMPORT} WHERE o.import_id = ? GROUP BY o.import_id", (import_id,)).fetchone()
    return _import(*row) if row else None


def _order(*row: Any) -> StandingOrder:
    return StandingOrder(*(*row[:-1], bool(row[-1])))


def _import(
    import_id: str, source: str, imported_at_ms: int, orders: int, pieces: int, undone: int, scanned: int
) -> Import:
    return Import(import_id, source, imported_at_ms, orders, pieces, bool(undone), bool(scanned))


_ORDER = (
    "SELECT o.id, o.code, o.client, o.contract, o.style, o.due, o.routing_id, o.import_id, o.source, o.imported_at_ms,"
    " sum(l.quantity), sum(l.pieces_cut), o.finished, o.planned, o.closed FROM orders o JOIN order_line l ON l.order_id = o.id"
)
_IS_RUNNING = "(o.closed = 0 AND o.finished < o.planned)"
_MENTIONS = "instr(lower(o.code || ' ' || o.client || ' ' || o.style || ' ' || o.contract), lower(?)) > 0"
_IMPORT = (
    "SELECT o.import_id, o.source, o.imported_at_ms, count(*),"
    " sum((SELECT sum(quantity) FROM order_line l WHERE l.order_id = o.id)), o.undone,"
    " max(EXISTS (SELECT 1 FROM order_line l WHERE l.order_id = o.id AND l.pieces_sent + l.pieces_received > 0)"
    " OR EXISTS (SELECT 1 FROM line_step s JOIN order_line l ON l.id = s.order_line_id WHERE l.order_id = o.id"
    " AND s.good + s.second + s.rejected + s.in_rework + s.missing + s.presumed + s.skipped > 0)) FROM orders o"
)
