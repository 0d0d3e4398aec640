"""The shortcut of the usual scan: the same answer as on the usual way, and only where nothing is unusual."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask, request
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from floor_app import access
from floor_app.atelier import Atelier
from floor_app.domain.cards import Card, Command
from floor_app.store.bundles import BundleCard
from floor_app.web.roles import forget_visitors

JSON = "application/json"
SAID_AT_LENGTH = "application/json; charset=utf-8"  # the usual way alone takes the trouble to read that
Post = Callable[..., TestResponse]


@pytest.fixture
def usual_way(app: Flask) -> list[str]:
    """Every request that takes it from now on."""
    taken: list[str] = []
    app.before_request_funcs[None].insert(0, lambda: taken.append(request.path))
    return taken


@pytest.fixture
def token(atelier: Atelier) -> str:
    secret = access.new_secret()
    atelier.run(access.give_token, secret, kind="station", subject="cut-1", at_ms=atelier.clock.now_ms())
    return secret


@pytest.fixture
def post(client: FlaskClient, token: str, usual_way: list[str]) -> Post:
    """From a machine that was let in before."""

    def posted(body: Any, *, content_type: str = JSON, method: str = "POST", bearer: str = token) -> TestResponse:
        sent = body if isinstance(body, bytes) else json.dumps(body).encode()
        headers = {"Authorization": f"Bearer {bearer}"}
        return client.open("/api/v1/scans", method=method, data=sent, headers=headers, content_type=content_type)

    assert posted({"id": "first", "code": "what is this"}).status_code == 200
    usual_way.clear()
    return posted


@pytest.fixture
def cut(order: Callable[..., str], bundles: Callable[..., tuple[BundleCard, ...]]) -> tuple[BundleCard, ...]:
    return bundles(order())


def _without_bundle(answer: TestResponse) -> dict[str, Any]:
    told: dict[str, Any] = answer.get_json()
    return {name: value for name, value in told.items() if name not in ("event_seq", "bundle")}


def test_a_usual_scan_is_counted_before_the_usual_way_and_answered_alike(
    post: Post, cut: tuple[BundleCard, ...], usual_way: list[str]
) -> None:
    one, other = [bundle for bundle in cut if bundle.quantity == cut[0].quantity][:2]
    short = post({"id": "short", "code": one.code})
    assert usual_way == [] and short.get_json()["answer"] == "counted"
    usual = post({"id": "usual", "code": other.code}, content_type=SAID_AT_LENGTH)
    assert usual_way == ["/api/v1/scans"]
    assert _without_bundle(short) == _without_bundle(usual)
    assert short.get_json()["bundle"].keys() == usual.get_json()["bundle"].keys()
    assert short.get_json()["event_seq"] + 1 == usual.get_json()["event_seq"]
    assert sorted(short.headers) == sorted(usual.headers)


@pytest.mark.parametrize(
    "text",
    ["", "3760123450017", "https://example.fr", "àéè", "BCDFBBBBBFHPBS", Card(Command.PAUSE).code, "DDDDBBBBBFHPBS"],
)
def test_what_counts_nothing_is_answered_alike(post: Post, usual_way: list[str], text: str) -> None:
    short = post({"id": "short", "code": text})
    assert usual_way == []
    usual = post({"id": "usual", "code": text}, content_type=SAID_AT_LENGTH)
    assert (short.status_code, short.data) == (usual.status_code, usual.data)
    assert sorted(short.headers) == sorted(usual.headers)


@pytest.mark.parametrize(
    ("body", "more", "status"),
    [
        (b"{", {}, 400),
        ({"id": "x"}, {}, 422),
        ({"id": "x", "code": "y", "station": "sew-1"}, {}, 403),
        ({"id": "x", "code": "y" * 17_000}, {}, 413),
        ({"id": "x", "code": "y"}, {"content_type": "text/plain"}, 415),
        ({"id": "x", "code": "y"}, {"method": "PUT"}, 405),
        ({"id": "x", "code": "y"}, {"bearer": "nobody's"}, 401),
    ],
    ids=["no JSON", "no code", "another station", "too large", "no JSON type", "no such method", "a stranger"],
)
def test_anything_unusual_is_judged_by_the_usual_way(
    post: Post, usual_way: list[str], body: Any, more: dict[str, str], status: int
) -> None:
    assert post(body, **more).status_code == status
    assert usual_way == ["/api/v1/scans"]


def test_an_id_that_comes_again_is_judged_by_the_usual_way(
    post: Post, cut: tuple[BundleCard, ...], usual_way: list[str]
) -> None:
    first = post({"id": "again", "code": cut[0].code})
    assert usual_way == []
    same, other = post({"id": "again", "code": cut[0].code}), post({"id": "again", "code": cut[1].code})
    assert same.get_json()["event_seq"] == first.get_json()["event_seq"]
    assert other.status_code == 409
    assert usual_way == ["/api/v1/scans"] * 2


def test_after_a_token_was_revoked_nobody_is_known_to_the_shortcut(
    post: Post, app: Flask, usual_way: list[str]
) -> None:
    with app.app_context():
        forget_visitors()
    post({"id": "x", "code": "y"})
    assert usual_way == ["/api/v1/scans"]
