"""Orders of the network that are shared out: what they are, and how many pieces of each size and colour."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update

from central.store.statements import insert_into
from central.store.tables import order_line, shared_order


@dataclass(frozen=True, slots=True)
class OrderLine:
    size: str
    colour: str
    quantity: int


@dataclass(frozen=True, slots=True)
class SharedOrder:
    """`due`: ISO day or "". `routing`, `pictures`, `picture`: as in the contract's Allocation. `closed_at_ms`: 0 while it runs."""

    code: str
    client: str = ""
    contract: str = ""
    style: str = ""
    due: str = ""
    note: str = ""
    routing: list[dict[str, Any]] = field(default_factory=list)
    pictures: list[dict[str, Any]] = field(default_factory=list)
    added_at_ms: int = 0
    closed_at_ms: int = 0
    picture: str = ""


@dataclass(frozen=True, slots=True)
class Making:
    """How an order is made. `routing`, `pictures`, `picture`: as in the contract's Allocation."""

    routing: list[dict[str, Any]]
    pictures: list[dict[str, Any]]
    picture: str


def put(db: Connection, order: SharedOrder, lines: Sequence[OrderLine]) -> None:
    """New, or in place of the order of that code and its lines."""
    said = _columns(order)
    statement = insert_into(db, shared_order).values(order_code=order.code, added_at_ms=order.added_at_ms, **said)
    db.execute(statement.on_conflict_do_update(index_elements=["order_code"], set_=said))
    db.execute(delete(order_line).where(order_line.c.order_code == order.code))
    if lines:
        db.execute(
            insert(order_line),
            [
                {
                    "order_code": order.code,
                    "size": line.size,
                    "colour": line.colour,
                    "position": position,
                    "quantity": line.quantity,
                }
                for position, line in enumerate(lines)
            ],
        )


def set_making(db: Connection, code: str, making: Making) -> None:
    said = {"routing": making.routing, "pictures": making.pictures, "picture": making.picture}
    db.execute(update(shared_order).where(shared_order.c.order_code == code).values(said))


def close(db: Connection, code: str, *, at_ms: int) -> None:
    """0 opens it again."""
    db.execute(update(shared_order).where(shared_order.c.order_code == code).values(closed_at_ms=at_ms))


def find(db: Connection, code: str) -> SharedOrder | None:
    row = db.execute(_SELECT.where(shared_order.c.order_code == code)).first()
    return _order(row) if row else None


def listed(db: Connection, *, closed: bool = False) -> list[SharedOrder]:
    """The first due first, those without a day last."""
    chosen = _SELECT if closed else _SELECT.where(shared_order.c.closed_at_ms == 0)
    ordered = chosen.order_by(shared_order.c.due == "", shared_order.c.due, shared_order.c.order_code)
    return [_order(row) for row in db.execute(ordered)]


def with_codes(db: Connection, codes: Sequence[str]) -> dict[str, SharedOrder]:
    rows = db.execute(_SELECT.where(shared_order.c.order_code.in_(codes)))
    return {row.order_code: _order(row) for row in rows}


def lines(db: Connection, code: str) -> list[OrderLine]:
    rows = db.execute(
        select(order_line.c.size, order_line.c.colour, order_line.c.quantity)
        .where(order_line.c.order_code == code)
        .order_by(order_line.c.position)
    )
    return [OrderLine(*row) for row in rows]


def pieces(db: Connection, codes: Sequence[str] | None = None) -> dict[str, int]:
    """Ordered in all, by order."""
    chosen = select(order_line.c.order_code, func.sum(order_line.c.quantity)).group_by(order_line.c.order_code)
    if codes is not None:
        chosen = chosen.where(order_line.c.order_code.in_(codes))
    return {code: int(count) for code, count in db.execute(chosen)}


_NAMES = ("client", "contract", "style", "due", "note", "routing", "pictures", "picture")
_FIRST_NAMES = _NAMES[:-1]
_SELECT = select(
    shared_order.c.order_code,
    *(shared_order.c[name] for name in _FIRST_NAMES),
    shared_order.c.added_at_ms,
    shared_order.c.closed_at_ms,
    shared_order.c.picture,
)


def _columns(order: SharedOrder) -> dict[str, Any]:
    return {name: getattr(order, name) for name in _NAMES}


def _order(row: Sequence[Any]) -> SharedOrder:
    return SharedOrder(*row)
