"""Bodies nobody should send: refused with a problem document, nothing is stored, the service goes on."""

import gzip
import json
import zlib
from collections.abc import Callable

import pytest

from central.centre import Centre
from contract.day_sheets import to_bytes
from tests.central.atelier_client import AtelierClient
from tests.central.sheets import DAY, a_sheet

GOOD = to_bytes(a_sheet())
MB = 1024 * 1024
DEEP = b"[" * 100_000 + b"]" * 100_000


ON_ONE_DATABASE = pytest.mark.parametrize("address", ["sqlite"], indirect=True)


def bomb(inflated: int) -> bytes:
    return gzip.compress(b" " * inflated, 1)


@ON_ONE_DATABASE
@pytest.mark.parametrize(
    ("body", "headers", "status", "code"),
    [
        (b"", {}, 415, "not_json"),
        (b"{", {}, 400, "bad_json"),
        (b"null", {}, 422, "bad_fields"),
        (b"[]", {}, 422, "bad_fields"),
        (b'"' + b"x" * 1000 + b'"', {}, 422, "bad_fields"),
        (GOOD[:-20], {}, 400, "bad_json"),
        (GOOD + b"{}", {}, 400, "bad_json"),
        (GOOD.decode().encode("utf-16"), {}, 400, "bad_json"),
        (b"\xff\xfe\xff", {}, 400, "bad_json"),
        (b"\x00" * 100, {}, 400, "bad_json"),
        (DEEP, {}, 400, "bad_json"),
        (b'{"a":' * 100_000, {}, 400, "bad_json"),
        (GOOD[:-1] + b',"x":NaN}', {}, 400, "bad_json"),
        (GOOD[:-1] + b',"x":1e999}', {}, 400, "bad_json"),
        (GOOD[:-1] + b',"x":90071992547409930}', {}, 400, "bad_json"),
        (GOOD[:-1] + b',"x":' + b"9" * 5000 + b"}", {}, 400, "bad_json"),
        (GOOD[:-1] + b',"x":"\\ud800"}', {}, 400, "bad_json"),
        (GOOD.replace(b'"OF-1"', b'"OF\\u0000"'), {}, 422, "bad_fields"),
        (GOOD.replace(b'"OF-1"', b'"OF\x00"'), {}, 400, "bad_json"),
        (b" " * (6 * MB), {}, 413, "too_large"),
        (b" " * (2 * MB), {}, 400, "bad_json"),
        (bomb(6 * MB), {"Content_Encoding": "gzip"}, 413, "too_large"),
        (bomb(200 * MB), {"Content_Encoding": "gzip"}, 413, "too_large"),
        (gzip.compress(GOOD)[:-9], {"Content_Encoding": "gzip"}, 400, "bad_gzip"),
        (gzip.compress(GOOD) + b"more", {"Content_Encoding": "gzip"}, 400, "bad_gzip"),
        (gzip.compress(GOOD) * 2, {"Content_Encoding": "gzip"}, 400, "bad_gzip"),
        (GOOD, {"Content_Encoding": "gzip"}, 400, "bad_gzip"),
        (gzip.compress(gzip.compress(GOOD)), {"Content_Encoding": "gzip, gzip"}, 415, "bad_encoding"),
        (zlib.compress(GOOD), {"Content_Encoding": "deflate"}, 415, "bad_encoding"),
        (GOOD, {"Content_Encoding": "br"}, 415, "bad_encoding"),
        (GOOD, {"Content_Type": "text/plain"}, 415, "not_json"),
        (b"a=1", {"Content_Type": "application/x-www-form-urlencoded"}, 415, "not_json"),
        (GOOD, {"Content_Type": "application/json; charset=utf-8"}, 201, ""),
        (gzip.compress(GOOD), {"Content_Encoding": "GZIP"}, 201, ""),
        (GOOD, {"Content_Encoding": "identity"}, 201, ""),
    ],
)
def test_a_body_is_taken_or_refused_in_words(
    enrolled: Callable[..., AtelierClient], body: bytes, headers: dict[str, str], status: int, code: str
) -> None:
    lille = enrolled()
    answer = lille.ask("PUT", f"days/{DAY}", body, **headers)
    assert (answer.status, answer.code) == (status, code)
    assert len(json.dumps(answer.said)) < 20_000, "what was sent is not sent back"
    assert len(lille.ask("GET", "days").said["days"]) == (1 if status == 201 else 0)


@ON_ONE_DATABASE
def test_what_is_far_too_large_is_cut_off(enrolled: Callable[..., AtelierClient], centre: Centre) -> None:
    lille = enrolled()
    assert lille.ask("PUT", f"days/{DAY}", b" " * (20 * MB)).status == 413
    assert lille.put(a_sheet()).status == 201


@ON_ONE_DATABASE
def test_a_faulty_body_changes_nothing_before_it_is_known_whose_it_is(url: str) -> None:
    """A stranger's is not even inflated."""
    stranger = AtelierClient(url, "lille")
    assert stranger.signed("PUT", f"/api/v1/ateliers/lille/days/{DAY}", b"{").code == "unsigned"
