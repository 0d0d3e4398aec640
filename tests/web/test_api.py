"""The interface for machines: one scan, one clear answer, and a refusal that names the field."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from floor_app import access
from floor_app.atelier import Atelier
from floor_app.domain.cards import Card, Command
from floor_app.store import access as access_store
from floor_app.store import events
from floor_app.store.bundles import BundleCard
from floor_app.web import create_app
from floor_app.web.scan_bodies import BodyFault, ScanBody, read_scan_body

Post = Callable[..., TestResponse]


@pytest.fixture
def cut(order: Callable[..., str], bundles: Callable[..., tuple[BundleCard, ...]]) -> tuple[BundleCard, ...]:
    return bundles(order())


@pytest.fixture
def token(atelier: Atelier) -> Callable[..., str]:
    def given(station: str = "cut-1", *, kind: str = "station") -> str:
        secret = access.new_secret()
        subject = station if kind == "station" else ""
        atelier.run(access.give_token, secret, kind=kind, subject=subject, at_ms=atelier.clock.now_ms())
        return secret

    return given


@pytest.fixture
def post(client: FlaskClient, token: Callable[..., str]) -> Post:
    own = token()

    def posted(body: Any, *, bearer: str = own, **more: Any) -> TestResponse:
        sent = {"data": body} if isinstance(body, bytes) else {"json": body}
        headers = {"Authorization": f"Bearer {bearer}"}
        return client.post("/api/v1/scans", headers=headers, content_type="application/json", **sent, **more)

    return posted


def _events(atelier: Atelier) -> int:
    with atelier.reading() as db:
        return events.last_seq(db)


def test_a_scan_is_answered_with_the_event_that_counts_it(
    post: Post, cut: tuple[BundleCard, ...], atelier: Atelier
) -> None:
    answer = post({"id": "scan-1", "code": cut[3].code}).get_json()
    assert answer == {
        "answer": "counted",
        "reason": "counted",
        "message": answer["message"],
        "event_seq": _events(atelier),
        "event": "step_done",
        "goes_to": "sew",
        "operation": "cut",
        "pieces": cut[3].quantity,
        "counted_at": None,
        "choices": [],
        "bundle": {
            "code": cut[3].code,
            "number": 4,
            "bundle_count": 10,
            "order": "2026-0117",
            "style": "Tablier",
            "size": "M",
            "colour": "Bleu marine",
            "shade": "A",
            "quantity": cut[3].quantity,
        },
    }
    assert str(cut[3].quantity) in answer["message"]
    with atelier.reading() as db:
        stored = events.find(db, "scan-1")
    assert stored and (stored.station, stored.seq) == ("cut-1", answer["event_seq"])


def test_each_answer_of_the_floor_comes_through(
    post: Post, cut: tuple[BundleCard, ...], token: Callable[..., str]
) -> None:
    code = cut[0].code
    sew, finish = token("sew-1"), token("finish-1")
    scans = [
        ({"id": "1", "code": code}, "", "counted"),
        ({"id": "2", "code": code}, "", "already_done"),
        ({"id": "3", "code": code}, finish, "look"),
        ({"id": "4", "code": "BCDFBBBBBFHPBS"}, "", "unknown"),
        ({"id": "5", "code": "DDDDBBBBBBBBBB"}, "", "not_a_label"),
        ({"id": "6", "code": "3760123456789"}, "", "not_a_label"),
        ({"id": "7", "code": code}, sew, "counted"),
    ]
    told = [post(body, **({"bearer": bearer} if bearer else {})).get_json() for body, bearer, _ in scans]
    assert [answer["answer"] for answer in told] == [expected for *_, expected in scans]
    assert [bool(answer["event_seq"]) for answer in told] == [answer["answer"] == "counted" for answer in told]
    assert told[1]["counted_at"] and told[1]["counted_at"].startswith("20")
    assert [choice["choice"] for choice in told[2]["choices"]] == ["count_anyway", "no"]
    assert told[2]["goes_to"] == "sew"


def test_the_yes_card_answers_a_look(post: Post, cut: tuple[BundleCard, ...], token: Callable[..., str]) -> None:
    finish = token("finish-1")
    assert post({"id": "1", "code": cut[0].code}, bearer=finish).get_json()["answer"] == "look"
    yes = post({"id": "2", "code": Card(Command.YES).code}, bearer=finish)
    assert yes.get_json()["answer"] == "counted"
    again = post({"id": "2", "code": Card(Command.YES).code}, bearer=finish)
    assert (again.status_code, again.get_json()["event_seq"]) == (200, yes.get_json()["event_seq"])


def test_a_scan_kept_by_the_machine_counts_at_the_time_it_says(
    post: Post, cut: tuple[BundleCard, ...], atelier: Atelier
) -> None:
    said = atelier.clock.local(atelier.clock.now_ms()).replace(microsecond=0) - timedelta(hours=5)
    assert post({"id": "late", "code": cut[0].code, "at": said.isoformat()}).status_code == 200
    with atelier.reading() as db:
        stored = events.find(db, "late")
    assert stored and stored.happened_at_ms == int(said.timestamp() * 1000)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b'{"id": "a-_9", "code": "X"}', ScanBody("a-_9", "X", "", None)),
        (b'{"id": "a", "code": "", "station": "sew-1"}', ScanBody("a", "", "sew-1", None)),
        (b'{"id": "a", "code": "\\ud800"}', ScanBody("a", "\ud800", "", None)),
        (b'{"id": "a", "code": "X", "at": "1970-01-01T01:00:01+01:00"}', ScanBody("a", "X", "", 1000)),
        (b'{"id": "a", "code": "X", "at": "1970-01-01t00:00:01.5z"}', ScanBody("a", "X", "", 1500)),
        (b"", BodyFault("not_json")),
        (b"\xff\xfe", BodyFault("not_json")),
        (b"{", BodyFault("not_json")),
        (b"[" * 16_000, BodyFault("not_json")),
        (b'{"id": ' + b"9" * 6000 + b"}", BodyFault("not_json")),
        (b"null", BodyFault("not_an_object")),
        (b"[1]", BodyFault("not_an_object")),
        (b'{"id": "a", "code": "X", "cod": "Y"}', BodyFault("unknown_field")),
        (b'{"code": "X"}', BodyFault("missing_field", "id")),
        (b'{"id": "a"}', BodyFault("missing_field", "code")),
        (b'{"id": 1, "code": "X"}', BodyFault("not_text", "id")),
        (b'{"id": "a", "code": null}', BodyFault("not_text", "code")),
        (b'{"id": "a", "code": ["X"]}', BodyFault("not_text", "code")),
        (b'{"id": "a", "code": "X", "at": 5}', BodyFault("not_text", "at")),
        (b'{"id": "a", "code": "X", "station": null}', BodyFault("not_text", "station")),
        (b'{"id": "", "code": "X"}', BodyFault("bad_id", "id")),
        (b'{"id": "a#1", "code": "X"}', BodyFault("bad_id", "id")),
        (b'{"id": "a\\n", "code": "X"}', BodyFault("bad_id", "id")),
        ('{"id": "é", "code": "X"}'.encode(), BodyFault("bad_id", "id")),
        (b'{"id": "' + b"a" * 65 + b'", "code": "X"}', BodyFault("bad_id", "id")),
        (b'{"id": "a", "code": "' + b"X" * 513 + b'"}', BodyFault("too_long", "code")),
        (b'{"id": "a", "code": "X", "station": "Couture 1"}', BodyFault("bad_station", "station")),
        (b'{"id": "a", "code": "X", "at": "2026-11-23T10:42:00"}', BodyFault("bad_time", "at")),
        (b'{"id": "a", "code": "X", "at": "2026-02-31T10:42:00Z"}', BodyFault("bad_time", "at")),
        (b'{"id": "a", "code": "X", "at": "2026-11-23T10:42:00+99:00"}', BodyFault("bad_time", "at")),
        (b'{"id": "a", "code": "X", "at": "hier"}', BodyFault("bad_time", "at")),
    ],
)  # fmt: skip
def test_a_body_is_read_or_its_fault_is_named(body: bytes, expected: ScanBody | BodyFault) -> None:
    assert read_scan_body(body) == expected


def test_a_refusal_is_a_problem_document_that_names_the_field_and_repeats_nothing(
    post: Post, atelier: Atelier, cut: tuple[BundleCard, ...]
) -> None:
    before = _events(atelier)
    answer = post({"id": "a <b>", "code": cut[0].code})
    assert (answer.status_code, answer.mimetype) == (422, "application/problem+json")
    problem = answer.get_json()
    assert (problem["status"], problem["code"], problem["field"]) == (422, "bad_id", "id")
    assert problem["title"] and "Rien n’a été compté" in problem["detail"]
    assert "<b>" not in answer.get_data(as_text=True)
    assert _events(atelier) == before


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [(b"{", 400, "not_json"), (b"7", 400, "not_an_object"), (b'{"code": "X"}', 422, "missing_field")],
)
def test_what_cannot_be_read_and_what_will_not_do_are_told_apart(
    post: Post, body: bytes, status: int, code: str
) -> None:
    answer = post(body)
    assert (answer.status_code, answer.get_json()["code"]) == (status, code)


def test_more_than_sixteen_kilobytes_are_not_read(post: Post) -> None:
    answer = post(b'{"id": "a", "code": "' + b"X" * 17_000 + b'"}')
    assert (answer.status_code, answer.get_json()["code"]) == (413, "too_large")
    assert post(b'{"id": "a", "code": "X"' + b" " * 16_000 + b"}").status_code == 200


def test_a_body_that_is_not_announced_as_json_is_refused(client: FlaskClient, token: Callable[..., str]) -> None:
    headers = {"Authorization": f"Bearer {token()}"}
    for content_type in ("text/plain", "application/x-www-form-urlencoded", ""):
        answer = client.post("/api/v1/scans", data=b'{"id":"a","code":"X"}', content_type=content_type, headers=headers)
        assert (answer.status_code, answer.get_json()["code"]) == (415, "not_json_type")


def test_without_a_token_nobody_scans(client: FlaskClient, post: Post, atelier: Atelier) -> None:
    bare = client.post("/api/v1/scans", json={"id": "a", "code": "X"})
    assert (bare.status_code, bare.headers["WWW-Authenticate"], bare.get_json()["code"]) == (
        401,
        "Bearer",
        "token_needed",
    )
    for wrong in ("", "x", access.new_secret(), "é", "a" * 5000):
        assert post({"id": "a", "code": "X"}, bearer=wrong).status_code == 401
    assert _events(atelier) == 0


def test_a_cookie_is_not_a_token(
    station_client: Callable[[str], FlaskClient], supervisor: FlaskClient, atelier: Atelier, cut: tuple[BundleCard, ...]
) -> None:
    before = _events(atelier)
    for client in (station_client("cut-1"), supervisor):
        for path in ("/api/v1/board", "/api/v1/openapi.json", f"/api/v1/bundles/{cut[0].code}"):
            assert client.get(path).status_code == 401
        assert client.post("/api/v1/scans", json={"id": "a", "code": cut[0].code}).status_code == 401
    assert _events(atelier) == before


def test_a_supervisors_cookie_beside_a_token_changes_nothing(
    supervisor: FlaskClient, token: Callable[..., str], cut: tuple[BundleCard, ...]
) -> None:
    headers = {"Authorization": f"Bearer {token('sew-1')}"}
    answer = supervisor.post(
        "/api/v1/scans", json={"id": "a", "code": cut[0].code, "station": "cut-1"}, headers=headers
    )
    assert (answer.status_code, answer.get_json()["code"]) == (403, "other_station")


def test_a_wall_screen_reads_and_never_scans(client: FlaskClient, post: Post, token: Callable[..., str]) -> None:
    board = token(kind="board")
    answer = post({"id": "a", "code": "X"}, bearer=board)
    assert (answer.status_code, answer.get_json()["code"]) == (403, "not_allowed")
    assert client.get("/api/v1/board", headers={"Authorization": f"Bearer {board}"}).status_code == 200


def test_the_token_of_a_station_taken_out_scans_nothing(post: Post, token: Callable[..., str]) -> None:
    answer = post({"id": "a", "code": "X"}, bearer=token("gone-1"))
    assert (answer.status_code, answer.get_json()["code"]) == (404, "unknown_station")


def test_a_revoked_token_scans_nothing(post: Post, token: Callable[..., str], atelier: Atelier, app: Flask) -> None:
    secret = token()
    assert post({"id": "a", "code": "X"}, bearer=secret).status_code == 200
    with atelier.reading() as db:
        known = access_store.token(db, secret)
    assert known
    atelier.run(access_store.revoke, known.id, atelier.clock.now_ms())
    app.extensions["visitors"].clear()
    assert post({"id": "a", "code": "X"}, bearer=secret).status_code == 401


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"id": "a", "code": "X", "station": "sew-1"}, 200, None),
        ({"id": "a", "code": "X"}, 422, "missing_field"),
        ({"id": "a", "code": "X", "station": "gone-1"}, 404, "unknown_station"),
    ],
)
def test_the_machines_own_token_says_which_station(
    atelier: Atelier, body: dict[str, str], status: int, code: str | None
) -> None:
    client = create_app(atelier, control_token="the token of this machine").test_client()
    answer = client.post("/api/v1/scans", json=body, headers={"Authorization": "Bearer the token of this machine"})
    assert (answer.status_code, answer.get_json().get("code")) == (status, code)


def test_an_id_used_for_another_bundle_is_refused_and_nothing_turns_green(
    post: Post, cut: tuple[BundleCard, ...], atelier: Atelier
) -> None:
    assert post({"id": "one", "code": cut[0].code}).get_json()["answer"] == "counted"
    before = _events(atelier)
    for other in (cut[1].code, "noise", Card(Command.HELP).code, Card(Command.UNDO).code):
        answer = post({"id": "one", "code": other})
        assert (answer.status_code, answer.get_json()["code"], answer.get_json()["field"]) == (409, "id_used", "id")
    shown = atelier.answers.last("cut-1")
    assert shown and shown.answer.decision.answer == "stop"
    assert _events(atelier) == before


def test_an_id_used_at_another_station_is_refused_though_the_bundle_is_the_same(
    post: Post, cut: tuple[BundleCard, ...], token: Callable[..., str]
) -> None:
    assert post({"id": "7", "code": cut[0].code}).status_code == 200
    assert post({"id": "7", "code": cut[0].code}, bearer=token("sew-1")).status_code == 409


def test_an_id_of_another_kind_of_event_is_refused(post: Post, cut: tuple[BundleCard, ...]) -> None:
    assert post({"id": "import-2026-0117", "code": cut[0].code}).status_code == 409


def test_the_same_bundle_typed_otherwise_is_the_same_scan(post: Post, cut: tuple[BundleCard, ...]) -> None:
    first = post({"id": "same", "code": cut[0].code}).get_json()
    typed = " ".join((cut[0].code[4:8], cut[0].code[8:12], cut[0].code[12:])).lower()
    assert post({"id": "same", "code": typed}).get_json()["event_seq"] == first["event_seq"]


def test_an_id_whose_scan_counted_nothing_may_count_later(post: Post, cut: tuple[BundleCard, ...]) -> None:
    assert post({"id": "early", "code": "noise"}).get_json()["answer"] == "not_a_label"
    assert post({"id": "early", "code": cut[0].code}).get_json()["answer"] == "counted"


def test_a_bundle_says_where_its_pieces_are(
    client: FlaskClient, post: Post, token: Callable[..., str], cut: tuple[BundleCard, ...]
) -> None:
    post({"id": "1", "code": cut[0].code})
    headers = {"Authorization": f"Bearer {token()}"}
    told = client.get(f"/api/v1/bundles/{cut[0].code}", headers=headers).get_json()
    assert (told["code"], told["status"], told["next"], told["lay"]) == (cut[0].code, "open", "sew", 1)
    assert [(step["operation"], step["good"], step["waiting"]) for step in told["steps"]] == [
        ("cut", cut[0].quantity, 0),
        ("sew", 0, cut[0].quantity),
        ("finish", 0, 0),
    ]
    assert told["steps"][0]["done_at"] and told["steps"][1]["done_at"] is None
    assert client.get(f"/api/v1/bundles/{cut[0].code[4:].lower()}", headers=headers).get_json() == told


@pytest.mark.parametrize("code", ["BCDFBBBBBFHPBS", "x", "%00", "DDDDBBBBBFHPBS", "..%2f", "XXBBBBBB"])
def test_a_bundle_that_is_not_here_is_not_found(client: FlaskClient, token: Callable[..., str], code: str) -> None:
    answer = client.get(f"/api/v1/bundles/{code}", headers={"Authorization": f"Bearer {token()}"})
    assert (answer.status_code, answer.mimetype) == (404, "application/problem+json")


def test_the_board_holds_the_law(
    client: FlaskClient, post: Post, token: Callable[..., str], cut: tuple[BundleCard, ...]
) -> None:
    for number, bundle in enumerate(cut):
        post({"id": f"s-{number}", "code": bundle.code})
    board = client.get("/api/v1/board", headers={"Authorization": f"Bearer {token()}"}).get_json()
    assert [line["gap"] for line in board["conservation"]] == [0] * 4
    assert sum(line["cut"] for line in board["conservation"]) == 180
    assert {step["operation"]: step["pieces"] for step in board["steps"]}["sew"] == 180


def test_the_description_is_served_as_it_lies_in_the_tree(client: FlaskClient, token: Callable[..., str]) -> None:
    answer = client.get("/api/v1/openapi.json", headers={"Authorization": f"Bearer {token()}"})
    assert json.loads(answer.data)["openapi"].startswith("3.1")


@pytest.mark.parametrize(("method", "path", "allowed"), [("GET", "scans", "POST"), ("POST", "board", "GET")])
def test_a_method_that_is_not_there_is_told_which_are(
    client: FlaskClient, method: str, path: str, allowed: str
) -> None:
    answer = client.open(f"/api/v1/{path}", method=method)
    assert answer.status_code == 405 and allowed in answer.headers["Allow"]
    assert answer.mimetype == "application/problem+json"


def test_a_full_disk_is_told_and_nothing_is_lost(post: Post, cut: tuple[BundleCard, ...], atelier: Atelier) -> None:
    pages = atelier.run(lambda db: int(db.conn.execute("PRAGMA page_count").fetchone()[0]))
    atelier.run(lambda db: db.conn.execute(f"PRAGMA max_page_count = {pages}").fetchone())
    calls = [{"id": f"call-{number}", "code": Card(Command.HELP).code} for number in range(400)]
    answers = [post(call) for call in calls]
    refused = next(answer for answer in answers if answer.status_code != 200)
    assert (refused.status_code, refused.get_json()["code"]) == (507, "store_full")
    atelier.run(lambda db: db.conn.execute(f"PRAGMA max_page_count = {pages + 1000}").fetchone())
    again = [post(call).get_json()["event_seq"] for call in calls]
    assert sorted(again) == list(range(again[0], again[0] + 400)), (
        "each counted once, whether it was answered or refused"
    )
