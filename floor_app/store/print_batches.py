"""What a batch of labels is of, and its labels with what stands on them: for a person who decides which still have to come out."""

from collections.abc import Collection
from dataclasses import dataclass

import sqlite_utils


@dataclass(frozen=True, slots=True)
class BatchTitle:
    """Bundle numbers are those within the order. `is_reprint`: one label again, a DUPLICATA."""

    order: str
    lay: int
    first_number: int
    last_number: int
    is_reprint: bool


@dataclass(frozen=True, slots=True)
class BatchLabel:
    """One label and how it ended. `changed_at_ms` tells apart two turns of the same label through the printer."""

    job: int
    code: str
    duplicate: int
    state: str
    fault: str
    changed_at_ms: int
    number: int
    order: str
    size: str
    colour: str
    shade: str
    quantity: int
    bundle_status: str


def batch_titles(db: sqlite_utils.Database, batches: Collection[int]) -> dict[int, BatchTitle]:
    marks = ",".join("?" * len(batches))
    rows = db.conn.execute(
        "SELECT j.batch, min(o.code), min(y.number), min(b.number), max(b.number), min(j.duplicate) > 0 AND count(*) = 1"
        f" {_TABLES} WHERE j.batch IN ({marks}) GROUP BY j.batch",
        tuple(batches),
    )
    return {
        batch: BatchTitle(order, lay, first, last, is_reprint=bool(reprint))
        for batch, order, lay, first, last, reprint in rows
    }


def labels_of_batch(db: sqlite_utils.Database, batch: int) -> list[BatchLabel]:
    """In the order they go to the printer."""
    rows = db.conn.execute(
        "SELECT j.id, j.bundle, j.duplicate, j.state, j.fault, j.changed_at_ms, b.number, o.code, l.size, l.colour,"
        f" b.shade, b.quantity, b.status {_TABLES} WHERE j.batch = ? ORDER BY j.id",
        (batch,),
    )
    return [BatchLabel(*row) for row in rows]


_TABLES = (
    "FROM print_job j JOIN bundle b ON b.code = j.bundle JOIN order_line l ON l.id = b.order_line_id"
    " JOIN lay y ON y.id = b.lay_id JOIN orders o ON o.id = l.order_id"
)
