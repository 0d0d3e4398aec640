"""Pictures of styles and steps, by name. What they show is of no event: a rebuild leaves them alone, a backup carries them."""

from collections.abc import Collection

import sqlite_utils

from groundwork.picture_names import NAME_LETTERS
from groundwork.pictures import Picture

DAY_MS = 24 * 3_600_000
UNUSED_FOR_MS = 30 * DAY_MS
MOST_MISSING = 200
MOST_FROM_ELSEWHERE = 400  # 100 MB: no centre fills the card


def keep(db: sqlite_utils.Database, picture: Picture, *, at_ms: int) -> None:
    """Once. Those older than a month that nothing names go."""
    db.conn.execute(
        "INSERT INTO picture VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET kept_at_ms = excluded.kept_at_ms",
        (picture.name, picture.sha256, picture.png, picture.width, picture.height, at_ms),
    )
    db.conn.execute(f"DELETE FROM picture WHERE kept_at_ms < ? AND name NOT IN ({_NAMED})", (at_ms - UNUSED_FOR_MS,))


def find(db: sqlite_utils.Database, name: str) -> bytes | None:
    """The PNG."""
    row = db.conn.execute("SELECT png FROM picture WHERE name = ?", (name,)).fetchone()
    return row[0] if row else None


def here(db: sqlite_utils.Database, names: Collection[str]) -> set[str]:
    """Those of the names that can be shown."""
    marks = ",".join("?" * len(names))
    return {row[0] for row in db.conn.execute(f"SELECT name FROM picture WHERE name IN ({marks})", tuple(names))}


def of_style(db: sqlite_utils.Database, style: str) -> str:
    """The name of the style's picture, "" for none. It may be on its way."""
    row = db.conn.execute("SELECT picture FROM style_picture WHERE style = ?", (style,)).fetchone()
    return row[0] if row else ""


def png_of_style(db: sqlite_utils.Database, style: str) -> bytes | None:
    name = of_style(db, style)
    return find(db, name) if name else None


def missing(db: sqlite_utils.Database) -> list[str]:
    """Digests of pictures that shares name and that are not here yet, as many as there is room for."""
    rows = db.conn.execute(
        "SELECT DISTINCT p.value ->> 'sha256' FROM offer o, json_each(o.said, '$.pictures') p"
        " WHERE o.said ->> 'state' <> 'withdrawn' AND (p.value ->> 'sha256') NOT IN (SELECT sha256 FROM picture)"
        " LIMIT (SELECT max(0, min(?, ? - count(*))) FROM picture)",
        (MOST_MISSING, MOST_FROM_ELSEWHERE),
    )
    return [row[0] for row in rows]


_NAMED = (
    "SELECT picture FROM style_picture UNION SELECT s.value ->> 'picture' FROM routing r, json_each(r.operations) s"
    " WHERE s.value ->> 'picture' IS NOT NULL UNION"
    f" SELECT substr(p.value ->> 'sha256', 1, {NAME_LETTERS}) FROM offer o, json_each(o.said, '$.pictures') p"
)
