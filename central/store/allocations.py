"""Shares of orders: which atelier makes how much of what, what it answered, and when it promised it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, true, tuple_, update

from central.domain.share_rules import ShareAnswer, ShareState
from central.store.orders import OrderLine
from central.store.tables import allocation, allocation_line

STANDING = (ShareState.PROPOSED, ShareState.ACCEPTED)


@dataclass(frozen=True, slots=True)
class Allocation:
    """`id`: the name both sides use. `revision` grows with every change made here. `due`, `promised`: ISO days or ""."""

    order: str
    id: str
    atelier: str
    revision: int
    state: ShareState
    due: str
    note: str
    reason: str
    promised: str
    pieces: int
    changed_at_ms: int
    answered_at_ms: int

    @property
    def answer(self) -> ShareAnswer:
        """What the atelier answered to this revision; its state, where it has not answered."""
        return ShareAnswer(self.revision, self.state, self.reason, self.promised)


@dataclass(frozen=True, slots=True)
class OrderShares:
    """Of one order. `allocated`: pieces proposed or accepted, `accepted`: of these; `refused`, `unanswered`: shares.

    `ateliers`: how many have a share that is proposed or accepted, `silent`: of these.
    """

    allocated: int = 0
    accepted: int = 0
    refused: int = 0
    unanswered: int = 0
    ateliers: int = 0
    silent: int = 0


def add(db: Connection, new: Allocation, lines: Sequence[OrderLine]) -> None:
    """The id is free."""
    db.execute(insert(allocation).values(_key(new) | _columns(new) | {"made_at_ms": new.changed_at_ms}))
    _put_lines(db, new, lines)


def change(db: Connection, changed: Allocation, lines: Sequence[OrderLine]) -> bool:
    """In place of the revision before, lines too. False when somebody else changed it meanwhile."""
    before = allocation.c.revision == changed.revision - 1
    done = db.execute(update(allocation).where(_is(changed.order, changed.id), before).values(_columns(changed)))
    if done.rowcount != 1:
        return False
    _put_lines(db, changed, lines)
    return True


def note_answer(db: Connection, order: str, id_: str, answer: ShareAnswer, *, at_ms: int) -> bool:
    """False when it changed meanwhile."""
    changed = db.execute(
        update(allocation)
        .where(_is(order, id_), allocation.c.revision == answer.revision, allocation.c.state != ShareState.WITHDRAWN)
        .values(state=answer.answer, reason=answer.reason, promised=answer.promised, answered_at_ms=at_ms)
    )
    return changed.rowcount == 1


def find(db: Connection, order: str, id_: str) -> Allocation | None:
    row = db.execute(_SELECT.where(_is(order, id_))).first()
    return _allocation(row) if row else None


def with_keys(db: Connection, keys: Sequence[tuple[str, str]]) -> dict[tuple[str, str], Allocation]:
    """By (order, allocation)."""
    among = tuple_(allocation.c.order_code, allocation.c.allocation).in_(keys)
    return {(one.order, one.id): one for one in map(_allocation, db.execute(_SELECT.where(among)))}


def of_order(db: Connection, order: str) -> list[Allocation]:
    rows = db.execute(
        _SELECT.where(allocation.c.order_code == order).order_by(allocation.c.atelier, allocation.c.allocation)
    )
    return [_allocation(row) for row in rows]


def of_atelier(db: Connection, atelier: str) -> list[Allocation]:
    rows = db.execute(_SELECT.where(allocation.c.atelier == atelier).order_by(allocation.c.order_code))
    return [_allocation(row) for row in rows]


def listed(db: Connection) -> list[Allocation]:
    """All that were not withdrawn, by order and atelier."""
    chosen = _SELECT.where(allocation.c.state != ShareState.WITHDRAWN)
    return [_allocation(row) for row in db.execute(chosen.order_by(allocation.c.order_code, allocation.c.atelier))]


def by_order(db: Connection, *, silent: Collection[str], order: str | None = None) -> dict[str, OrderShares]:
    """Of every order that is shared, or of one: three statements, and a row for each order, however many ateliers."""
    of = allocation.c.order_code == order if order is not None else true()
    counted = select(allocation.c.order_code, allocation.c.state, func.count(), func.sum(allocation.c.pieces))
    states = {
        (row[0], row[1]): (row[2], int(row[3]))
        for row in db.execute(counted.where(of).group_by(allocation.c.order_code, allocation.c.state))
    }
    with_share = _ateliers_by_order(db, of)
    silent_ones = _ateliers_by_order(db, of & allocation.c.atelier.in_(silent)) if silent else {}
    found = {}
    for code in {order for order, _ in states}:
        proposed, accepted = (states.get((code, state), (0, 0)) for state in STANDING)
        refused = states.get((code, ShareState.REFUSED), (0, 0))[0]
        found[code] = OrderShares(
            proposed[1] + accepted[1],
            accepted[1],
            refused,
            proposed[0],
            with_share.get(code, 0),
            silent_ones.get(code, 0),
        )
    return found


def lines_of(db: Connection, keys: Sequence[tuple[str, str]]) -> dict[tuple[str, str], list[OrderLine]]:
    """By (order, allocation), in the order they were given."""
    table = allocation_line
    rows = db.execute(
        select(table.c.order_code, table.c.allocation, table.c.size, table.c.colour, table.c.quantity)
        .where(tuple_(table.c.order_code, table.c.allocation).in_(keys))
        .order_by(table.c.order_code, table.c.allocation, table.c.position)
    )
    found: dict[tuple[str, str], list[OrderLine]] = {key: [] for key in keys}
    for order, id_, *line in rows:
        found[order, id_].append(OrderLine(*line))
    return found


def _ateliers_by_order(db: Connection, which: Any) -> dict[str, int]:
    """With a share that is proposed or accepted."""
    chosen = select(allocation.c.order_code, func.count(allocation.c.atelier.distinct()))
    rows = db.execute(chosen.where(which, allocation.c.state.in_(STANDING)).group_by(allocation.c.order_code))
    return {row[0]: row[1] for row in rows}


def _put_lines(db: Connection, share: Allocation, lines: Sequence[OrderLine]) -> None:
    table = allocation_line
    db.execute(delete(table).where(table.c.order_code == share.order, table.c.allocation == share.id))
    if lines:
        db.execute(
            insert(table),
            [
                _key(share)
                | {"size": line.size, "colour": line.colour, "position": position, "quantity": line.quantity}
                for position, line in enumerate(lines)
            ],
        )


_NAMES = ("revision", "state", "due", "note", "reason", "promised", "pieces", "changed_at_ms", "answered_at_ms")
_SELECT = select(
    allocation.c.order_code, allocation.c.allocation, allocation.c.atelier, *(allocation.c[name] for name in _NAMES)
)


def _is(order: str, id_: str) -> Any:
    return (allocation.c.order_code == order) & (allocation.c.allocation == id_)


def _key(share: Allocation) -> dict[str, Any]:
    return {"order_code": share.order, "allocation": share.id}


def _columns(share: Allocation) -> dict[str, Any]:
    return {"atelier": share.atelier} | {name: getattr(share, name) for name in _NAMES}


def _allocation(row: Sequence[Any]) -> Allocation:
    order, id_, atelier, revision, state, *rest = row
    return Allocation(order, id_, atelier, revision, ShareState(state), *rest)
