"""Accounts of the network's people and the one-time links on which they choose a password. Of secrets only hashes are kept."""

import hashlib
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, insert, select, update

from central.store.statements import insert_into
from central.store.tables import account, account_link

ROLES = ("coordinator", "atelier", "reader")


@dataclass(frozen=True, slots=True)
class Account:
    """`atelier`: whose figures an account of the role atelier sees. `password_hash`: "" until one was chosen.

    A session holds the `session_version` it began with; another one ends it.
    """

    name: str
    role: str
    atelier: str
    password_hash: str
    session_version: int
    closed_at_ms: int


def hashed(secret: str) -> str:
    """SHA-256: links are 192 random bits, so a slow hash would protect nothing more."""
    return hashlib.sha256(secret.encode()).hexdigest()


def put(db: Connection, name: str, *, role: str, atelier: str = "", at_ms: int) -> None:
    """New, or with another role; an open session of it ends. A closed one is open again."""
    statement = insert_into(db, account).values(name=name, role=role, atelier=atelier, made_at_ms=at_ms)
    db.execute(
        statement.on_conflict_do_update(
            index_elements=["name"],
            set_={
                "role": role,
                "atelier": atelier,
                "closed_at_ms": 0,
                "session_version": account.c.session_version + 1,
            },
        )
    )


def set_password(db: Connection, name: str, password_hash: str) -> None:
    """Every session open under the old one ends."""
    db.execute(
        update(account)
        .where(account.c.name == name)
        .values(password_hash=password_hash, session_version=account.c.session_version + 1)
    )


def close(db: Connection, name: str, *, at_ms: int) -> None:
    """Its sessions end, its links are of no use, nobody signs in with it."""
    db.execute(
        update(account)
        .where(account.c.name == name)
        .values(closed_at_ms=at_ms, password_hash="", session_version=account.c.session_version + 1)
    )
    db.execute(
        update(account_link).where(account_link.c.name == name, account_link.c.used_at_ms == 0).values(used_at_ms=at_ms)
    )


def find(db: Connection, name: str) -> Account | None:
    row = db.execute(_SELECT.where(account.c.name == name)).first()
    return Account(*row) if row else None


def listed(db: Connection) -> list[Account]:
    return [Account(*row) for row in db.execute(_SELECT.order_by(account.c.name))]


def exist(db: Connection) -> bool:
    return db.execute(select(account.c.name).limit(1)).first() is not None


def add_link(db: Connection, secret: str, name: str, *, expires_at_ms: int) -> None:
    db.execute(insert(account_link).values(token_hash=hashed(secret), name=name, expires_at_ms=expires_at_ms))


def link_is_good(db: Connection, secret: str, *, at_ms: int) -> str | None:
    """The account's name; `None` for a link that is unknown, used or too old."""
    row = select(account_link.c.name).where(account_link.c.token_hash == hashed(secret), _good(at_ms))
    return db.execute(row).scalar()


def use_link(db: Connection, secret: str, *, at_ms: int) -> str | None:
    """Once: the account's name; `None` for a link that is unknown, used or too old."""
    used = db.execute(
        update(account_link)
        .where(account_link.c.token_hash == hashed(secret), _good(at_ms))
        .values(used_at_ms=at_ms)
        .returning(account_link.c.name)
    )
    return used.scalar()


_SELECT = select(
    account.c.name,
    account.c.role,
    account.c.atelier,
    account.c.password_hash,
    account.c.session_version,
    account.c.closed_at_ms,
)


def _good(at_ms: int) -> Any:
    return (account_link.c.used_at_ms == 0) & (account_link.c.expires_at_ms >= at_ms)
