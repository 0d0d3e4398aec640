"""Public keys of ateliers: which are in force, which were dropped and why."""

from dataclasses import dataclass

from sqlalchemy import Connection, insert, select, update

from central.store.tables import atelier_key

GIVEN_UP = "given_up"  # by the atelier, which took another
REPLACED = "replaced"  # by enrolling anew
REVOKED = "revoked"  # by the network: nothing it signed is to be believed


@dataclass(frozen=True, slots=True)
class Key:
    """`until`: ISO day, of its certificate. `dropped`: why it is not in force any more, "" while it is."""

    atelier: str
    key_id: str
    public_key: str
    until: str
    given_at_ms: int
    dropped_at_ms: int
    dropped: str

    @property
    def in_force(self) -> bool:
        return not self.dropped


def add(db: Connection, key: Key) -> None:
    db.execute(
        insert(atelier_key).values(
            atelier=key.atelier,
            key_id=key.key_id,
            public_key=key.public_key,
            until=key.until,
            given_at_ms=key.given_at_ms,
        )
    )


def of_atelier(db: Connection, atelier: str) -> list[Key]:
    """The newest first, dropped ones too."""
    rows = db.execute(_SELECT.where(atelier_key.c.atelier == atelier).order_by(atelier_key.c.given_at_ms.desc()))
    return [Key(*row) for row in rows]


def with_id(db: Connection, key_id: str, *, atelier: str) -> Key | None:
    """That atelier's, else another's: who signs with a key that is not its own is to be told so."""
    rows = [Key(*row) for row in db.execute(_SELECT.where(atelier_key.c.key_id == key_id))]
    own = (key for key in rows if key.atelier == atelier)
    return next(own, next(iter(rows), None))


def drop(db: Connection, atelier: str, key_id: str, *, why: str, at_ms: int) -> None:
    """From now on it is refused. A key given up may still be revoked."""
    db.execute(
        update(atelier_key)
        .where(atelier_key.c.atelier == atelier, atelier_key.c.key_id == key_id)
        .values(dropped_at_ms=at_ms, dropped=why)
    )


def revoked(db: Connection, *, today: str) -> list[str]:
    """Ids of keys that the network revoked while their certificates would still be believed. `today`: ISO day."""
    rows = db.execute(
        select(atelier_key.c.key_id)
        .where(atelier_key.c.dropped == REVOKED, atelier_key.c.until >= today)
        .order_by(atelier_key.c.key_id)
    )
    return list(rows.scalars())


_SELECT = select(
    atelier_key.c.atelier,
    atelier_key.c.key_id,
    atelier_key.c.public_key,
    atelier_key.c.until,
    atelier_key.c.given_at_ms,
    atelier_key.c.dropped_at_ms,
    atelier_key.c.dropped,
)
