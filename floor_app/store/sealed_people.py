"""The people's file, sealed, in the database: put into each backup, and after a restore there until somebody knows the passphrase."""

from dataclasses import dataclass

import sqlite_utils


@dataclass(frozen=True, slots=True)
class SealedPeople:
    content: bytes
    made_at_ms: int


def put(db: sqlite_utils.Database, sealed: SealedPeople) -> None:
    """In place of an earlier one."""
    db.conn.execute("INSERT OR REPLACE INTO sealed_people VALUES (1, ?, ?)", (sealed.content, sealed.made_at_ms))


def waiting(db: sqlite_utils.Database) -> SealedPeople | None:
    row = db.conn.execute("SELECT content, made_at_ms FROM sealed_people").fetchone()
    return SealedPeople(*row) if row else None


def forget(db: sqlite_utils.Database) -> None:
    db.conn.execute("DELETE FROM sealed_people")
