"""Whatever is read in the place of a bundle's code gets a clear answer, changes nothing, and is never repeated."""

import json
import logging
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from floor_app import access
from floor_app.atelier import Atelier
from floor_app.store import events
from floor_app.store.bundles import BundleCard
from tests.web.odd_barcodes import odd_barcodes

Send = Callable[[bytes], TestResponse]
NOT_COUNTED = {"not_a_label", "unknown", "stop"}

# Bodies that are no scan at all, as bytes: what a JSON library would refuse to write.
HOSTILE_BODIES = {
    "empty": b"",
    "not JSON": b"code=BCDF",
    "cut short": b'{"id": "a", "code": "BC',
    "not UTF-8": b'{"id": "a", "code": "\xff\xfe"}',
    "UTF-16": '{"id": "a", "code": "x"}'.encode("utf-16"),
    "with a byte-order mark": b'\xef\xbb\xbf{"id": "a", "code": "x"}',
    "a zero byte": b'{"id": "a", "code": "\x00"}',
    "a list": b'["a", "x"]',
    "a text": b'"a"',
    "a number": b"1e999",
    "not a number": b"NaN",
    "deep lists": b"[" * 16_000,
    "deep objects": b'{"a":' * 2_500 + b"1" + b"}" * 2_500,
    "a code in a deep list": b'{"id": "a", "code": ' + b"[" * 5_000 + b"]" * 5_000 + b"}",
    "a huge number as code": b'{"id": "a", "code": ' + b"9" * 10_000 + b"}",
    "a huge exponent": b'{"id": "a", "code": 1e999999}',
    "a code that is a number": b'{"id": "a", "code": 12345678901234}',
    "a code that is an object": b'{"id": "a", "code": {"code": "x"}}',
    "a code that is true": b'{"id": "a", "code": true}',
    "an id that is a list": b'{"id": ["a"], "code": "x"}',
    "an id with a path": b'{"id": "../../a", "code": "x"}',
    "an id with a quote": b'{"id": "a\'--", "code": "x"}',
    "an id that is empty": b'{"id": "", "code": "x"}',
    "an id without end": b'{"id": "' + b"a" * 5_000 + b'", "code": "x"}',
    "no id": b'{"code": "x"}',
    "ten kilobytes": b'{"id": "a", "code": "' + b"B" * 10_240 + b'"}',
    "a megabyte": b'{"id": "a", "code": "' + b"B" * 1_048_576 + b'"}',
}


@pytest.fixture
def cut(order: Callable[..., str], bundles: Callable[..., tuple[BundleCard, ...]]) -> tuple[BundleCard, ...]:
    return bundles(order())


@pytest.fixture
def by_machine(client: FlaskClient, atelier: Atelier) -> Send:
    token = access.new_secret()
    atelier.run(access.give_token, token, kind="station", subject="cut-1", at_ms=1)
    headers = {"Authorization": f"Bearer {token}"}
    return lambda body: client.post("/api/v1/scans", data=body, content_type="application/json", headers=headers)


@pytest.fixture
def by_tablet(station_client: Callable[[str], FlaskClient], csrf: Callable[[FlaskClient, str], str]) -> Send:
    tablet = station_client("cut-1")
    headers = {"X-CSRFToken": csrf(tablet, "/station/cut-1"), "Accept": "application/json"}
    return lambda body: tablet.post("/station/cut-1/scan", data=body, content_type="application/json", headers=headers)


@pytest.fixture(params=["by_machine", "by_tablet"])
def send(request: pytest.FixtureRequest) -> Send:
    found: Send = request.getfixturevalue(request.param)
    return found


def _everything(atelier: Atelier) -> list[str]:
    """Every row of every table, the log included; who may come in left out, since asking is no change of the floor."""
    with atelier.reading() as db:
        return [line for line in db.conn.iterdump() if "access_token" not in line]


def _told_parts(answer: Any) -> list[str]:
    """Every text of an answer but those of the bundle, which are the atelier's own."""
    if isinstance(answer, dict):
        return [text for name, value in answer.items() if name not in ("bundle", "id") for text in _told_parts(value)]
    if isinstance(answer, list):
        return [text for value in answer for text in _told_parts(value)]
    return [answer] if isinstance(answer, str) else []


