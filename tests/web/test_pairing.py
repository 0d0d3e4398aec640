"""A one-time link makes the browser that opens it a station's tablet or a wall screen."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from floor_app import access
from floor_app.atelier import Atelier
from floor_app.store import access as access_store
from floor_app.web.roles import DEVICE_COOKIE

Csrf = Callable[[FlaskClient, str], str]
ANDROID = "Mozilla/5.0 (Linux; Android 13; SM-T225) AppleWebKit/537.36"


@pytest.fixture
def link(atelier: Atelier) -> Callable[[str], str]:
    def opened(station: str, *, age_ms: int = 0) -> str:
        secret = access.new_secret()
        atelier.run(access.open_pairing, secret, subject=station, at_ms=atelier.clock.now_ms() - age_ms)
        return f"/pair/{secret}"

    return opened


def _press(client: FlaskClient, csrf: Csrf, path: str) -> tuple[int, str, str]:
    """(status, where it leads, the cookie)"""
    answer = client.post(path, data={"csrf_token": csrf(client, path)}, headers={"User-Agent": ANDROID})
    cookies = [cookie for cookie in answer.headers.getlist("Set-Cookie") if cookie.startswith(DEVICE_COOKIE)]
    return answer.status_code, answer.headers.get("Location", ""), "".join(cookies)


def test_one_press_makes_the_tablet_the_stations(
    client: FlaskClient, csrf: Csrf, link: Callable[[str], str], atelier: Atelier
) -> None:
    path = link("sew-1")
    assert "Couture 1" in client.get(path).get_data(as_text=True)
    status, leads_to, cookie = _press(client, csrf, path)
    assert (status, leads_to) == (303, "/station/sew-1")
    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie and f"Max-Age={400 * 24 * 3600}" in cookie
    assert "Secure" not in cookie, "tablets of a workshop have plain HTTP"
    assert client.get("/station/sew-1").status_code == 200
    assert client.get("/station/cut-1").status_code == 403
    with atelier.reading() as db:
        assert [token.label for token in access_store.tokens(db, "station")] == ["tablet Android"]


def test_over_https_the_cookie_stays_there(client: FlaskClient, csrf: Csrf, link: Callable[[str], str]) -> None:
    path = link("sew-1")
    client.get(path, base_url="https://localhost")
    with client.session_transaction() as session:
        assert session
    answer = client.post(path, data={"csrf_token": csrf(client, path)}, base_url="https://localhost")
    assert any("Secure" in cookie for cookie in answer.headers.getlist("Set-Cookie") if DEVICE_COOKIE in cookie)


def test_a_wall_screen_gets_the_board(client: FlaskClient, csrf: Csrf, link: Callable[[str], str]) -> None:
    status, leads_to, _ = _press(client, csrf, link(""))
    assert (status, leads_to) == (303, "/board?tv=1")
    assert client.get("/board?tv=1").status_code == 200
    assert client.get("/labels").status_code == 403


def test_looking_a_hundred_times_takes_nothing(client: FlaskClient, csrf: Csrf, link: Callable[[str], str]) -> None:
    path = link("sew-1")
    looks = {client.get(path).status_code for _ in range(50)} | {client.head(path).status_code for _ in range(50)}
    assert looks == {200}
    assert _press(client, csrf, path)[0] == 303


def test_a_second_device_is_told_that_the_link_was_used(
    app: Flask, client: FlaskClient, csrf: Csrf, link: Callable[[str], str]
) -> None:
    path = link("sew-1")
    _press(client, csrf, path)
    late = app.test_client()
    page = late.get(path)
    assert page.status_code == 410 and "déjà servi" in page.get_data(as_text=True)
    refused = late.post(path, data={"csrf_token": csrf(late, path)})
    assert refused.status_code == 410 and "Postes" in refused.get_data(as_text=True)
    assert late.get("/station/sew-1").status_code == 302


def test_pressed_twice_on_the_same_tablet_leads_to_its_station(
    client: FlaskClient, csrf: Csrf, link: Callable[[str], str]
) -> None:
    path = link("sew-1")
    _press(client, csrf, path)
    again = client.post(path, data={"csrf_token": csrf(client, path)})
    assert (again.status_code, again.headers["Location"]) == (303, "/")


@pytest.mark.parametrize(
    ("age_ms", "status", "words"), [(14 * 60_000, 200, "Couture 1"), (15 * 60_000 + 1000, 410, "trop vieux")]
)
def test_the_link_is_good_for_fifteen_minutes(
    client: FlaskClient, link: Callable[..., str], age_ms: int, status: int, words: str
) -> None:
    page = client.get(link("sew-1", age_ms=age_ms))
    assert page.status_code == status and words in page.get_data(as_text=True)


@pytest.mark.parametrize("secret", ["x", "%00", "a" * 300, "%C3%28", "<b>"])
def test_a_link_nobody_gave_is_not_known(client: FlaskClient, secret: str) -> None:
    page = client.get(f"/pair/{secret}")
    assert page.status_code == 410 and "pas connu" in page.get_data(as_text=True)


def test_a_link_to_a_station_that_was_taken_out_says_so(client: FlaskClient, link: Callable[[str], str]) -> None:
    assert "existe plus" in client.get(link("gone-1")).get_data(as_text=True)


def test_a_set_up_link_pairs_nothing(atelier: Atelier, client: FlaskClient) -> None:
    secret = access.new_secret()
    atelier.run(access.open_setup, secret, account="nadia", at_ms=atelier.clock.now_ms())
    assert client.get(f"/pair/{secret}").status_code == 410


def test_a_tablet_moved_to_another_station_leaves_no_token_behind(
    atelier: Atelier, client: FlaskClient, csrf: Csrf, link: Callable[[str], str]
) -> None:
    _press(client, csrf, link("sew-1"))
    _press(client, csrf, link("cut-1"))
    with atelier.reading() as db:
        assert [token.subject for token in access_store.tokens(db, "station")] == ["cut-1"]
    assert client.get("/station/cut-1").status_code == 200


def test_a_supervisor_who_pairs_her_own_browser_is_warned_and_signed_out(
    supervisor: FlaskClient, csrf: Csrf, link: Callable[[str], str]
) -> None:
    path = link("sew-1")
    assert "Vous êtes connecté sur cet appareil" in supervisor.get(path).get_data(as_text=True)
    _press(supervisor, csrf, path)
    assert supervisor.get("/labels").status_code == 403
