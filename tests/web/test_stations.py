"""The page « Postes »: scanners as they are, tablets and scripts that may speak, each of which can be stopped."""

import io
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import resvg_py
import zxingcpp
from flask.testing import FlaskClient
from PIL import Image

from floor_app import access
from floor_app.atelier import Atelier, open_atelier
from floor_app.config import parse_config
from floor_app.store import access as access_store
from floor_app.web import create_app
from floor_app.web.addresses import is_loopback
from floor_app.web.roles import DEVICE_COOKIE

Csrf = Callable[[FlaskClient, str], str]
HEAD = '[atelier]\ncode = "A"\nname = "Les Tilleuls"\nsite = "BCDF"\n'
SCANNED = """
[[station]]
name = "cut-1"
operation = "cut"
title = "Coupe 1"
scanner = "/dev/floor/scanners/a"
[[station]]
name = "sew-1"
operation = "sew"
title = "Couture 1"
"""


@pytest.fixture
def open_supervisor(tmp_path: Path) -> Iterator[Callable[[str], tuple[Atelier, FlaskClient]]]:
    """An atelier with this configuration, and a supervisor signed in there."""
    opened = list[Atelier]()

    def at(config: str) -> tuple[Atelier, FlaskClient]:
        atelier = open_atelier(parse_config(HEAD + config), tmp_path / f"data-{len(opened)}")
        opened.append(atelier)
        atelier.run(access_store.set_password, "cheffe", access.hash_password("peu importe"), at_ms=1)
        client = create_app(atelier).test_client()
        with client.session_transaction() as session:
            session["account"], session["version"] = "cheffe", 1
        return atelier, client

    yield at
    for atelier in opened:
        atelier.close()


@pytest.fixture
def press(csrf: Csrf) -> Callable[..., str]:
    def pressed(client: FlaskClient, path: str, *, form_id: str = "form-0000001", **fields: str) -> str:
        form = {"csrf_token": csrf(client, "/stations"), "id": form_id, **fields}
        answer = client.post(path, data=form, follow_redirects=True)
        assert answer.status_code == 200, answer.get_data(as_text=True)
        return answer.get_data(as_text=True)

    return pressed


def _secret(page: str) -> str:
    found = re.search(r"/pair/([A-Za-z0-9_-]{32})<", page)
    assert found, page
    return found[1]


def _bearer(page: str) -> str:
    found = re.search(r"Bearer ([A-Za-z0-9_-]{32})", page)
    assert found, page
    return found[1]


def test_each_station_stands_there_with_its_step_and_its_scanner(
    open_supervisor: Callable[[str], tuple[Atelier, FlaskClient]],
) -> None:
    page = open_supervisor(SCANNED)[1].get("/stations").get_data(as_text=True)
    assert "Coupe 1" in page and "Couture" in page
    assert "pas encore entendue" in page and "la tablette lit les codes" in page


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("ready", "Douchette prête"),
        ("lost", "Rebranchez-la"),
        ("missing", "Vérifiez son câble"),
        ("busy", "un autre programme"),
        ("never-heard-of", "pas encore entendue"),
    ],
)
def test_a_scanner_that_comes_or_goes_shows_without_touching_the_forms(
    open_supervisor: Callable[[str], tuple[Atelier, FlaskClient]], state: str, words: str
) -> None:
    atelier, client = open_supervisor(SCANNED)
    first = client.get("/stations").get_data(as_text=True)
    poll = re.search(r'hx-get="(/stations/scanners\?seen=\d+)"', first)
    assert poll
    assert client.get(poll[1]).status_code == 204
    atelier.devices.tell("scanner", "/dev/floor/scanners/a", state, at_ms=atelier.clock.now_ms(), serves="cut-1")
    fragment = client.get(poll[1]).get_data(as_text=True)
    assert words in fragment and 'id="scanner-cut-1" hx-swap-oob="true"' in fragment
    assert "<form" not in fragment


