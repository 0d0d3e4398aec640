"""A bad line between an atelier and its centre: it loses questions and answers, resets, dawdles, and stops the clock where a test wants."""

import gzip
import http.client
import random
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

PHASES = ("asked", "carried", "answered", "delivered")
"""Of each request: it is whole here; the centre has it; its answer is here; the atelier has it."""

Point = tuple[str, str]


class Line:
    """`at_point`: called with (what, phase) of every request, in the thread that carries it; raises Cut to lose it there.

    `what`: heartbeat, days (compared), sheet, orders, transfers, answer, nonce, other. `bytes_s`: how fast, 0: as fast as it can.

    `asked`: what was asked, in order; `said`: the same in full, bodies as they were before they were compressed. `under_way`: requests
    that are being carried now, those of a process that is dead too.
    """

    def __init__(self, url: str, *, at_point: Callable[[Point], None] = lambda point: None, bytes_s: float = 0) -> None:
        self.centre = urlsplit(url).netloc
        self.at_point, self.bytes_s = at_point, bytes_s
        self.asked: list[str] = []
        self.said: list[bytes] = []
        self.carried_bytes = 0
        self.under_way = 0
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        line = self

        class Carrier(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def carry(self) -> None:
                with line._lock:
                    line.under_way += 1
                try:
                    self._carry()
                except Cut as cut:
                    _hang_up(self.connection, reset=cut.reset)
                    self.close_connection = True
                finally:
                    with line._lock:
                        line.under_way -= 1

            def __getattr__(self, name: str) -> Callable[[], None]:
                if name.startswith("do_"):
                    return self.carry
                raise AttributeError(name)

            def _carry(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                what = _what(self.command, self.path)
                line.asked.append(what)
                line.said.append(f"{self.command} {self.path}\n{self.headers}".encode() + _plain(self.headers, body))
                line._dawdle(len(body) + 800)
                line.at_point((what, "asked"))
                answer, content = line._carried(self, body, what)
                line.at_point((what, "answered"))
                line._dawdle(len(content) + 500)
                self.send_response(answer.status)
                for name, value in answer.getheaders():
                    if name.lower() not in ("transfer-encoding", "connection", "content-length", "date", "server"):
                        self.send_header(name, value)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)
                self.wfile.flush()
                line.at_point((what, "delivered"))

            def log_message(self, *said: object) -> None:
                """Silent."""

        return Carrier

    def _carried(
        self, carrier: BaseHTTPRequestHandler, body: bytes, what: str
    ) -> tuple[http.client.HTTPResponse, bytes]:
        connection = http.client.HTTPConnection(self.centre, timeout=30)
        try:
            connection.request(carrier.command, carrier.path, body or None, dict(carrier.headers))
            self.at_point((what, "carried"))
            answer = connection.getresponse()
            return answer, answer.read()
        except (OSError, http.client.HTTPException) as error:
            raise Cut from error
        finally:
            connection.close()

    def _dawdle(self, count: int) -> None:
        self.carried_bytes += count
        if self.bytes_s:
            time.sleep(count / self.bytes_s)


class Cut(Exception):
    """The line is lost here."""

    def __init__(self, *, reset: bool = False) -> None:
        super().__init__()
        self.reset = reset


@contextmanager
def bad_line(url: str, *, at_point: Callable[[Point], None] = lambda point: None, bytes_s: float = 0) -> Iterator[Line]:
    line = Line(url, at_point=at_point, bytes_s=bytes_s)
    try:
        yield line
    finally:
        line.close()


def losing(chance: random.Random, *, lost: float, reset: float) -> Callable[[Point], None]:
    """Loses that share of all requests, half of them before the centre has them, half after; resets some more."""

    def at_point(point: Point) -> None:
        if point[1] not in ("asked", "answered"):
            return
        drawn = chance.random()
        if drawn < reset / 2:
            raise Cut(reset=True)
        if drawn < (reset + lost) / 2:
            raise Cut

    return at_point


def _what(method: str, path: str) -> str:
    last = urlsplit(path).path.rstrip("/").rpartition("/")[2]
    if "/days/" in path:
        return "sheet"
    return last if last in ("heartbeat", "days", "orders", "transfers", "answer", "nonce") else "other"


def _plain(headers: Mapping[str, str], body: bytes) -> bytes:
    return gzip.decompress(body) if headers.get("Content-Encoding") == "gzip" else body


def _hang_up(connection: socket.socket, *, reset: bool) -> None:
    if reset:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.close()
    else:
        connection.shutdown(socket.SHUT_RDWR)
