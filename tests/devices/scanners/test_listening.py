"""A scanner that calls the app: who is let in, who is turned away, and what is kept when it calls again."""

import contextlib
import socket
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from devices.errors import DeviceBusy, DeviceLost, DeviceMissing
from devices.scanners import Barcode, ListeningScanner, Scanner
from tests.devices.scanners.conftest import is_alive
from tests.waiting import wait_until

PATIENCE_S = 20.0
ReadAll = Callable[[Scanner, int], list[Barcode]]
Connected = tuple[ListeningScanner, socket.socket]


@pytest.fixture
def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


@pytest.fixture
def connected(free_port: int) -> Iterator[Connected]:
    """The app's side, open, and the connection of the scanner that called."""
    address = f"listen://127.0.0.1:{free_port}"
    with contextlib.closing(ListeningScanner(address)) as scanner, ThreadPoolExecutor() as pool:
        calling = pool.submit(_call, free_port)
        scanner.open()
        with calling.result(PATIENCE_S) as connection:
            yield scanner, connection


def _call(port: int, *, host: str = "127.0.0.1", from_host: str = "") -> socket.socket:
    """Calls until it is answered, as these scanners do."""
    answered: list[socket.socket] = []

    def call() -> list[socket.socket]:
        with contextlib.suppress(ConnectionRefusedError):
            answered.append(socket.create_connection((host, port), source_address=(from_host or host, 0)))
        return answered

    wait_until(call, "the app listens")
    return answered[0]


def test_a_scanner_switched_off_and_on_goes_on_and_its_dead_connection_is_closed(
    connected: Connected, free_port: int, read_all: ReadAll
) -> None:
    scanner, dead = connected
    dead.sendall(b"BEFORE\r")
    with _call(free_port) as newer:
        newer.sendall(b"AFTER\r")
        before = read_all(scanner, 1)
        assert scanner.read(timeout_s=0.01) == ()
        assert before + read_all(scanner, 1) == [Barcode("BEFORE"), Barcode("AFTER")]
        assert not is_alive(dead)


def test_a_scanner_that_hung_up_and_called_again_is_not_lost(
    connected: Connected, free_port: int, read_all: ReadAll
) -> None:
    scanner, first = connected
    first.close()
    with _call(free_port) as second:
        second.sendall(b"BCDF\r")
        assert scanner.read(timeout_s=PATIENCE_S) == ()
        assert read_all(scanner, 1) == [Barcode("BCDF")]


def test_another_machine_is_turned_away_while_the_scanner_is_there(
    connected: Connected, free_port: int, read_all: ReadAll
) -> None:
    scanner, ours = connected
    with _call(free_port, from_host="127.0.0.2") as other:
        other.sendall(b"WRONG\r")
        assert scanner.read(timeout_s=0.01) == ()
        wait_until(lambda: not is_alive(other), "the other machine is turned away")
        ours.sendall(b"BCDF\r")
        assert read_all(scanner, 1) == [Barcode("BCDF")]


def test_another_machine_may_take_the_place_of_a_scanner_that_left(
    connected: Connected, free_port: int, read_all: ReadAll
) -> None:
    scanner, first = connected
    first.close()
    with _call(free_port, from_host="127.0.0.2") as replacement:
        replacement.sendall(b"BCDF\r")
        assert scanner.read(timeout_s=PATIENCE_S) == ()
        assert read_all(scanner, 1) == [Barcode("BCDF")]


def test_a_lost_scanner_leaves_the_port_free(connected: Connected, free_port: int) -> None:
    scanner, connection = connected
    connection.close()
    with pytest.raises(DeviceLost):
        scanner.read(timeout_s=PATIENCE_S)
    with socket.create_server(("127.0.0.1", free_port)), pytest.raises(DeviceLost):
        scanner.read(timeout_s=0.0)


def test_a_port_on_which_another_program_listens_is_busy() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        scanner = ListeningScanner(f"listen://127.0.0.1:{other.getsockname()[1]}")
        with pytest.raises(DeviceBusy, match="another program listens"):
            scanner.open()


@pytest.mark.parametrize("host", ["192.0.2.1", "no-such-host.invalid"])
def test_an_address_that_is_not_of_this_machine_is_missing(host: str) -> None:
    with pytest.raises(DeviceMissing):
        ListeningScanner(f"listen://{host}:9001").open()


def test_when_no_scanner_calls_the_cure_is_told_and_the_port_is_free_again(free_port: int) -> None:
    with pytest.raises(DeviceMissing, match="does it call this address"):
        ListeningScanner(f"listen://127.0.0.1:{free_port}").open()
    socket.create_server(("127.0.0.1", free_port)).close()


def test_a_scanner_may_call_over_ipv6(read_all: ReadAll) -> None:
    with socket.create_server(("::1", 0), family=socket.AF_INET6) as free:
        port = free.getsockname()[1]
    with contextlib.closing(ListeningScanner(f"listen://[::1]:{port}")) as scanner, ThreadPoolExecutor() as pool:
        calling = pool.submit(_call, port, host="::1")
        scanner.open()
        with calling.result(PATIENCE_S) as connection:
            connection.sendall(b"BCDF\r")
            assert read_all(scanner, 1) == [Barcode("BCDF")]
