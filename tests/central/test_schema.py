"""The tables as they are in a real database: as the migrations make them, by month, and fit to be spread over several machines."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, inspect, text

from central.centre import Centre
from central.store.database import Database, open_database
from central.store.migrations import NewerSchema, newest_revision, upgrade
from central.store.partitions import Partitions
from central.store.tables import BY_ATELIER, BY_MONTH, BY_ORDER, REFERENCE, metadata
from tests.central.postgres import PostgresServer
from tests.central.sheets import a_sheet, offered

SPREAD = {table.name: table.info["spread"] for table in metadata.sorted_tables}
# What create_distributed_table refuses (Citus 12, « Table distribution limitations »), asked of PostgreSQL's own catalog.
KEYS = """
    SELECT c.conrelid::regclass::text AS table, c.contype AS kind,
           array(SELECT a.attname::text FROM unnest(c.conkey) WITH ORDINALITY k(n, place)
                 JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.n ORDER BY place) AS columns,
           c.confrelid::regclass::text AS other,
           array(SELECT a.attname::text FROM unnest(c.confkey) WITH ORDINALITY k(n, place)
                 JOIN pg_attribute a ON a.attrelid = c.confrelid AND a.attnum = k.n ORDER BY place) AS other_columns
    FROM pg_constraint c WHERE c.connamespace = 'public'::regnamespace AND c.contype IN ('p', 'u', 'f', 'x')
"""
UNIQUE_INDEXES = """
    SELECT i.indrelid::regclass::text AS table, i.indexprs IS NULL AND i.indpred IS NULL AS plain,
           array(SELECT a.attname::text FROM unnest(i.indkey) WITH ORDINALITY k(n, place)
                 JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.n ORDER BY place) AS columns
    FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
    WHERE i.indisunique AND c.relnamespace = 'public'::regnamespace
"""
COLUMNS = """
    SELECT c.relname::text AS table, a.attname::text AS column, a.attnotnull AS always, a.attgenerated <> '' AS generated,
           a.attidentity <> '' AS identity,
           EXISTS (SELECT 1 FROM pg_opclass o JOIN pg_am m ON m.oid = o.opcmethod
                   WHERE m.amname = 'hash' AND o.opcintype = a.atttypid AND o.opcdefault) AS hashable
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND a.attnum > 0
"""
OTHERS = """
    SELECT c.relname::text AS table, c.relkind::text AS kind, c.relpersistence::text AS persistence,
           c.relhasrules AS rules, c.relrowsecurity AS row_security,
           EXISTS (SELECT 1 FROM pg_trigger t WHERE t.tgrelid = c.oid AND NOT t.tgisinternal) AS triggers,
           EXISTS (SELECT 1 FROM pg_inherits h WHERE h.inhrelid = c.oid) AND NOT c.relispartition AS inherits,
           (SELECT inhparent::regclass::text FROM pg_inherits h WHERE h.inhrelid = c.oid) AS parent
    FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
