"""Ateliers that send their sheets: connections kept open, bodies and digests made before, each signature with the nonce of the last answer.

Signing through the contract's library takes as long as a fast centre answers, so what it signs is kept with a gap where the
nonce goes; that both sign alike is checked with the first atelier.
"""

import gzip
import http.client
import threading
import time
from base64 import b64encode
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from bench.loading import Heard
from bench.network_sheets import DAY, NightAtelier, sheet_body
from contract import keys
from contract.signed_requests import NONCE_HEADER, Message, sign_request

CLIENTS = 32
_GAP = "THE-NONCE-GOES-HERE"
_COVERED = ("@method", "@path", "@query", "content-digest")
COMES_OVER_TLS = {"X-Forwarded-Proto": "https"}


@dataclass(frozen=True, slots=True)
class Letter:
    """A sheet on its way: everything of the request but what follows from its nonce. `base`: what is signed (RFC 9421, 2.5)."""

    path: str
    body: bytes
    headers: dict[str, str]
    signature_input: str
    base: str
    key: Any

    def signed(self, nonce: str) -> dict[str, str]:
        said = self.signature_input.replace(_GAP, nonce)
        signature = b64encode(self.key.sign(self.base.replace(_GAP, nonce).encode())).decode()
        return {**self.headers, "Signature-Input": said, "Signature": f"floor=:{signature}:"}


def letter(atelier: NightAtelier, body: bytes) -> Letter:
    """`body`: the sheet's canonical bytes. RuntimeError if the contract would sign otherwise."""
    path, sent = f"/api/v1/ateliers/{atelier.code}/days/{DAY.isoformat()}", gzip.compress(body, 6, mtime=0)
    message = Message("PUT", f"https://centre{path}", {"Content-Type": "application/json", "Content-Encoding": "gzip"})
    sign_request(message, sent, private_key=atelier.private_key, nonce=_GAP)
    headers = dict(message.headers)
    signature_input, signature = headers.pop("Signature-Input"), headers.pop("Signature")
    covered = ("PUT", path, "?", headers["Content-Digest"])
    lines = [f'"{name}": {value}' for name, value in zip(_COVERED, covered, strict=True)]
    lines.append(f'"@signature-params": {signature_input.removeprefix("floor=")}')
    headers |= COMES_OVER_TLS | {"X-Forwarded-For": _address(atelier.number)}
    made = Letter(path, sent, headers, signature_input, "\n".join(lines), keys.private(atelier.private_key))
    if made.signed(_GAP)["Signature"] != signature:
        raise RuntimeError("the contract signs otherwise")
    return made


def letters(ateliers: Sequence[NightAtelier]) -> list[Letter]:
    return [letter(one, sheet_body(one)) for one in ateliers]


def send(port: int, night: Sequence[Letter], *, clients: int = CLIENTS) -> Heard:
    """Each once, as fast as they are answered; the first nonce of each connection is fetched before the clock runs."""
    waiting, times_ms, failed = iter(night), list[float](), list[int]()
    handing, start = threading.Lock(), threading.Barrier(clients + 1)
    work = (port, waiting, handing, start, times_ms, failed)
    threads = [threading.Thread(target=_client, args=work) for _ in range(clients)]
    for thread in threads:
        thread.start()
    start.wait()
    begun_at = time.perf_counter()
    for thread in threads:
        thread.join()
    lasted_s = time.perf_counter() - begun_at
    return Heard(len(night), lasted_s, len(failed), {"PUT": sorted(times_ms)})


def _client(
    port: int,
    waiting: Iterator[Letter],
    handing: threading.Lock,
    start: threading.Barrier,
    times_ms: list[float],
    failed: list[int],
) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    nonce = _ask(connection, "GET", "/api/v1/nonce", b"", COMES_OVER_TLS)[1]
    start.wait()
    while True:
        with handing:
            one = next(waiting, None)
        if one is None:
            return connection.close()
        asked_at = time.perf_counter()
        status, nonce = _ask(connection, "PUT", one.path, one.body, one.signed(nonce))
        if status in (200, 201):
            times_ms.append((time.perf_counter() - asked_at) * 1000)
        else:
            failed.append(status)


def _ask(
    connection: http.client.HTTPConnection, method: str, path: str, body: bytes, headers: dict[str, str]
) -> tuple[int, str]:
    connection.request(method, path, body or None, headers)
    answer = connection.getresponse()
    answer.read()
    return answer.status, answer.headers.get(NONCE_HEADER, "")


def _address(number: int) -> str:
    """Each atelier has its own line: the centre counts what comes from one address."""
    return f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
