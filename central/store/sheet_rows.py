"""The rows of a day sheet, one table for each of its lists. They are numbered in an order of their own, so that a correction moves few."""

from collections.abc import Callable, Mapping, Sequence
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, Table, bindparam, delete

from central.domain.new_sheets import NewSheet, SheetKey
from central.store.staging import Row, add_rows, put_rows
from central.store.tables import sheet_attendance, sheet_count, sheet_cut, sheet_hours, sheet_transfer

Said = Mapping[str, Any]


def put(db: Connection, new: Sequence[NewSheet]) -> None:
    """In place of those of the sheet before."""
    first, again = [one for one in new if one.before is None], [one for one in new if one.before is not None]
    for name, (table, _, _) in _LISTS.items():
        add_rows(db, table, [row for one in first for row in one.content.rows[name]])
        put_rows(db, table, [row for one in again for row in one.content.rows[name]])
        _drop_rest(db, table, [(one, len(one.content.rows[name])) for one in again if _shrank(one, name)])


def rows_of(said: Said, key: SheetKey, *, counted: bool) -> dict[str, list[Row]]:
    """List → its rows, as the tables have their columns, in the order of their words: numbers change without moving a row."""
    found = {}
    for name, (_, columns, words) in _LISTS.items():
        in_order = sorted(map(columns, said[name]), key=itemgetter(slice(words)))
        found[name] = [(key.atelier, key.day, number, counted, *row) for number, row in enumerate(in_order)]
    return found


def _shrank(new: NewSheet, name: str) -> bool:
    return new.before is not None and len(new.content.rows[name]) < len(new.before[name])


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
