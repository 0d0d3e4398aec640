"""Each time the atelier spoke with the centre, or tried to; and a few facts that outlast them."""

from dataclasses import astuple, dataclass
from typing import Any

import sqlite_utils

KEPT = 500


@dataclass(frozen=True, slots=True)
class Attempt:
    """`cause`: night, start, asked, again, file. `outcome`: a code of the texts. `left`: days still waiting when it ended.

    `sent`: sheets taken by the centre; `refused`: sheets it did not take; `gaps`: sheets it keeps but does not count; `offers`,
    `notes`: shares of orders, and delivery notes, of which it had news. Times: UTC milliseconds.
    """

    cause: str
    started_at_ms: int
    ended_at_ms: int
    outcome: str
    detail: str = ""
    sent: int = 0
    refused: int = 0
    gaps: int = 0
    offers: int = 0
    notes: int = 0
    left: int = 0


def add(db: sqlite_utils.Database, attempt: Attempt) -> None:
    """The newest 500 are kept."""
    db.conn.execute(f"INSERT INTO sync_attempt ({_NAMES}) VALUES ({', '.join('?' * 11)})", astuple(attempt))
    db.conn.execute("DELETE FROM sync_attempt WHERE id <= (SELECT max(id) FROM sync_attempt) - ?", (KEPT,))


def newest(db: sqlite_utils.Database, *, limit: int = KEPT) -> list[Attempt]:
    """The newest first."""
    return _read(db, "ORDER BY id DESC LIMIT ?", (limit,))


def last_good(db: sqlite_utils.Database) -> Attempt | None:
    """The last that reached the centre and went through to its end."""
    return next(iter(_read(db, "WHERE outcome IN ('done', 'trouble') ORDER BY id DESC LIMIT 1", ())), None)


def fact(db: sqlite_utils.Database, name: str) -> str:
    """ "" for one that nobody kept."""
    row = db.conn.execute("SELECT value FROM sync_fact WHERE name = ?", (name,)).fetchone()
    return str(row[0]) if row else ""


def keep_fact(db: sqlite_utils.Database, name: str, value: str) -> None:
    db.conn.execute("INSERT OR REPLACE INTO sync_fact VALUES (?, ?)", (name, value))


def forget_cursors(db: sqlite_utils.Database) -> None:
    """Everything is asked for from its beginning."""
    db.conn.execute("DELETE FROM sync_fact WHERE name LIKE '%cursor'")


def _read(db: sqlite_utils.Database, chosen: str, values: tuple[Any, ...]) -> list[Attempt]:
    return [Attempt(*row) for row in db.conn.execute(f"SELECT {_NAMES} FROM sync_attempt {chosen}", values)]


_NAMES = "cause, started_at_ms, ended_at_ms, outcome, detail, sent, refused, gaps, offers, notes, left_over"
