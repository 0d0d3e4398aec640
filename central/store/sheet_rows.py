"""The rows of a day sheet, one table for each of its lists. They are numbered in an order of their own, so that a correction moves few."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Table, bindparam, delete

from central.store.staging import put_rows
from central.store.tables import sheet_attendance, sheet_count, sheet_cut, sheet_hours, sheet_transfer

if TYPE_CHECKING:
    from central.store.sheets import NewSheet

Said = Mapping[str, Any]


def put(db: Connection, new: Sequence["NewSheet"]) -> None:
    """In place of those of the sheet before."""
    for name, (table, columns) in _LISTS.items():
        put_rows(db, table, [row for one in new for row in _rows(one, name, columns)])
        _drop_rest(db, table, [(one, len(one.said[name])) for one in new if one.before and _shrank(one, name)])


def _rows(new: "NewSheet", name: str, columns: Callable[[Said], dict[str, Any]]) -> Iterable[dict[str, Any]]:
    said = sorted((columns(row) for row in new.said[name]), key=lambda row: [str(value) for value in row.values()])
    common = {"atelier": new.key.atelier, "day": new.key.day, "counted": new.counted}
    return ({**common, "row": number, **row} for number, row in enumerate(said))


def _shrank(new: "NewSheet", name: str) -> bool:
    return new.before is not None and len(new.said[name]) < len(new.before[name])


def _drop_rest(db: Connection, table: Table, shorter: Sequence[tuple["NewSheet", int]]) -> None:
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


def _line(row: Said) -> dict[str, Any]:
    return {
        "order_code": row["order"],
        "allocation": row["allocation"],
        "size": row["size"],
        "colour": row["colour"],
    }


def _cut(row: Said) -> dict[str, Any]:
    return {**_line(row), "pieces": row["pieces"]}


_COUNTED = ("good", "second", "rejected", "to_rework", "from_rework", "presumed", "declared_missing", "defects")


def _count(row: Said) -> dict[str, Any]:
    step = {"operation": row["operation"], "section": row["section"]}
    ends = {"last": row["last"], "section_last": row["section_last"]}
    return {**_line(row), **step, **ends, **{name: row[name] for name in _COUNTED}}


def _transfer(row: Said) -> dict[str, Any]:
    note = {"note": row["note"], "direction": row["direction"], "other_atelier": row["atelier"]}
    return {**note, **_line(row), "sent": row["sent"], "received": row["received"], "state": row["state"]}


def _attendance(row: Said) -> dict[str, Any]:
    lost = [{"reason": one["reason"], "minutes": one["minutes"]} for one in row["lost"]]
    return {"section": row["section"], "minutes": row["minutes"], "lost": lost}


def _hours(row: Said) -> dict[str, Any]:
    return {"contract": row["contract"], "minutes": row["minutes"], "people": str(row["people"])}


_LISTS: dict[str, tuple[Table, Callable[[Said], dict[str, Any]]]] = {
    "cut": (sheet_cut, _cut),
    "counts": (sheet_count, _count),
    "transfers": (sheet_transfer, _transfer),
    "attendance_minutes": (sheet_attendance, _attendance),
    "insertion_hours": (sheet_hours, _hours),
}
