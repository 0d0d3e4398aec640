"""Nonces that were used, for as long as they would be good: none is good twice, and their number is the pace of an atelier."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, delete, func, select

from central.store.statements import insert_into
from central.store.tables import nonce_used


@dataclass(frozen=True, slots=True)
class UsedNonce:
    atelier: str
    nonce: str


def use(db: Connection, offered: Sequence[UsedNonce], *, at_ms: int) -> frozenset[UsedNonce]:
    """Those that were not used before. Each is used from now on."""
    rows = [
        {"atelier": one.atelier, "nonce": one.nonce, "used_at_ms": at_ms} for one in sorted(set(offered), key=_order)
    ]
    fresh = db.execute(
        insert_into(db, nonce_used)
        .values(rows)
        .on_conflict_do_nothing()
        .returning(nonce_used.c.atelier, nonce_used.c.nonce)
    )
    return frozenset(UsedNonce(*row) for row in fresh)


def pace(db: Connection, ateliers: Collection[str], *, since_ms: int) -> dict[str, int]:
    """Signed requests of each since then, in every process."""
    rows = db.execute(
        select(nonce_used.c.atelier, func.count())
        .where(nonce_used.c.atelier.in_(ateliers), nonce_used.c.used_at_ms > since_ms)
        .group_by(nonce_used.c.atelier)
    )
    return {row[0]: row[1] for row in rows}


def forget(db: Connection, *, before_ms: int) -> None:
    """Too old to be good anyway."""
    db.execute(delete(nonce_used).where(nonce_used.c.used_at_ms < before_ms))


def _order(one: UsedNonce) -> tuple[str, str]:
    return one.atelier, one.nonce
