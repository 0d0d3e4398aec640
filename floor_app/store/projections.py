"""What the tables become when an event is recorded: one function per event type, the same for a live scan and for a rebuild."""

import json
from collections.abc import Callable
from typing import Any

import sqlite_utils

from floor_app.domain.events import (
    BundlesReceived,
    BundlesSent,
    ClockPutRight,
    CountUndone,
    DefectFound,
    DiscrepancySettled,
    Event,
    HelpAnswered,
    HelpCalled,
    ImportUndone,
    InsertionHoursConfirmed,
    LabelReprinted,
    LayCut,
    LayUndone,
    Moment,
    OfferAnswered,
    OrderClosed,
    OrderImported,
    OrderReopened,
    OrderRevised,
    OrderShared,
    PiecesDeclaredMissing,
    ReceiptUndone,
    ReworkDone,
    RoutingSet,
    StepDone,
    StepPresumed,
    StepSkipped,
    StylePictureSet,
    TransferCancelled,
    TransferConfirmed,
)
from floor_app.domain.progress import BundleState, added_by, in_progress, waiting, with_fact
from floor_app.store import bundles, clock_projections, corrections, events, hour_counts, transfer_projections
from floor_app.store.bundles import StandingBundle
from floor_app.store.events import StoredEvent
from floor_app.store.local_days import local_day_and_hour

TABLES = (
    "routing",
    "orders",
    "order_line",
    "lay",
    "bundle",
    "bundle_step",
    "bundle_event",
    "line_step",
    "count_hour",
    "undone_event",
    "help_call",
    "insertion_hours",
    "transfer",
    "transfer_bundle",
    "correction",
    "clock_shift",
    "offer_answer",
    "event_run",
    "style_picture",
)
Counting = StepDone | StepPresumed | StepSkipped | ReworkDone | PiecesDeclaredMissing


def record(db: sqlite_utils.Database, event: Event, *, event_id: str, moment: Moment, station: str = "") -> StoredEvent:
    """Appends an event and brings every table that depends on it up to date, in the writer's one transaction."""
    stored = events.append(db, event, event_id=event_id, moment=moment, station=station)
    apply(db, stored)
    return stored


def record_count(
    db: sqlite_utils.Database, event: Counting, *, event_id: str, moment: Moment, station: str, bundle: StandingBundle
) -> StoredEvent:
    """`record` for the hot path: a count of a bundle just read in this transaction, so that it is not read again."""
    stored = events.append(db, event, event_id=event_id, moment=moment, station=station)
    _count(db, stored, event, bundle, sign=1)
    return stored


def apply(db: sqlite_utils.Database, stored: StoredEvent) -> None:
    """Brings every table that depends on this event up to date. Inside a transaction."""
    _APPLY[type(stored.event)](db, stored, stored.event)
    if type(stored.event) in corrections.CORRECTING:
        corrections.book(db, stored.seq)


def _order_imported(db: sqlite_utils.Database, stored: StoredEvent, event: OrderImported) -> None:
    db.conn.execute(
        "INSERT INTO orders (id, code, client, contract, style, due, routing_id, import_id, source, imported_at_ms, planned,"
        " allocation, shared) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            stored.seq,
            event.order,
            event.client,
            event.contract,
            event.style,
            event.due,
            event.routing_id,
            event.import_id,
            event.source,
            stored.happened_at_ms,
            sum(line[2] for line in event.lines),
            event.allocation,
            event.allocation != "",
        ),
    )
    db.conn.executemany(
        "INSERT INTO order_line (order_id, size, colour, quantity) VALUES (?, ?, ?, ?)",
        [(stored.seq, *line) for line in event.lines],
    )


def _order_closed(db: sqlite_utils.Database, stored: StoredEvent, event: OrderClosed | OrderReopened) -> None:
    closed = isinstance(event, OrderClosed)
    db.conn.execute("UPDATE orders SET closed = ? WHERE code = ? AND undone = 0", (closed, event.order))


def _order_shared(db: sqlite_utils.Database, stored: StoredEvent, event: OrderShared) -> None:
    db.conn.execute(
        "UPDATE orders SET shared = ?, sharing_seq = ? WHERE code = ? AND undone = 0",
        (event.shared, stored.seq, event.order),
    )


