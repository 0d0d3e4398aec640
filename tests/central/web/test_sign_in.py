"""The door of the centre: who comes in, on what, and in which language."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from central import letting_in
from central.centre import Centre
from central.settings import Limits, Settings
from central.store import accounts
from central.web.app import create_app
from central.web.sign_in import local_path
from tests.central.conftest import NOW_MS
from tests.central.web.conftest import PASSWORD, csrf_of


def test_a_stranger_is_led_to_the_door_and_back_to_the_page_asked_for(stranger: FlaskClient) -> None:
    asked = stranger.get("/password")
    assert (asked.status_code, asked.headers["Location"]) == (302, "/sign-in?next=/password")
    form = {"csrf_token": csrf_of(stranger), "name": "camille", "password": PASSWORD, "next": "/password"}
    entered = stranger.post("/sign-in", data=form)
    assert (entered.status_code, entered.headers["Location"]) == (303, "/password")
    assert "camille" in stranger.get("/password").get_data(as_text=True)


@pytest.mark.parametrize(("name", "password"), [("camille", "une autre phrase"), ("personne", PASSWORD), ("", "")])
def test_a_wrong_name_or_password_says_neither_which(
    stranger: FlaskClient, press: Callable[..., str], name: str, password: str
) -> None:
    said = press(stranger, "/sign-in", status=422, name=name, password=password)
    assert "Le nom ou le mot de passe n’est pas bon." in said


def test_whoever_guesses_waits(filled: Centre, press: Callable[..., str]) -> None:
    settings = Settings(filled.settings.data, filled.settings.database, limits=Limits(sign_ins_by_address=3))
    filled.settings = settings
    guesser = create_app(filled).test_client()
    for _ in range(3):
        press(guesser, "/sign-in", status=422, name="camille", password="à tout hasard")
    press(guesser, "/sign-in", status=429, name="camille", password=PASSWORD)


@pytest.mark.parametrize(
    "next_page",
    [
        "https://ailleurs.example",
        "//ailleurs.example",
        "/\\ailleurs.example",
        "/\tailleurs",
        "javascript:alert(1)",
        "/sign-out",
    ],
)
def test_the_door_leads_nowhere_else(next_page: str) -> None:
    assert local_path(next_page) == "/"


def test_a_link_is_good_once_and_its_password_lets_in(
    filled: Centre, stranger: FlaskClient, press: Callable[..., str]
) -> None:
    with filled.writing() as db:
        letting_in.open_account(db, "secret-du-lien", "nouvelle", role="reader", at_ms=NOW_MS)
    assert "nouvelle" in stranger.get("/set-up/secret-du-lien").get_data(as_text=True)
    for wrong in ({"password": "court", "again": "court"}, {"password": "a" * 9, "again": "b" * 9}):
        press(stranger, "/set-up/secret-du-lien", status=422, **wrong)
    csrf = csrf_of(stranger)
    chosen = stranger.post(
        "/set-up/secret-du-lien", data={"csrf_token": csrf, "password": "trois mots ici", "again": "trois mots ici"}
    )
    assert chosen.status_code == 303
    assert stranger.get("/set-up/secret-du-lien").status_code == 404
    assert stranger.get("/password").status_code == 200


def test_a_changed_password_ends_every_other_session(
    filled: Centre, coordinator: FlaskClient, signed_in: Callable[..., FlaskClient], press: Callable[..., str]
) -> None:
    elsewhere = signed_in("camille")
    press(coordinator, "/password", status=422, before="pas le bon", password="trois mots ici", again="trois mots ici")
    form = {"before": PASSWORD, "password": "trois mots ici", "again": "trois mots ici"}
    assert coordinator.post("/password", data={"csrf_token": csrf_of(coordinator), **form}).status_code == 303
    assert coordinator.get("/password").status_code == 200
    assert elsewhere.get("/password").status_code == 302
    with filled.reading() as db:
        assert letting_in.signed_in(db, "camille", "trois mots ici")


def test_a_closed_account_is_out_at_once(filled: Centre, reader: FlaskClient) -> None:
    assert reader.get("/password").status_code == 200
    with filled.writing() as db:
        accounts.close(db, "lectrice", at_ms=NOW_MS)
    assert reader.get("/password").status_code == 302


def test_each_reads_in_her_language_and_it_stays(stranger: FlaskClient) -> None:
    assert "Se connecter" in stranger.get("/sign-in").get_data(as_text=True)
    english = stranger.get("/sign-in", headers={"Accept-Language": "en-GB,en;q=0.9"}).get_data(as_text=True)
    assert "Sign in" in english and '<html lang="en">' in english
    stranger.post("/language", data={"csrf_token": csrf_of(stranger), "language": "en", "next": "/sign-in"})
    assert "Sign in" in stranger.get("/sign-in").get_data(as_text=True)
    stranger.post("/sign-out", data={"csrf_token": csrf_of(stranger)})
    assert "Sign in" in stranger.get("/sign-in").get_data(as_text=True)


def test_a_form_of_another_site_changes_nothing(coordinator: FlaskClient) -> None:
    assert coordinator.post("/sign-out").status_code == 400
    assert coordinator.get("/password").status_code == 200
