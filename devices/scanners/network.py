"""A scanner on the network: it listens on a TCP port and sends what it reads, framed as on a serial line."""

import contextlib
import socket
import time
from urllib.parse import urlsplit

from devices.errors import DeviceLost, DeviceMissing
from devices.scanners.barcode import Barcode
from devices.scanners.framing import Framer
from devices.scanners.waiting import wait_for_barcodes

CONNECT_TIMEOUT_S = 3.0
TAKE_BYTES = 4096

# A scanner that loses its power says no goodbye, and a line that only listens would wait for ever:
# the kernel asks after 10 s of silence, every 5 s, and gives up after 3 unanswered questions.
KEEPALIVE = {
    (socket.SOL_SOCKET, socket.SO_KEEPALIVE): 1,
    (socket.IPPROTO_TCP, socket.TCP_KEEPIDLE): 10,
    (socket.IPPROTO_TCP, socket.TCP_KEEPINTVL): 5,
    (socket.IPPROTO_TCP, socket.TCP_KEEPCNT): 3,
}


class NetworkScanner:
    """One scanner reached by TCP; the app is the client. All calls come from the thread that reads."""

    def __init__(self, address: str) -> None:
        """`address`: socket://host:port, socket://[ipv6]:port. ValueError otherwise."""
        self.address = address
        self._host_and_port = _host_and_port(address)
        self._connection: socket.socket | None = None
        self._framer = Framer()

    def open(self) -> None:
        """Connect; DeviceMissing when nothing answers in 3 s. A scanner taken by another client refuses likewise."""
        self.close()
        try:
            self._connection = _connection(self._host_and_port)
        except OSError as fault:
            raise DeviceMissing(self.address, str(fault)) from fault
        self._framer = Framer()

    def read(self, *, timeout_s: float) -> tuple[Barcode, ...]:
        """Barcodes as soon as they are complete, () when none came in `timeout_s`; DeviceLost when it hung up."""
        connection = self._connection
        if connection is None:
            raise DeviceLost(self.address, "not connected")
        try:
            return wait_for_barcodes(
                self._framer, connection, take=lambda: _waiting_bytes(connection), timeout_s=timeout_s
            )
        except (OSError, ValueError) as fault:  # ValueError: select on a connection closed under a reading thread
            # The connection stays lost: the next call says so again.
            if last := self._framer.flush_if_silent(time.monotonic()):
                return last
            raise DeviceLost(self.address, str(fault)) from fault

    def close(self) -> None:
        """Hang up. Never raises, may be called twice."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with contextlib.suppress(OSError):
                connection.close()


def _host_and_port(address: str) -> tuple[str, int]:
    cure = f"scanner address {address!r} is not understood: write socket://host:port, e.g. socket://192.168.1.40:9001"
    try:
        parts = urlsplit(address)
        host, port = parts.hostname, parts.port
    except ValueError as fault:
        raise ValueError(cure) from fault
    if parts.scheme != "socket" or not host or not port or address != f"socket://{parts.netloc}":
        raise ValueError(cure)
    return host, port


def _connection(host_and_port: tuple[str, int]) -> socket.socket:
    """The connect timeout stays on: should select wake for nothing, that ends as a loss instead of a hang."""
    connection = socket.create_connection(host_and_port, timeout=CONNECT_TIMEOUT_S)
    try:
        for (level, option), value in KEEPALIVE.items():
            connection.setsockopt(level, option, value)
    except OSError:
        connection.close()
        raise
    return connection


def _waiting_bytes(connection: socket.socket) -> bytes:
    data = connection.recv(TAKE_BYTES)
    if not data:
        raise ConnectionResetError("the scanner closed the connection")
    return data
