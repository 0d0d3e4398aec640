"""Which scanner serves which station, whatever number the kernel gave it today."""

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from devices.errors import DeviceMissing
from devices.scanners import Barcode, KeyboardScanner, Scanner, SerialLine, scanner_at
from devices.scanners.bindings import bound_scanner, found_at, means_socket, pointed_at, present
from devices.scanners.simulated import SimulatedScanner
from tests.devices.scanners.usb_tree import UsbTree

PATIENCE_S = 20.0
ReadAll = Callable[[Scanner, int], list[Barcode]]


@pytest.fixture
def tree(tmp_path: Path) -> UsbTree:
    return UsbTree(tmp_path)


class Plugged:
    """A simulated scanner in a USB socket."""

    def __init__(self, tree: UsbTree, tty: str, socket: str, *, serial: str = "") -> None:
        self._tree, self._tty, self._socket = tree, tty, socket
        self._scanner = SimulatedScanner(tree.plug(tty, socket, serial=serial))

    def scan(self, text: str) -> None:
        assert self._scanner.wait_for_reader(timeout_s=PATIENCE_S)
        self._scanner.scan(text)

    def close(self) -> None:
        self._scanner.close()
        self._tree.unplug(self._tty, self._socket)


@pytest.fixture
def stack() -> Iterator[contextlib.ExitStack]:
    with contextlib.ExitStack() as stack:
        yield stack


def opened(address: str, tree: UsbTree) -> SerialLine:
    scanner = bound_scanner(address, root=tree.root)
    scanner.open()
    return scanner


def test_two_identical_scanners_keep_their_stations_when_their_numbers_swap(tree: UsbTree, read_all: ReadAll) -> None:
    addresses = {"cutting": f"port:{tree.name('1.1')}", "sewing": f"port:{tree.name('1.2')}"}
    for ttys in (("ttyACM0", "ttyACM1"), ("ttyACM1", "ttyACM0")):
        with contextlib.ExitStack() as stack:
            at_cutting = stack.enter_context(contextlib.closing(Plugged(tree, ttys[0], "1.1")))
            at_sewing = stack.enter_context(contextlib.closing(Plugged(tree, ttys[1], "1.2")))
            cutting = stack.enter_context(contextlib.closing(opened(addresses["cutting"], tree)))
            sewing = stack.enter_context(contextlib.closing(opened(addresses["sewing"], tree)))
            at_cutting.scan("CUT")
            at_sewing.scan("SEWN")
            assert read_all(cutting, 1) == [Barcode("CUT")]
            assert read_all(sewing, 1) == [Barcode("SEWN")]


def test_a_cable_moved_to_another_socket_moves_the_station_and_the_change_can_be_told(
    tree: UsbTree, stack: contextlib.ExitStack, read_all: ReadAll
) -> None:
    address = f"port:{tree.name('1.2')}"
    tree.plug("ttyACM1", "1.2", serial="B")
    before = found_at(address, tree.root)
    tree.unplug("ttyACM1", "1.2")
    moved = stack.enter_context(contextlib.closing(Plugged(tree, "ttyACM0", "1.2", serial="A")))
    line = stack.enter_context(contextlib.closing(opened(address, tree)))
    moved.scan("BCDF")
    assert read_all(line, 1) == [Barcode("BCDF")]
    assert (before.serial, found_at(address, tree.root).serial) == ("B", "A")


def test_a_scanner_known_by_its_serial_number_is_found_in_any_socket(
    tree: UsbTree, stack: contextlib.ExitStack, read_all: ReadAll
) -> None:
    tree.plug("ttyACM0", "1.1", serial="OTHER")
    line = stack.enter_context(contextlib.closing(bound_scanner("usb:0C2E:0901:MINE", root=tree.root)))
    for tty, socket in (("ttyACM1", "1.2"), ("ttyACM7", "1.4")):
        with contextlib.closing(Plugged(tree, tty, socket, serial="MINE")) as mine:
            line.open()
            mine.scan(tty.upper())
            assert read_all(line, 1) == [Barcode(tty.upper())]
            line.close()


@pytest.mark.parametrize("serial", ["", "0000000000", "12345"])
def test_two_scanners_with_the_same_number_are_found_out_and_each_is_named_by_its_socket(
    tree: UsbTree, serial: str
) -> None:
    for tty, socket in (("ttyACM0", "1.1"), ("ttyACM1", "1.2")):
        tree.plug(tty, socket, serial=serial)
    ports = [f"port:{tree.name(socket)}" for socket in ("1.1", "1.2")]
    assert [scanner.address for scanner in present(tree.root)] == ports
    with pytest.raises(DeviceMissing) as ambiguous:
        opened(f"usb:0c2e:0901:{serial}".rstrip(":"), tree)
    assert "2 scanners answer to it" in str(ambiguous.value)
    assert all(port in str(ambiguous.value) for port in ports)