"""


@pytest.fixture
def fresh(request: pytest.FixtureRequest, address: str) -> Database:
    """Upgraded from nothing, once more."""
    database = open_database(address)
    request.addfinalizer(database.close)
    upgrade(database)
    return database


def spread_of(table: str) -> str:
    """A partition is spread as the table it is a part of."""
    return SPREAD[next(name for name in sorted(SPREAD, key=len, reverse=True) if table.startswith(name))]


@pytest.fixture
def catalog(postgres: PostgresServer, empty_postgres: str) -> Callable[[str], list[Any]]:
    """Of a database with partitions."""
    database = open_database(postgres.new_database(template=empty_postgres))
    Partitions(database).ensure([date(2026, 11, 23), date(2026, 12, 1)])

    def ask(question: str) -> list[Any]:
        with database.reading() as db:
            rows = db.execute(text(question)).all()
        return [row for row in rows if row.table != "alembic_version"]

    yield ask
    database.close()


def test_a_database_upgraded_from_nothing_has_the_tables_the_code_speaks_of(fresh: Database) -> None:
    with fresh.reading() as db:
        # SQLite gives defaults back as they were written, which Alembic takes for others.
        options = {"compare_type": True, "compare_server_default": fresh.is_postgresql}
        context = MigrationContext.configure(db, opts=options)
        assert compare_metadata(context, metadata) == []
        assert context.get_current_revision() == newest_revision()


def test_upgrading_again_changes_nothing_and_processes_that_start_together_agree(
    postgres: PostgresServer, tmp_path: Any
) -> None:
    for address in (postgres.new_database(), f"sqlite:///{tmp_path / 'central.db'}"):
        started = [open_database(address) for _ in range(4)]
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(upgrade, started))
        with started[0].reading() as db:
            assert set(metadata.tables) <= set(inspect(db).get_table_names())
        for database in started:
            database.close()


def test_a_database_of_a_newer_version_is_left_alone(fresh: Database) -> None:
    with fresh.writing() as db:
        db.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(NewerSchema):
        upgrade(fresh)


def test_every_table_says_how_it_is_spread() -> None:
    assert set(SPREAD.values()) == {BY_ATELIER, BY_ORDER, REFERENCE}
    assert {name for name, spread in SPREAD.items() if spread == REFERENCE} == {
        "account",
        "account_link",
        "atelier",
        "centre_fact",
        "contract",
    }, "small, and whole on every machine"


def test_every_key_begins_with_the_column_its_table_is_spread_by(catalog: Callable[[str], list[Any]]) -> None:
    keys = [row for row in catalog(KEYS) if row.kind in ("p", "u")] + catalog(UNIQUE_INDEXES)
    assert len({row.table for row in keys}) >= len(SPREAD)
    for row in keys:
        spread = spread_of(row.table)
        assert spread == REFERENCE or row.columns[0] == spread, row
    assert all(row.plain for row in catalog(UNIQUE_INDEXES))
    assert {row.kind for row in catalog(KEYS)} <= {"p", "u", "f"}, "no exclusion constraint"


def test_foreign_keys_stay_on_one_machine(catalog: Callable[[str], list[Any]]) -> None:
    """Between tables spread alike, by the column they are spread by; or to a table that is whole everywhere."""
    foreign = [row for row in catalog(KEYS) if row.kind == "f"]
    assert len(foreign) > 10
    for row in foreign:
        mine, other = spread_of(row.table), spread_of(row.other)
        if other == REFERENCE:
            continue
        assert mine == other, row
        assert (mine, mine) in zip(row.columns, row.other_columns, strict=True), row


def test_the_column_a_table_is_spread_by_can_be(catalog: Callable[[str], list[Any]]) -> None:
    for row in catalog(COLUMNS):
        assert not row.identity, row
        if row.column == spread_of(row.table):
            assert (row.always, row.generated, row.hashable) == (True, False, True), row


def test_nothing_else_stands_in_the_way_of_spreading(catalog: Callable[[str], list[Any]]) -> None:
    for row in catalog(OTHERS):
        assert row.persistence == "p", row
        assert not (row.rules or row.row_security or row.triggers or row.inherits), row


def test_tables_with_a_day_are_parted_by_month(catalog: Callable[[str], list[Any]]) -> None:
    rows = catalog(OTHERS)
    assert {row.table for row in rows if row.kind == "p"} == {table.name for table in BY_MONTH}
    assert {table.name for table in metadata.sorted_tables if "day" in table.primary_key.columns} == {
        *(table.name for table in BY_MONTH),
        "conflict",
        "order_day",
    }, "of conflicts there are few, and of orders by day"
    parts = {(row.parent, row.table) for row in rows if row.parent}
    assert parts == {(table.name, f"{table.name}_{month}") for table in BY_MONTH for month in ("2026_11", "2026_12")}


def test_months_are_made_as_their_first_sheet_comes(address: str, open_a_centre: Callable[[str], Centre]) -> None:
    """By several processes at once."""
    centres = [open_a_centre(address) for _ in range(2)]
    offers = [offered(a_sheet(day=f"{year}-{month:02}-01")) for year in (2024, 2025) for month in range(1, 13)]
    with ThreadPoolExecutor(8) as pool:
        taken = list(pool.map(lambda at: centres[at % 2].take_sheet(offers[at]).outcome, range(len(offers))))
    assert set(taken) == {"first"}
    with centres[0].reading() as db:
        parts = [name for name in inspect(db).get_table_names() if name.startswith("sheet_count_")]
        assert len(parts) == (24 if centres[0].database.is_postgresql else 0)
        assert _planned_parts(db) <= 1


def _planned_parts(db: Connection) -> int:
    """How many months PostgreSQL looks into for one day of one atelier."""
    if db.dialect.name == "sqlite":
        return 0
    question = "EXPLAIN SELECT * FROM sheet WHERE (atelier, day) IN (('lille', DATE '2025-03-01'))"
    return sum("Scan" in line for (line,) in db.execute(text(question)) if " on sheet_" in line)
