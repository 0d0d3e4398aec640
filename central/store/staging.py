"""Many rows at once. New ones go straight where they belong; others into a temporary table, and from there by one statement."""

import json
from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import JSON, Column, Connection, Dialect, MetaData, Table, delete, insert, select, true, tuple_
from sqlalchemy.schema import CreateTable

from central.store.statements import insert_of, key_of, rest_of

Row = tuple[Any, ...]
"""Values in the order of the table's columns."""


def add_rows(db: Connection, table: Table, rows: Sequence[Row]) -> None:
    """Of keys that are not there, as the caller knows: IntegrityError where one is."""
    if rows:
        _write(db, table, rows)


def put_rows(db: Connection, table: Table, rows: Sequence[Row]) -> None:
    """By their keys. A row that is there already and says the same is not written."""
    _merge(db, table, rows, adding=False)


def add_to_rows(db: Connection, table: Table, rows: Sequence[Row]) -> None:
    """All columns but the key are numbers, added to what is there."""
    _merge(db, table, rows, adding=True)


def _merge(db: Connection, table: Table, rows: Sequence[Row], *, adding: bool) -> None:
    if rows:
        _stage(db, table, rows)
        db.execute(_merging(table, db.dialect.name, adding=adding))


@cache
def _merging(table: Table, dialect: str, *, adding: bool) -> Any:
    """The statement from the temporary table to the one it stands for: made once, that takes as long as many rows."""
    staged, filled = _staging_table(table), insert_of(dialect, table)
    names, key, rest = [column.name for column in table.columns], key_of(table), rest_of(table)
    # Sorted, so that two transactions that meet at the same rows take them in the same order. SQLite wants a WHERE before ON CONFLICT.
    chosen = select(*(staged.c[name] for name in names)).where(true()).order_by(*(staged.c[name] for name in key))
    filled = filled.from_select(names, chosen)
    new = {name: table.c[name] + filled.excluded[name] if adding else filled.excluded[name] for name in rest}
    differs = tuple_(*(table.c[name] for name in rest)) != tuple_(*(filled.excluded[name] for name in rest))
    return filled.on_conflict_do_update(index_elements=key, set_=new, where=None if adding else differs)


def _stage(db: Connection, table: Table, rows: Sequence[Row]) -> None:
    staged = _staging_table(table)
    db.exec_driver_sql(_creating(staged, db.dialect))
    if db.dialect.name != "postgresql":
        db.execute(delete(staged))
    _write(db, staged, rows)


@cache
def _creating(staged: Table, dialect: Dialect) -> str:
    """Written once: a statement that makes a table is nowhere else kept compiled."""
    return str(CreateTable(staged, if_not_exists=True).compile(dialect=dialect))


@cache
def _staging_table(table: Table) -> Table:
    columns = (Column(column.name, column.type) for column in table.columns)
    options: dict[str, Any] = {"postgresql_on_commit": "DELETE ROWS"}
    return Table(f"incoming_{table.name}", MetaData(), *columns, prefixes=["TEMPORARY"], **options)


def _write(db: Connection, table: Table, rows: Sequence[Row]) -> None:
    if db.dialect.name == "postgresql":
        _copy(db, table, rows)
    else:
        names = [column.name for column in table.columns]
        db.execute(insert(table), [dict(zip(names, row, strict=True)) for row in rows])


def _copy(db: Connection, table: Table, rows: Sequence[Row]) -> None:
    """COPY, which SQLAlchemy does not speak. Names are ours, values go in as data."""
    names = [column.name for column in table.columns]
    as_json = [place for place, column in enumerate(table.columns) if isinstance(column.type, JSON)]
    connection: Any = db.connection.driver_connection
    with connection.cursor() as cursor, cursor.copy(f"COPY {table.name} ({', '.join(names)}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(_with_json(row, as_json) if as_json else row)


def _with_json(row: Row, places: Sequence[int]) -> Row:
    said = list(row)
    for place in places:
        said[place] = json.dumps(said[place])
    return tuple(said)
