"""A socket is a station: a scanner whose cable was moved serves there from then on, and a person is told, until she has seen it."""

import urllib.error
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from devices.scanners.simulated import SimulatedScanner
from floor_app.domain.events import StepDone
from floor_app.texts import words
from tests.devices.scanners.usb_tree import UsbTree
from tests.waiting import LONG_S, wait_until
from tests.wired_floor import WiredFloor

t = words("fr")
SEEN = "/devices/notices"


class Sockets:
    """A USB hub, and real ptys behind what is plugged into it."""

    def __init__(self, root: Path) -> None:
        self.tree = UsbTree(root)
        self._plugged: dict[str, tuple[str, SimulatedScanner]] = {}

    def plug(self, socket: str, serial: str, *, tty: str = "") -> None:
        tty = tty or f"ttyACM{socket[-1]}"
        node = Path(self.tree.plug(tty, socket, serial=serial, manufacturer="Honeywell", product="Xenon 1900"))
        self._plugged[socket] = tty, SimulatedScanner(str(node))

    def unplug(self, socket: str) -> None:
        tty, scanner = self._plugged.pop(socket)
        scanner.close()
        self.tree.unplug(tty, socket)

    def scan(self, socket: str, text: str) -> None:
        scanner = self._plugged[socket][1]
        assert scanner.wait_for_reader(timeout_s=LONG_S)
        scanner.scan(text)

    def close(self) -> None:
        for socket in [*self._plugged]:
            self.unplug(socket)


@pytest.fixture
def sockets(tmp_path: Path) -> Iterator[Sockets]:
    with ExitStack() as stack:
        made = Sockets(tmp_path / "machine")
        stack.callback(made.close)
        yield made


@pytest.fixture
def floor(tmp_path: Path, sockets: Sockets) -> Iterator[WiredFloor]:
    """One station bound by the name of its socket, one by the path of its socket, one by the number of its scanner."""
    root, tree = sockets.tree.root, sockets.tree
    addresses = {
        "coupe-1": f"port:{tree.name('1.1')}",
        "coupe-2": f"{root}/dev/serial/by-path/{tree.name('1.2')}",
        "coupe-3": "usb:0c2e:0901:C3",
    }
    stations = {name: ("cut", address) for name, address in addresses.items()}
    with WiredFloor(tmp_path, stations, root=root) as started:
        yield started


def sure(before: str, station: str) -> str:
    """How the notice begins and ends, around the time."""
    return t("devices.moved_sure", before=before, time="~", station=station).partition("~")[0]


def wait_for_page(floor: WiredFloor, *said: str) -> str:
    wait_until(lambda: all(part in floor.page() for part in said), f"the page says {said}")
    return floor.page()


def test_a_moved_cable_moves_the_station_and_a_person_is_told_until_she_has_seen_it(
    floor: WiredFloor, sockets: Sockets
) -> None:
    sockets.plug("1.1", "A1")
    sockets.plug("1.2", "B2")
    floor.wait_for("coupe-1", "coupe-2")
    assert t("devices.moved_cure") not in floor.page()
    first, second = floor.cut(2)
    sockets.scan("1.1", first)
    wait_until(lambda: len(floor.recorded(StepDone)) == 1, "it is counted")

    for socket in ("1.1", "1.2"):
        sockets.unplug(socket)
    floor.wait_for()
    sockets.plug("1.2", "A1", tty="ttyACM7")
    sockets.scan("1.2", second)
    wait_until(lambda: len(floor.recorded(StepDone)) == 2, "it is counted")
    assert [station for station, _ in floor.recorded(StepDone)] == ["coupe-1", "coupe-2"]

    page = wait_for_page(floor, sure("Coupe 1", "Coupe 2"))
    assert page.count(t("devices.moved_cure")) == 1
    assert "Honeywell Xenon 1900 · 0c2e:0901 · " + t("devices.serial", serial="A1") in page
    assert f"{t('devices.moved_socket')} <code>{sockets.tree.name('1.1')}</code>" in page
    assert t("devices.away_sure", station="Coupe 2", time="~").partition("~")[0] in page
    moved = t("board.scanner_moved", station="Coupe 1")
    wait_until(lambda: moved in floor.page("/board"), "the board says it too")

    floor.stop()
    floor.start()
    floor.wait_for("coupe-2")
    wait_for_page(floor, sure("Coupe 1", "Coupe 2"))
    with pytest.raises(urllib.error.HTTPError, match="400"):
        floor.supervisor.post(f"{SEEN}/coupe-2", [])
    floor.press(f"{SEEN}/coupe-2")
    assert t("devices.moved_cure") not in floor.page()
    wait_until(lambda: moved not in floor.page("/board"), "nor does the board")


def test_a_scanner_without_a_number_is_told_as_one_that_went_and_one_that_came(
    floor: WiredFloor, sockets: Sockets
) -> None:
    sockets.plug("1.1", "")
    floor.wait_for("coupe-1")
    sockets.unplug("1.1")
    floor.wait_for()
    sockets.plug("1.2", "")
    perhaps = t("devices.moved_perhaps", before="Coupe 1", time="~", station="").partition("~")[0]
    page = wait_for_page(floor, perhaps, t("devices.away_perhaps", station="Coupe 2", time="~").partition("~")[0])
    assert sure("Coupe 1", "Coupe 2") not in page
    moved = t("board.scanner_moved_perhaps", station="Coupe 1")
    wait_until(lambda: moved in floor.page("/board"), "the board says it too")
    sockets.plug("1.1", "")
    floor.wait_for("coupe-1", "coupe-2")
    wait_until(lambda: t("devices.moved_cure") not in floor.page(), "the guess falls: one is back there")


def test_a_scanner_bound_by_its_number_keeps_its_station_and_its_socket_is_shown(
    floor: WiredFloor, sockets: Sockets
) -> None:
    for socket in ("1.3", "1.4"):
        sockets.plug(socket, "C3")
        floor.wait_for("coupe-3")
        page = wait_for_page(floor, f"{t('devices.socket')} <code>{sockets.tree.name(socket)}</code>")
        assert t("devices.moved_cure") not in page
        sockets.unplug(socket)
        floor.wait_for()


def test_a_scanner_in_a_socket_of_no_station_is_listed_with_the_station_it_served(
    floor: WiredFloor, sockets: Sockets
) -> None:
    sockets.plug("1.1", "A1")
    floor.wait_for("coupe-1")
    wait_for_page(floor, t("devices.serial", serial="A1"))
    assert t("devices.served", station="Coupe 1") not in floor.page()
    sockets.unplug("1.1")
    sockets.plug("1.4", "A1")
    page = wait_for_page(floor, t("devices.served", station="Coupe 1"))
    assert 'scanner = "usb:0c2e:0901:A1"' in page


def test_the_open_page_hears_of_a_move_by_itself(floor: WiredFloor, sockets: Sockets) -> None:
    sockets.plug("1.1", "A1")
    floor.wait_for("coupe-1")
    wait_for_page(floor, t("devices.serial", serial="A1"))
    sockets.unplug("1.1")
    floor.wait_for()
    sockets.plug("1.2", "A1")
    wait_until(lambda: sure("Coupe 1", "Coupe 2") in floor.page("/devices/now"), "the part that is asked every second")
