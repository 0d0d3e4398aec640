"""One door to the database, the same for SQLite and PostgreSQL: `reading()` sees one moment, `writing()` is one transaction."""

import fcntl
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoFreeConnection

READERS = 8
LOCK_WAIT_S = 15
FREE_CONNECTION_WAIT_S = 10
RETRY_AFTER_S = 5


class Unavailable(Exception):
    """The database is away, full, or held by somebody else: nothing was changed, the same may be asked again."""


class BadAddress(ValueError):
    """No address of an SQLite file or a PostgreSQL database."""


class Database:
    """Opened by `open_database`, closed by `close`. `url` without its password."""

    def __init__(self, reader: Engine, writer: Engine, lock_file: Path | None) -> None:
        self._reader, self._writer = reader, writer
        self._lock_file = lock_file
        self._one_writer = threading.Lock()
        self.is_postgresql = writer.dialect.name == "postgresql"
        self.url = writer.url.render_as_string(hide_password=True)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Every statement sees the same moment; nothing can be changed."""
        with _told_apart(), self._reader.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Committed at the end, undone by an exception. Raises Unavailable."""
        with _told_apart(), self._alone(), self._writer.begin() as connection:
            if self.is_postgresql:
                connection.execute(text(f"SET LOCAL lock_timeout = '{LOCK_WAIT_S}s'"))
            yield connection

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """SQLite before 3.51.3 can corrupt a WAL when one connection writes while another checkpoints: one at a time, in every process."""
        if self._lock_file is None:
            yield
            return
        if not self._one_writer.acquire(timeout=LOCK_WAIT_S):
            raise Unavailable("another thread writes for too long")
        try:
            with self._lock_file.open("w") as held:
                _lock(held)
                yield
        finally:
            self._one_writer.release()

    def close(self) -> None:
        self._reader.dispose()
        with self._alone():  # the last connection out moves the log into the file
            self._writer.dispose()


def open_database(address: str) -> Database:
    """`sqlite:///FILE` or `postgresql://…`. The folder of the file must be there. Raises BadAddress."""
    url = _url(address)
    return _open_sqlite(url) if url.get_backend_name() == "sqlite" else _open_postgresql(url)


def _url(address: str) -> URL:
    try:
        url = make_url(address)
    except ArgumentError as error:
        raise BadAddress(address) from error
    if url.get_backend_name() == "sqlite" and url.database not in (None, "", ":memory:"):
        return url
    if url.get_backend_name() == "postgresql":
        return url.set(drivername="postgresql+psycopg")
    raise BadAddress(url.render_as_string(hide_password=True))


def _open_postgresql(url: URL) -> Database:
    engine = create_engine(
        url, pool_pre_ping=True, pool_size=READERS, max_overflow=READERS, pool_timeout=FREE_CONNECTION_WAIT_S
    )
    reader = engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    return Database(reader, engine, None)


def _open_sqlite(url: URL) -> Database:
    file = Path(str(url.database)).absolute()
    writer = create_engine(URL.create("sqlite", database=str(file)), pool_size=1, max_overflow=0)
    reader = create_engine(
        URL.create("sqlite", database=f"file:{file}", query={"mode": "ro", "uri": "true"}),
        pool_size=READERS,
        max_overflow=READERS,
    )
    event.listen(writer, "connect", _set_up_writer)
    event.listen(writer, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    event.listen(reader, "connect", _leave_transactions_to_us)
    event.listen(reader, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))
    return Database(reader, writer, file.with_name(file.name + ".lock"))


def _leave_transactions_to_us(connection: sqlite3.Connection, _: Any) -> None:
    connection.isolation_level = None


def _set_up_writer(connection: sqlite3.Connection, _: Any) -> None:
    connection.isolation_level = None
    for pragma in ("journal_mode=wal", "synchronous=full", "foreign_keys=on", f"busy_timeout={LOCK_WAIT_S * 1000}"):
        connection.execute(f"PRAGMA {pragma}")


def _lock(file: Any) -> None:
    """flock waits without a limit; a process that hangs must not hang us."""
    until = time.monotonic() + LOCK_WAIT_S
    while True:
        try:
            return fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            if time.monotonic() > until:
                raise Unavailable("another process writes for too long") from error
            time.sleep(0.01)


@contextmanager
def _told_apart() -> Iterator[None]:
    """A database that is away, full or held is no defect of ours; a statement that is wrong is."""
    try:
        yield
    except NoFreeConnection as error:
        raise Unavailable(str(error)) from error
    except (OperationalError, InterfaceError) as error:
        if getattr(error.orig, "sqlite_errorcode", None) == sqlite3.SQLITE_ERROR:
            raise
        raise Unavailable(str(error.orig)) from error
