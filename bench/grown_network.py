"""A network after years, written straight into the totals that sheets leave: what the centre would have kept, thousands of times faster."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import insert, text

from bench import centres
from bench.network_sheets import COLOURS, DAY, ORDERS, SIZES, NightAtelier, order_code
from central.store import tables
from central.store.database import Database
from central.store.partitions import Partitions

CUT, SEWN, FINISHED, SECOND = 64, 62, 60, 1  # a day
NOW_MS = 1_795_521_600_000  # the day after `DAY`, 12:00 UTC
ORDERED = 900_000  # pieces of an order
_REST = (0, 0, 0, 0, 0, 0)
Row = tuple[Any, ...]


def grow(address: str, members: Sequence[NightAtelier], days: int) -> None:
    """The last day is `DAY`; each atelier works on one of its two orders a day."""
    every_day = [DAY - timedelta(days=back) for back in reversed(range(days))]
    centres.let_in(address, members, [DAY])
    with centres.opened(address) as database:
        Partitions(database).ensure(every_day)
        with database.writing() as db:
            db.execute(insert(tables.shared_order), [_order(number) for number in range(ORDERS)])
            db.execute(insert(tables.order_line), [line for number in range(ORDERS) for line in _lines(number)])
        _fill(database, "progress_day", (row for day in every_day for row in _days(members, day)))
        _fill(database, "progress", (row for one in members for row in _shares(one, days)))
        _fill(database, "progress_line", (row for one in members for row in _share_lines(one, days)))
        _fill(database, "order_day", (row for day in every_day for row in _order_days(members, day)))
        with database.writing() as db:
            db.execute(insert(tables.allocation), [share for one in members for share in _allocations(one, days)])
        _fill(database, "atelier_news", ((one.code, DAY, days, 0, NOW_MS - one.number) for one in members))
        with database.writing() as db:
            db.execute(text("ANALYZE"))


def _order(number: int) -> dict[str, Any]:
    due = DAY + timedelta(days=5 + number)
    return {"order_code": order_code(number), "client": "Ville de Lille", "style": "Tablier", "due": due.isoformat()}


def _lines(number: int) -> Iterator[dict[str, Any]]:
    lines = [(size, colour) for size in SIZES for colour in COLOURS]
    for position, (size, colour) in enumerate(lines):
        said = {"order_code": order_code(number), "size": size, "colour": colour, "position": position}
        yield said | {"quantity": ORDERED // len(lines)}


def _days(members: Sequence[NightAtelier], day: date) -> Iterator[Row]:
    for one in members:
        order = one.orders[day.toordinal() % len(one.orders)]
        yield order, one.code, f"{order}.1", day, CUT, SEWN, FINISHED, SECOND, *_REST, 1


def _order_days(members: Sequence[NightAtelier], day: date) -> Iterator[Row]:
    for order, count in Counter(one.orders[day.toordinal() % len(one.orders)] for one in members).items():
        yield order, day, *_times(count), count


def _allocations(one: NightAtelier, days: int) -> Iterator[dict[str, Any]]:
    for order in one.orders:
        said = {"order_code": order, "allocation": f"{order}.{one.number}", "atelier": one.code, "revision": 1}
        yield said | {"state": "accepted", "pieces": FINISHED * days, "made_at_ms": NOW_MS, "changed_at_ms": NOW_MS}


def _shares(one: NightAtelier, days: int) -> Iterator[Row]:
    for order in one.orders:
        half = days // len(one.orders)
        yield order, one.code, f"{order}.1", *_times(half), half


def _share_lines(one: NightAtelier, days: int) -> Iterator[Row]:
    for order in one.orders:
        for size in SIZES:
            for colour in COLOURS:
                part = days // (len(one.orders) * len(SIZES) * len(COLOURS))
                yield order, one.code, f"{order}.1", size, colour, *_times(part), max(1, part)


def _times(days: int) -> Row:
    return (CUT * days, SEWN * days, FINISHED * days, SECOND * days, *_REST)


def _fill(database: Database, table: str, rows: Iterator[Row]) -> None:
    with database.writing() as db:
        connection: Any = db.connection.driver_connection
        if database.is_postgresql:
            with connection.cursor() as cursor, cursor.copy(f"COPY {table} FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
            return
        plain = (tuple(value.isoformat() if isinstance(value, date) else value for value in row) for row in rows)
        marks = ", ".join("?" * len(tables.metadata.tables[table].columns))
        connection.executemany(f"INSERT INTO {table} VALUES ({marks})", plain)
