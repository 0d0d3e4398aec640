"""The one story through everything: an order sheet becomes labels on paper, scans at stations, and numbers on the board.

Real pseudo-terminals, real sockets, real HTTP; the printed labels are read back by a decoder and those codes are scanned.
"""

import base64
import json
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from zxingcpp import read_barcodes

from devices.printers.simulated import SimulatedPrinter
from devices.scanners.simulated import SimulatedScanner
from floor_app import access
from floor_app.config import parse_config
from floor_app.domain.cards import Card, Command
from floor_app.domain.scans import Answer
from floor_app.keeping import compare_with_events
from floor_app.printing import reprint
from floor_app.scanning import BOUNCE_MS
from floor_app.service import Service, start_service
from floor_app.service_link import ask
from tests.waiting import wait_until

SHEET = "OF;Client;Modèle;Coloris;Taille;Quantité\n" + "".join(
    f"2026-0117;Ville de Lille;Tablier d’été;Bleu pétrole;{size};60\n" for size in ("S", "M", "L", "XL")
)
STATIONS = {"coupe": "cut", "couture": "sew", "finition": "finish"}
CONFIG = """
[atelier]
code = "ATL07"
name = "Atelier des Tilleuls"
site = "BCDF"
[[printer]]
name = "etiquettes"
address = "{printer}"
language = "escpos"
width_dots = 576
dots_per_mm = 8.0
"""


@dataclass(frozen=True)
class Floor:
    service: Service
    printer: SimulatedPrinter
    scanners: dict[str, SimulatedScanner]
    token: str

    def scans(self, station: str, text: str) -> Answer:
        """At the station's own scanner, through its pseudo-terminal; the answer its screen shows."""
        answers = self.service.atelier.answers
        before = answers.last(station)
        self.scanners[station].scan(text)
        wait_until(lambda: answers.last(station) != before, f"{station} answers")
        last = answers.last(station)
        assert last
        return last.answer.decision.answer

    def asks(self, path: str, body: dict[str, Any] | None = None) -> Any:
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        content = json.dumps(body).encode() if body else None
        with urllib.request.urlopen(
            urllib.request.Request(self.service.local_url + path, content, headers)
        ) as response:
            return json.load(response)

    def printed_codes(self, count: int) -> list[str]:
        """Read from the paper."""
        wait_until(lambda: len(self.printer.labels) >= count, f"{count} labels are printed")
        return [code_on(label) for label in self.printer.labels]


def code_on(label: Any) -> str:
    found = {barcode.text for barcode in read_barcodes(label.convert("L"))}
    assert len(found) == 1, f"one code, twice, on each label: {found}"
    return found.pop()


@pytest.fixture
def floor(tmp_path: Path) -> Iterator[Floor]:
    with ExitStack() as stack:
        printer = stack.enter_context(SimulatedPrinter())
        scanners = {name: SimulatedScanner(str(tmp_path / name)) for name in STATIONS}
        for scanner in scanners.values():
            stack.callback(scanner.close)
        stations = "".join(
            f'[[station]]\nname = "{name}"\noperation = "{does}"\nscanner = "{scanners[name].path}"\n'
            for name, does in STATIONS.items()
        )
        config = parse_config(CONFIG.format(printer=printer.address) + stations)
        service = start_service(config, tmp_path / "data", host="127.0.0.1", port=0)
        stack.callback(service.stop)
        token = access.new_secret()
        service.atelier.run(access.give_token, token, kind="station", subject="finition", at_ms=0)
        states = service.atelier.devices.states
        wait_until(lambda: [state.state for state in states("scanner")] == ["ready"] * 3, "three scanners are open")
        yield Floor(service, printer, scanners, token)


def given_labels(floor: Floor) -> list[str]:
    config, data = floor.service.atelier.config, floor.service.atelier.data
    content = base64.b64encode(SHEET.encode("cp1252")).decode()
    assert ask(config, data, "import_file", {"filename": "commande.csv", "content": content})["imported"] == [
        "2026-0117"
    ]
    lay = {"order": "2026-0117", "colour": "bleu pétrole", "marker": "S1 M2 L2 XL1", "plies": 30, "shade": "A"}
    bundles = ask(config, data, "cut", lay)["bundles"]
    codes = floor.printed_codes(len(bundles))
    assert codes == [bundle["code"] for bundle in bundles]
    return codes


def order_on_board(floor: Floor) -> Any:
    (order,) = floor.asks("/api/v1/board")["orders"]
    return order


