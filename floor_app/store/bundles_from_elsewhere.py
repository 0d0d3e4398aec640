"""Bundles of other ateliers made known here: as their labels say them, under the order they belong to, with the steps of their note."""

import json

import sqlite_utils

from floor_app.domain.events import BundlesReceived
from floor_app.domain.orders import likeness
from floor_app.domain.routings import DEFAULT_ROUTING, Routing
from floor_app.domain.transfers import MOST_BUNDLES, NoteBundle
from floor_app.store import routings
from floor_app.store.events import StoredEvent


def order_of(db: sqlite_utils.Database, stored: StoredEvent, event: BundlesReceived) -> int:
    """The order the note's bundles belong to here; with no import of ours behind it when the note brings it."""
    found = db.conn.execute("SELECT id FROM orders WHERE code = ? AND undone = 0", (event.order_here,)).fetchone()
    if found:
        return int(found[0])
    db.conn.execute(
        "INSERT INTO orders (id, code, client, contract, style, due, routing_id, import_id, source, imported_at_ms, planned)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, '', ?, ?, 0)",
        (
            *(stored.seq, event.order_here, event.client, event.contract, event.style, event.due),
            *(_routing_id(db, stored, event), event.note, stored.happened_at_ms),
        ),
    )
    return stored.seq


def line_of(db: sqlite_utils.Database, order_id: int, size: str, colour: str) -> int:
    """The order's line of that size and colour, however it is spelled; a new one where the note brings it."""
    lines = db.conn.execute("SELECT id, size, colour FROM order_line WHERE order_id = ? ORDER BY id", (order_id,))
    wanted = (likeness(size), likeness(colour))
    found = next((line_id for line_id, *named in lines if tuple(map(likeness, named)) == wanted), None)
    if found is not None:
        return int(found)
    added: int = db.conn.execute(
        "INSERT INTO order_line (order_id, size, colour, quantity) VALUES (?, ?, ?, 0) RETURNING id",
        (order_id, size, colour),
    ).fetchone()[0]
    return added


def make_known(
    db: sqlite_utils.Database, stored: StoredEvent, order_id: int, line_id: int, bundle: NoteBundle, *, note: str
) -> int:
    """The id of a bundle of another atelier, as its label says it; one whose receipt was undone is known again."""
    lay_id = _lay(db, stored, order_id, bundle, note=note)
    bundle_id: int = db.conn.execute(
        "INSERT INTO bundle (code, order_line_id, lay_id, number, shade, roll, ply_from, ply_to, quantity, status, in_progress)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'open', 0) ON CONFLICT DO UPDATE SET order_line_id = excluded.order_line_id,"
        " lay_id = excluded.lay_id, number = excluded.number, shade = excluded.shade, roll = excluded.roll,"
        " ply_from = excluded.ply_from, ply_to = excluded.ply_to, quantity = excluded.quantity RETURNING id",
        (
            *(bundle.code, line_id, lay_id, bundle.number, bundle.shade, bundle.roll),
            *(bundle.ply_from, bundle.ply_to, bundle.quantity),
        ),
    ).fetchone()[0]
    return bundle_id


def _lay(db: sqlite_utils.Database, stored: StoredEvent, order_id: int, bundle: NoteBundle, *, note: str) -> int:
    """The lay a bundle was cut in elsewhere: known by its number there, and below any number or id of a lay of ours."""
    execute = db.conn.execute
    known = execute(
        "SELECT id FROM lay WHERE order_id = ? AND note = ? AND cut_as = ? AND colour = ? AND last_number = ? AND undone = 0",
        (order_id, note, bundle.lay, bundle.colour, bundle.bundle_count),
    ).fetchone()
    if known:
        return int(known[0])
    (number,) = execute(
        "SELECT min(0, coalesce(min(number), 0)) - 1 FROM lay WHERE order_id = ?", (order_id,)
    ).fetchone()
    (lowest,) = execute(
        "SELECT coalesce(min(id), ?1) FROM lay WHERE id BETWEEN ?1 - ?2 AND ?1",
        (-stored.seq * MOST_BUNDLES, MOST_BUNDLES),
    ).fetchone()
    lay_id = int(lowest) - 1
    execute(
        "INSERT INTO lay (id, order_id, number, colour, marker, rolls, plies, pieces, last_number, cut_at_ms, note, cut_as)"
        " VALUES (?, ?, ?, ?, '[]', '[]', 0, 0, ?, ?, ?, ?)",
        (lay_id, order_id, number, bundle.colour, bundle.bundle_count, stored.happened_at_ms, note, bundle.lay),
    )
    return lay_id


def _routing_id(db: sqlite_utils.Database, stored: StoredEvent, event: BundlesReceived) -> int:
    """A routing that comes with a note is a version below 0: it is never what a new order of that style gets."""
    routing = Routing(tuple(routings.from_plain(plain) for plain in event.routing))
    if routing == DEFAULT_ROUTING:
        return routings.DEFAULT_ROUTING_ID
    newest_id, _ = routings.newest_for_style(db, event.style)
    if newest_id != routings.DEFAULT_ROUTING_ID and routings.routing(db, newest_id) == routing:
        return newest_id
    operations = json.dumps(event.routing, ensure_ascii=False)
    db.conn.execute("INSERT INTO routing VALUES (?, ?, ?, ?)", (stored.seq, event.style, -stored.seq, operations))
    return stored.seq
