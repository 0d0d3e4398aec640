"""The database file: opened in one way only, every setting read back, migrated by the writer alone."""

import sqlite3
from pathlib import Path

import sqlite_utils

from floor_app.store.schema import migrations

READ_CACHE_KIB = 4096
WRITE_CACHE_KIB = 16384
# Other values were seen to lose acknowledged scans in a power cut, or to let a reader checkpoint.
PRAGMAS: dict[str, int | str] = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "mmap_size": 0}


class WrongPragma(Exception):
    """SQLite did not take a setting the floor depends on."""


def open_writer(path: Path) -> sqlite_utils.Database:
    """The one connection that writes and checkpoints. Creates and migrates the file; checkpoints only when told."""
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, cached_statements=256, timeout=5)
    for name, value in PRAGMAS.items():
        connection.execute(f"PRAGMA {name}={value}")
    connection.execute("PRAGMA wal_autocheckpoint=0")
    connection.execute(f"PRAGMA cache_size=-{WRITE_CACHE_KIB}")
    connection.execute("PRAGMA temp_store=MEMORY")
    assert_pragmas(connection)
    database = sqlite_utils.Database(connection)
    migrations.apply(database)
    return database


def open_reader(path: Path) -> sqlite_utils.Database:
    """A connection that can neither write nor checkpoint."""
    connection = sqlite3.connect(
        f"{path.resolve().as_uri()}?mode=ro", uri=True, isolation_level=None, check_same_thread=False, timeout=5
    )
    connection.execute(f"PRAGMA cache_size=-{READ_CACHE_KIB}")
    connection.execute("PRAGMA mmap_size=0")
    return sqlite_utils.Database(connection)


def assert_pragmas(connection: sqlite3.Connection) -> None:
    for name, expected in PRAGMAS.items():
        row = connection.execute(f"PRAGMA {name}").fetchone()
        # mmap_size answers nothing where SQLite was built without memory mapping: as good as 0.
        if (row[0] if row else 0) != expected:
            raise WrongPragma(f"PRAGMA {name} is {row[0] if row else None!r}, not {expected!r}")