def _order_revised(db: sqlite_utils.Database, stored: StoredEvent, event: OrderRevised) -> None:
    execute = db.conn.execute
    (order_id,) = execute("SELECT id FROM orders WHERE code = ? AND undone = 0", (event.order,)).fetchone()
    lines = {(size, colour) for size, colour, _ in event.lines}
    for line_id, *kind in execute("SELECT id, size, colour FROM order_line WHERE order_id = ?", (order_id,)).fetchall():
        if tuple(kind) not in lines:
            execute("DELETE FROM order_line WHERE id = ?", (line_id,))
    db.conn.executemany(
        "INSERT INTO order_line (order_id, size, colour, quantity) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (order_id, size, colour) DO UPDATE SET quantity = excluded.quantity",
        [(order_id, *line) for line in event.lines],
    )
    # An order that came with delivery notes alone is one of its own from now on.
    execute(
        "UPDATE orders SET import_id = iif(import_id = '', ?, import_id), shared = 1, sharing_seq = ?, allocation = ?"
        " WHERE id = ? AND allocation <> ?",
        (f"share-{event.allocation}", stored.seq, event.allocation, order_id, event.allocation),
    )
    execute(
        "UPDATE orders SET client = ?, contract = ?, style = ?, due = ?, cut_over = ?, planned = (SELECT max(0,"
        " sum(quantity + pieces_received - pieces_sent)) FROM order_line WHERE order_id = orders.id) WHERE id = ?",
        (event.client, event.contract, event.style, event.due, not event.cutting, order_id),
    )


def _offer_answered(db: sqlite_utils.Database, stored: StoredEvent, event: OfferAnswered) -> None:
    db.conn.execute(
        "INSERT OR REPLACE INTO offer_answer VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            *(event.allocation, event.revision, event.answer, event.reason, event.promised),
            *(stored.seq, stored.happened_at_ms),
        ),
    )


def _import_undone(db: sqlite_utils.Database, stored: StoredEvent, event: ImportUndone) -> None:
    orders = [row[0] for row in db.conn.execute("SELECT id FROM orders WHERE import_id = ?", (event.import_id,))]
    for order_id in orders:
        for (lay_id,) in db.conn.execute(
            "SELECT id FROM lay WHERE order_id = ? AND undone = 0", (order_id,)
        ).fetchall():
            _cancel_lay(db, lay_id)
    db.conn.execute("UPDATE orders SET undone = 1 WHERE import_id = ?", (event.import_id,))


def _routing_set(db: sqlite_utils.Database, stored: StoredEvent, event: RoutingSet) -> None:
    operations = json.dumps(event.operations, ensure_ascii=False)
    db.conn.execute("INSERT INTO routing VALUES (?, ?, ?, ?)", (stored.seq, event.style, event.version, operations))


def _style_picture_set(db: sqlite_utils.Database, stored: StoredEvent, event: StylePictureSet) -> None:
    db.conn.execute("DELETE FROM style_picture WHERE style = ?", (event.style,))
    if event.picture:
        db.conn.execute("INSERT INTO style_picture VALUES (?, ?)", (event.style, event.picture))


def _lay_cut(db: sqlite_utils.Database, stored: StoredEvent, event: LayCut) -> None:
    execute = db.conn.execute
    (order_id,) = execute("SELECT id FROM orders WHERE code = ? AND undone = 0", (event.order,)).fetchone()
    plies = sum(roll[0] for roll in event.rolls)
    pieces = sum(bundle[7] for bundle in event.bundles)
    execute(
        "INSERT INTO lay (id, order_id, number, colour, marker, rolls, plies, pieces, last_number, cut_at_ms)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            stored.seq,
            order_id,
            event.lay_number,
            event.colour,
            json.dumps(event.marker, ensure_ascii=False),
            json.dumps(event.rolls, ensure_ascii=False),
            plies,
            pieces,
            max(bundle[1] for bundle in event.bundles),
            stored.happened_at_ms,
        ),
    )
    lines = dict(execute("SELECT size, id FROM order_line WHERE order_id = ? AND colour = ?", (order_id, event.colour)))
    for code, number, size, shade, roll, ply_from, ply_to, quantity in event.bundles:
        bundle_id = execute(
            "INSERT INTO bundle (code, order_line_id, lay_id, number, shade, roll, ply_from, ply_to, quantity, status, in_progress)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'open', ?) RETURNING id",
            (code, lines[size], stored.seq, number, shade, roll, ply_from, ply_to, quantity, quantity),
        ).fetchone()[0]
        execute("UPDATE order_line SET pieces_cut = pieces_cut + ? WHERE id = ?", (quantity, lines[size]))
        _keep_in_history(db, bundle_id, stored.seq)
        _write_waiting(db, bundle_id, code, stored.happened_at_ms)


