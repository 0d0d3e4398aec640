"""A line of so many bytes a second in each direction between an atelier and the centre: TCP on loopback, through token buckets."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

MBIT_BYTES_S = 125_000
BURST_BYTES = 4_096
WAITS_S = 120.0


@dataclass
class Bucket:
    """`spent`: bytes that went through."""

    bytes_s: float
    spent: int = 0
    _free_at: float = 0.0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, count: int) -> None:
        """Returns when so many bytes have had their time on the line."""
        with self._lock:
            self.spent += count
            self._free_at = max(self._free_at, time.monotonic()) + count / self.bytes_s
            until = self._free_at
        time.sleep(max(0.0, until - time.monotonic()))


@dataclass(frozen=True, slots=True)
class NarrowLine:
    port: int
    up: Bucket
    down: Bucket


@contextmanager
def narrow_line(port: int, *, bytes_s: float = MBIT_BYTES_S) -> Iterator[NarrowLine]:
    """To 127.0.0.1:`port`."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        line = NarrowLine(listening.getsockname()[1], Bucket(bytes_s), Bucket(bytes_s))
        threading.Thread(target=_accept, args=(listening, port, line), daemon=True).start()
        yield line
        with suppress(OSError):
            listening.shutdown(socket.SHUT_RDWR)


def _accept(listening: socket.socket, port: int, line: NarrowLine) -> None:
    with suppress(OSError):
        while True:
            near = listening.accept()[0]
            threading.Thread(target=_connect, args=(near, port, line), daemon=True).start()


def _connect(near: socket.socket, port: int, line: NarrowLine) -> None:
    """Until both sides have said all."""
    with near, socket.create_connection(("127.0.0.1", port), timeout=WAITS_S) as far:
        for each in (near, far):
            each.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        upwards = threading.Thread(target=_carry, args=(near, far, line.up), daemon=True)
        upwards.start()
        _carry(far, near, line.down)
        upwards.join()


def _carry(one: socket.socket, other: socket.socket, bucket: Bucket) -> None:
    with suppress(OSError):
        while part := one.recv(BURST_BYTES):
            bucket.take(len(part))
            other.sendall(part)
    with suppress(OSError):
        other.shutdown(socket.SHUT_WR)
