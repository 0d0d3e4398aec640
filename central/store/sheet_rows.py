"""The rows of a day sheet, one table for each of its lists. They are numbered in an order of their own, so that a correction moves few."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, Table, bindparam, delete

from central.domain.new_sheets import NewSheet
from central.store.staging import Row, add_rows, put_rows
from central.store.tables import sheet_attendance, sheet_count, sheet_cut, sheet_hours, sheet_transfer

Said = Mapping[str, Any]


def put(db: Connection, new: Sequence[NewSheet]) -> None:
    """In place of those of the sheet before."""
    first, again = [one for one in new if one.before is None], [one for one in new if one.before is not None]
    for name, (table, columns, words) in _LISTS.items():
        add_rows(db, table, [row for one in first for row in _rows(one, name, columns, words)])
        put_rows(db, table, [row for one in again for row in _rows(one, name, columns, words)])
        _drop_rest(db, table, [(one, len(one.said[name])) for one in again if _shrank(one, name)])


def _rows(new: NewSheet, name: str, columns: Callable[[Said], Row], words: int) -> Iterator[Row]:
    """As the tables have their columns. In the order of their first columns, which are words: numbers change without moving a row."""
    atelier, day, counted = new.key.atelier, new.key.day, new.counted
    for number, row in enumerate(sorted(map(columns, new.said[name]), key=itemgetter(slice(words)))):
        yield (atelier, day, number, counted, *row)


def _shrank(new: NewSheet, name: str) -> bool:
    return new.before is not None and len(new.said[name]) < len(new.before[name])


def _drop_rest(db: Connection, table: Table, shorter: Sequence[tuple[NewSheet, int]]) -> None:
    """Rows that the new sheet has no more: the last ones."""
    if shorter:
        gone = delete(table).where(
            table.c.atelier == bindparam("of_atelier"),
            table.c.day == bindparam("of_day"),
            table.c.row >= bindparam("from_row"),
        )
        db.execute(
            gone,
            [{"of_atelier": new.key.atelier, "of_day": new.key.day, "from_row": length} for new, length in shorter],
        )


_LINE = ("order", "allocation", "size", "colour")
_cut = itemgetter(*_LINE, "pieces")
_count = itemgetter(
    *_LINE,
    *("operation", "section", "last", "section_last"),
    *("good", "second", "rejected", "to_rework", "from_rework", "presumed", "declared_missing", "defects"),
)
_transfer = itemgetter("note", "direction", "atelier", *_LINE, "sent", "received", "state")


def _attendance(row: Said) -> Row:
    lost = [{"reason": one["reason"], "minutes": one["minutes"]} for one in row["lost"]]
    return row["section"], row["minutes"], lost


def _hours(row: Said) -> Row:
    return row["contract"], row["minutes"], str(row["people"])


_LISTS: dict[str, tuple[Table, Callable[[Said], Row], int]] = {
    "cut": (sheet_cut, _cut, 4),
    "counts": (sheet_count, _count, 6),
    "transfers": (sheet_transfer, _transfer, 7),
    "attendance_minutes": (sheet_attendance, _attendance, 1),
    "insertion_hours": (sheet_hours, _hours, 1),
}