def _lay_undone(db: sqlite_utils.Database, stored: StoredEvent, event: LayUndone) -> None:
    (lay_id,) = db.conn.execute(
        "SELECT y.id FROM lay y JOIN orders o ON o.id = y.order_id WHERE o.code = ? AND o.undone = 0 AND y.number = ?",
        (event.order, event.lay_number),
    ).fetchone()
    _cancel_lay(db, lay_id)


def _cancel_lay(db: sqlite_utils.Database, lay_id: int) -> None:
    execute = db.conn.execute
    execute("UPDATE lay SET undone = 1 WHERE id = ?", (lay_id,))
    for bundle_id, line_id, quantity in execute(
        "SELECT id, order_line_id, quantity FROM bundle WHERE lay_id = ?", (lay_id,)
    ).fetchall():
        execute("UPDATE bundle SET status = 'cancelled', in_progress = 0 WHERE id = ?", (bundle_id,))
        execute("UPDATE bundle_step SET waiting = 0, waiting_since_ms = 0 WHERE bundle_id = ?", (bundle_id,))
        execute("UPDATE order_line SET pieces_cut = pieces_cut - ? WHERE id = ?", (quantity, line_id))


def _counted(db: sqlite_utils.Database, stored: StoredEvent, event: Counting) -> None:
    _count(db, stored, event, _made(db, event.bundle), sign=1)


def _made(db: sqlite_utils.Database, code: str) -> StandingBundle:
    bundle = bundles.standing(db, code)
    if bundle is None:
        raise LookupError("an event names a bundle that was never made")
    return bundle


def _count(
    db: sqlite_utils.Database, stored: StoredEvent, event: Counting, bundle: StandingBundle, *, sign: int
) -> None:
    """`sign` -1 takes the event back out of every total, in the day and hour it belongs to."""
    operation = event.operation
    after = with_fact(bundle.state, event, sign=sign, at_ms=stored.happened_at_ms)
    here = after.at(operation)
    finished = here.passed - bundle.state.at(operation).passed if operation == bundle.routing.last.code else 0
    waits_here, changed = _waiting_after(bundle, after, operation)
    changed_next, *changed_too = changed or [_NOWHERE]
    db.conn.execute(
        _BOOK,
        (
            *(stored.happened_at_ms, bundle.id, in_progress(after, bundle.routing), operation),
            *added_by(event, sign=sign),
            *(here.done_at_ms, waits_here, str(stored.seq) if sign > 0 else ""),
            *changed_next,
            *(bundle.order_id, finished, bundle.order_line_id),
            *local_day_and_hour(stored),
            *(sign * pieces for pieces in hour_counts.hour_numbers(event)),
        ),
    )
    for step, pieces in changed_too:  # of parallel branches
        db.conn.execute(_BOOK_WAITING, (bundle.id, step, pieces, stored.happened_at_ms if pieces else 0))


_BOOK = f"INSERT INTO count_to_book VALUES ({', '.join('?' * 28)})"
_BOOK_WAITING = (
    "INSERT INTO bundle_step (bundle_id, operation, waiting, waiting_since_ms) VALUES (?, ?, ?, ?)"
    " ON CONFLICT DO UPDATE SET waiting = excluded.waiting, waiting_since_ms = CASE WHEN excluded.waiting = 0 THEN 0"
    " WHEN waiting = 0 THEN excluded.waiting_since_ms ELSE waiting_since_ms END"
)
_NOWHERE = ("", 0)


def _waiting_after(bundle: StandingBundle, after: BundleState, operation: str) -> tuple[int, list[tuple[str, int]]]:
    """Pieces that wait at `operation` now, and (step, pieces) of each other step where another number waits than before."""
    here, changed, before = 0, list[tuple[str, int]](), bundle.waiting
    for step in bundle.routing.operations:
        pieces = waiting(after, bundle.routing, step)
        if step.code == operation:
            here = pieces
        elif pieces != before.get(step.code, 0):
            changed.append((step.code, pieces))
    return here, changed


