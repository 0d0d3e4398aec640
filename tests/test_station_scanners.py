"""The scanners of the Pi at their stations, through real pseudo-terminals: what is read twice, what came with it, who serves whom."""

import contextlib
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from devices.scanners.bindings import bound_scanner, found_at
from devices.scanners.simulated import SimulatedScanner
from floor_app import access
from floor_app.atelier import Atelier, open_atelier
from floor_app.config import parse_config
from floor_app.cutting import CutRequest, cut_lay
from floor_app.domain.events import StepDone
from floor_app.domain.lays import Roll
from floor_app.domain.orders import Order, OrderLine
from floor_app.importing import import_orders
from floor_app.scanning import BOUNCE_MS
from floor_app.stations import StationLoop
from floor_app.store import access as access_store
from floor_app.store import bundles as stored_bundles
from floor_app.store import events, scanner_places
from floor_app.texts import words
from floor_app.web import create_app
from tests.devices.scanners.usb_tree import UsbTree
from tests.pages import text_of
from tests.waiting import LONG_S, wait_until

HEAD = '[atelier]\ncode = "A"\nname = "Les Tilleuls"\nsite = "BCDF"\n'
STATION = '[[station]]\nname = "{name}"\noperation = "cut"\ntitle = "{title}"\nscanner = "{scanner}"\n'
SCANNERS, SCANS_EACH, PACE_S = 8, 25, 0.2
t = words("fr")


class Stations:
    """An atelier whose cutting stations each have a scanner on a pty, and bundles enough for all."""

    def __init__(self, folder: Path, count: int) -> None:
        names = [f"coupe-{number}" for number in range(1, count + 1)]
        addresses = {name: str(folder / name) for name in names}
        config = HEAD + "".join(STATION.format(name=name, title=name, scanner=addresses[name]) for name in names)
        self.atelier: Atelier = open_atelier(parse_config(config), folder / "data")
        self.scanners = {name: SimulatedScanner(addresses[name]) for name in names}
        self._loops = [StationLoop(self.atelier, station) for station in self.atelier.config.stations]
        for loop in self._loops:
            loop.start()
        for scanner in self.scanners.values():
            assert scanner.wait_for_reader(timeout_s=LONG_S)

    def cut(self, bundles: int) -> list[str]:
        moment = self.atelier.clock.moment()
        order = Order("OF-1", "", "", "", None, (OrderLine("M", "Bleu", bundles),))
        self.atelier.run(import_orders, (order,), import_id="i", source="", moment=moment)
        request = CutRequest("lay", "OF-1", "Bleu", "M1", (Roll(bundles, "A"),), cap=1, tolerance=0)
        made = self.atelier.run(cut_lay, request, codes=self.atelier.codes, moment=moment).bundles
        return [card.code for card in made]

    def counts(self) -> list[tuple[str, str, str]]:
        """(station, bundle, symbology) of each count, in order."""
        with self.atelier.reading() as db:
            log = list(events.between(db, 1, events.last_seq(db)))
        return [
            (stored.station, stored.event.bundle, stored.event.symbology)
            for stored in log
            if isinstance(stored.event, StepDone)
        ]

    def shown(self, station: str) -> str:
        last = self.atelier.answers.last(station)
        return last.answer.decision.answer.value if last else ""

    def close(self) -> None:
        for loop in self._loops:
            loop.stop()
        for loop in self._loops:
            loop.join()
        for scanner in self.scanners.values():
            scanner.close()
        self.atelier.close()


@pytest.fixture
def stations(tmp_path: Path) -> Iterator[Callable[[int], Stations]]:
    with contextlib.ExitStack() as stack:

        def opened(count: int) -> Stations:
            made = Stations(tmp_path, count)
            stack.callback(made.close)
            return made

        yield opened


def test_a_label_read_twice_by_one_scanner_is_one_count_and_its_answer_stays(
    stations: Callable[[int], Stations],
) -> None:
    floor = stations(1)
    first, second = floor.cut(2)
    scanner = floor.scanners["coupe-1"]
    scanner.scan(first)
    scanner.scan(first)
    scanner.scan(second)  # when this one is answered, the two before it were taken
    wait_until(lambda: len(floor.counts()) == 2, "the second bundle is counted")
    assert [bundle for _, bundle, _ in floor.counts()] == [first, second]
    last = floor.atelier.answers.last("coupe-1")
    assert last is not None and last.number == 2  # the bounce told nothing
    assert floor.shown("coupe-1") == "counted"