def test_two_hundred_odd_barcodes_are_answered_and_change_nothing(
    atelier: Atelier, cut: tuple[BundleCard, ...], send: Send, caplog: pytest.LogCaptureFixture
) -> None:
    before, seq = _everything(atelier), _last_seq(atelier)
    with caplog.at_level(logging.WARNING):
        for number, code in enumerate(odd_barcodes(cut[0].code)):
            answer = send(json.dumps({"id": f"odd-{number}", "code": code}).encode())
            told = answer.get_json()
            assert answer.status_code == 200, f"{code!r}: {answer.get_data(as_text=True)}"
            assert told["answer"] in NOT_COUNTED and told["event_seq"] is None, f"{code!r}: {told}"
            assert told["message"], f"{code!r} is answered without a word"
            _assert_not_repeated(code, answer)
    assert not caplog.records, caplog.text
    assert _last_seq(atelier) == seq
    assert _everything(atelier) == before


@pytest.mark.parametrize("name", HOSTILE_BODIES)
def test_a_body_that_is_no_scan_is_refused_in_words_and_changes_nothing(
    atelier: Atelier, cut: tuple[BundleCard, ...], send: Send, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    before = _everything(atelier)
    with caplog.at_level(logging.WARNING):
        answer = send(HOSTILE_BODIES[name])
    told = answer.get_json()
    assert answer.status_code in (400, 413, 415, 422) or told["answer"] in NOT_COUNTED, answer.get_data(as_text=True)
    assert told.get("title") or told.get("message")
    assert not caplog.records, caplog.text
    assert _everything(atelier) == before


def test_after_all_that_the_next_scan_counts(atelier: Atelier, cut: tuple[BundleCard, ...], send: Send) -> None:
    for body in HOSTILE_BODIES.values():
        send(body)
    answer = send(json.dumps({"id": "good", "code": cut[0].code}).encode())
    assert answer.get_json()["answer"] == "counted"


@pytest.mark.parametrize("station", ["sew-1", "gone-1", "../cut-1", "<b>", "CUT-1", "é", "", "\ud800", 5, None, [], {}])
def test_another_stations_name_is_refused(
    by_machine: Send, atelier: Atelier, cut: tuple[BundleCard, ...], station: object
) -> None:
    before = _everything(atelier)
    answer = by_machine(json.dumps({"id": "a", "code": cut[0].code, "station": station}).encode())
    assert answer.status_code in (403, 422) and answer.get_json()["field"] == "station"
    assert _everything(atelier) == before


@pytest.mark.parametrize(
    "at",
    ["", "now", "2026", "2026-11-23", "99999-01-01T00:00:00Z", "0000-00-00T00:00:00Z", "2026-11-23T24:61:61Z", "\u0662\u0660" * 9,
     "2026-11-23T10:42:00+24:00", 1, -1, 1e308, True, None, [], {}],
)  # fmt: skip
def test_a_time_that_is_none_is_refused_and_not_guessed(
    by_machine: Send, atelier: Atelier, cut: tuple[BundleCard, ...], at: object
) -> None:
    answer = by_machine(json.dumps({"id": "a", "code": cut[0].code, "at": at}).encode())
    assert answer.status_code == 422 and answer.get_json()["field"] == "at"
    assert _last_seq(atelier) == 2


@pytest.mark.parametrize("at", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "1970-01-01T00:00:00Z"])
def test_a_time_nobody_can_believe_counts_as_now(
    by_machine: Send, atelier: Atelier, cut: tuple[BundleCard, ...], at: str
) -> None:
    before_ms = atelier.clock.now_ms()
    assert by_machine(json.dumps({"id": "a", "code": cut[0].code, "at": at}).encode()).get_json()["answer"] == "counted"
    with atelier.reading() as db:
        stored = events.find(db, "a")
    assert stored and before_ms <= stored.happened_at_ms <= atelier.clock.now_ms()


def _last_seq(atelier: Atelier) -> int:
    with atelier.reading() as db:
        return events.last_seq(db)


def _assert_not_repeated(code: str, answer: TestResponse) -> None:
    """Short or plain texts occur in any sentence; what could do harm, or is long enough to be recognised, must not."""
    body = answer.get_data(as_text=True)
    assert not any(
        sign in body for sign in ("\x00", "\x1b", "\x10", "\x1d", "<script", "<svg", "<img", "\u202e", "=cmd", "^XA")
    )
    if len(code.strip()) >= 4:
        assert not [text for text in _told_parts(answer.get_json()) if code.strip() in text], f"{code!r} is repeated"
