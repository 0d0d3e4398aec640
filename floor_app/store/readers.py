"""A few read-only connections lent in turn: one per thread would cost each its own cache."""

import queue
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlite_utils

from floor_app.store.database import open_reader

READERS = 3


class Readers:
    """Lends read-only connections; waits while all are lent."""

    def __init__(self, path: Path, *, count: int = READERS) -> None:
        self._free: queue.LifoQueue[sqlite_utils.Database] = queue.LifoQueue()
        self._all = [open_reader(path) for _ in range(count)]
        for reader in self._all:
            self._free.put(reader)

    @contextmanager
    def reading(self) -> Iterator[sqlite_utils.Database]:
        """One consistent view of the floor: everything read inside belongs to the same moment."""
        reader = self._free.get()
        connection: sqlite3.Connection = reader.conn
        connection.execute("BEGIN")
        try:
            yield reader
        finally:
            _end(connection)
            self._free.put(reader)

    def close(self) -> None:
        for reader in self._all:
            reader.conn.close()


def _end(connection: sqlite3.Connection) -> None:
    """SQLite ends a transaction by itself when the disk fails; the reader is lent again all the same."""
    if connection.in_transaction:
        connection.execute("COMMIT")
