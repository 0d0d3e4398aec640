"""Links on which a buyer sees how one order stands. Of a link only its hash is kept."""

from dataclasses import dataclass

from sqlalchemy import Connection, insert, select, update

from central.store.accounts import hashed
from central.store.tables import buyer_link


@dataclass(frozen=True, slots=True)
class BuyerLink:
    """`token_hash` names it; the link itself was shown once. `expires_at_ms`: 0 for one that lasts."""

    order: str
    token_hash: str
    label: str
    made_at_ms: int
    expires_at_ms: int
    revoked_at_ms: int


def add(db: Connection, secret: str, order: str, *, label: str, at_ms: int, expires_at_ms: int) -> None:
    db.execute(
        insert(buyer_link).values(
            order_code=order,
            token_hash=hashed(secret),
            label=label,
            made_at_ms=at_ms,
            expires_at_ms=expires_at_ms,
        )
    )


def order_of(db: Connection, secret: str, *, at_ms: int) -> str | None:
    """`None` for a link that is unknown, revoked or too old."""
    lasting = (buyer_link.c.expires_at_ms == 0) | (buyer_link.c.expires_at_ms >= at_ms)
    row = db.execute(
        select(buyer_link.c.order_code).where(
            buyer_link.c.token_hash == hashed(secret), buyer_link.c.revoked_at_ms == 0, lasting
        )
    )
    return row.scalar()


def of_order(db: Connection, order: str) -> list[BuyerLink]:
    """The newest first, revoked ones too."""
    rows = db.execute(
        select(
            buyer_link.c.order_code,
            buyer_link.c.token_hash,
            buyer_link.c.label,
            buyer_link.c.made_at_ms,
            buyer_link.c.expires_at_ms,
            buyer_link.c.revoked_at_ms,
        )
        .where(buyer_link.c.order_code == order)
        .order_by(buyer_link.c.made_at_ms.desc())
    )
    return [BuyerLink(*row) for row in rows]


def revoke(db: Connection, order: str, token_hash: str, *, at_ms: int) -> None:
    db.execute(
        update(buyer_link)
        .where(buyer_link.c.order_code == order, buyer_link.c.token_hash == token_hash)
        .values(revoked_at_ms=at_ms)
    )