def test_from_the_order_sheet_to_the_board(floor: Floor) -> None:
    codes = given_labels(floor)
    for code in codes:
        assert floor.scans("coupe", code) == Answer.COUNTED
    for code in codes[:5]:
        assert floor.scans("couture", code) == Answer.COUNTED
    for code in codes[:2]:
        assert floor.scans("finition", code) == Answer.COUNTED
    order = order_on_board(floor)
    assert (order["planned"], order["cut"], order["finished"], order["left"]) == (240, 180, 30, 210)
    waiting = {step["operation"]: (step["bundles"], step["pieces"]) for step in floor.asks("/api/v1/board")["steps"]}
    assert waiting["sew"] == (5, 90)
    assert waiting["finish"] == (3, 60)
    assert all(line["gap"] == 0 for line in floor.asks("/api/v1/board")["conservation"])


def test_every_row_of_the_scan_table_is_answered_at_a_station(floor: Floor) -> None:
    code, other = given_labels(floor)[:2]
    assert floor.scans("coupe", code) == Answer.COUNTED
    time.sleep(BOUNCE_MS / 1000)  # sooner it would be the second code of the same label
    assert floor.scans("coupe", code) == Answer.ALREADY_DONE
    assert floor.scans("finition", code) == Answer.LOOK
    assert floor.scans("couture", "BCDGBBBBBBBBBB") == Answer.NOT_A_LABEL
    assert floor.scans("couture", "3017620422003") == Answer.NOT_A_LABEL
    assert floor.scans("couture", code[4:].lower()) == Answer.COUNTED
    assert floor.scans("couture", Card(Command.UNDO).code) == Answer.COUNTED
    assert floor.scans("couture", code) == Answer.COUNTED
    assert floor.scans("couture", Card(Command.QUANTITY, 12).code) == Answer.LOOK
    assert floor.scans("coupe", other) == Answer.COUNTED
    assert floor.scans("couture", other) == Answer.LOOK
    assert floor.scans("couture", Card(Command.YES).code) == Answer.COUNTED
    state = floor.asks(f"/api/v1/bundles/{other}")
    assert {step["operation"]: step["good"] for step in state["steps"] if step["good"]} == {"cut": 15, "sew": 12}


def test_a_machine_and_a_scanner_count_the_same_bundle_once(floor: Floor) -> None:
    code = given_labels(floor)[0]
    floor.scans("coupe", code)
    floor.scans("couture", code)
    first = floor.asks("/api/v1/scans", {"id": "machine-1", "code": code})
    again = floor.asks("/api/v1/scans", {"id": "machine-1", "code": code})
    assert (
        (first["answer"], first["event_seq"])
        == (again["answer"], again["event_seq"])
        == ("counted", first["event_seq"])
    )
    assert floor.scans("finition", code) == Answer.ALREADY_DONE
    assert order_on_board(floor)["finished"] == 15


def test_an_unplugged_scanner_comes_back_by_itself(floor: Floor) -> None:
    codes = given_labels(floor)
    states: Callable[[], dict[str, str]] = lambda: {  # noqa: E731 - asked again and again
        state.serves: state.state for state in floor.service.atelier.devices.states("scanner")
    }
    floor.scanners["coupe"].unplug()
    wait_until(lambda: states()["coupe"] != "ready", "the board knows the scanner is lost")
    assert floor.scans("couture", codes[0]) == Answer.LOOK
    floor.scanners["coupe"].replug()
    wait_until(lambda: states()["coupe"] == "ready", "the scanner is back")
    assert floor.scans("coupe", codes[0]) == Answer.COUNTED


def test_a_lost_label_comes_out_again_with_the_same_code(floor: Floor) -> None:
    codes = given_labels(floor)
    atelier = floor.service.atelier
    atelier.run(reprint, codes[3], place=atelier.label_place(), event_id="lost-1", moment=atelier.clock.moment())
    assert floor.printed_codes(11)[-1] == codes[3]
    assert floor.printer.labels[-1].tobytes() != floor.printer.labels[3].tobytes(), "it says DUPLICATA"


def test_the_tables_are_what_the_events_say(floor: Floor, tmp_path: Path) -> None:
    codes = given_labels(floor)
    for code in codes[:4]:
        floor.scans("coupe", code)
    floor.scans("coupe", Card(Command.UNDO).code)
    floor.scans("coupe", Card(Command.HELP).code)
    assert compare_with_events(floor.service.atelier.data / "floor.db", tmp_path / "derived.db") == []
