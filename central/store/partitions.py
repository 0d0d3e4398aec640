"""Months of the tables that have a day: made before the first row of a month comes. SQLite has none."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import Connection, inspect, text

from central.store.database import Database
from central.store.locks import lock_whole
from central.store.tables import BY_MONTH


class Partitions:
    """Remembers the months this process has seen made."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._made: set[date] = set()

    def ensure(self, days: Iterable[date]) -> None:
        """In a transaction of its own, before the one that writes."""
        missing = {day.replace(day=1) for day in days} - self._made
        if missing and self._database.is_postgresql:
            with self._database.writing() as connection:
                make_months(connection, missing)
        self._made |= missing


def make_months(connection: Connection, months: Iterable[date]) -> None:
    """`months`: first days. What is there already stays as it is.

    Made aside and then attached, which locks nobody out; made as a part, each would wait for all who read and write the whole.
    """
    lock_whole(connection, "partitions")
    there = set(inspect(connection).get_table_names())
    for month in sorted(months):
        for table in BY_MONTH:
            name = f"{table.name}_{month:%Y_%m}"
            if name not in there:
                connection.execute(text(f"CREATE TABLE {name} (LIKE {table.name} INCLUDING ALL)"))
                bounds = f"FROM ('{month}') TO ('{_next(month)}')"
                connection.execute(text(f"ALTER TABLE {table.name} ATTACH PARTITION {name} FOR VALUES {bounds}"))


def _next(month: date) -> date:
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)
