"""Databases of a centre for measures: SQLite's file or PostgreSQL's server as Debian sets it up, and ateliers with keys in them."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from sqlalchemy import insert

from bench.effort import Workbench
from bench.network_sheets import NightAtelier
from central.store import tables
from central.store.database import Database, open_database
from central.store.migrations import upgrade
from central.store.partitions import Partitions
from contract import keys
from tests.central.postgres import postgres_server

DATABASES = ("SQLite", "PostgreSQL")
AS_DEBIAN_HAS_IT = ("shared_buffers=128MB",)  # every commit is on disk before it is answered
UNTIL = "2031-12-31"


@contextmanager
def fresh_database(name: str, bench: Workbench) -> Iterator[tuple[Path, str]]:
    """A folder, and the address of an empty database of that kind."""
    folder = bench.folder_for(name)
    if name == "SQLite":
        yield folder, f"sqlite:///{folder / 'central.db'}"
        return
    with postgres_server(AS_DEBIAN_HAS_IT) as server:
        yield folder, server.new_database()


@contextmanager
def opened(address: str) -> Iterator[Database]:
    database = open_database(address)
    try:
        yield database
    finally:
        database.close()


def let_in(address: str, ateliers: Sequence[NightAtelier], days: Sequence[date]) -> None:
    """Tables, ateliers and their keys; the months of those days."""
    with opened(address) as database:
        upgrade(database)
        with database.writing() as db:
            members = [{"atelier": one.code, "name": f"Atelier {one.number}", "site": one.site} for one in ateliers]
            db.execute(insert(tables.atelier), members)
            db.execute(insert(tables.atelier_key), [_key(one) for one in ateliers])
        Partitions(database).ensure(days)


def _key(atelier: NightAtelier) -> dict[str, object]:
    public = keys.public_of(atelier.private_key)
    return {"atelier": atelier.code, "key_id": keys.key_id(public), "public_key": public, "until": UNTIL}
