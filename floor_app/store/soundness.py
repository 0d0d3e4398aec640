"""Is the file sound: SQLite's own checks, the log without a gap, its three protections in place."""

import sqlite3
from dataclasses import dataclass
from pathlib import Path

from floor_app.store.database import open_reader


@dataclass(frozen=True, slots=True)
class Soundness:
    """`verdict`: "ok", or what SQLite or a broken reference says. `missing`: events the log should have and has not."""

    verdict: str
    events: int = 0
    missing: int = 0
    triggers: int = 0
    journal_mode: str = ""

    @property
    def log_is_whole(self) -> bool:
        return self.missing == 0 and self.triggers == 3


def soundness(path: Path) -> Soundness:
    """Reads the whole file; a file that SQLite cannot read at all is a verdict too."""
    connection = open_reader(path).conn
    try:
        return _soundness(connection)
    except sqlite3.DatabaseError as error:
        return Soundness(str(error))
    finally:
        connection.close()


def _soundness(connection: sqlite3.Connection) -> Soundness:
    (verdict,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
    if verdict == "ok" and connection.execute("PRAGMA foreign_key_check").fetchone():
        verdict = "a row refers to one that is not there"
    last, count = connection.execute("SELECT coalesce(max(seq), 0), count(*) FROM event").fetchone()
    (triggers,) = connection.execute(
        "SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'event' AND name GLOB 'event_never_*'"
    ).fetchone()
    (journal_mode,) = connection.execute("PRAGMA journal_mode").fetchone()
    return Soundness(verdict, count, last - count, triggers, journal_mode)
