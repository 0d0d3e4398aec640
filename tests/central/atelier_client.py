"""An atelier as the centre hears it: keys, signed requests, day sheets. Made of the contract alone, as anybody's could be."""

import gzip
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import urllib3

from contract import day_sheets, keys
from contract.day_sheets import DaySheet
from contract.signed_requests import NONCE_HEADER, Message, sign_request

HTTP = urllib3.PoolManager(retries=False, timeout=30, maxsize=32)


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    said: Any
    headers: Mapping[str, str]

    @property
    def code(self) -> str:
        """Of a problem document; "" for another answer."""
        problem = self.headers.get("Content-Type") == "application/problem+json"
        return str(self.said["code"]) if problem else ""


@dataclass
class AtelierClient:
    """`url`: of the centre, no slash at the end. `key`: private."""

    url: str
    atelier: str
    key: str = field(default_factory=keys.new_private_key)
    nonce: str = ""

    def enrol(self, code: str) -> Answer:
        return self.plain("POST", "/api/v1/enrolments", {"code": code, "public_key": keys.public_of(self.key)})

    def put(self, sheet: DaySheet, *, zipped: bool = False, **headers: str) -> Answer:
        body = day_sheets.to_bytes(sheet)
        if zipped:
            body, headers = gzip.compress(body), {**headers, "Content-Encoding": "gzip"}
        return self.ask("PUT", f"days/{sheet.day}", body, **headers)

    def ask(self, method: str, what: str, said: Any = None, /, **headers: str) -> Answer:
        """`what`: behind the atelier's own address. Signs again once when its nonce is too old or was used."""
        path = f"/api/v1/ateliers/{self.atelier}/{what}"
        answer = self.signed(method, path, said, **headers)
        return self.signed(method, path, said, **headers) if answer.code == "bad_nonce" else answer

    def signed(self, method: str, path: str, said: Any = None, /, *, nonce: str = "", **headers: str) -> Answer:
        body = b"" if said is None else said if isinstance(said, bytes) else json.dumps(said).encode()
        if not nonce and not self.nonce:
            self.plain("GET", "/api/v1/nonce")
        message = Message(method, self.url + path, _headers(body, headers))
        sign_request(message, body, private_key=self.key, nonce=nonce or self.nonce)
        self.nonce = ""
        return self._send(method, path, body, message.headers)

    def plain(self, method: str, path: str, said: Any = None, /, **headers: str) -> Answer:
        """Not signed."""
        body = b"" if said is None else said if isinstance(said, bytes) else json.dumps(said).encode()
        return self._send(method, path, body, _headers(body, headers))

    def _send(self, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        got = HTTP.request(method, self.url + path, body=body or None, headers=dict(headers), redirect=False)
        self.nonce = got.headers.get(NONCE_HEADER, "")
        is_json = "json" in got.headers.get("Content-Type", "")
        return Answer(got.status, json.loads(got.data) if is_json else got.data, dict(got.headers))


def _headers(body: bytes, said: Mapping[str, str]) -> dict[str, str]:
    """Names may be written as Python does: content_encoding."""
    named = {name.replace("_", "-"): value for name, value in said.items()}
    return {"Content-Type": "application/json", **named} if body else dict(named)
