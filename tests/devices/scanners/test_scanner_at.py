import pytest

from devices.scanners import KeyboardScanner, ListeningScanner, NetworkScanner, SerialLine, scanner_at

BY_PATH = "platform-fd500000.pcie-pci-0000:01:00.0-usb-0:1.2:1.0"


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("/dev/ttyACM0", SerialLine),
        (f"/dev/serial/by-path/{BY_PATH}", SerialLine),
        ("/dev/ttyACM0?feedback=honeywell", SerialLine),
        ("/tmp/demo/scanner 1", SerialLine),
        ("/dev/input/event3", KeyboardScanner),
        (f"/dev/input/by-path/{BY_PATH}-event-kbd", KeyboardScanner),
        (f"/dev/input/by-path/{BY_PATH}-event-kbd?layout=fr", KeyboardScanner),
        ("/dev/floor/scanners/cutting-event-kbd?layout=us", KeyboardScanner),
        ("usb:0c2e:0901", SerialLine),
        ("usb:0C2E:0901:19087B45F2", SerialLine),
        ("usb:0c2e:0901:SN 1/2:3?feedback=zebra", SerialLine),
        (f"port:{BY_PATH}", SerialLine),
        (f"port:{BY_PATH}?feedback=datalogic", SerialLine),
        ("socket://127.0.0.1:9001", NetworkScanner),
        ("socket://127.0.0.1:9001?feedback=zebra", NetworkScanner),
        ("listen://0.0.0.0:9001", ListeningScanner),
        ("listen://[::]:9001?feedback=honeywell", ListeningScanner),
    ],
)
def test_the_address_tells_the_kind_of_scanner(address: str, kind: type) -> None:
    scanner = scanner_at(address)
    assert type(scanner) is kind
    assert scanner.address == address


@pytest.mark.parametrize(
    "address",
    [
        "",
        "ttyACM0",
        "COM3",
        "./scanner",
        "tcp://host:1",
        "socket:host:1",
        "serial:/dev/tty",
        "/dev/tty\n",
        "/dev/tty\0A",
    ],
)
def test_an_address_nobody_understands_is_refused_with_the_cure(address: str) -> None:
    with pytest.raises(ValueError, match=r"write the path of a port, .*or socket://host:port"):
        scanner_at(address)


FEEDBACK = r"\[\?feedback=datalogic\|honeywell\|zebra\]$"


@pytest.mark.parametrize(
    ("address", "cure"),
    [
        ("/dev/ttyACM0?feedback=newland", FEEDBACK),
        ("/dev/ttyACM0?feedback", FEEDBACK),
        ("/dev/ttyACM0?", FEEDBACK),
        ("/dev/ttyACM0?layout=fr", FEEDBACK),
        ("/dev/input/event3?layout=de", r"\[\?layout=fr\|us\]$"),
        ("/dev/input/event3?feedback=zebra", r"\[\?layout=fr\|us\]$"),
        ("usb:0c2e", r"write usb:VID:PID\[:SERIAL\] .*" + FEEDBACK),
        ("usb:0c2e:09g1", "write usb:VID:PID"),
        ("usb:0c2e:0901:", "write usb:VID:PID"),
        ("usb:0c2e:0901?feedback=loud", "write usb:VID:PID"),
        ("port:", "port:NAME"),
        ("port:/dev/ttyACM0", "port:NAME"),
        ("listen://", "write listen://host:port" + FEEDBACK),
        ("listen://0.0.0.0", "write listen://host:port"),
        ("listen://0.0.0.0:9001/x", "write listen://host:port"),
        ("socket://host:1?feedback=loud", "write socket://host:port"),
    ],
)
def test_an_address_with_a_slip_in_it_is_refused_with_the_way_to_write_it(address: str, cure: str) -> None:
    with pytest.raises(ValueError, match=cure) as refused:
        scanner_at(address)
    assert repr(address) in str(refused.value)
