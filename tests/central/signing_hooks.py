"""Hooks of schemathesis, loaded by its own process: its requests are those of an enrolled atelier, signed as the contract says."""

import os
import re
from typing import Any
from zlib import crc32

import requests
import schemathesis
from requests.auth import AuthBase
from schemathesis import Case, HookContext

from contract.canonical import canonical
from contract.signed_requests import NONCE_HEADER, Message, sign_request

CENTRE, ATELIER, KEY = os.environ["CENTRE"], os.environ["ATELIER"], os.environ["ATELIER_KEY"]
SHARE, DROPPED_KEY = os.environ["SHARE"], os.environ["DROPPED_KEY"]
OWN_HEADERS = ("content-digest", "signature", "signature-input")


class Signed(AuthBase):
    """Each answer brings the nonce of the next request."""

    def __init__(self) -> None:
        self._nonces: list[str] = []

    def __call__(self, request: Any) -> Any:
        body = request.body or b""
        body = body.encode() if isinstance(body, str) else body
        headers = {name: value for name, value in request.headers.items() if name.lower() not in OWN_HEADERS}
        message = Message(request.method.upper(), request.url, headers)
        sign_request(message, body, private_key=KEY, nonce=self._nonce())
        request.headers.update(message.headers)
        request.register_hook("response", self._keep_nonce)
        return request

    def _nonce(self) -> str:
        if self._nonces:
            return self._nonces.pop()
        return requests.get(f"{CENTRE}/api/v1/nonce", timeout=30).headers[NONCE_HEADER]

    def _keep_nonce(self, response: Any, *_: Any, **__: Any) -> None:
        if NONCE_HEADER in response.headers:
            self._nonces = [response.headers[NONCE_HEADER]]


schemathesis.auth.set_from_requests(Signed())


@schemathesis.hook
def filter_body(context: HookContext, body: Any) -> bool:
    """The contract takes JSON that can be spelled in one way (RFC 8785), which a schema cannot say."""
    try:
        canonical(body)
    except (ValueError, TypeError):
        return not isinstance(body, dict)
    return True


@schemathesis.hook
def before_call(context: HookContext, case: Case, kwargs: dict[str, Any]) -> None:
    """What is well formed but made up becomes what is there: this atelier, days that have been, and often its share and its key."""
    place = case.path_parameters or {}
    _put(place, "atelier", r"[A-Za-z0-9][A-Za-z0-9-]{0,31}", lambda said: ATELIER)
    _put(place, "day", r"20\d\d-\d\d-\d\d", lambda said: f"2026-{1 + crc32(said) % 10:02}-{1 + crc32(said) % 28:02}")
    _put(place, "allocation", r"[A-Za-z0-9._-]{1,40}", lambda said: SHARE if crc32(said) % 2 else said.decode())
    _put(place, "key_id", r"[0-9a-f]{16}", lambda said: DROPPED_KEY if crc32(said) % 2 else said.decode())
    if case.operation.label.startswith("PUT ") and isinstance(case.body, dict):
        for name in ("atelier", "day"):
            if isinstance(case.body.get(name), str) and name in place and case.body[name]:
                case.body[name] = place[name]


def _put(place: dict[str, Any], name: str, well_formed: str, known: Any) -> None:
    said = place.get(name)
    if isinstance(said, str) and re.fullmatch(well_formed, said, re.ASCII):
        place[name] = known(said.encode())
