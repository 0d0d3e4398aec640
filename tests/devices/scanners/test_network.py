import contextlib
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from devices.errors import DeviceLost, DeviceMissing
from devices.scanners import Barcode, NetworkScanner, Scanner
from devices.scanners.framing import SILENCE_S

ReadUntilLost = Callable[[Scanner], list[Barcode]]


@pytest.mark.parametrize("address", ["socket://127.0.0.1:9001", "socket://scanner-3:1", "socket://[::1]:65535"])
def test_host_and_port_make_an_address(address: str) -> None:
    assert NetworkScanner(address).address == address


@pytest.mark.parametrize(
    "address",
    [
        "socket://",
        "socket://host",
        "socket://:9001",
        "socket://host:0",
        "socket://host:65536",
        "socket://host:port",
        "socket://host:9001/path",
        "socket://host:9001?speed=1",
        "socket://host:9001#x",
        "socket://[::1:9001",
        "tcp://host:9001",
        "host:9001",
        "",
    ],
)
def test_a_wrong_address_is_refused_with_the_cure(address: str) -> None:
    with pytest.raises(ValueError, match="write socket://host:port"):
        NetworkScanner(address)


def test_codes_sent_just_before_the_scanner_hangs_up_are_read(socket_end: Any, read_until_lost: ReadUntilLost) -> None:
    with contextlib.closing(_connected(socket_end)) as scanner:
        socket_end.send(b"FIRST\rSECOND\rHAL")
        socket_end.unplug()
        assert read_until_lost(scanner) == [Barcode("FIRST"), Barcode("SECOND")]


def test_a_reset_connection_is_lost(socket_end: Any) -> None:
    with contextlib.closing(_connected(socket_end)) as scanner:
        socket_end.reset()
        for _ in range(2):
            with pytest.raises(DeviceLost):
                scanner.read(timeout_s=5.0)


def test_a_code_without_suffix_long_complete_when_the_scanner_goes_is_still_read(
    socket_end: Any, read_until_lost: ReadUntilLost
) -> None:
    with contextlib.closing(_connected(socket_end)) as scanner:
        socket_end.send(b"BCDF")
        assert scanner.read(timeout_s=SILENCE_S / 2) == ()
        time.sleep(SILENCE_S)
        socket_end.unplug()
        assert read_until_lost(scanner) == [Barcode("BCDF", ended_by="silence")]


def test_the_kernel_watches_over_a_scanner_that_could_lose_its_power(socket_end: Any) -> None:
    with contextlib.closing(_connected(socket_end)):
        port = int(socket_end.address.rsplit(":", 1)[1])
        assert _timer_of_connection_to(port) == "02", "no keep-alive timer runs (proc_net_tcp)"


def test_a_host_without_a_name_is_missing() -> None:
    with pytest.raises(DeviceMissing):
        NetworkScanner("socket://no-such-scanner.invalid:9001").open()


def _connected(socket_end: Any) -> NetworkScanner:
    scanner = NetworkScanner(socket_end.address)
    scanner.open()
    socket_end.wait_for_reader()
    return scanner


def _timer_of_connection_to(port: int) -> str:
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    (timer,) = [row[5] for row in rows if row[2].endswith(f":{port:04X}") and row[3] == "01"]
    return timer.split(":")[0]
