"""The door: who comes in, who does not, and where each is led."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from floor_app import access
from floor_app.atelier import Atelier
from floor_app.store import access as access_store
from floor_app.web.roles import DEVICE_COOKIE
from floor_app.web.sign_in_attempts import MOST_ADDRESSES, MOST_FAILURES, WITHIN_S, SignInAttempts

PASSWORD = "trois mots bien longs"
Csrf = Callable[[FlaskClient, str], str]


@pytest.fixture
def marie(atelier: Atelier) -> str:
    atelier.run(access_store.set_password, "marie", access.hash_password(PASSWORD), at_ms=1)
    return "marie"


@pytest.fixture
def setup_link(atelier: Atelier) -> str:
    secret = access.new_secret()
    atelier.run(access.open_setup, secret, account="nadia", at_ms=atelier.clock.now_ms())
    return f"/set-up/{secret}"


def _enter(client: FlaskClient, csrf: Csrf, name: str, password: str, *, go_on_to: str = "") -> tuple[int, str, str]:
    """(status, where it leads, the page)"""
    form = {"csrf_token": csrf(client, "/sign-in"), "name": name, "password": password, "next": go_on_to}
    response = client.post("/sign-in", data=form)
    return response.status_code, response.headers.get("Location", ""), response.get_data(as_text=True)


def test_the_right_password_opens_the_page_that_was_wanted(client: FlaskClient, csrf: Csrf, marie: str) -> None:
    wanted = client.get("/labels?q=4")
    assert wanted.status_code == 302 and wanted.headers["Location"] == "/sign-in?next=/labels?q%3D4"
    page = client.get(wanted.headers["Location"]).get_data(as_text=True)
    assert 'name="next" value="/labels?q=4"' in page
    assert _enter(client, csrf, marie, PASSWORD, go_on_to="/labels?q=4")[:2] == (303, "/labels?q=4")
    assert client.get("/labels").status_code == 200
    assert client.get("/sign-in").headers["Location"] == "/"


def test_a_wrong_password_and_an_unknown_name_get_the_same_answer(client: FlaskClient, csrf: Csrf, marie: str) -> None:
    wrong = _enter(client, csrf, marie, "pas celui-là")
    unknown = _enter(client, csrf, "personne", "pas celui-là")
    assert wrong[0] == unknown[0] == 422
    plain = [re.sub(r'value="[^"]*"|X-CSRFToken": "[^"]*"', "", page) for _, _, page in (wrong, unknown)]
    assert plain[0] == plain[1]
    assert "ne vont pas ensemble" in wrong[2]
    assert client.get("/labels").status_code == 302


def test_after_five_failures_the_right_password_waits_too(client: FlaskClient, csrf: Csrf, marie: str) -> None:
    assert [_enter(client, csrf, marie, "faux")[0] for _ in range(6)] == [422] * 5 + [429]
    status, _, page = _enter(client, csrf, marie, PASSWORD)
    assert status == 429 and "Attendez une minute" in page


def test_another_address_does_not_wait_with_it(app: Flask, client: FlaskClient, csrf: Csrf, marie: str) -> None:
    for _ in range(6):
        _enter(client, csrf, marie, "faux")
    other = app.test_client()
    other.environ_base["REMOTE_ADDR"] = "192.168.1.77"
    assert _enter(other, csrf, marie, PASSWORD)[0] == 303


def test_attempts_are_forgotten_after_a_minute_and_after_a_success() -> None:
    attempts = SignInAttempts()
    assert [attempts.begin("a", now_s=float(second)) for second in range(MOST_FAILURES + 1)] == [True] * 5 + [False]
    assert not attempts.begin("a", now_s=WITHIN_S - 0.1)
    assert attempts.begin("a", now_s=WITHIN_S)
    attempts.succeeded("a")
    assert all(attempts.begin("a", now_s=WITHIN_S + 1) for _ in range(MOST_FAILURES))


def test_the_memory_of_attempts_is_bounded() -> None:
    attempts = SignInAttempts()
    for number in range(MOST_FAILURES):
        assert attempts.begin("last", now_s=float(number))
        for address in range(MOST_ADDRESSES // MOST_FAILURES - 1):
            attempts.begin(f"{number}.{address}", now_s=float(number))
    assert not attempts.begin("last", now_s=10.0), "those still in the bound are remembered"
    for address in range(3 * MOST_ADDRESSES):
        attempts.begin(f"flood {address}", now_s=11.0)
    assert attempts.begin("last", now_s=12.0), (
        "a flood of addresses pushes the oldest out instead of filling the memory"
    )


@pytest.mark.parametrize(
    ("wanted", "leads_to"),
    [
        ("/labels?q=4", "/labels?q=4"),
        ("/orders/OF é", "/orders/OF%20%C3%A9"),
        ("", "/"),
        ("labels", "/"),
        ("//elsewhere.example/", "/"),
        ("/\\elsewhere.example", "/"),
        ("/\t/elsewhere.example", "/"),
        ("/a\r\nSet-Cookie: a=b", "/"),
        ("https://elsewhere.example/", "/"),
        ("javascript:alert(1)", "/"),
        ("/sign-out", "/"),
        ("/" + "a" * 600, "/"),
    ],
)
def test_signing_in_leads_to_a_page_of_ours_and_nowhere_else(
    client: FlaskClient, csrf: Csrf, marie: str, wanted: str, leads_to: str
) -> None:
    assert _enter(client, csrf, marie, PASSWORD, go_on_to=wanted)[:2] == (303, leads_to)


def test_a_session_planted_before_signing_in_is_not_carried_on(client: FlaskClient, csrf: Csrf, marie: str) -> None:
    planted = csrf(client, "/sign-in")
    with client.session_transaction() as session:
        session["planted"] = "by somebody else"
        token_before = session["csrf_token"]
    _enter(client, csrf, marie, PASSWORD)
    with client.session_transaction() as session:
        assert "planted" not in session and session.get("csrf_token") != token_before
        assert session.permanent
    refused = client.post("/sign-out", data={"csrf_token": planted})
    assert refused.status_code == 400, "a form from before no longer speaks for her"


def test_signing_out_leaves_nothing_open(client: FlaskClient, csrf: Csrf, marie: str) -> None:
    _enter(client, csrf, marie, PASSWORD)
    token = csrf(client, "/labels")
    assert client.post("/sign-out", data={"csrf_token": token}).headers["Location"] == "/"
    assert client.get("/labels").status_code == 302


def test_a_new_password_ends_the_sessions_opened_with_the_old_one(
    atelier: Atelier, client: FlaskClient, csrf: Csrf, marie: str
) -> None:
    _enter(client, csrf, marie, PASSWORD)
    atelier.run(access_store.set_password, marie, access.hash_password("un autre mot"), at_ms=2)
    assert client.get("/labels").status_code == 302


def test_while_nobody_can_sign_in_the_page_says_what_to_do(client: FlaskClient) -> None:
    page = client.get("/sign-in").get_data(as_text=True)
    assert "Personne ne peut encore se connecter" in page and "floor supervisors add" in page


def test_with_an_account_the_page_does_not_say_so(client: FlaskClient, marie: str) -> None:
    assert "Personne ne peut encore" not in client.get("/sign-in").get_data(as_text=True)


def test_the_link_lets_her_choose_a_password_and_signs_her_in(
    client: FlaskClient, csrf: Csrf, setup_link: str, app: Flask
) -> None:
    form = {"csrf_token": csrf(client, setup_link), "password": PASSWORD, "again": PASSWORD}
    assert client.post(setup_link, data=form).headers["Location"] == "/"
    assert client.get("/").headers["Location"] == "/board"
    elsewhere = app.test_client()
    assert _enter(elsewhere, csrf, "nadia", PASSWORD)[0] == 303


def test_looking_at_the_link_does_not_use_it_up(client: FlaskClient, setup_link: str) -> None:
    assert [client.get(setup_link).status_code, client.head(setup_link).status_code] == [200, 200]
    assert "nadia" in client.get(setup_link).get_data(as_text=True)


@pytest.mark.parametrize(
    ("password", "again", "words"),
    [
        ("court", "court", "trop court"),
        ("x" * 201, "x" * 201, "trop long"),
        (PASSWORD, "trois mots bien long", "ne sont pas les mêmes"),
    ],
)
def test_a_password_that_will_not_do_leaves_the_link_usable(
    client: FlaskClient, csrf: Csrf, setup_link: str, password: str, again: str, words: str
) -> None:
    refused = client.post(
        setup_link, data={"csrf_token": csrf(client, setup_link), "password": password, "again": again}
    )
    assert refused.status_code == 422 and words in refused.get_data(as_text=True)
    assert client.get(setup_link).status_code == 200


def test_the_link_serves_once_and_then_says_what_to_do(
    client: FlaskClient, csrf: Csrf, setup_link: str, app: Flask
) -> None:
    form = {"csrf_token": csrf(client, setup_link), "password": PASSWORD, "again": PASSWORD}
    client.post(setup_link, data=form)
    finder = app.test_client()
    late = finder.get(setup_link)
    assert late.status_code == 410 and "floor supervisors add" in late.get_data(as_text=True)
    theirs = {"csrf_token": csrf(finder, "/sign-in"), "password": "volé volé volé", "again": "volé volé volé"}
    assert finder.post(setup_link, data=theirs).status_code == 410
    assert _enter(finder, csrf, "nadia", PASSWORD)[0] == 303, "her password is the one she chose"


def test_pressing_twice_leads_her_in_all_the_same(client: FlaskClient, csrf: Csrf, setup_link: str) -> None:
    form = {"csrf_token": csrf(client, setup_link), "password": PASSWORD, "again": PASSWORD}
    client.post(setup_link, data=form)
    again = client.post(setup_link, data={**form, "csrf_token": csrf(client, "/labels")})
    assert (again.status_code, again.headers["Location"]) == (303, "/")


def test_a_pairing_link_chooses_no_password(atelier: Atelier, client: FlaskClient) -> None:
    secret = access.new_secret()
    atelier.run(access.open_pairing, secret, subject="cut-1", at_ms=atelier.clock.now_ms())
    assert client.get(f"/set-up/{secret}").status_code == 410


def test_home_is_where_each_one_works(
    atelier: Atelier,
    app: Flask,
    client: FlaskClient,
    supervisor: FlaskClient,
    station_client: Callable[[str], FlaskClient],
) -> None:
    token = access.new_secret()
    atelier.run(access.give_token, token, kind="board", subject="", at_ms=1)
    wall = app.test_client()
    wall.set_cookie(DEVICE_COOKIE, token)
    homes = [visitor.get("/").headers["Location"] for visitor in (client, supervisor, station_client("sew-1"), wall)]
    assert homes == ["/sign-in", "/board", "/station/sew-1", "/board?tv=1"]


def test_a_tablet_in_use_never_loses_its_pairing_by_age(station_client: Callable[[str], FlaskClient]) -> None:
    renewed = station_client("sew-1").get("/").headers["Set-Cookie"]
    assert renewed.startswith(f"{DEVICE_COOKIE}=") and f"Max-Age={400 * 24 * 3600}" in renewed and "HttpOnly" in renewed


@pytest.mark.parametrize(("scheme", "secure"), [("http", False), ("https", True)])
def test_a_session_given_over_https_stays_there(
    scheme: str, secure: bool, client: FlaskClient, csrf: Csrf, marie: str
) -> None:
    form = {"csrf_token": csrf(client, "/sign-in"), "name": marie, "password": PASSWORD, "next": ""}
    answer = client.post("/sign-in", data=form, base_url=f"{scheme}://localhost")
    assert answer.status_code == 303
    (given,) = [one for one in answer.headers.getlist("Set-Cookie") if one.startswith("floor_session=")]
    assert ("; Secure;" in given) == secure
