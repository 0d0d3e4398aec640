"""What the tables become when bundles leave for another atelier or come from one: registered in `projections`.

Pieces that leave take with them what was done to them (`bundle_step.elsewhere` goes down by it), pieces that come bring it. What
was counted here before stays counted here, so a bundle that comes back after a while is one bundle with one story.
"""

from dataclasses import dataclass
from typing import Any

import sqlite_utils

from floor_app.domain.events import (
    BundlesReceived,
    BundlesSent,
    DiscrepancySettled,
    ReceiptUndone,
    TransferCancelled,
    TransferConfirmed,
)
from floor_app.domain.progress import BundleStatus, in_progress, waiting
from floor_app.domain.transfers import NoteBundle, Steps, TransferState, state_on_arrival, steps_of
from floor_app.store import bundles, events
from floor_app.store.bundles_from_elsewhere import line_of, make_known, order_of
from floor_app.store.events import StoredEvent
from floor_app.store.local_days import local_day_and_hour


@dataclass(frozen=True, slots=True)
class _Note:
    """A note as booked: `id` is the seq of the event that made it."""

    id: int
    state: str
    sent: int
    settled: bool


def bundles_sent(db: sqlite_utils.Database, stored: StoredEvent, event: BundlesSent) -> None:
    sent = sum(pieces for _, pieces, _ in event.bundles)
    _book_note(
        db, stored, (event.note, "sent", event.to, event.to_name, event.order), TransferState.IN_TRANSIT, sent, 0
    )
    for code, pieces, steps in event.bundles:
        line_id = _leave(db, stored, code, pieces, steps)
        _book_bundle(db, stored.seq, code, line_id, pieces, 0)


def transfer_cancelled(db: sqlite_utils.Database, stored: StoredEvent, event: TransferCancelled) -> None:
    note = _note(db, event.note)
    for code, pieces, steps in _as_sent(db, note).bundles:
        bundle_id, line_id = _place(db, code)
        _move(db, bundle_id, line_id, -pieces, steps, column="sent")
        db.conn.execute("UPDATE bundle SET status = 'open' WHERE id = ?", (bundle_id,))
        _write_waiting(db, code, at_ms=0)
        _keep_in_history(db, bundle_id, stored.seq)
    _put(db, note.id, state=TransferState.CANCELLED, reason=event.reason)


def bundles_received(db: sqlite_utils.Database, stored: StoredEvent, event: BundlesReceived) -> None:
    found = [note_bundle(entry) for entry in event.bundles]
    sent, received = sum(bundle.pieces for bundle, _ in found), sum(pieces for _, pieces in found)
    state = state_on_arrival(sent, received)
    named = (event.note, "received", event.sender, event.sender_name, event.order_here)
    _book_note(db, stored, named, state, sent, received)
    _put(db, stored.seq, as_of=stored.seq)
    order_id = order_of(db, stored, event)
    for bundle, pieces in found:
        line_id = _take_in(db, stored, order_id, bundle, pieces, note=event.note)
        _book_bundle(db, stored.seq, bundle.code, line_id, bundle.pieces, pieces)


def receipt_undone(db: sqlite_utils.Database, stored: StoredEvent, event: ReceiptUndone) -> None:
    note = _note(db, event.note)
    received = dict(_received_by_bundle(db, note.id))
    for bundle, _ in map(note_bundle, _as_received(db, note).bundles):
        pieces = received[bundle.code]
        if pieces:
            bundle_id, line_id = _place(db, bundle.code)
            _move(db, bundle_id, line_id, -pieces, steps_of(bundle.steps, pieces), column="received")
            came_with_it = "(SELECT note FROM lay WHERE lay.id = lay_id) = ?"
            db.conn.execute(
                f"UPDATE bundle SET in_progress = 0, status = CASE WHEN {came_with_it} THEN ? ELSE ? END WHERE id = ?",
                (event.note, BundleStatus.CANCELLED, BundleStatus.IN_TRANSIT, bundle_id),
            )
            _stop_waiting(db, bundle_id)
            _keep_in_history(db, bundle_id, stored.seq)
    db.conn.execute("UPDATE lay SET undone = 1 WHERE note = ?", (event.note,))
    db.conn.execute(
        "UPDATE orders SET undone = 1 WHERE import_id = '' AND undone = 0 AND NOT EXISTS (SELECT 1 FROM order_line l"
        " WHERE l.order_id = orders.id AND l.pieces_received + l.pieces_cut > 0) AND id IN (SELECT order_id FROM order_line"
        " WHERE id IN (SELECT order_line_id FROM transfer_bundle WHERE transfer_id = ?))",
        (note.id,),
    )
    _put(db, note.id, state=TransferState.UNDONE, reason=event.reason)


