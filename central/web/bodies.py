"""Bodies of the machine interface: bounded as they come and as they are inflated, read exactly, checked against the contract."""

import zlib
from typing import Any

from flask import g, request

from central.exact_json import ExactJson, NotExact, read_json
from central.web.problems import Problem, bad_fields
from contract import schemas

LARGEST_SENT = 2 * 1024 * 1024
LARGEST_INFLATED = 5 * 1024 * 1024  # a sheet of an ordinary atelier is a few kB
_GZIP = 16 + zlib.MAX_WBITS


def raw_body() -> bytes:
    """As it was sent: what a signature covers."""
    if "raw_body" not in g:
        if (request.content_length or 0) > LARGEST_SENT:
            raise Problem(413, "too_large")
        g.raw_body = request.get_data(cache=False)
    raw: bytes = g.raw_body
    if len(raw) > LARGEST_SENT:
        raise Problem(413, "too_large")
    return raw


def json_body(schema: str | None = None) -> ExactJson:
    """`schema`: what it has to be, of the contract; `None`: the caller checks."""
    if request.mimetype != "application/json":
        raise Problem(415, "not_json")
    try:
        sent = read_json(_inflated(raw_body()))
    except NotExact as error:
        raise Problem(400, "bad_json") from error
    faults = schemas.field_faults(schema, sent.value) if schema else ()
    if faults:
        raise bad_fields(faults)
    return sent


def fields(schema: str) -> dict[str, Any]:
    value: dict[str, Any] = json_body(schema).value
    return value


def _inflated(raw: bytes) -> bytes:
    encoding = request.headers.get("Content-Encoding", "").strip().lower()
    if encoding in ("", "identity"):
        return raw
    if encoding != "gzip":
        raise Problem(415, "bad_encoding")
    inflating = zlib.decompressobj(_GZIP)
    try:
        plain = inflating.decompress(raw, LARGEST_INFLATED)
    except zlib.error as error:
        raise Problem(400, "bad_gzip") from error
    if inflating.unconsumed_tail:
        raise Problem(413, "too_large")
    if not inflating.eof or inflating.unused_data:
        raise Problem(400, "bad_gzip")
    return plain
