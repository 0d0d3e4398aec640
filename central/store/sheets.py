"""Day sheets held: of each atelier and day the newest, whole, with its rows beside it."""

import json
import zlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, Select, select, tuple_

from central.domain.new_sheets import NewSheet, SheetKey
from central.domain.sheet_rules import Version
from central.store import sheet_rows
from central.store.staging import Row, add_rows, put_rows
from central.store.tables import sheet


@dataclass(frozen=True, slots=True)
class HeldSheet:
    """As it is listed: without its body."""

    key: SheetKey
    version: Version
    clock: str
    gaps: list[dict[str, Any]]
    received_at_ms: int
    road: str


def held(db: Connection, keys: Collection[SheetKey]) -> dict[SheetKey, HeldSheet]:
    """Of those keys the ones there are."""
    return {one.key: one for one in map(_held, db.execute(_of_keys(select(*_LISTED), keys)))}


def bodies(db: Connection, keys: Collection[SheetKey]) -> dict[SheetKey, dict[str, Any]]:
    """The sheets themselves, as JSON."""
    rows = db.execute(_of_keys(select(sheet.c.atelier, sheet.c.day, sheet.c.body), keys))
    return {SheetKey(row.atelier, row.day): json.loads(zlib.decompress(row.body)) for row in rows}


def of_atelier(
    db: Connection, atelier: str, *, from_day: date, to_day: date, limit: int, with_gap: bool = False
) -> list[HeldSheet]:
    """By day, both ends included. `with_gap`: only those that count nowhere."""
    chosen = select(*_LISTED).where(sheet.c.atelier == atelier, sheet.c.day.between(from_day, to_day))
    if with_gap:
        chosen = chosen.where(sheet.c.counted.is_(False))
    return [_held(row) for row in db.execute(chosen.order_by(sheet.c.day).limit(limit))]


def with_gaps(db: Connection, *, limit: int = 500) -> list[HeldSheet]:
    """Of the whole network, the newest day first."""
    chosen = select(*_LISTED).where(sheet.c.counted.is_(False)).order_by(sheet.c.day.desc(), sheet.c.atelier)
    return [_held(row) for row in db.execute(chosen.limit(limit))]


def put(db: Connection, new: Sequence[NewSheet]) -> None:
    """Each key once. Rows that say the same as before are not written anew. Whoever puts holds the ateliers' locks."""
    add_rows(db, sheet, [_row(one) for one in new if one.before is None])
    put_rows(db, sheet, [_row(one) for one in new if one.before is not None])
    sheet_rows.put(db, new)


_LISTED = (
    sheet.c.atelier,
    sheet.c.day,
    sheet.c.revision,
    sheet.c.digest,
    sheet.c.last_event,
    sheet.c.clock,
    sheet.c.gaps,
    sheet.c.received_at_ms,
    sheet.c.road,
)


def _of_keys(chosen: Select[Any], keys: Collection[SheetKey]) -> Select[Any]:
    return chosen.where(tuple_(sheet.c.atelier, sheet.c.day).in_([(key.atelier, key.day) for key in sorted(keys)]))


def _held(row: Any) -> HeldSheet:
    version = Version(row.revision, row.digest, row.last_event)
    return HeldSheet(SheetKey(row.atelier, row.day), version, row.clock, row.gaps, row.received_at_ms, row.road)


def _row(new: NewSheet) -> Row:
    """As the table has its columns."""
    said = new.content.said
    events = said["events"]
    return (
        new.key.atelier,
        new.key.day,
        new.version.revision,
        new.version.digest,
        events["first"],
        new.version.last_event,
        events["count"],
        said["timezone"],
        said["clock"],
        list(new.content.gaps),
        new.counted,
        new.received_at_ms,
        new.road,
        new.content.packed,
    )
