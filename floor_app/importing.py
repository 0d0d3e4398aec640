"""Importing orders from a spreadsheet: look first, store whole or not at all, take back while nothing of it was scanned."""

from dataclasses import dataclass

import sqlite_utils

from floor_app.domain.events import ImportUndone, Moment, OrderImported
from floor_app.domain.order_sheets import SheetReading, read_order_sheet
from floor_app.domain.orders import LINES_LIMIT, Order
from floor_app.spreadsheets import read_rows
from floor_app.store import bundles, events, lays, orders, print_jobs, projections, routings


@dataclass(frozen=True, slots=True)
class ImportPreview:
    """What a sheet says; `taken`: order codes already known here. Importable when there are neither faults nor taken codes."""

    reading: SheetReading
    taken: tuple[str, ...]

    @property
    def importable(self) -> bool:
        return self.reading.ok and not self.taken


@dataclass(frozen=True, slots=True)
class ImportAnswer:
    """`imported` orders; or `taken` codes, and then nothing was stored."""

    import_id: str
    imported: tuple[str, ...] = ()
    pieces: int = 0
    taken: tuple[str, ...] = ()


def preview_import(db: sqlite_utils.Database, content: bytes, *, filename: str) -> ImportPreview:
    """Reads a CSV or XLSX file; UnreadableSheet when it is neither. Stores nothing."""
    reading = read_order_sheet(read_rows(content, filename=filename))
    return ImportPreview(reading, _taken(db, reading.orders))


def import_orders(
    db: sqlite_utils.Database, found: tuple[Order, ...], *, import_id: str, source: str, moment: Moment
) -> ImportAnswer:
    """Stores all orders or none. The same `import_id` again answers the same."""
    if events.find(db, import_id):
        earlier = orders.import_by_id(db, import_id)
        codes = tuple(orders.codes_of_import(db, import_id, limit=LINES_LIMIT))
        return ImportAnswer(import_id, imported=codes, pieces=earlier.pieces if earlier else 0)
    taken = _taken(db, found)
    if taken:
        return ImportAnswer(import_id, taken=taken)
    for left, order in zip(range(len(found) - 1, -1, -1), found, strict=True):
        event_id = f"{import_id}#{left}" if left else import_id
        projections.record(db, _imported(db, order, import_id, source), event_id=event_id, moment=moment)
    return ImportAnswer(import_id, tuple(order.code for order in found), sum(order.pieces for order in found))


def undo_import(db: sqlite_utils.Database, import_id: str, *, event_id: str, moment: Moment) -> str:
    """`undone`, or why not: `unknown_import`, `already_undone`, `scanned`. Labels not yet printed are cancelled."""
    found = orders.import_by_id(db, import_id)
    if found is None:
        return "unknown_import"
    if found.undone:
        return "already_undone"
    if found.scanned:
        return "scanned"
    codes = [
        card.code
        for order in orders.codes_of_import(db, import_id, limit=LINES_LIMIT)
        for lay in lays.of_order(db, order)
        for card in bundles.cards_of_lay(db, order, lay.number)
    ]
    projections.record(db, ImportUndone(import_id), event_id=event_id, moment=moment)
    print_jobs.cancel_of_bundles(db, codes, moment.recorded_at_ms)
    return "undone"


def _taken(db: sqlite_utils.Database, found: tuple[Order, ...]) -> tuple[str, ...]:
    return tuple(sorted(orders.taken_codes(db, tuple(order.code for order in found))))


def _imported(db: sqlite_utils.Database, order: Order, import_id: str, source: str) -> OrderImported:
    routing_id, _ = routings.newest_for_style(db, order.style)
    return OrderImported(
        import_id,
        order.code,
        tuple((line.size, line.colour, line.quantity) for line in order.lines),
        routing_id,
        client=order.client,
        contract=order.contract,
        style=order.style,
        due=order.due.isoformat() if order.due else "",
        source=source[:120],
    )