def discrepancy_settled(db: sqlite_utils.Database, stored: StoredEvent, event: DiscrepancySettled) -> None:
    note = _note(db, event.note)
    if event.arrived:
        as_received, before = _as_received(db, note), dict(_received_by_bundle(db, note.id))
        order_id = _known_order(db, as_received.order_here)
        sent = {bundle.code: bundle for bundle, _ in map(note_bundle, as_received.bundles)}
        for code, pieces in event.arrived:
            _take_in(db, stored, order_id, sent[code], pieces, note=event.note, before=before[code])
            db.conn.execute(
                "UPDATE transfer_bundle SET received = received + ? WHERE transfer_id = ? AND code = ?",
                (pieces, note.id, code),
            )
    more = sum(pieces for _, pieces in event.arrived)
    db.conn.execute(
        "UPDATE transfer SET received = received + ?, as_of = iif(direction = 'received', ?, as_of) WHERE id = ?",
        (more, stored.seq, note.id),
    )
    _put(db, note.id, state=TransferState.RECEIVED, settled=1, reason=event.reason)


def transfer_confirmed(db: sqlite_utils.Database, stored: StoredEvent, event: TransferConfirmed) -> None:
    note = _note(db, event.note)
    if note.state == TransferState.CANCELLED:  # it had left after all
        for code, pieces, steps in _as_sent(db, note).bundles:
            _leave(db, stored, code, pieces, steps)
    for code, pieces in event.bundles:
        db.conn.execute(
            "UPDATE transfer_bundle SET received = ? WHERE transfer_id = ? AND code = ?", (pieces, note.id, code)
        )
    state = state_on_arrival(note.sent, event.received, settled=note.settled)
    _put(db, note.id, state=state, received=event.received, as_of=event.as_of)


def note_bundle(entry: tuple[Any, ...]) -> tuple[NoteBundle, int]:
    """A bundle of `BundlesReceived` as the note said it, and the pieces that were counted on arrival."""
    said: tuple[Any, ...] = (*entry[:12], entry[13])
    return NoteBundle(*said), entry[12]


def _book_note(
    db: sqlite_utils.Database,
    stored: StoredEvent,
    named: tuple[str, str, str, str, str],
    state: TransferState,
    sent: int,
    received: int,
) -> None:
    """`named`: note, direction, the other atelier's code and name, order."""
    db.conn.execute(
        "INSERT INTO transfer (id, note, direction, atelier, atelier_name, order_code, day, hour, at_ms, state, sent, received)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (stored.seq, *named, *local_day_and_hour(stored), stored.happened_at_ms, state, sent, received),
    )


def _book_bundle(
    db: sqlite_utils.Database, transfer_id: int, code: str, line_id: int, sent: int, received: int
) -> None:
    db.conn.execute("INSERT INTO transfer_bundle VALUES (?, ?, ?, ?, ?)", (transfer_id, code, line_id, sent, received))


def _leave(db: sqlite_utils.Database, stored: StoredEvent, code: str, pieces: int, steps: Steps) -> int:
    """Its order line. Since when pieces wait is kept: cancelled, the bundle is open as it was."""
    bundle_id, line_id = _place(db, code)
    _move(db, bundle_id, line_id, pieces, steps, column="sent")
    db.conn.execute("UPDATE bundle SET status = 'in_transit', in_progress = 0 WHERE id = ?", (bundle_id,))
    db.conn.execute("UPDATE bundle_step SET waiting = 0 WHERE bundle_id = ?", (bundle_id,))
    _keep_in_history(db, bundle_id, stored.seq)
    return line_id


def _take_in(
    db: sqlite_utils.Database,
    stored: StoredEvent,
    order_id: int,
    bundle: NoteBundle,
    pieces: int,
    *,
    note: str,
    before: int = 0,
) -> int:
    """Its order line; a bundle that was here before keeps its own. `before`: pieces of this note it was taken in with."""
    known = db.conn.execute("SELECT id, order_line_id, status FROM bundle WHERE code = ?", (bundle.code,)).fetchone()
    if known and known[2] != BundleStatus.CANCELLED:
        bundle_id, line_id = int(known[0]), int(known[1])
    else:
        line_id = line_of(db, order_id, bundle.size, bundle.colour)
        if pieces == 0:
            return line_id
        bundle_id = make_known(db, stored, order_id, line_id, bundle, note=note)
    if pieces:
        now, then = dict(steps_of(bundle.steps, before + pieces)), dict(steps_of(bundle.steps, before))
        brought = tuple((code, count - then.get(code, 0)) for code, count in now.items() if count > then.get(code, 0))
        _move(db, bundle_id, line_id, pieces, brought, column="received")
        db.conn.execute("UPDATE bundle SET status = 'open' WHERE id = ?", (bundle_id,))
        db.conn.execute(
            "UPDATE orders SET closed = 0 WHERE id = (SELECT order_id FROM order_line WHERE id = ?)", (line_id,)
        )
        _write_waiting(db, bundle.code, at_ms=stored.happened_at_ms)
        _keep_in_history(db, bundle_id, stored.seq)
    return line_id