def _write_waiting(db: sqlite_utils.Database, bundle_id: int, code: str, at_ms: int) -> None:
    """What waits of a bundle just made: everything, at the steps that need none before."""
    bundle = _made(db, code)
    for operation in bundle.routing.operations:
        if pieces := waiting(bundle.state, bundle.routing, operation):
            db.conn.execute(
                "INSERT INTO bundle_step (bundle_id, operation, waiting, waiting_since_ms) VALUES (?, ?, ?, ?)",
                (bundle_id, operation.code, pieces, at_ms),
            )


def _keep_in_history(db: sqlite_utils.Database, bundle_id: int, seq: int) -> None:
    db.conn.execute("INSERT INTO bundle_event VALUES (?, ?) ON CONFLICT DO NOTHING", (bundle_id, seq))


def _count_undone(db: sqlite_utils.Database, stored: StoredEvent, event: CountUndone) -> None:
    for seq in event.events:
        undone = events.by_seq(db, seq)
        if undone is None or not isinstance(undone.event, Counting):
            raise LookupError(f"event {stored.seq} takes back event {seq}, which is no count")
        bundle = _made(db, undone.event.bundle)
        _count(db, undone, undone.event, bundle, sign=-1)
        _keep_in_history(db, bundle.id, stored.seq)
        db.conn.execute("INSERT INTO undone_event VALUES (?, ?)", (seq, stored.seq))


def _defect_found(db: sqlite_utils.Database, stored: StoredEvent, event: DefectFound) -> None:
    bundle = _made(db, event.bundle)
    _keep_in_history(db, bundle.id, stored.seq)
    hour_counts.book_defects(db, event, local_day_and_hour(stored), bundle.order_line_id)


def _help_called(db: sqlite_utils.Database, stored: StoredEvent, event: HelpCalled) -> None:
    db.conn.execute(
        "INSERT INTO help_call VALUES (?, ?) ON CONFLICT DO NOTHING", (stored.station, stored.happened_at_ms)
    )


def _help_answered(db: sqlite_utils.Database, stored: StoredEvent, event: HelpAnswered) -> None:
    db.conn.execute("DELETE FROM help_call WHERE station = ?", (stored.station,))


def _label_reprinted(db: sqlite_utils.Database, stored: StoredEvent, event: LabelReprinted) -> None:
    db.conn.execute("UPDATE bundle SET duplicates = ? WHERE code = ?", (event.duplicate, event.bundle))
    _keep_in_history(db, _made(db, event.bundle).id, stored.seq)


def _insertion_hours_confirmed(db: sqlite_utils.Database, stored: StoredEvent, event: InsertionHoursConfirmed) -> None:
    db.conn.execute("DELETE FROM insertion_hours WHERE day = ?", (event.day,))
    db.conn.executemany(
        "INSERT INTO insertion_hours VALUES (?, ?, ?, ?)", [(event.day, *total) for total in event.totals]
    )


_APPLY: dict[type[Event], Callable[[sqlite_utils.Database, StoredEvent, Any], None]] = {
    OrderImported: _order_imported,
    OrderClosed: _order_closed,
    OrderReopened: _order_closed,
    OrderShared: _order_shared,
    OrderRevised: _order_revised,
    OfferAnswered: _offer_answered,
    ImportUndone: _import_undone,
    RoutingSet: _routing_set,
    StylePictureSet: _style_picture_set,
    LayCut: _lay_cut,
    LayUndone: _lay_undone,
    StepDone: _counted,
    StepPresumed: _counted,
    StepSkipped: _counted,
    ReworkDone: _counted,
    PiecesDeclaredMissing: _counted,
    CountUndone: _count_undone,
    DefectFound: _defect_found,
    HelpCalled: _help_called,
    HelpAnswered: _help_answered,
    LabelReprinted: _label_reprinted,
    InsertionHoursConfirmed: _insertion_hours_confirmed,
    BundlesSent: transfer_projections.bundles_sent,
    TransferCancelled: transfer_projections.transfer_cancelled,
    BundlesReceived: transfer_projections.bundles_received,
    ReceiptUndone: transfer_projections.receipt_undone,
    DiscrepancySettled: transfer_projections.discrepancy_settled,
    TransferConfirmed: transfer_projections.transfer_confirmed,
    ClockPutRight: clock_projections.clock_put_right,
}
