"""Totals of orders, kept up with every sheet: a board over the whole network and all its days reads small tables."""

import operator
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, select

from central.domain.sheet_figures import NAMES, Figures, LineKey, columns_of
from central.store.staging import add_to_rows
from central.store.tables import order_day, progress, progress_day, progress_line


@dataclass(frozen=True, slots=True)
class OrderProgress:
    """Of an order at an atelier, for one of its shares. `allocation`: as the atelier says it, or ""."""

    order: str
    atelier: str
    allocation: str
    figures: Figures


@dataclass(frozen=True, slots=True)
class DayProgress:
    order: str
    atelier: str
    allocation: str
    day: date
    figures: Figures


@dataclass(frozen=True, slots=True)
class Difference:
    """What a sheet adds to what its atelier's sheet of that day had added before."""

    atelier: str
    day: date
    by_line: Mapping[LineKey, Figures]


def add(db: Connection, differences: Sequence[Difference]) -> None:
    by_share, by_line, by_day, by_order_day = _Sums(), _Sums(), _Sums(), _Sums()
    for one in differences:
        of_sheet = _Sums()
        for line, figures in one.by_line.items():
            share, added = (line.order, one.atelier, line.allocation), columns_of(figures)
            of_sheet.add(share, added)
            by_line.add((*share, line.size, line.colour), added)
        for share, added in of_sheet.items():
            by_share.add(share, added)
            by_day.add((*share, one.day), added)
            by_order_day.add((share[0], one.day), added)
    tables = ((progress, by_share), (progress_line, by_line), (progress_day, by_day), (order_day, by_order_day))
    for table, sums in tables:
        add_to_rows(db, table, [(*key, *added) for key, added in sums.items()])


def of_orders(db: Connection, orders: Sequence[str] | None = None) -> list[OrderProgress]:
    """Of those orders, or of all: a row for each share that any sheet says anything of."""
    chosen = select(progress.c.order_code, progress.c.atelier, progress.c.allocation, *_figures(progress)).where(
        progress.c.mentions > 0
    )
    if orders is not None:
        chosen = chosen.where(progress.c.order_code.in_(orders))
    ordered = chosen.order_by(progress.c.order_code, progress.c.atelier, progress.c.allocation)
    return [OrderProgress(row[0], row[1], row[2], Figures(*row[3:])) for row in db.execute(ordered)]


def of_atelier(db: Connection, atelier: str) -> list[OrderProgress]:
    chosen = select(progress.c.order_code, progress.c.atelier, progress.c.allocation, *_figures(progress))
    rows = db.execute(chosen.where(progress.c.atelier == atelier, progress.c.mentions > 0))
    return [OrderProgress(row[0], row[1], row[2], Figures(*row[3:])) for row in rows]


def totals(db: Connection) -> dict[str, Figures]:
    """By order, all ateliers together."""
    sums = [func.sum(column) for column in _figures(progress)]
    rows = db.execute(
        select(progress.c.order_code, *sums).where(progress.c.mentions > 0).group_by(progress.c.order_code)
    )
    return {row[0]: _summed(row[1:]) for row in rows}


def totals_of(db: Connection, order: str) -> Figures | None:
    """Of one order, all ateliers together; `None`: no sheet speaks of it."""
    sums = [func.sum(column) for column in _figures(progress)]
    row = db.execute(select(*sums).where(progress.c.order_code == order, progress.c.mentions > 0)).one()
    return None if row[0] is None else _summed(row)


def finished_by_day(db: Connection, order: str) -> dict[date, int]:
    """Pieces, all ateliers together; days on which nothing was finished are left out."""
    table = order_day
    rows = db.execute(select(table.c.day, table.c.finished).where(table.c.order_code == order, table.c.finished != 0))
    return {row[0]: int(row[1]) for row in rows}


def finished_lately(db: Connection, since: date) -> dict[str, dict[date, int]]:
    """The same of every order, from that day on."""
    table = order_day
    rows = db.execute(
        select(table.c.order_code, table.c.day, table.c.finished).where(table.c.day >= since, table.c.finished != 0)
    )
    found: dict[str, dict[date, int]] = {}
    for order, day, pieces in rows:
        found.setdefault(order, {})[day] = int(pieces)
    return found


def lines_of_order(db: Connection, order: str, *, atelier: str | None = None) -> dict[tuple[str, str], Figures]:
    """By (size, colour), all ateliers together or one."""
    table = progress_line
    chosen = select(table.c.size, table.c.colour, *(func.sum(column) for column in _figures(table)))
    chosen = chosen.where(table.c.order_code == order, table.c.mentions > 0)
    if atelier is not None:
        chosen = chosen.where(table.c.atelier == atelier)
    rows = db.execute(chosen.group_by(table.c.size, table.c.colour).order_by(table.c.size, table.c.colour))
    return {(row[0], row[1]): _summed(row[2:]) for row in rows}


def days_of_order(
    db: Connection, order: str, *, from_day: date, to_day: date, atelier: str | None = None
) -> list[DayProgress]:
    """By atelier, share and day; both ends included."""
    table = progress_day
    chosen = select(table.c.order_code, table.c.atelier, table.c.allocation, table.c.day, *_figures(table))
    chosen = chosen.where(table.c.order_code == order, table.c.day.between(from_day, to_day), table.c.mentions > 0)
    if atelier is not None:
        chosen = chosen.where(table.c.atelier == atelier)
    ordered = chosen.order_by(table.c.atelier, table.c.allocation, table.c.day)
    return [DayProgress(row[0], row[1], row[2], row[3], Figures(*row[4:])) for row in db.execute(ordered)]


class _Sums(dict[tuple[Any, ...], tuple[int, ...]]):
    """Figures by key, as the tables have their columns: there are many, and adding Figures up takes several times as long."""

    def add(self, key: tuple[Any, ...], added: tuple[int, ...]) -> None:
        self[key] = tuple(map(operator.add, self[key], added)) if key in self else added


def _figures(table: Any) -> list[ColumnElement[int]]:
    return [table.c[name] for name in NAMES]


def _summed(sums: Sequence[Any]) -> Figures:
    return Figures(*(int(value) for value in sums))  # PostgreSQL adds bigint up as numeric
