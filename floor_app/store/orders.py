"""Orders as imported, with what was cut of each line."""

from dataclasses import dataclass

import sqlite_utils


@dataclass(frozen=True, slots=True)
class StandingOrder:
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


@dataclass(frozen=True, slots=True)
class StandingLine:
    id: int
    size: str
    colour: str
    quantity: int
    pieces_cut: int


@dataclass(frozen=True, slots=True)
class Import:
    """One import that can be looked back at. `scanned`: bundles of it were counted, so it cannot be undone."""

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
    return [StandingOrder(*row) for row in rows]


def by_code(db: sqlite_utils.Database, code: str) -> StandingOrder | None:
    row = db.conn.execute(f"{_ORDER} WHERE o.undone = 0 AND o.code = ? GROUP BY o.id", (code,)).fetchone()
    return StandingOrder(*row) if row else None


def lines(db: sqlite_utils.Database, order_id: int) -> list[StandingLine]:
    rows = db.conn.execute(
        "SELECT id, size, colour, quantity, pieces_cut FROM order_line WHERE order_id = ? ORDER BY id", (order_id,)
    )
    return [StandingLine(*row) for row in rows]


def taken_codes(db: sqlite_utils.Database, codes: tuple[str, ...]) -> set[str]:
    """Those of `codes` that an order already bears."""
    return {code for code in codes if by_code(db, code)}


def imports(db: sqlite_utils.Database, *, limit: int = 50) -> list[Import]:
    rows = db.conn.execute(f"{_IMPORT} GROUP BY o.import_id ORDER BY min(o.id) DESC LIMIT ?", (limit,))
    return [_import(*row) for row in rows]


def import_by_id(db: sqlite_utils.Database, import_id: str) -> Import | None:
    row = db.conn.execute(f"{_IMPORT} WHERE o.import_id = ? GROUP BY o.import_id", (import_id,)).fetchone()
    return _import(*row) if row else None


def _import(
    import_id: str, source: str, imported_at_ms: int, orders: int, pieces: int, undone: int, scanned: int
) -> Import:
    return Import(import_id, source, imported_at_ms, orders, pieces, bool(undone), bool(scanned))


_ORDER = (
    "SELECT o.id, o.code, o.client, o.contract, o.style, o.due, o.routing_id, o.import_id, o.source, o.imported_at_ms,"
    " sum(l.quantity), sum(l.pieces_cut) FROM orders o JOIN order_line l ON l.order_id = o.id"
)
_IMPORT = (
    "SELECT o.import_id, o.source, o.imported_at_ms, count(*),"
    " sum((SELECT sum(quantity) FROM order_line l WHERE l.order_id = o.id)), o.undone,"
    " max(EXISTS (SELECT 1 FROM line_step s JOIN order_line l ON l.id = s.order_line_id WHERE l.order_id = o.id)) FROM orders o"
)
