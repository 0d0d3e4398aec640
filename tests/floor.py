"""A floor without screens, for tests of what supervisors and stations do: one atelier on a fresh folder."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import sqlite_utils

from floor_app.atelier import Atelier, open_atelier
from floor_app.config import parse_config
from floor_app.cutting import CutAnswer, CutRequest, cut_lay
from floor_app.domain.lays import Roll
from floor_app.domain.orders import Order, OrderLine
from floor_app.domain.scans import Choice, Quantities
from floor_app.importing import ImportAnswer, import_orders
from floor_app.scanning import Scan, ScanAnswer
from floor_app.store import board, events

CONFIG = """
[atelier]
code = "ATL07"
name = "Atelier des Tilleuls"
site = "BCDF"
[[station]]
name = "cut-1"
operation = "cut"
[[station]]
name = "sew-1"
operation = "sew"
[[station]]
name = "finish-1"
operation = "finish"
[[printer]]
name = "étiquettes"
address = "none"
language = "escpos"
width_dots = 576
dots_per_mm = 8
"""
SIZES = ("S", "M", "L", "XL")
MARKER = "S1 M2 L2 XL1"


def an_order(code: str = "2026-0117", *, style: str = "Tablier", quantity: int = 60, colour: str = "Bleu") -> Order:
    lines = tuple(OrderLine(size, colour, quantity) for size in SIZES)
    return Order(code, "Ville de Lille", "M-2026-04", style, date(2026, 12, 18), lines)


def a_lay(lay_id: str = "lay-1", *, order: str = "2026-0117", **changed: Any) -> CutRequest:
    """S1 M2 L2 XL1 × 30 plies in bundles of 20 ± 2: 180 pieces in 10 bundles."""
    asked: dict[str, Any] = {"colour": "Bleu", "marker": MARKER, "rolls": (Roll(30, "A"),), "cap": 20, "tolerance": 2}
    return CutRequest(lay_id, order, **(asked | changed))


class Floor:
    """Does what people do, through the same use cases; `last_seq` tells whether anything was recorded."""

    def __init__(self, folder: Path, config: str = CONFIG, *, scans: int = 0) -> None:
        """`scans`: how many this folder has had."""
        read = parse_config(config.replace('"none"', f'"file://{folder / "printed"}"'))
        self.atelier: Atelier = open_atelier(read, folder / "data")
        self._scans = scans

    def close(self) -> None:
        self.atelier.close()

    @property
    def moment(self) -> Any:
        return self.atelier.clock.moment()

    @property
    def last_seq(self) -> int:
        with self.reading() as db:
            return events.last_seq(db)

    @contextmanager
    def reading(self) -> Iterator[sqlite_utils.Database]:
        with self.atelier.reading() as db:
            yield db

    def order(self, *orders: Order, import_id: str = "import-1") -> ImportAnswer:
        found = orders or (an_order(),)
        return self.atelier.run(import_orders, found, import_id=import_id, source="commande.csv", moment=self.moment)

    def cut(self, asked: CutRequest | None = None) -> CutAnswer:
        return self.atelier.run(cut_lay, asked or a_lay(), codes=self.atelier.codes, moment=self.moment)

    def scan(self, code: str, does: str, **said: int) -> ScanAnswer:
        self._scans += 1
        choice = Choice.CONFIRM if said else None
        return self.atelier.take_scan(Scan(f"scan-{self._scans}", code, f"{does}-1", does, Quantities(**said), choice))

    def undo_at(self, does: str) -> ScanAnswer:
        self._scans += 1
        return self.atelier.take_undo(Scan(f"scan-{self._scans}", "", f"{does}-1", does))

    def law_holds(self, order: str = "2026-0117") -> bool:
        with self.reading() as db:
            found = board.order_by_code(db, order)
            return all(line.pieces.holds for line in board.conservation(db, [found] if found else []))