def test_without_stations_the_page_says_what_to_write_where(
    open_supervisor: Callable[[str], tuple[Atelier, FlaskClient]],
) -> None:
    page = open_supervisor("")[1].get("/stations").get_data(as_text=True)
    assert "[[station]]" in page and "floor.toml" in page and "Relier un écran mural" in page


def test_the_qr_on_the_page_is_the_link_and_pairs_a_tablet(supervisor: FlaskClient, press: Callable[..., str]) -> None:
    page = press(supervisor, "/stations/sew-1/pair")
    drawing = re.search(r"<svg class=\"qr\".*?</svg>", page)
    assert drawing
    svg = drawing[0].replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" width="600" height="600" ')
    read = zxingcpp.read_barcodes(Image.open(io.BytesIO(bytes(resvg_py.svg_to_bytes(svg_string=svg)))))
    assert [code.text.partition("/pair/")[2] for code in read] == [_secret(page)]
    assert f">{read[0].text}<" in page, "the same address can be typed"


def test_the_page_tells_when_the_link_was_used(
    supervisor: FlaskClient, client: FlaskClient, csrf: Csrf, press: Callable[..., str]
) -> None:
    page = press(supervisor, "/stations/sew-1/pair")
    poll = re.search(r'hx-get="(/stations/links/\d+)"', page)
    assert poll
    assert supervisor.get(poll[1]).status_code == 204
    link = f"/pair/{_secret(page)}"
    client.post(link, data={"csrf_token": csrf(client, link)}, headers={"User-Agent": "iPad"})
    assert "est relié" in supervisor.get(poll[1]).get_data(as_text=True)
    assert "Tablette iPad" in supervisor.get("/stations").get_data(as_text=True)


def test_the_page_tells_when_the_link_is_too_old(supervisor: FlaskClient, atelier: Atelier) -> None:
    secret = access.new_secret()
    atelier.run(access.open_pairing, secret, subject="sew-1", at_ms=atelier.clock.now_ms() - 16 * 60_000)
    with atelier.reading() as db:
        link = access_store.token(db, secret)
    assert link and "trop vieux" in supervisor.get(f"/stations/links/{link.id}").get_data(as_text=True)


def test_a_double_tap_makes_one_link_and_another_form_another(
    supervisor: FlaskClient, atelier: Atelier, press: Callable[..., str]
) -> None:
    pages = [
        press(supervisor, "/stations/sew-1/pair", form_id=form) for form in ("form-0001", "form-0001", "form-0002")
    ]
    secrets = [_secret(page) for page in pages]
    assert secrets[0] == secrets[1] != secrets[2]
    with atelier.reading() as db:
        assert len(access_store.tokens(db, "pairing")) == 2


def test_a_wall_screen_is_paired_the_same_way(
    supervisor: FlaskClient, client: FlaskClient, csrf: Csrf, press: Callable[..., str]
) -> None:
    link = f"/pair/{_secret(press(supervisor, '/wall-screens/pair'))}"
    client.post(link, data={"csrf_token": csrf(client, link)})
    assert client.get("/").headers["Location"] == "/board?tv=1"


def test_a_script_gets_a_token_once_and_it_scans_for_that_station_only(
    supervisor: FlaskClient, client: FlaskClient, press: Callable[..., str]
) -> None:
    token = _bearer(press(supervisor, "/stations/sew-1/token", label="balance"))
    page = supervisor.get("/stations").get_data(as_text=True)
    assert "Script «\u00a0balance\u00a0»" in page and token not in page
    headers = {"Authorization": f"Bearer {token}"}
    assert client.post("/api/v1/scans", json={"id": "a", "code": "x"}, headers=headers).status_code == 200
    other = client.post("/api/v1/scans", json={"id": "a", "code": "x", "station": "cut-1"}, headers=headers)
    assert other.status_code == 403


def test_a_label_is_shown_and_never_obeyed(supervisor: FlaskClient, press: Callable[..., str]) -> None:
    press(supervisor, "/stations/sew-1/token", label="tablet <b onclick=x>\x00\u202e" + "x" * 100)
    page = supervisor.get("/stations").get_data(as_text=True)
    assert "&lt;b onclick=x&gt;" in page and "<b onclick" not in page and "\u202e" not in page and "x" * 41 not in page
    assert "Script" in page, "a script's name never makes it a tablet"


