"""A scanner on the network: it listens on a TCP port and sends what it reads, framed as on a serial line."""

import contextlib
import socket
import time
from urllib.parse import urlsplit

from devices.errors import DeviceLost, DeviceMissing
from devices.scanners.addresses import Choices, misunderstood, split_options
from devices.scanners.barcode import Barcode
from devices.scanners.feedback import MODELS, NO_FEEDBACK, ReplyFilter
from devices.scanners.framing import Framer
from devices.scanners.waiting import wait_for_barcodes

CHOICES: Choices = {"feedback": MODELS}
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


class TcpScanner:
    """One scanner's TCP connection, whoever made it. All calls come from the thread that reads."""

    def __init__(self, address: str, *, scheme: str) -> None:
        """`address`: `scheme`://host:port, the host a name, an IPv4 or an [IPv6] address. ValueError otherwise."""
        self.address = address
        form = f"{scheme}://host:port"
        bare, options = split_options(address, CHOICES, form=form)
        host_and_port = _host_and_port(bare, scheme)
        if host_and_port is None:
            raise misunderstood(address, CHOICES, form=form)
        self._host_and_port = host_and_port
        self._feedback = MODELS.get(options.get("feedback", ""), NO_FEEDBACK)
        self._connection: socket.socket | None = None
        self._framer = Framer()
        self._replies = ReplyFilter(self._feedback)

    def read(self, *, timeout_s: float) -> tuple[Barcode, ...]:
        """Barcodes as soon as they are complete, () when none came in `timeout_s`; DeviceLost when it hung up."""
        connection = self._connection
        if connection is None:
            raise DeviceLost(self.address, "not connected")
        try:
            return wait_for_barcodes(
                self._framer,
                connection,
                take=lambda: self._replies.feed(_waiting_bytes(connection)),
                timeout_s=timeout_s,
            )
        except (OSError, ValueError) as fault:  # ValueError: select on a connection closed under a reading thread
            # The connection stays lost: the next call says so again.
            if last := self._framer.flush_if_silent(time.monotonic()):
                return last
            raise DeviceLost(self.address, str(fault)) from fault

    def signal(self, good: bool) -> None:
        """Tell the scanner, if floor.toml says how. Never raises or waits: the next `read` says that it went away."""
        order = self._feedback.good() if good else self._feedback.bad()
        if order and self._connection is not None:
            with contextlib.suppress(OSError):
                self._connection.send(order, socket.MSG_DONTWAIT)

    def close(self) -> None:
        """Hang up. Never raises, may be called twice."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with contextlib.suppress(OSError):
                connection.close()

    def _start(self, connection: socket.socket) -> None:
        """From now on this connection is the scanner. The timeout stays on: should select wake for nothing, that ends
        as a loss instead of a hang."""
        self._connection = connection
        self._framer = Framer()
        self._replies = ReplyFilter(self._feedback)
        connection.settimeout(CONNECT_TIMEOUT_S)
        for (level, option), value in KEEPALIVE.items():
            connection.setsockopt(level, option, value)


class NetworkScanner(TcpScanner):
    """One scanner reached by TCP; the app is the client."""

    def __init__(self, address: str) -> None:
        """`address`: socket://host:port, socket://[ipv6]:port. ValueError otherwise."""
        super().__init__(address, scheme="socket")

    def open(self) -> None:
        """Connect; DeviceMissing when nothing answers in 3 s. A scanner taken by another client refuses likewise."""
        self.close()
        try:
            self._start(socket.create_connection(self._host_and_port, timeout=CONNECT_TIMEOUT_S))
        except OSError as fault:
            self.close()
            raise DeviceMissing(self.address, str(fault)) from fault


def _host_and_port(bare: str, scheme: str) -> tuple[str, int] | None:
    try:
        parts = urlsplit(bare)
        host, port = parts.hostname, parts.port
    except ValueError:
        return None
    if parts.scheme != scheme or not host or not port or bare != f"{scheme}://{parts.netloc}":
        return None
    return host, port


def _waiting_bytes(connection: socket.socket) -> bytes:
    data = connection.recv(TAKE_BYTES)
    if not data:
        raise ConnectionResetError("the scanner closed the connection")
    return data