def _move(db: sqlite_utils.Database, bundle_id: int, line_id: int, pieces: int, steps: Steps, *, column: str) -> None:
    """Books pieces that left (`sent`) or came (`received`) with the steps they have behind them; fewer than none takes it back."""
    execute = db.conn.execute
    execute(f"UPDATE bundle SET {column} = {column} + ? WHERE id = ?", (pieces, bundle_id))
    execute(f"UPDATE order_line SET pieces_{column} = pieces_{column} + ? WHERE id = ?", (pieces, line_id))
    came = (1 if column == "received" else -1) * (1 if pieces > 0 else -1)
    db.conn.executemany(
        "INSERT INTO bundle_step (bundle_id, operation, elsewhere) VALUES (?, ?, ?)"
        " ON CONFLICT DO UPDATE SET elsewhere = elsewhere + excluded.elsewhere",
        [(bundle_id, operation, came * count) for operation, count in steps],
    )
    # An order that is here because of notes alone expects what came and has not left.
    execute(
        "UPDATE order_line SET quantity = max(0, pieces_received - pieces_sent) WHERE id = ?"
        " AND (SELECT import_id FROM orders WHERE orders.id = order_id) = ''",
        (line_id,),
    )
    # What leaves is finished elsewhere, what comes is finished here.
    execute(
        "UPDATE orders SET planned = (SELECT max(0, sum(quantity + iif(import_id = '', 0, pieces_received - pieces_sent)))"
        " FROM order_line WHERE order_id = orders.id) WHERE id = (SELECT order_id FROM order_line WHERE id = ?)",
        (line_id,),
    )


def _write_waiting(db: sqlite_utils.Database, code: str, *, at_ms: int) -> None:
    """What waits and is in progress of a bundle whose pieces came or came back. `at_ms` 0: it waits since it waited before."""
    bundle = bundles.standing(db, code)
    assert bundle is not None, "booked just now"
    for operation in bundle.routing.operations:
        pieces = waiting(bundle.state, bundle.routing, operation)
        db.conn.execute(
            "INSERT INTO bundle_step (bundle_id, operation, waiting, waiting_since_ms) SELECT ?1, ?2, ?3, ?4 WHERE ?3 > 0"
            " ON CONFLICT DO UPDATE SET waiting = excluded.waiting,"
            " waiting_since_ms = CASE WHEN ?4 = 0 OR waiting > 0 THEN waiting_since_ms ELSE ?4 END",
            (bundle.id, operation.code, pieces, at_ms),
        )
    left = in_progress(bundle.state, bundle.routing)
    db.conn.execute("UPDATE bundle SET in_progress = ? WHERE id = ?", (left, bundle.id))


def _stop_waiting(db: sqlite_utils.Database, bundle_id: int) -> None:
    db.conn.execute("UPDATE bundle_step SET waiting = 0, waiting_since_ms = 0 WHERE bundle_id = ?", (bundle_id,))


def _note(db: sqlite_utils.Database, code: str) -> _Note:
    row = db.conn.execute(
        "SELECT id, state, sent, settled FROM transfer WHERE note = ? AND state <> 'undone'", (code,)
    ).fetchone()
    if row is None:
        raise LookupError("an event names a note that was never sent nor received")
    return _Note(row[0], row[1], row[2], bool(row[3]))


def _as_sent(db: sqlite_utils.Database, note: _Note) -> BundlesSent:
    stored = events.by_seq(db, note.id)
    assert stored is not None and isinstance(stored.event, BundlesSent), "a note is booked by its own event"
    return stored.event


def _as_received(db: sqlite_utils.Database, note: _Note) -> BundlesReceived:
    stored = events.by_seq(db, note.id)
    assert stored is not None and isinstance(stored.event, BundlesReceived), "a note is booked by its own event"
    return stored.event


def _received_by_bundle(db: sqlite_utils.Database, transfer_id: int) -> list[tuple[str, int]]:
    rows = db.conn.execute("SELECT code, received FROM transfer_bundle WHERE transfer_id = ?", (transfer_id,))
    return [(code, pieces) for code, pieces in rows]


def _known_order(db: sqlite_utils.Database, code: str) -> int:
    (order_id,) = db.conn.execute("SELECT id FROM orders WHERE code = ? AND undone = 0", (code,)).fetchone()
    return int(order_id)


def _place(db: sqlite_utils.Database, code: str) -> tuple[int, int]:
    """(id, order line id) of a bundle."""
    row = db.conn.execute("SELECT id, order_line_id FROM bundle WHERE code = ?", (code,)).fetchone()
    if row is None:
        raise LookupError("an event names a bundle that was never made")
    return row[0], row[1]


def _put(db: sqlite_utils.Database, transfer_id: int, **changed: object) -> None:
    columns = ", ".join(f"{name} = ?" for name in changed)
    db.conn.execute(f"UPDATE transfer SET {columns} WHERE id = ?", (*changed.values(), transfer_id))


def _keep_in_history(db: sqlite_utils.Database, bundle_id: int, seq: int) -> None:
    db.conn.execute("INSERT INTO bundle_event VALUES (?, ?) ON CONFLICT DO NOTHING", (bundle_id, seq))
