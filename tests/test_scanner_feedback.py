"""What the scanner in the hand says: good or bad, after the answer is on disk, for each kind of answer."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from devices.scanners.feedback import MODELS
from devices.scanners.simulated import SimulatedScanner
from floor_app.config import parse_config
from floor_app.cutting import cut_lay
from floor_app.domain.cards import Card, Command
from floor_app.importing import import_orders
from floor_app.service import Service, start_service
from tests.floor import a_lay, an_order

HEARD_WITHIN_S = 20.0
CONFIG = """
[atelier]
code = "ATL07"
name = "Atelier des Tilleuls"
site = "BCDF"
[[station]]
name = "coupe"
operation = "cut"
scanner = "{path}?feedback={model}"
"""


@pytest.fixture
def scanner(tmp_path: Path, model: str) -> Iterator[SimulatedScanner]:
    made = SimulatedScanner(str(tmp_path / "scanner"), feedback=model)
    yield made
    made.close()


@pytest.fixture
def service(tmp_path: Path, scanner: SimulatedScanner, model: str) -> Iterator[Service]:
    with ExitStack() as stack:
        config = parse_config(CONFIG.format(path=scanner.path, model=model))
        running = start_service(config, tmp_path / "data", host="127.0.0.1", port=0)
        stack.callback(running.stop)
        assert scanner.wait_for_reader(timeout_s=HEARD_WITHIN_S)
        yield running


@pytest.mark.parametrize("model", MODELS)
def test_the_scanner_says_whether_all_is_well(service: Service, scanner: SimulatedScanner) -> None:
    atelier, moment = service.atelier, service.atelier.clock.moment()
    atelier.run(import_orders, (an_order(),), import_id="import-1", source="sheet.csv", moment=moment)
    code, other = (
        bundle.code for bundle in atelier.run(cut_lay, a_lay(), codes=atelier.codes, moment=moment).bundles[:2]
    )
    said = []
    for text in (
        code,  # counted
        code,  # already done
        Card(Command.QUANTITY, 3).code,  # waits for its bundle
        other,  # a question: 3 instead of all?
        Card(Command.PAUSE).code,
        "3760123456789",  # a shop's code
        "GARBLED\x01",
    ):
        scanner.scan(text)
        said.append((text, scanner.hear(timeout_s=HEARD_WITHIN_S)))
    assert [word for _, word in said] == ["good", "good", "good", "bad", "good", "bad", "bad"], said