NAMED = [
    ("19087B45F2", "usb:0c2e:0901:19087B45F2"),
    ("SN 1/2:3", "usb:0c2e:0901:SN 1/2:3"),
    ("", "port:platform-fd500000.pcie-pci-0000:01:00.0-usb-0:1.2:1.0"),
    ("000000", "port:platform-fd500000.pcie-pci-0000:01:00.0-usb-0:1.2:1.0"),
    ("why?", "port:platform-fd500000.pcie-pci-0000:01:00.0-usb-0:1.2:1.0"),
    ("é", "port:platform-fd500000.pcie-pci-0000:01:00.0-usb-0:1.2:1.0"),
]


@pytest.mark.parametrize(("serial", "address"), NAMED)
def test_what_to_write_in_the_settings_finds_the_scanner_again(tree: UsbTree, serial: str, address: str) -> None:
    node = tree.plug("ttyACM0", "1.2", serial=serial, manufacturer="Honeywell", product="Xenon 1900")
    (scanner,) = present(tree.root)
    assert scanner.address == address
    assert found_at(scanner.address, tree.root) == scanner
    assert (scanner.node, scanner.maker, scanner.model) == (node, "Honeywell", "Xenon 1900")
    assert (scanner.vendor, scanner.product, scanner.serial) == ("0c2e", "0901", serial)


def test_without_names_by_socket_a_lone_scanner_is_named_by_its_model_and_twins_cannot_be_named(tree: UsbTree) -> None:
    tree.plug("ttyACM0", "1.1")
    tree.rename_by_path("1.1")
    assert [scanner.address for scanner in present(tree.root)] == ["usb:0c2e:0901"]
    second = tree.plug("ttyACM1", "1.2")
    tree.rename_by_path("1.2")
    assert [scanner.address for scanner in present(tree.root)] == ["", ""]
    with pytest.raises(DeviceMissing, match=second):
        found_at("usb:0c2e:0901", tree.root)


def test_a_socket_with_an_old_and_a_new_name_answers_to_both_and_shows_the_short_one(tree: UsbTree) -> None:
    tree.plug("ttyACM0", "1.2")
    tree.rename_by_path("1.2", "pci-usb-0:1.2:1.0", "pci-usbv2-0:1.2:1.0")
    (scanner,) = present(tree.root)
    assert scanner.ports == ("pci-usb-0:1.2:1.0", "pci-usbv2-0:1.2:1.0")
    assert {found_at(f"port:{name}", tree.root).node for name in scanner.ports} == {scanner.node}


def test_a_serial_cable_is_found_like_a_scanner_of_its_own(tree: UsbTree) -> None:
    tree.plug("ttyUSB0", "1.3", adapter=True, idVendor="1a86", idProduct="7523", product="USB Serial")
    assert [(scanner.vendor, scanner.model) for scanner in present(tree.root)] == [("1a86", "USB Serial")]


def test_a_scanner_in_keyboard_mode_is_listed_with_the_address_that_reads_it(tree: UsbTree) -> None:
    tree.plug("ttyACM0", "1.1", serial="A")
    tree.plug_keyboard("event3", "1.2", serial="B", manufacturer="Honeywell", product="Xenon 1900")
    assert [scanner.mode for scanner in present(tree.root)] == ["serial", "keyboard"]
    keyboard = present(tree.root)[1]
    assert keyboard.address == f"/dev/input/by-path/{tree.name('1.2')}-event-kbd"
    assert (keyboard.node, keyboard.serial) == (str(tree.root / "dev/input/event3"), "B")
    assert isinstance(scanner_at(keyboard.address), KeyboardScanner)


def test_a_scanner_in_keyboard_mode_does_not_answer_to_the_address_of_a_serial_one(tree: UsbTree) -> None:
    tree.plug_keyboard("event3", "1.2", serial="B", manufacturer="Honeywell", product="Xenon 1900")
    with pytest.raises(DeviceMissing, match=r"event-kbd \(Honeywell Xenon 1900\)"):
        found_at("usb:0c2e:0b01:B", tree.root)


