"""The other end of each kind of scanner: a pty with a cable to pull, keys in a pipe, a scanner on loopback."""

import contextlib
import fcntl
import os
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol

import pytest

from devices.errors import DeviceLost
from devices.scanners import SCANNERS, Barcode, Scanner
from devices.scanners.bindings import bound_scanner
from devices.scanners.simulated import SimulatedScanner
from tests.devices.scanners.key_typist import keys, typed
from tests.devices.scanners.usb_tree import UsbTree
from tests.waiting import wait_until

PATIENCE_S = 20.0
PIPE_BYTES = 1 << 20


class FarEnd(Protocol):
    address: str

    def scanner(self) -> Scanner: ...
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

    def scanner(self) -> Scanner:
        return SCANNERS["serial"](self.address)

    def wait_for_reader(self) -> None:
        assert self._scanner.wait_for_reader(timeout_s=PATIENCE_S)


class UsbEnd:
    """The same behind USB: the node comes and goes with all that sysfs and udev tell of it."""

    def __init__(self, folder: Path, address: str) -> None:
        self.address = address
        self._tree = UsbTree(folder)
        self._plugged = True
        self._scanner = SimulatedScanner(self._tree.plug("ttyACM0", "1.2", serial="19087B45F2"))
        self.send = self._scanner.send

    def scanner(self) -> Scanner:
        return bound_scanner(self.address, root=self._tree.root)

    def wait_for_reader(self) -> None:
        assert self._scanner.wait_for_reader(timeout_s=PATIENCE_S)

    def unplug(self) -> None:
        if self._plugged:
            self._plugged = False
            self._scanner.unplug()
            self._tree.unplug("ttyACM0", "1.2")

    def replug(self) -> None:
        self._plugged = True
        self._tree.plug("ttyACM0", "1.2", serial="19087B45F2")
        self._scanner.replug()


class KeyboardEnd:
    """Keys in a named pipe: what the kernel would write, without a kernel that has keyboards."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "platform-usb-0:1.4:1.0-event-kbd"
        self._pipe = -1
        self.address = str(self._path)
        self.replug()

    def scanner(self) -> Scanner:
        return SCANNERS["keyboard"](self.address)

    def wait_for_reader(self) -> None:
        if self._pipe < 0:
            self._pipe = os.open(self._path, os.O_WRONLY | os.O_NONBLOCK)  # refused while nobody reads
            fcntl.fcntl(self._pipe, fcntl.F_SETPIPE_SZ, PIPE_BYTES)

    def send(self, data: bytes) -> None:
        events = keys(*typed(data.decode("latin-1")))
        assert os.write(self._pipe, events) == len(events)

    def unplug(self) -> None:
        pipe, self._pipe = self._pipe, -1
        if pipe >= 0:
            os.close(pipe)
        self._path.unlink(missing_ok=True)

    def replug(self) -> None:
        os.mkfifo(self._path)


class SocketEnd:
    def __init__(self, _folder: Path) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._host_and_port = self._listener.getsockname()
        self._reader: socket.socket | None = None
        self.address = "socket://{}:{}".format(*self._host_and_port)

    def scanner(self) -> Scanner:
        return SCANNERS["socket"](self.address)

    def wait_for_reader(self) -> None:
        if self._reader:
            self._reader.close()
        self._listener.settimeout(PATIENCE_S)
        self._reader, _ = self._listener.accept()

    def send(self, data: bytes) -> None:
        assert self._reader
        self._reader.sendall(data)

    def hear(self, size: int) -> bytes:
        assert self._reader
        self._reader.settimeout(PATIENCE_S)
        heard = b""
        while len(heard) < size:
            heard += self._reader.recv(size - len(heard))
        return heard

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


class CallingEnd:
    """A scanner that calls the app, and calls again whenever it is not connected."""

    def __init__(self, _folder: Path) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self._host_and_port = free.getsockname()
        self.address = "listen://{}:{}".format(*self._host_and_port)
        self._connection: socket.socket | None = None
        self.replug()

    def scanner(self) -> Scanner:
        return SCANNERS["listen"](self.address)

    def wait_for_reader(self) -> None:
        wait_until(lambda: is_alive(self._connection), "the scanner has connected")

    def send(self, data: bytes) -> None:
        assert self._connection
        self._connection.sendall(data)

    def unplug(self) -> None:
        self._unplugged.set()
        self._caller.join()

    def replug(self) -> None:
        self._unplugged = threading.Event()
        self._caller = threading.Thread(target=self._call)
        self._caller.start()

    def _call(self) -> None:
        while not self._unplugged.is_set():
            with contextlib.suppress(OSError), socket.create_connection(self._host_and_port) as self._connection:
                while is_alive(self._connection) and not self._unplugged.wait(0.002):
                    pass
            self._unplugged.wait(0.005)


def is_alive(connection: socket.socket | None) -> bool:
    """Whether the other side still holds this connection."""
    if connection is None:
        return False
    try:
        return connection.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT) != b""
    except BlockingIOError:
        return True
    except OSError:
        return False


FAR_ENDS: dict[str, Callable[[Path], FarEnd]] = {
    "serial": PtyEnd,
    "keyboard": KeyboardEnd,
    "usb": lambda folder: UsbEnd(folder, "usb:0c2e:0901:19087B45F2"),
    "port": lambda folder: UsbEnd(folder, "port:platform-fd500000.pcie-pci-0000:01:00.0-usb-0:1.2:1.0"),
    "socket": SocketEnd,
    "listen": CallingEnd,
}


@pytest.fixture(params=sorted(SCANNERS))
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def far_end(kind: str, tmp_path: Path) -> Iterator[FarEnd]:
    end = FAR_ENDS[kind](tmp_path)
    with contextlib.closing(_Cable(end)):
        yield end


@pytest.fixture
def scanner(far_end: FarEnd) -> Iterator[Scanner]:
    """Open, with its far end knowing it."""
    with contextlib.closing(far_end.scanner()) as scanner:
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
