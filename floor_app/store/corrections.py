"""Which later event says more of an earlier one: a lay taken back, a note cancelled, settled, confirmed.

Found from the event alone and from what was there before it, so that it is the same live, in a rebuild and years later.
"""

import sqlite_utils

from floor_app.domain.events import (
    DiscrepancySettled,
    Event,
    ImportUndone,
    LayUndone,
    ReceiptUndone,
    TransferCancelled,
    TransferConfirmed,
)

CORRECTING: frozenset[type[Event]] = frozenset(
    {ImportUndone, LayUndone, TransferCancelled, ReceiptUndone, DiscrepancySettled, TransferConfirmed}
)


def book(db: sqlite_utils.Database, seq: int) -> None:
    """What the event `seq`, of a type in `CORRECTING`, corrects."""
    for statement in _BOOK:
        db.conn.execute(f"{statement} AND e.seq = ?", (seq,))


def book_all(db: sqlite_utils.Database) -> None:
    """Of a log kept before corrections were."""
    for statement in _BOOK:
        db.conn.execute(statement)


_BOOK = (
    # The order that bore the code then is the newest that was there.
    "INSERT INTO correction SELECT (SELECT max(y.id) FROM orders o JOIN lay y ON y.order_id = o.id WHERE o.code = e.body ->> 'order'"
    " AND y.number = e.body ->> 'lay_number' AND y.id < e.seq), e.seq FROM event e WHERE e.type = 'lay_undone'",
    "INSERT INTO correction SELECT y.id, e.seq FROM event e JOIN orders o ON o.import_id = e.body ->> 'import_id'"
    " JOIN lay y ON y.order_id = o.id AND y.note = '' AND y.id < e.seq WHERE e.type = 'import_undone'",
    "INSERT INTO correction SELECT (SELECT max(t.id) FROM transfer t WHERE t.note = e.body ->> 'note' AND t.id < e.seq), e.seq"
    " FROM event e WHERE e.type IN ('transfer_cancelled', 'receipt_undone', 'discrepancy_settled', 'transfer_confirmed')",
)
