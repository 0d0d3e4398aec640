"""People on a pathway and their half-days: a file of its own, beside the floor's, never synced or sent, and copied only sealed.

One connection, opened with the first need of it and used by one thread at a time: a supervisor opens it a few times a day.
"""

import os
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar

import sqlite_utils
from sqlite_utils import Migrations

from floor_app.domain.insertion import Assignment, HalfDay, Person, Target
from floor_app.store.database import PRAGMAS, assert_pragmas
from floor_app.store.schema import run_script
from groundwork.durable_file import write_durably

P = ParamSpec("P")
R = TypeVar("R")
FILE = "people.db"
MOST_LOOKS = 2_000
migrations = Migrations("people")

TABLES = """
CREATE TABLE person (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    minutes INTEGER NOT NULL,
    left_on TEXT NOT NULL DEFAULT ''
);
CREATE TABLE half_day (
    day TEXT NOT NULL,
    person INTEGER NOT NULL REFERENCES person(id),
    half_day TEXT NOT NULL CHECK (half_day IN ('morning', 'afternoon')),
    contract TEXT NOT NULL,
    minutes INTEGER NOT NULL,
    PRIMARY KEY (day, person, half_day)
) WITHOUT ROWID;
CREATE TABLE confirmed_day (
    day TEXT PRIMARY KEY,
    at_ms INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE target (
    contract TEXT PRIMARY KEY,
    minutes INTEGER NOT NULL,
    begins TEXT NOT NULL,
    ends TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE look (
    id INTEGER PRIMARY KEY,
    at_ms INTEGER NOT NULL,
    account TEXT NOT NULL,
    what TEXT NOT NULL
);
"""


# The key by which copies of this file are closed: `sealing`.
SEAL = """
CREATE TABLE seal (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    salt BLOB NOT NULL,
    key BLOB NOT NULL
);
"""


@migrations()
def create_tables(db: sqlite_utils.Database) -> None:
    run_script(db.conn, TABLES)


@migrations()
def create_seal(db: sqlite_utils.Database) -> None:
    run_script(db.conn, SEAL)


class PeopleFile:
    """The file, opened when first used. Safe to use from any thread."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE
        self._lock = threading.Lock()
        self._database: sqlite_utils.Database | None = None

    def run(
        self, command: Callable[Concatenate[sqlite_utils.Database, P], R], /, *args: P.args, **kwargs: P.kwargs
    ) -> R:
        """`command(db, …)` in one transaction; an exception undoes it."""
        with self._transaction() as db:
            return command(db, *args, **kwargs)

    def content(self) -> bytes:
        """A whole database file, as of one moment."""
        with self._lock, closing(sqlite3.connect(":memory:")) as copy:
            self._database = self._database or _opened(self._path)
            self._database.conn.backup(copy)
            content = copy.serialize()
        return content[:18] + b"\1\1" + content[20:]  # needs no log beside it (sqlite.org/fileformat2.html, 1.3.3)

    def replace(self, content: bytes) -> None:
        """By the content of another."""
        with self._lock:
            self._close()
            for beside in ("-wal", "-shm"):
                self._path.with_name(f"{FILE}{beside}").unlink(missing_ok=True)
            write_durably(self._path, content, mode=0o600)

    def close(self) -> None:
        with self._lock:
            self._close()

    def _close(self) -> None:
        if self._database is not None:
            self._database.conn.close()
            self._database = None

    @contextmanager
    def _transaction(self) -> Iterator[sqlite_utils.Database]:
        with self._lock:
            self._database = self._database or _opened(self._path)
            connection = self._database.conn
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._database
            except BaseException:
                connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")


def _opened(path: Path) -> sqlite_utils.Database:
    """Readable by the service's own user alone."""
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=5)
    for name, value in PRAGMAS.items():
        connection.execute(f"PRAGMA {name}={value}")
    connection.execute("PRAGMA secure_delete=on")  # a name forgotten is gone from the file too
    assert_pragmas(connection)
    database = sqlite_utils.Database(connection)
    migrations.apply(database)
    return database


def is_whole(content: bytes) -> bool:
    """Whether it is the content of a people's file, with nothing amiss."""
    with closing(sqlite3.connect(":memory:")) as connection:
        try:
            connection.deserialize(content)
            (verdict,) = connection.execute("PRAGMA integrity_check").fetchone()
            connection.execute("SELECT person, minutes FROM half_day LIMIT 1")
        except sqlite3.Error:
            return False
    return bool(verdict == "ok")


@dataclass(frozen=True, slots=True)
class Look:
    """Somebody looked names up, or took them out. `what`: a code and what it was about."""

    at_ms: int
    account: str
    what: str


def keep_seal(db: sqlite_utils.Database, salt: bytes, key: bytes) -> None:
    db.conn.execute("INSERT OR REPLACE INTO seal VALUES (1, ?, ?)", (salt, key))


def seal(db: sqlite_utils.Database) -> tuple[bytes, bytes] | None:
    """(salt, key); `None` while nobody has chosen a passphrase."""
    row = db.conn.execute("SELECT salt, key FROM seal").fetchone()
    return (row[0], row[1]) if row else None


def anybody(db: sqlite_utils.Database) -> bool:
    """Whether there is anything to lose: a person, or a sheet that was confirmed."""
    row = db.conn.execute("SELECT EXISTS (SELECT 1 FROM person) OR EXISTS (SELECT 1 FROM confirmed_day)").fetchone()
    return bool(row[0])


def add_person(db: sqlite_utils.Database, name: str, minutes: int) -> int:
    row = db.conn.execute("INSERT INTO person (name, minutes) VALUES (?, ?) RETURNING id", (name, minutes)).fetchone()
    return int(row[0])