def test_a_scanner_with_two_ports_is_one_scanner_on_its_first(tree: UsbTree) -> None:
    tree.plug("ttyACM1", "1.2", interface=0, serial="A")
    tree.plug("ttyACM0", "1.2", interface=2, serial="A")
    assert [scanner.node for scanner in present(tree.root)] == [str(tree.root / "dev/ttyACM1")]


def test_what_is_no_usb_scanner_is_not_listed_and_an_empty_machine_has_none(tree: UsbTree, tmp_path: Path) -> None:
    assert present(tree.root) == ()
    assert present(tmp_path / "no such machine") == ()


@pytest.mark.parametrize(
    "address", ["usb:05f9:4204", "usb:0c2e:0901:OTHER", "port:nowhere", "port:nowhere?feedback=zebra"]
)
def test_a_scanner_that_is_not_plugged_in_is_missing_and_what_is_there_is_told(tree: UsbTree, address: str) -> None:
    with pytest.raises(DeviceMissing, match="not plugged in; what is: nothing"):
        opened(address, tree)
    tree.plug("ttyACM0", "1.2", serial="19087B45F2", manufacturer="Honeywell", product="Xenon 1900")
    with pytest.raises(DeviceMissing) as missing:
        opened(address, tree)
    assert missing.value.address == address
    assert "usb:0c2e:0901:19087B45F2 (Honeywell Xenon 1900)" in str(missing.value)


def test_a_cable_pulled_while_it_is_looked_at_leaves_a_scanner_without_words(tree: UsbTree) -> None:
    tree.plug("ttyACM0", "1.2", serial="A")
    for attribute in ("serial", "idProduct"):
        (tree.root / "sys/devices/platform/usb1/1-1.2" / attribute).unlink()
    (scanner,) = present(tree.root)
    assert (scanner.serial, scanner.product, scanner.maker) == ("", "", "")


@pytest.mark.parametrize(
    ("address", "serial", "by_socket"),
    [
        ("port:{name}", "A", True),
        ("port:{name}?feedback=zebra", "A", True),
        ("{root}/dev/serial/by-path/{name}", "A", True),
        ("/dev/floor/scanners/by-path/{name}?feedback=zebra", "A", True),
        ("usb:0c2e:0901:A", "A", False),
        ("USB:0C2E:0901".lower(), "A", False),
        ("{root}/dev/serial/by-id/usb-Honeywell_A", "A", False),
        ("/dev/ttyACM0", "A", False),
        ("/dev/input/by-path/{keyboard}-event-kbd?layout=fr", "K", True),
    ],
)
def test_what_an_address_points_at_is_told_and_whether_it_is_a_socket(
    tree: UsbTree, address: str, serial: str, by_socket: bool
) -> None:
    tree.plug("ttyACM0", "1.1", serial="A")
    tree.plug("ttyACM1", "1.2", serial="B", idProduct="0902")
    tree.plug_keyboard("event3", "1.3", serial="K")
    by_id = tree.root / "dev/serial/by-id"
    by_id.mkdir()
    (by_id / "usb-Honeywell_A").symlink_to("../../ttyACM0")
    written = address.format(root=tree.root, name=tree.name("1.1"), keyboard=tree.name("1.3"))
    found = pointed_at(written, present(tree.root))
    assert found and found.serial == serial
    assert means_socket(written, found) is by_socket


@pytest.mark.parametrize(
    "address", ["socket://127.0.0.1:4000", "listen://0.0.0.0:4000", "/tmp/scanner", "port:nowhere", "usb:0c2e:0901"]
)
def test_what_is_on_the_network_elsewhere_or_twice_is_not_pointed_at(tree: UsbTree, address: str) -> None:
    for tty, socket in (("ttyACM0", "1.1"), ("ttyACM1", "1.2")):
        tree.plug(tty, socket)
    assert pointed_at(address, present(tree.root)) is None


@pytest.mark.parametrize(
    ("serials", "own"), [(("A", "B"), True), (("A", "A"), False), (("", "B"), False), (("00", "B"), False)]
)
def test_a_number_is_a_scanners_own_when_no_other_has_it(tree: UsbTree, serials: tuple[str, str], own: bool) -> None:
    for number, serial in enumerate(serials, start=1):
        tree.plug(f"ttyACM{number}", f"1.{number}", serial=serial)
        tree.plug_keyboard(f"event{number}", f"2.{number}", serial=serial)
    first = [scanner for scanner in present(tree.root) if scanner.serial == serials[0]]
    assert {scanner.mode for scanner in first} == {"serial", "keyboard"}
    assert {scanner.numbered for scanner in first} == {own}