def test_the_same_label_later_or_at_another_station_is_already_done(stations: Callable[[int], Stations]) -> None:
    floor = stations(2)
    (code,) = floor.cut(1)
    floor.scanners["coupe-1"].scan(code)
    wait_until(lambda: floor.shown("coupe-1") == "counted", "the bundle is counted")
    floor.scanners["coupe-2"].scan(code)
    wait_until(lambda: floor.shown("coupe-2") == "already_done", "the other station says so")
    time.sleep(BOUNCE_MS / 1000)
    floor.scanners["coupe-1"].scan(code)
    wait_until(lambda: floor.shown("coupe-1") == "already_done", "so does the first, later")
    assert len(floor.counts()) == 1


def test_eight_scanners_at_five_scans_a_second_count_each_at_its_own_station(
    stations: Callable[[int], Stations],
) -> None:
    floor = stations(SCANNERS)
    codes = floor.cut(SCANNERS * SCANS_EACH)
    read = {name: codes[place::SCANNERS] for place, name in enumerate(floor.scanners)}
    for turn in range(SCANS_EACH):
        for name, scanner in floor.scanners.items():
            scanner.scan(read[name][turn])
        time.sleep(PACE_S)
    wait_until(lambda: len(floor.counts()) == len(codes), "all are counted")
    by_station = {name: [bundle for station, bundle, _ in floor.counts() if station == name] for name in read}
    assert by_station == read
    for name in read:
        last = floor.atelier.answers.last(name)
        assert last is not None and last.answer.bundle is not None
        assert last.answer.bundle.code == read[name][-1]


@pytest.mark.parametrize("aim", ["Q1", "Q0", "I0", "X9", ""])
def test_what_the_scanner_says_of_the_kind_of_code_is_kept_with_the_count(
    stations: Callable[[int], Stations], aim: str
) -> None:
    floor = stations(1)
    (code,) = floor.cut(1)
    floor.scanners["coupe-1"].scan(code, aim=aim)
    wait_until(lambda: len(floor.counts()) == 1, "it is counted")
    assert floor.counts() == [("coupe-1", code, aim)]
    with floor.atelier.reading() as db:
        standing = stored_bundles.standing(db, code)
        bodies = db.conn.execute("SELECT body FROM event WHERE type = 'step_done'").fetchone()[0]
    assert standing is not None and standing.state.at("cut").good == 1
    assert ("symbology" in bodies) is bool(aim)  # nothing said, nothing stored


def test_a_cable_moved_to_another_socket_moves_the_station_and_a_person_is_told(tmp_path: Path) -> None:
    tree = UsbTree(tmp_path)
    ports = {"coupe-1": "1.1", "coupe-2": "1.2"}
    config = HEAD + "".join(
        STATION.format(name=name, title=name.capitalize(), scanner=f"port:{tree.name(socket)}")
        for name, socket in ports.items()
    )
    atelier = open_atelier(parse_config(config), tmp_path / "data")
    app = create_app(atelier)
    app.extensions["devices"].root = tmp_path
    atelier.run(access_store.set_password, "cheffe", access.hash_password("peu importe"), at_ms=1)
    client = app.test_client()
    with client.session_transaction() as session:
        session["account"], session["version"] = "cheffe", 1

    def page() -> str:
        return text_of(client.get("/devices"))

    def serve(tty: str, socket: str, serial: str) -> None:
        """Plugged in, read by its station until it is known there, and pulled out again."""
        name = next(name for name, at in ports.items() if at == socket)
        station = atelier.station(name)
        assert station is not None and station.scanner is not None
        scanner = SimulatedScanner(tree.plug(tty, socket, serial=serial))
        loop = StationLoop(
            atelier,
            station,
            scanner=bound_scanner(station.scanner, root=tree.root),
            find=lambda address: found_at(address, tree.root),
        )
        loop.start()
        wait_until(lambda: seen().get(name) == serial, "the scanner is known at its station")
        loop.stop()
        loop.join()
        scanner.close()
        tree.unplug(tty, socket)

    def seen() -> dict[str, str]:
        with atelier.reading() as db:
            return {name: scanner.serial for name, scanner in scanner_places.all_seen(db).items()}

    serve("ttyACM0", "1.1", "A1")
    serve("ttyACM1", "1.2", "B2")
    assert t("devices.moved_seen") not in page()
    serve("ttyACM0", "1.2", "A1")  # the scanner of the first station in the socket of the second
    said = page()
    assert t("devices.moved_from", station="Coupe-1") in said
    assert t("devices.moved_seen") in said
    proof = re.search(r'name="csrf_token" value="([^"]+)"', said)
    assert proof
    assert client.post("/devices/notices/coupe-2").status_code == 400
    assert client.post("/devices/notices/coupe-2", data={"csrf_token": proof[1]}).status_code == 303
    assert t("devices.moved_seen") not in page()
    atelier.close()
