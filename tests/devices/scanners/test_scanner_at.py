import pytest

from devices.scanners import NetworkScanner, SerialLine, scanner_at


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("/dev/ttyACM0", SerialLine),
        ("/dev/serial/by-path/platform-fd500000.pcie-usb-0:1.2:1.0", SerialLine),
        ("/tmp/demo/scanner 1", SerialLine),
        ("socket://127.0.0.1:9001", NetworkScanner),
    ],
)
def test_the_address_tells_the_kind_of_scanner(address: str, kind: type) -> None:
    scanner = scanner_at(address)
    assert type(scanner) is kind
    assert scanner.address == address


@pytest.mark.parametrize("address", ["", "ttyACM0", "COM3", "./scanner", "tcp://host:1", "/dev/tty\n", "/dev/tty\0A"])
def test_an_address_nobody_understands_is_refused_with_the_cure(address: str) -> None:
    with pytest.raises(ValueError, match=r"write the path of a port, .*or socket://host:port"):
        scanner_at(address)