def test_a_revoked_token_is_out_at_once(
    supervisor: FlaskClient, station_client: Callable[[str], FlaskClient], press: Callable[..., str]
) -> None:
    tablet = station_client("sew-1")
    assert tablet.get("/station/sew-1").status_code == 200
    page = supervisor.get("/stations").get_data(as_text=True)
    revoke = re.search(r'action="(/stations/tokens/\d+/revoke)"', page)
    assert revoke
    assert "plus accès" in press(supervisor, revoke[1])
    assert tablet.get("/station/sew-1").status_code == 302
    assert "Rien à faire" in press(supervisor, revoke[1])


def test_only_devices_and_scripts_can_be_revoked_there(
    supervisor: FlaskClient, atelier: Atelier, press: Callable[..., str]
) -> None:
    secret = access.new_secret()
    atelier.run(access.open_setup, secret, account="nadia", at_ms=atelier.clock.now_ms())
    with atelier.reading() as db:
        link = access_store.token(db, secret)
    assert link and "Rien à faire" in press(supervisor, f"/stations/tokens/{link.id}/revoke")
    assert supervisor.get(f"/set-up/{secret}").status_code == 200


def test_the_token_of_a_station_taken_out_is_listed_to_be_revoked(supervisor: FlaskClient, atelier: Atelier) -> None:
    atelier.run(access.give_token, access.new_secret(), kind="station", subject="gone-1", at_ms=1)
    page = supervisor.get("/stations").get_data(as_text=True)
    assert "n’existent plus" in page and "gone-1" in page


def test_an_unknown_station_is_not_paired(supervisor: FlaskClient, csrf: Csrf) -> None:
    form = {"csrf_token": csrf(supervisor, "/stations"), "id": "form-0000001"}
    assert supervisor.post("/stations/gone-1/pair", data=form).status_code == 404
    assert supervisor.post("/stations/gone-1/token", data=form).status_code == 404


@pytest.mark.parametrize(
    ("config", "opened_at", "link_begins"),
    [
        ('[server]\npublic_url = "http://192.168.1.20:8080"\n', "http://localhost", "http://192.168.1.20:8080/pair/"),
        ("", "http://192.168.7.7:8080", "http://192.168.7.7:8080/pair/"),
        ("", "http://floor.local", "http://floor.local/pair/"),
    ],
)
def test_the_link_begins_with_an_address_another_machine_reaches(
    open_supervisor: Callable[[str], tuple[Atelier, FlaskClient]],
    config: str,
    opened_at: str,
    link_begins: str,
) -> None:
    _, client = open_supervisor(SCANNED + config)
    client.application.config["WTF_CSRF_ENABLED"] = False
    answer = client.post("/stations/cut-1/pair", data={"id": "form-0000001"}, base_url=opened_at)
    if answer.status_code == 401:  # the session's cookie belongs to localhost
        with client.session_transaction(base_url=opened_at) as session:
            session["account"], session["version"] = "cheffe", 1
        answer = client.post("/stations/cut-1/pair", data={"id": "form-0000001"}, base_url=opened_at)
    assert f">{link_begins}" in answer.get_data(as_text=True)


def test_opened_on_the_machine_itself_the_link_has_its_own_address_or_a_warning(
    supervisor: FlaskClient, press: Callable[..., str]
) -> None:
    page = press(supervisor, "/stations/sew-1/pair")
    host = re.search(r">http://([^/:<]+)(?::\d+)?/pair/", page)
    assert host
    assert is_loopback(host[1]) == ("public_url" in page)


def test_the_device_cookie_of_another_atelier_opens_nothing(client: FlaskClient) -> None:
    client.set_cookie(DEVICE_COOKIE, access.new_secret())
    assert client.get("/station/sew-1").status_code == 302
