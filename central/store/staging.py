"""Many rows at once: into a temporary table by the fastest way there is, and from there by one statement where they belong."""

import json
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import JSON, Column, Connection, MetaData, Table, delete, insert, select, true, tuple_
from sqlalchemy.schema import CreateTable

from central.store.statements import insert_into, key_of, rest_of

Row = Mapping[str, Any]


def put_rows(db: Connection, table: Table, rows: Sequence[Row]) -> None:
    """By their keys. A row that is there already and says the same is not written."""
    _merge(db, table, rows, adding=False)


def add_to_rows(db: Connection, table: Table, rows: Sequence[Row]) -> None:
    """All columns but the key are numbers, added to what is there."""
    _merge(db, table, rows, adding=True)


def _merge(db: Connection, table: Table, rows: Sequence[Row], *, adding: bool) -> None:
    if not rows:
        return
    staged = _stage(db, table, rows)
    names, key, rest = [column.name for column in table.columns], key_of(table), rest_of(table)
    # Sorted, so that two transactions that meet at the same rows take them in the same order. SQLite wants a WHERE before ON CONFLICT.
    chosen = select(*(staged.c[name] for name in names)).where(true()).order_by(*(staged.c[name] for name in key))
    statement = insert_into(db, table).from_select(names, chosen)
    new = {name: table.c[name] + statement.excluded[name] if adding else statement.excluded[name] for name in rest}
    differs = tuple_(*(table.c[name] for name in rest)) != tuple_(*(statement.excluded[name] for name in rest))
    db.execute(statement.on_conflict_do_update(index_elements=key, set_=new, where=None if adding else differs))


def _stage(db: Connection, table: Table, rows: Sequence[Row]) -> Table:
    staged = _staging_table(table)
    db.execute(CreateTable(staged, if_not_exists=True))
    if db.dialect.name == "postgresql":
        _copy(db, staged, rows)
    else:
        db.execute(delete(staged))
        db.execute(insert(staged), list(rows))
    return staged


@cache
def _staging_table(table: Table) -> Table:
    columns = (Column(column.name, column.type) for column in table.columns)
    options: dict[str, Any] = {"postgresql_on_commit": "DELETE ROWS"}
    return Table(f"incoming_{table.name}", MetaData(), *columns, prefixes=["TEMPORARY"], **options)


def _copy(db: Connection, staged: Table, rows: Iterable[Row]) -> None:
    """COPY, which SQLAlchemy does not speak. Names are ours, values go in as data."""
    names = [column.name for column in staged.columns]
    plain = [column.name for column in staged.columns if isinstance(column.type, JSON)]
    connection: Any = db.connection.driver_connection
    with connection.cursor() as cursor, cursor.copy(f"COPY {staged.name} ({', '.join(names)}) FROM STDIN") as copy:
        for row in rows:
            said = {**row, **{name: json.dumps(row[name]) for name in plain}}
            copy.write_row([said[name] for name in names])
