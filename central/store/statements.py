"""Inserts that may meet a row already there: both databases spell them alike, SQLAlchemy keeps one for each."""

from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite


def insert_into(db: Connection, table: Table) -> Any:
    """With `on_conflict_do_nothing`, `on_conflict_do_update` and `excluded`."""
    return insert_of(db.dialect.name, table)


def insert_of(dialect: str, table: Table) -> Any:
    """The same for a dialect by name."""
    return postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)


def key_of(table: Table) -> list[str]:
    return [column.name for column in table.primary_key]


def rest_of(table: Table) -> list[str]:
    return [column.name for column in table.columns if not column.primary_key]
