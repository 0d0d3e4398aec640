"""Who may do what: tokens of stations and tablets, one-time links, accounts. Only hashes are kept."""

import hashlib
from dataclasses import dataclass

import sqlite_utils


@dataclass(frozen=True, slots=True)
class Token:
    """`kind`: station (a tablet or a machine at a station), board (a wall screen), or the one-time links pairing and setup.

    `subject`: the station's name; for setup the account's.
    """

    id: int
    kind: str
    subject: str
    label: str
    created_at_ms: int
    expires_at_ms: int
    used_at_ms: int
    revoked_at_ms: int

    def usable(self, now_ms: int) -> bool:
        return not self.revoked_at_ms and not (self.expires_at_ms and now_ms > self.expires_at_ms)


@dataclass(frozen=True, slots=True)
class Account:
    name: str
    role: str
    password_hash: str
    session_version: int


def hashed(token: str) -> str:
    """SHA-256: tokens are 192 random bits, so a slow hash would protect nothing more."""
    return hashlib.sha256(token.encode()).hexdigest()


def add_token(
    db: sqlite_utils.Database,
    token: str,
    *,
    kind: str,
    subject: str,
    label: str = "",
    at_ms: int,
    expires_at_ms: int = 0,
) -> None:
    db.conn.execute(
        "INSERT INTO access_token (token_hash, kind, subject, label, created_at_ms, expires_at_ms) VALUES (?, ?, ?, ?, ?, ?)",
        (hashed(token), kind, subject, label, at_ms, expires_at_ms),
    )


def token(db: sqlite_utils.Database, secret: str) -> Token | None:
    row = db.conn.execute(f"SELECT {_COLUMNS} FROM access_token WHERE token_hash = ?", (hashed(secret),)).fetchone()
    return Token(*row) if row else None


def tokens(db: sqlite_utils.Database, *kinds: str) -> list[Token]:
    """Not revoked, newest first."""
    marks = ",".join("?" * len(kinds))
    rows = db.conn.execute(
        f"SELECT {_COLUMNS} FROM access_token WHERE kind IN ({marks}) AND revoked_at_ms = 0 ORDER BY id DESC", kinds
    )
    return [Token(*row) for row in rows]


def use_once(db: sqlite_utils.Database, secret: str, *, kind: str, at_ms: int) -> Token | None:
    """Takes a one-time link; `None` when it is unknown, used, expired or revoked."""
    row = db.conn.execute(
        "UPDATE access_token SET used_at_ms = ? WHERE token_hash = ? AND kind = ? AND used_at_ms = 0 AND revoked_at_ms = 0"
        " AND (expires_at_ms = 0 OR expires_at_ms >= ?)"
        f" RETURNING {_COLUMNS}",
        (at_ms, hashed(secret), kind, at_ms),
    ).fetchone()
    return Token(*row) if row else None


def revoke(db: sqlite_utils.Database, token_id: int, at_ms: int) -> bool:
    changed = db.conn.execute(
        "UPDATE access_token SET revoked_at_ms = ? WHERE id = ? AND revoked_at_ms = 0", (at_ms, token_id)
    )
    return changed.rowcount == 1


def set_password(
    db: sqlite_utils.Database, name: str, password_hash: str, *, role: str = "supervisor", at_ms: int
) -> None:
    """Creates the account or changes its password; every session open under the old one ends."""
    db.conn.execute(
        "INSERT INTO account (name, role, password_hash, created_at_ms) VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET"
        " password_hash = excluded.password_hash, session_version = session_version + 1",
        (name, role, password_hash, at_ms),
    )


def account(db: sqlite_utils.Database, name: str) -> Account | None:
    row = db.conn.execute(
        "SELECT name, role, password_hash, session_version FROM account WHERE name = ?", (name,)
    ).fetchone()
    return Account(*row) if row else None


def has_accounts(db: sqlite_utils.Database) -> bool:
    return db.conn.execute("SELECT 1 FROM account LIMIT 1").fetchone() is not None


_COLUMNS = "id, kind, subject, label, created_at_ms, expires_at_ms, used_at_ms, revoked_at_ms"
