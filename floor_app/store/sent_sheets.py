"""Every day sheet that ever left this machine, by name: what the centre holds and is not here was sent by another machine."""

from collections.abc import Iterable

import sqlite_utils

from floor_app.domain.sheet_standing import SheetName


def note_sent(db: sqlite_utils.Database, sheets: Iterable[tuple[str, SheetName]]) -> None:
    """(ISO day, sheet), before they leave."""
    db.conn.executemany(
        "INSERT OR IGNORE INTO sent_sheet VALUES (?, ?, ?)", [(day, one.revision, one.digest) for day, one in sheets]
    )


def sent(db: sqlite_utils.Database, day: str) -> frozenset[SheetName]:
    rows = db.conn.execute("SELECT revision, digest FROM sent_sheet WHERE day = ?", (day,))
    return frozenset(SheetName(*row) for row in rows)
