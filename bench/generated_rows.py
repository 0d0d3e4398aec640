"""Rows of a generated floor: what the tables say of an order, a lay and a bundle, as `store/projections.py` would have it."""

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field

from floor_app.domain.events import LayCut

STEPS = ("cut", "sew", "finish")
PIECES = 20  # a bundle
Row = tuple[object, ...]


@dataclass(slots=True)
class MadeOrder:
    """`first_line`: the id of its first line; `counted`: (line, step) → [good, second choice]."""

    id: int
    code: str
    import_id: str
    imported_at_ms: int
    first_line: int
    counted: dict[tuple[int, str], list[int]] = field(default_factory=dict)
    bundles_cut: int = 0


@dataclass(slots=True)
class MadeBundle:
    """`scans`: (seq, UTC ms, good, second choice) of the steps done so far."""

    id: int
    code: str
    order: MadeOrder
    size: str
    line: int
    number: int
    ply_from: int
    cut_at_ms: int
    lay: int = 0
    scans: list[tuple[int, int, int, int]] = field(default_factory=list)

    @property
    def ply_to(self) -> int:
        return self.ply_from + PIECES - 1


class Rows:
    """Collects rows by table and writes many at a time."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._rows: dict[str, list[Row]] = {}

    def add(self, table: str, *rows: Row) -> None:
        self._rows.setdefault(table, []).extend(rows)

    def write(self, *, when_more_than: int = 0) -> None:
        for table, rows in self._rows.items():
            if len(rows) > when_more_than:
                self._db.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(rows[0]))})", rows)
                rows.clear()


def order_row(order: MadeOrder, event_client: str, *, planned: int, closed: bool) -> Row:
    finished = sum(good for (_, step), (good, _) in order.counted.items() if step == STEPS[-1])
    said = (order.id, order.code, event_client, "", "", "", 0, order.import_id, "")
    return (*said, order.imported_at_ms, planned, finished, int(closed), 0, "", 0, 0, 0)


def line_step_rows(order: MadeOrder) -> Iterator[Row]:
    return ((line, step, good, second, 0, 0, 0, 0, 0) for (line, step), (good, second) in order.counted.items())


def lay_row(seq: int, order: MadeOrder, lay: LayCut, at_ms: int) -> Row:
    plies, pieces = sum(roll[0] for roll in lay.rolls), sum(bundle[7] for bundle in lay.bundles)
    shown = (lay.lay_number, lay.colour, json.dumps(lay.marker), json.dumps(lay.rolls))
    return (seq, order.id, *shown, plies, pieces, order.bundles_cut, at_ms, 0, "", 0)


def bundle_row(bundle: MadeBundle) -> Row:
    finished = bundle.scans[-1][2] if len(bundle.scans) == len(STEPS) else 0
    lost = sum(second for _, _, _, second in bundle.scans)
    cut = (bundle.line, bundle.lay, bundle.number, "A", "", bundle.ply_from, bundle.ply_to, PIECES)
    return (bundle.id, bundle.code, *cut, "open", PIECES - finished - lost, 0, 0, 0)


def bundle_step_rows(bundle: MadeBundle) -> Iterator[Row]:
    for step, (seq, at_ms, good, second) in zip(STEPS, bundle.scans, strict=False):
        yield (bundle.id, step, good, second, 0, 0, 0, 0, 0, at_ms, 0, 0, 0, str(seq))
    if len(bundle.scans) < len(STEPS):
        since_ms = bundle.scans[-1][1] if bundle.scans else bundle.cut_at_ms
        yield (bundle.id, STEPS[len(bundle.scans)], 0, 0, 0, 0, 0, 0, 0, 0, PIECES, since_ms, 0, "")


def bundle_event_row(bundle: MadeBundle) -> Row:
    """Of its lay: counts are in its steps."""
    return (bundle.id, bundle.lay)
