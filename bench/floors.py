"""Ateliers to measure, made with the app's own commands: orders, lays, tokens, and the scans that carry bundles through."""

import json
import uuid
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from itertools import islice, repeat
from pathlib import Path

from bench.loading import request_line
from floor_app import access
from floor_app.atelier import Atelier, open_atelier
from floor_app.commands import station_token
from floor_app.config import read_config
from floor_app.cutting import CutRequest, cut_lay
from floor_app.domain.lays import Roll
from floor_app.domain.orders import Order, OrderLine
from floor_app.importing import import_orders

SITE = "BCDF"
OPERATIONS = ("cut", "sew", "finish")
BUNDLES_A_LAY = 100
LAYS_AN_ORDER = 8
PIECES_A_BUNDLE = 20
BUNDLES_IN_HAND = 400  # so far apart are two scans of one bundle that no two clients ever hold it at once
_ATELIER = f"""
[atelier]
code = "BENCH"
name = "Atelier"
site = "{SITE}"
[server]
host = "127.0.0.1"
"""
_STATION = """
[[station]]
name = "{operation}-1"
operation = "{operation}"
"""
_SCANNER = """
[[station]]
name = "pi-1"
operation = "cut"
scanner = "{path}"
"""
_PRINTER = """
[[printer]]
name = "labels"
address = "{address}"
language = "escpos"
width_dots = 576
dots_per_mm = 8.0
"""


@dataclass(slots=True)
class Scans:
    """Scan requests that are answered « counted » when sent once and in order. `take` hands out, `sent` moves on."""

    lines: Iterator[str]
    _ahead: list[str] = field(default_factory=list)

    def take(self, count: int) -> list[str]:
        self._ahead += islice(self.lines, max(0, count - len(self._ahead)))
        return self._ahead[:count]

    def sent(self, count: int) -> None:
        del self._ahead[:count]


@dataclass(frozen=True, slots=True)
class Floor:
    """A closed data folder, ready to be served. `tokens` by station; `codes`: bundles nobody has scanned yet."""

    config: Path
    data: Path
    tokens: dict[str, str]
    board_token: str
    codes: tuple[str, ...] = ()

    def scans(self) -> Scans:
        return Scans(through_all_steps(self.codes, self.tokens))

    def endless_scans(self) -> Scans:
        """For who judges nothing: the same bundles again and again, each scan with an id of its own."""
        return Scans(line for codes in repeat(self.codes) for line in through_all_steps(codes, self.tokens))


def made_floor(folder: Path, *, bundles: int, printer: str = "", scanner: str = "") -> Floor:
    """So many bundles cut, none scanned. `printer` and `scanner`: addresses of one each; the scanner serves a station `pi-1`."""
    config, data = write_config(folder, printer=printer, scanner=scanner), folder / "data"
    with closing(open_atelier(read_config(config), data)) as atelier:
        empty = Floor(config, data, give_tokens(atelier), give_board_token(atelier))
    return with_bundles(empty, bundles)


def with_bundles(floor: Floor, bundles: int) -> Floor:
    """The same floor with so many bundles more, of new orders."""
    codes: list[str] = []
    with closing(open_atelier(read_config(floor.config), floor.data)) as atelier:
        while len(codes) < bundles:
            codes += _cut_order(atelier, min(bundles - len(codes), BUNDLES_A_LAY * LAYS_AN_ORDER))
    return replace(floor, codes=(*floor.codes, *codes))


def write_config(folder: Path, *, printer: str = "", scanner: str = "") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    stations = "".join(_STATION.format(operation=operation) for operation in OPERATIONS)
    path = folder / "floor.toml"
    stations += _SCANNER.format(path=scanner) if scanner else ""
    path.write_text(_ATELIER + stations + (_PRINTER.format(address=printer) if printer else ""), encoding="utf-8")
    return path


def give_tokens(atelier: Atelier) -> dict[str, str]:
    names = [f"{operation}-1" for operation in OPERATIONS]
    return {name: station_token(atelier, {"station": name})["token"] for name in names}


def give_board_token(atelier: Atelier) -> str:
    secret = access.new_secret()
    atelier.run(access.give_token, secret, kind="board", subject="", at_ms=atelier.clock.now_ms())
    return secret


def scan_line(code: str, token: str) -> str:
    return request_line("/api/v1/scans", token=token, body=scan_body(code))


def scan_body(code: str) -> str:
    return json.dumps({"id": uuid.uuid4().hex, "code": code}, separators=(",", ":"))


def through_all_steps(codes: tuple[str, ...], tokens: dict[str, str]) -> Iterator[str]:
    """So many bundles through the first step, then the same through the next: as carts go through an atelier."""
    for start in range(0, len(codes), BUNDLES_IN_HAND):
        for operation in OPERATIONS:
            for code in codes[start : start + BUNDLES_IN_HAND]:
                yield scan_line(code, tokens[f"{operation}-1"])


def _cut_order(atelier: Atelier, bundles: int) -> list[str]:
    code = f"OF-{uuid.uuid4().hex[:8]}"
    order = Order(
        code, "Ville de Lille", "M-2026-04", "Blouse", None, (OrderLine("M", "Blanc", bundles * PIECES_A_BUNDLE),)
    )
    atelier.run(import_orders, (order,), import_id=uuid.uuid4().hex, source="bench.csv", moment=atelier.clock.moment())
    codes: list[str] = []
    while len(codes) < bundles:
        plies = min(bundles - len(codes), BUNDLES_A_LAY) * PIECES_A_BUNDLE
        request = CutRequest(uuid.uuid4().hex, code, "Blanc", "M1", (Roll(plies, "A"),), PIECES_A_BUNDLE, 0)
        answer = atelier.run(cut_lay, request, codes=atelier.codes, moment=atelier.clock.moment())
        if answer.faults:
            raise ValueError(answer.faults)
        codes += [bundle.code for bundle in answer.bundles]
    return codes
