"""Pictures of orders: of their style and their steps. A picture that two orders show is kept with each."""

from collections.abc import Collection

from sqlalchemy import Connection, delete, select

from central.domain.share_rules import ShareState
from central.store.orders import SharedOrder
from central.store.statements import insert_into
from central.store.tables import allocation, order_picture
from groundwork.pictures import Picture


def keep(db: Connection, order: str, picture: Picture, *, at_ms: int) -> None:
    """Once, however often it is sent."""
    row = {"order_code": order, "sha256": picture.sha256, "png": picture.png, "added_at_ms": at_ms}
    sizes = {"width": picture.width, "height": picture.height}
    db.execute(insert_into(db, order_picture).values(row | sizes).on_conflict_do_nothing())


def drop_others(db: Connection, order: str, named: Collection[str]) -> None:
    """All of an order but those."""
    table = order_picture
    db.execute(delete(table).where(table.c.order_code == order, table.c.sha256.not_in(named)))


def of_order(db: Connection, order: str) -> set[str]:
    """Digests."""
    rows = db.execute(select(order_picture.c.sha256).where(order_picture.c.order_code == order))
    return {row[0] for row in rows}


def find(db: Connection, order: str, sha256: str) -> bytes | None:
    """The PNG."""
    table = order_picture
    row = db.execute(select(table.c.png).where(table.c.order_code == order, table.c.sha256 == sha256)).first()
    return bytes(row.png) if row else None


def of_atelier(db: Connection, atelier: str, sha256: str) -> bytes | None:
    """The PNG, where the atelier has a share of an order that shows it and was not taken back."""
    row = db.execute(
        select(order_picture.c.png)
        .join(allocation, allocation.c.order_code == order_picture.c.order_code)
        .where(
            allocation.c.atelier == atelier,
            allocation.c.state != ShareState.WITHDRAWN,
            order_picture.c.sha256 == sha256,
        )
        .limit(1)
    ).first()
    return bytes(row.png) if row else None


def of_style(db: Connection, order: SharedOrder) -> bytes | None:
    """The PNG of the style's own picture."""
    digests = {one["name"]: one["sha256"] for one in order.pictures}
    return find(db, order.code, digests[order.picture]) if order.picture in digests else None
