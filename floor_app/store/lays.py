"""Lays as cut."""

import json
from dataclasses import dataclass

import sqlite_utils


@dataclass(frozen=True, slots=True)
class StandingLay:
    """A lay cut here. `marker`: (size, ratio); `rolls`: (plies, shade, roll). `scanned`: a bundle of it was counted, or has left."""

    id: int
    order: str
    number: int
    colour: str
    marker: tuple[tuple[str, int], ...]
    rolls: tuple[tuple[int, str, str], ...]
    plies: int
    pieces: int
    cut_at_ms: int
    undone: bool
    bundles: int
    scanned: bool


def all_lays(db: sqlite_utils.Database, *, limit: int = 200) -> list[StandingLay]:
    """Newest first."""
    return _read(db, "WHERE y.note = '' ORDER BY y.id DESC LIMIT ?", limit)


def of_order(db: sqlite_utils.Database, order: str) -> list[StandingLay]:
    return _read(db, "WHERE o.code = ? AND o.undone = 0 AND y.note = '' ORDER BY y.number", order)


def by_number(db: sqlite_utils.Database, order: str, number: int) -> StandingLay | None:
    found = _read(db, "WHERE o.code = ? AND o.undone = 0 AND y.note = '' AND y.number = ?", order, number)
    return found[0] if found else None


def label_states(db: sqlite_utils.Database, lay_id: int) -> dict[str, str]:
    """Bundle code → state of the label last asked for; bundles whose label was never asked for are left out."""
    rows = db.conn.execute(
        "SELECT b.code, p.state, max(p.id) FROM bundle b JOIN print_job p ON p.bundle = b.code"
        " WHERE b.lay_id = ? GROUP BY b.code",
        (lay_id,),
    )
    return {code: state for code, state, _ in rows}


def next_numbers(db: sqlite_utils.Database, order_id: int) -> tuple[int, int]:
    """(number of the next lay, number of the next bundle) of an order; both run on over all its lays."""
    row = db.conn.execute(
        "SELECT coalesce(max(iif(y.note = '', y.number, 0)), 0) + 1, coalesce(max(b.number), 0) + 1"
        " FROM lay y LEFT JOIN bundle b ON b.lay_id = y.id WHERE y.order_id = ?",
        (order_id,),
    ).fetchone()
    return row[0], row[1]


def _read(db: sqlite_utils.Database, where: str, *parameters: object) -> list[StandingLay]:
    rows = db.conn.execute(
        "SELECT y.id, o.code, y.number, y.colour, y.marker, y.rolls, y.plies, y.pieces, y.cut_at_ms, y.undone,"
        " (SELECT count(*) FROM bundle b WHERE b.lay_id = y.id),"
        " EXISTS (SELECT 1 FROM bundle b JOIN bundle_step s ON s.bundle_id = b.id"
        " WHERE b.lay_id = y.id AND (s.done_at_ms > 0 OR b.sent + b.received > 0))"
        f" FROM lay y JOIN orders o ON o.id = y.order_id {where}",
        parameters,
    )
    return [_lay(*row) for row in rows]


def _lay(
    lay_id: int,
    order: str,
    number: int,
    colour: str,
    marker: str,
    rolls: str,
    plies: int,
    pieces: int,
    cut_at_ms: int,
    *rest: int,
) -> StandingLay:
    undone, bundles, scanned = rest
    sizes = tuple((size, ratio) for size, ratio in json.loads(marker))
    laid = tuple((roll[0], roll[1], roll[2]) for roll in json.loads(rolls))
    return StandingLay(
        lay_id, order, number, colour, sizes, laid, plies, pieces, cut_at_ms, bool(undone), bundles, bool(scanned)
    )