def change_person(db: sqlite_utils.Database, person_id: int, *, name: str, minutes: int) -> bool:
    done = db.conn.execute("UPDATE person SET name = ?, minutes = ? WHERE id = ?", (name, minutes, person_id))
    return done.rowcount > 0


def person_left(db: sqlite_utils.Database, person_id: int, day: str) -> bool:
    """No longer proposed from this day on; her half-days stay as long as the law asks."""
    return db.conn.execute("UPDATE person SET left_on = ? WHERE id = ?", (day, person_id)).rowcount > 0


def people_on(db: sqlite_utils.Database, day: str) -> list[Person]:
    """Those here on that day, and those with a half-day of it, by name."""
    rows = db.conn.execute(
        "SELECT id, name, minutes FROM person WHERE left_on = '' OR left_on > ?1"
        " OR id IN (SELECT person FROM half_day WHERE day = ?1) ORDER BY name, id",
        (day,),
    )
    return [Person(*row) for row in rows]


def keep_sheet(db: sqlite_utils.Database, day: str, assignments: tuple[Assignment, ...], *, at_ms: int) -> None:
    """The confirmed sheet of a day in place of any earlier one."""
    db.conn.execute("DELETE FROM half_day WHERE day = ?", (day,))
    db.conn.executemany(
        "INSERT INTO half_day VALUES (?, ?, ?, ?, ?)",
        [(day, one.person, one.half_day.value, one.contract, one.minutes) for one in assignments],
    )
    db.conn.execute("INSERT OR REPLACE INTO confirmed_day VALUES (?, ?)", (day, at_ms))


def confirmed_at(db: sqlite_utils.Database, day: str) -> int:
    """0 while the sheet of that day was never confirmed."""
    row = db.conn.execute("SELECT at_ms FROM confirmed_day WHERE day = ?", (day,)).fetchone()
    return int(row[0]) if row else 0


def sheet_of(db: sqlite_utils.Database, day: str) -> list[Assignment]:
    rows = db.conn.execute("SELECT person, half_day, contract, minutes FROM half_day WHERE day = ?", (day,))
    return [Assignment(person, HalfDay(half), contract, minutes) for person, half, contract, minutes in rows]


def last_contracts(db: sqlite_utils.Database, before: str) -> dict[tuple[int, HalfDay], str]:
    """Of the last confirmed sheet before a day."""
    row = db.conn.execute("SELECT max(day) FROM confirmed_day WHERE day < ?", (before,)).fetchone()
    found = sheet_of(db, row[0]) if row[0] else []
    return {(one.person, one.half_day): one.contract for one in found}


def keep_target(db: sqlite_utils.Database, target: Target) -> None:
    db.conn.execute(
        "INSERT OR REPLACE INTO target VALUES (?, ?, ?, ?)",
        (target.contract, target.minutes, target.begins.isoformat(), target.ends.isoformat()),
    )


def targets(db: sqlite_utils.Database) -> list[Target]:
    rows = db.conn.execute("SELECT contract, minutes, begins, ends FROM target ORDER BY contract")
    return [
        Target(name, minutes, date.fromisoformat(begins), date.fromisoformat(ends))
        for name, minutes, begins, ends in rows
    ]


def minutes_done(db: sqlite_utils.Database, contract: str, first: str, last: str) -> int:
    """Between two ISO days, both included."""
    row = db.conn.execute(
        "SELECT coalesce(sum(minutes), 0) FROM half_day WHERE contract = ? AND day BETWEEN ? AND ?",
        (contract, first, last),
    ).fetchone()
    return int(row[0])


def contracts_known(db: sqlite_utils.Database) -> list[str]:
    rows = db.conn.execute(
        "SELECT contract FROM target UNION SELECT contract FROM half_day WHERE contract <> '' ORDER BY 1"
    )
    return [row[0] for row in rows]


def hours_of(db: sqlite_utils.Database, contract: str, first: str, last: str) -> list[tuple[str, int, int]]:
    """(name, half-days, minutes) of each person on a contract between two days, by name."""
    rows = db.conn.execute(
        "SELECT p.name, count(*), sum(h.minutes) FROM half_day h JOIN person p ON p.id = h.person"
        " WHERE h.contract = ? AND h.minutes > 0 AND h.day BETWEEN ? AND ? GROUP BY p.id ORDER BY p.name, p.id",
        (contract, first, last),
    )
    return [(name, half_days, minutes) for name, half_days, minutes in rows]


def note_look(db: sqlite_utils.Database, account: str, what: str, *, at_ms: int) -> None:
    db.conn.execute("INSERT INTO look (at_ms, account, what) VALUES (?, ?, ?)", (at_ms, account, what))
    db.conn.execute("DELETE FROM look WHERE id <= (SELECT max(id) FROM look) - ?", (MOST_LOOKS,))


def looks(db: sqlite_utils.Database, *, limit: int = 200) -> list[Look]:
    rows = db.conn.execute("SELECT at_ms, account, what FROM look ORDER BY id DESC LIMIT ?", (limit,))
    return [Look(*row) for row in rows]


def forget_before(db: sqlite_utils.Database, day: str) -> int:
    """Half-days older than a day, and people who left and have none any more; how many half-days."""
    gone = db.conn.execute("DELETE FROM half_day WHERE day < ?", (day,)).rowcount
    db.conn.execute("DELETE FROM confirmed_day WHERE day < ?", (day,))
    db.conn.execute(
        "DELETE FROM person WHERE left_on <> '' AND left_on < ? AND id NOT IN (SELECT person FROM half_day)", (day,)
    )
    return gone
