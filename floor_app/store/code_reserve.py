"""Bundle numbers already given out: in the database, and in a file beside it that survives a restored older copy."""

from pathlib import Path

import sqlite_utils

from floor_app.domain.codes import SEQUENCES
from floor_app.store.writer import StoreFull
from groundwork.durable_file import write_durably


class CodesUsedUp(Exception):
    """All 16,777,216 numbers of this site are given: the atelier needs new site letters."""


class HighWaterMark:
    """The highest number ever given, one decimal line in a file. Written and synced before the numbers are committed."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self) -> int:
        try:
            return int(self._path.read_text(encoding="ascii").strip() or 0)
        except (FileNotFoundError, ValueError):
            return 0

    def raise_to(self, number: int) -> None:
        if number <= self.read():
            return
        write_durably(self._path, f"{number}\n")


def reserve(db: sqlite_utils.Database, site: str, count: int, mark: HighWaterMark) -> range:
    """`count` numbers never given before by this site, not even by a newer copy of this database; StoreFull without room."""
    row = db.conn.execute("SELECT next_sequence FROM code_reserve WHERE site = ?", (site,)).fetchone()
    first = max(row[0] if row else 0, mark.read())
    if first + count > SEQUENCES:
        raise CodesUsedUp(site)
    try:
        mark.raise_to(first + count)
    except OSError as error:
        raise StoreFull(str(error)) from error
    db.conn.execute("INSERT OR REPLACE INTO code_reserve VALUES (?, ?)", (site, first + count))
    return range(first, first + count)
