"""The other end of each kind of scanner: a pty with a cable to pull, a scanner listening on loopback."""

import contextlib
import socket
import struct
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol

import pytest

from devices.errors import DeviceLost
from devices.scanners import SCANNERS, Barcode, Scanner
from devices.scanners.simulated import SimulatedScanner

PATIENCE_S = 20.0


class FarEnd(Protocol):
    address: str

    def wait_for_reader(self) -> None: ...
    def send(self, data: bytes) -> None: ...
    def unplug(self) -> None: ...
    def replug(self) -> None: ...


class PtyEnd:
    def __init__(self, folder: Path) -> None:
        self.address = str(folder / "scanner")
        self._scanner = SimulatedScanner(self.address)
        self.send = self._scanner.send
        self.unplug = self._scanner.unplug
        self.replug = self._scanner.replug

    def wait_for_reader(self) -> None:
        assert self._scanner.wait_for_reader(timeout_s=PATIENCE_S)


class SocketEnd:
    def __init__(self, _folder: Path) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._host_and_port = self._listener.getsockname()
        self._reader: socket.socket | None = None
        self.address = "socket://{}:{}".format(*self._host_and_port)

    def wait_for_reader(self) -> None:
        if self._reader:
            self._reader.close()
        self._listener.settimeout(PATIENCE_S)
        self._reader, _ = self._listener.accept()

    def send(self, data: bytes) -> None:
        assert self._reader
        self._reader.sendall(data)

    def unplug(self) -> None:
        self._listener.close()
        if self._reader:
            self._reader.close()

    def replug(self) -> None:
        self._listener = socket.create_server(self._host_and_port)

    def reset(self) -> None:
        assert self._reader
        self._reader.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.unplug()


FAR_ENDS: dict[str, Callable[[Path], FarEnd]] = {"serial": PtyEnd, "socket": SocketEnd}


@pytest.fixture(params=sorted(SCANNERS))
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def far_end(kind: str, tmp_path: Path) -> Iterator[FarEnd]:
    end = FAR_ENDS[kind](tmp_path)
    with contextlib.closing(_Cable(end)):
        yield end


@pytest.fixture
def scanner(kind: str, far_end: FarEnd) -> Iterator[Scanner]:
    """Open, with its far end knowing it."""
    with contextlib.closing(SCANNERS[kind](far_end.address)) as scanner:
        scanner.open()
        far_end.wait_for_reader()
        yield scanner


@pytest.fixture
def simulated(tmp_path: Path) -> Iterator[SimulatedScanner]:
    with contextlib.closing(SimulatedScanner(str(tmp_path / "by-path"))) as simulated:
        yield simulated


@pytest.fixture
def socket_end(tmp_path: Path) -> Iterator[SocketEnd]:
    end = SocketEnd(tmp_path)
    with contextlib.closing(_Cable(end)):
        yield end


@pytest.fixture
def read_all() -> Callable[[Scanner, int], list[Barcode]]:
    """Reads until `count` barcodes came; stops short only when the scanner stays silent for very long."""

    def read_all(scanner: Scanner, count: int) -> list[Barcode]:
        barcodes: list[Barcode] = []
        while len(barcodes) < count:
            got = scanner.read(timeout_s=PATIENCE_S)
            assert got, f"only {barcodes} came"
            barcodes += got
        return barcodes

    return read_all


@pytest.fixture
def read_until_lost() -> Callable[[Scanner], list[Barcode]]:
    def read_until_lost(scanner: Scanner) -> list[Barcode]:
        barcodes: list[Barcode] = []
        with pytest.raises(DeviceLost):
            while got := scanner.read(timeout_s=PATIENCE_S):
                barcodes += got
        return barcodes

    return read_until_lost


class _Cable:
    def __init__(self, end: FarEnd) -> None:
        self.close = end.unplug
