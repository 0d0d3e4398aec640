"""Day sheets as they were last worked out, and how far the centre has confirmed them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import sqlite_utils

MOST_AT_ONCE = 400


@dataclass(frozen=True, slots=True)
class SummedUp:
    """How far the sheets follow the log. `last_seq`: whose days are marked; `settings`: those the sheets were made with, as text."""

    last_seq: int
    settings: str


@dataclass(frozen=True, slots=True)
class KeptSheet:
    """`day`: ISO. `body`: the canonical bytes that are sent; `digest`: their SHA-256; `figures_digest`: without the revision.

    `as_of`: the last event of the whole log when it was worked out. `acknowledged_…`: what the centre said it holds, 0 and "" before.
    `last_event`: the highest number of an event its day was ever made of. `trouble`: a code, "" for none; such a sheet, and any later
    revision of it, is not sent until that is cleared.
    """

    day: str
    revision: int
    digest: str
    figures_digest: str
    body: bytes
    as_of: int
    last_event: int
    made_at_ms: int
    acknowledged_revision: int = 0
    acknowledged_digest: str = ""
    acknowledged_at_ms: int = 0
    trouble: str = ""
    trouble_detail: str = ""

    @property
    def acknowledged(self) -> bool:
        """Whether the centre holds exactly this."""
        return self.revision == self.acknowledged_revision and self.digest == self.acknowledged_digest


def sheet(db: sqlite_utils.Database, day: str) -> KeptSheet | None:
    row = db.conn.execute(f"{_SELECT} WHERE day = ?", (day,)).fetchone()
    return _kept(row) if row else None


def sheets_to_send(db: sqlite_utils.Database, *, after: str = "", limit: int = MOST_AT_ONCE) -> list[KeptSheet]:
    """Those the centre has not confirmed as they stand now and that are in no trouble, the oldest day first, of days after that one."""
    rows = db.conn.execute(
        f"{_SELECT} WHERE acknowledged_revision < revision AND trouble = '' AND day > ? ORDER BY day LIMIT ?",
        (after, limit),
    )
    return [_kept(row) for row in rows]


def sheets_in_trouble(db: sqlite_utils.Database, *, limit: int = MOST_AT_ONCE) -> list[KeptSheet]:
    """The oldest day first."""
    rows = db.conn.execute(f"{_SELECT} WHERE trouble <> '' ORDER BY day LIMIT ?", (limit,))
    return [_kept(row) for row in rows]


def backlog_days(db: sqlite_utils.Database) -> int:
    """Days whose sheet the centre has not confirmed as it stands now, those in trouble too."""
    days: int = db.conn.execute("SELECT count(*) FROM day_sheet WHERE acknowledged_revision < revision").fetchone()[0]
    return days


def held_range(db: sqlite_utils.Database) -> tuple[str, str] | None:
    """The first and the last day there is a sheet of: what to ask the centre about. `None` before the first."""
    first, last = db.conn.execute("SELECT min(day), max(day) FROM day_sheet").fetchone()
    return (first, last) if first else None


def days_between(db: sqlite_utils.Database, first: str, last: str) -> list[str]:
    """ISO days that have a sheet, both ends included, in order."""
    return [
        day
        for (day,) in db.conn.execute("SELECT day FROM day_sheet WHERE day BETWEEN ? AND ? ORDER BY 1", (first, last))
    ]


def settled(db: sqlite_utils.Database, first: str, last: str) -> dict[str, tuple[int, str]]:
    """(revision, digest) by day, of those the centre has confirmed as they stand and that are in no trouble."""
    rows = db.conn.execute(
        "SELECT day, revision, digest FROM day_sheet WHERE day BETWEEN ? AND ? AND acknowledged_revision = revision"
        " AND acknowledged_digest = digest AND trouble = ''",
        (first, last),
    )
    return {day: (revision, digest) for day, revision, digest in rows}


def every_day(db: sqlite_utils.Database) -> list[str]:
    """ISO days that have a sheet or are to get one, in order."""
    return [
        day for (day,) in db.conn.execute("SELECT day FROM day_sheet UNION SELECT day FROM day_to_sum_up ORDER BY 1")
    ]


def summed_up(db: sqlite_utils.Database) -> SummedUp:
    row = db.conn.execute("SELECT last_seq, settings FROM summed_up").fetchone()
    return SummedUp(*row) if row else SummedUp(0, "")


def begin_again(db: sqlite_utils.Database, settings: str) -> None:
    """With other settings: every sheet there is is to be worked out anew, and the log is gone through from its beginning."""
    if summed_up(db).settings != settings:
        db.conn.execute("INSERT OR REPLACE INTO summed_up VALUES (1, 0, ?)", (settings,))
        db.conn.execute("INSERT OR REPLACE INTO day_to_sum_up SELECT day, 0 FROM day_sheet")


def mark(db: sqlite_utils.Database, days: Iterable[str], *, after: SummedUp, last_seq: int) -> None:
    """Days touched by the events behind `after` up to `last_seq`. Nothing is lost where another did the same meanwhile."""
    db.conn.executemany(
        "INSERT INTO day_to_sum_up VALUES (?1, ?2) ON CONFLICT DO UPDATE SET since_seq = max(since_seq, ?2)",
        [(day, last_seq) for day in days],
    )
    db.conn.execute(
        "UPDATE summed_up SET last_seq = ? WHERE last_seq = ? AND settings = ?",
        (last_seq, after.last_seq, after.settings),
    )


def days_to_sum_up(db: sqlite_utils.Database, *, limit: int) -> list[str]:
    """The oldest first."""
    return [day for (day,) in db.conn.execute("SELECT day FROM day_to_sum_up ORDER BY day LIMIT ?", (limit,))]


def count_to_sum_up(db: sqlite_utils.Database) -> int:
    days: int = db.conn.execute("SELECT count(*) FROM day_to_sum_up").fetchone()[0]
    return days


def keep(db: sqlite_utils.Database, found: KeptSheet, *, before: KeptSheet | None) -> bool:
    """A sheet worked out anew, in place of `before`, whose revision and digest it has where it says the same.

    False, and nothing is changed, where another was kept meanwhile: the day is to be worked out once more.
    """
    now = sheet(db, found.day)
    if (now and (now.revision, now.as_of)) != (before and (before.revision, before.as_of)):
        return False
    if now is None:
        db.conn.execute(_INSERT, _row(found))
    elif found.digest != now.digest:
        db.conn.execute(_UPDATE, (*_row(found)[1:], found.day))
    else:
        db.conn.execute("UPDATE day_sheet SET as_of = ? WHERE day = ?", (found.as_of, found.day))
    db.conn.execute("DELETE FROM day_to_sum_up WHERE day = ? AND since_seq <= ?", (found.day, found.as_of))
    return True


def acknowledge(db: sqlite_utils.Database, day: str, revision: int, digest: str, at_ms: int) -> bool:
    """The centre holds this. False, and nothing is changed, where it is not the sheet as it stands now."""
    changed = db.conn.execute(
        "UPDATE day_sheet SET acknowledged_revision = ?, acknowledged_digest = ?, acknowledged_at_ms = ?, trouble = '',"
        " trouble_detail = '' WHERE day = ? AND revision = ? AND digest = ?",
        (revision, digest, at_ms, day, revision, digest),
    )
    return changed.rowcount > 0


def take_back_acknowledgement(db: sqlite_utils.Database, day: str) -> None:
    """The centre does not hold what it once confirmed: the sheet is sent again."""
    db.conn.execute(
        "UPDATE day_sheet SET acknowledged_revision = 0, acknowledged_digest = '', acknowledged_at_ms = 0 WHERE day = ?",
        (day,),
    )


def raise_revision(db: sqlite_utils.Database, raised: KeptSheet, *, before: KeptSheet) -> bool:
    """The same figures under a later revision. False, and nothing is changed, where another sheet was kept meanwhile."""
    changed = db.conn.execute(
        "UPDATE day_sheet SET revision = ?, digest = ?, body = ? WHERE day = ? AND revision = ? AND digest = ?",
        (raised.revision, raised.digest, raised.body, raised.day, before.revision, before.digest),
    )
    return changed.rowcount > 0


def mark_trouble(db: sqlite_utils.Database, day: str, code: str, detail: str = "") -> None:
    """Not sent any more until `clear_trouble`. `detail`: what the sender of sheets wants to know of it again."""
    db.conn.execute("UPDATE day_sheet SET trouble = ?, trouble_detail = ? WHERE day = ?", (code, detail, day))


def clear_trouble(db: sqlite_utils.Database, day: str) -> None:
    mark_trouble(db, day, "")


_OWN = ("day", "revision", "digest", "figures_digest", "body", "as_of", "last_event", "made_at_ms")
_INSERT = f"INSERT INTO day_sheet ({', '.join(_OWN)}) VALUES ({', '.join('?' * len(_OWN))})"
_UPDATE = f"UPDATE day_sheet SET {', '.join(f'{name} = ?' for name in _OWN[1:])} WHERE day = ?"
_SELECT = (
    "SELECT day, revision, digest, figures_digest, body, as_of, last_event, made_at_ms, acknowledged_revision,"
    " acknowledged_digest, acknowledged_at_ms, trouble, trouble_detail FROM day_sheet"
)


def _row(kept: KeptSheet) -> tuple[Any, ...]:
    return tuple(getattr(kept, name) for name in _OWN)


def _kept(row: tuple[Any, ...]) -> KeptSheet:
    return KeptSheet(*row)
