"""The operator's page: what a tablet sends is counted once, answered in words, and shown on every screen of the station."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from floor_app.atelier import Atelier
from floor_app.domain.scans import Choice
from floor_app.scanning import Scan
from floor_app.store import bundles as stored_bundles
from floor_app.store.bundles import BundleCard

Post = Callable[..., Any]


@pytest.fixture
def cut(order: Callable[..., str], bundles: Callable[..., tuple[BundleCard, ...]]) -> tuple[BundleCard, ...]:
    return bundles(order())


@pytest.fixture
def tablet(station_client: Callable[[str], FlaskClient]) -> FlaskClient:
    return station_client("cut-1")


@pytest.fixture
def post(tablet: FlaskClient, csrf: Callable[[FlaskClient, str], str]) -> Post:
    """Posts JSON as the page's script does."""
    token = csrf(tablet, "/station/cut-1")

    def posted(doing: str, body: Any, *, status: int = 200) -> Any:
        headers = {"X-CSRFToken": token, "Accept": "application/json"}
        response = tablet.post(f"/station/cut-1/{doing}", json=body, headers=headers)
        assert response.status_code == status, response.get_data(as_text=True)
        return response.get_json()

    return posted


def _good(atelier: Atelier, code: str, operation: str = "cut") -> int:
    with atelier.reading() as db:
        standing = stored_bundles.standing(db, code)
    assert standing is not None
    return standing.state.at(operation).good


def test_the_page_says_what_to_do_and_for_which_step(tablet: FlaskClient) -> None:
    page = tablet.get("/station/cut-1").get_data(as_text=True)
    assert "Scannez un paquet." in page and "Couper" in page and "Coupe 1" in page
    assert "Aujourd’hui" in page


def test_the_page_holds_no_inline_style_script_or_handler(tablet: FlaskClient) -> None:
    page = tablet.get("/station/cut-1").get_data(as_text=True)
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:", page)
    for script in re.findall(r"<script\b[^>]*>", page):
        assert 'src="' in script or 'type="application/json"' in script


@pytest.mark.parametrize(("path", "status"), [("/station/sew-1", 403), ("/station/nowhere", 404)])
def test_a_tablet_belongs_to_its_station(tablet: FlaskClient, path: str, status: int) -> None:
    assert tablet.get(path).status_code == status


def test_a_supervisor_may_look_at_every_station(supervisor: FlaskClient) -> None:
    assert supervisor.get("/station/sew-1").status_code == 200


def test_a_stranger_may_neither_look_nor_scan(client: FlaskClient) -> None:
    assert client.get("/station/cut-1").status_code == 302
    assert client.get("/station/cut-1/now").status_code == 302
    refused = client.post("/station/cut-1/scan", json={"id": "a", "code": "b"}, headers={"Accept": "application/json"})
    assert refused.status_code in (400, 401)


def test_another_site_cannot_scan_with_the_tablets_cookie(tablet: FlaskClient, cut: tuple[BundleCard, ...]) -> None:
    forged = {"id": "a", "code": cut[0].code}
    refused = tablet.post("/station/cut-1/scan", json=forged, headers={"Accept": "application/json"})
    assert (refused.status_code, refused.get_json()["code"]) == (400, "page_too_old")


def test_a_scan_is_counted_and_told(post: Post, cut: tuple[BundleCard, ...], atelier: Atelier) -> None:
    told = post("scan", {"id": "scan-1", "code": cut[0].code})
    assert (told["answer"], told["title"], told["message"]) == ("counted", "C’est bon.", "15 pièces comptées.")
    assert (told["goes_to_name"], told["goes_to_picture"], told["today"]) == ("Coudre", "sew", 15)
    assert told["bundle"]["code"] == cut[0].code
    assert _good(atelier, cut[0].code) == 15


def test_the_same_id_twice_is_counted_once(post: Post, cut: tuple[BundleCard, ...], atelier: Atelier) -> None:
    first = post("scan", {"id": "scan-1", "code": cut[0].code})
    again = post("scan", {"id": "scan-1", "code": cut[0].code})
    assert (again["answer"], again["event_seq"]) == ("counted", first["event_seq"])
    assert _good(atelier, cut[0].code) == 15


def test_the_same_bundle_again_is_already_done(post: Post, cut: tuple[BundleCard, ...]) -> None:
    post("scan", {"id": "scan-1", "code": cut[0].code})
    told = post("scan", {"id": "scan-2", "code": cut[0].code})
    assert told["answer"] == "already_done" and re.fullmatch(r"Déjà compté à \d+ h \d\d\.", told["message"])


def test_undo_takes_back_what_is_shown(post: Post, cut: tuple[BundleCard, ...], atelier: Atelier) -> None:
    post("scan", {"id": "scan-1", "code": cut[0].code})
    assert post("undo", {"id": "undo-1", "of": "scan-1"})["reason"] == "undone"
    assert _good(atelier, cut[0].code) == 0


def test_undo_leaves_a_bundle_that_came_between(post: Post, cut: tuple[BundleCard, ...], atelier: Atelier) -> None:
    post("scan", {"id": "scan-1", "code": cut[0].code})
    atelier.take_scan(Scan("wired-1", cut[1].code, "cut-1", "cut"))
    assert post("undo", {"id": "undo-1", "of": "scan-1"})["reason"] == "not_the_last"
    assert (_good(atelier, cut[0].code), _good(atelier, cut[1].code)) == (15, 15)


def test_another_quantity_corrects_the_count(post: Post, cut: tuple[BundleCard, ...], atelier: Atelier) -> None:
    post("scan", {"id": "scan-1", "code": cut[0].code})
    told = post("quantity", {"id": "new-1", "of": "scan-1", "good": 13, "to_rework": 2})
    assert (told["answer"], told["amount"]["text"], told["cure"]) == ("counted", "13 sur 15", "2 à refaire.")
    assert _good(atelier, cut[0].code) == 13


def test_a_question_is_answered_with_its_choice(post: Post, cut: tuple[BundleCard, ...], atelier: Atelier) -> None:
    atelier.take_scan(Scan("sewn", cut[0].code, "sew-1", "sew", choice=Choice.COUNT_ANYWAY))
    asked = post("scan", {"id": "scan-1", "code": cut[1].code, "good": 10})
    assert [choice["choice"] for choice in asked["choices"]] == ["confirm", "no"]
    assert _good(atelier, cut[1].code) == 0
    told = post("scan", {"id": "scan-2", "code": cut[1].code, "good": 10, "choice": "confirm"})
    assert told["answer"] == "counted" and _good(atelier, cut[1].code) == 10


def test_help_is_called(post: Post, atelier: Atelier) -> None:
    assert post("help", {"id": "help-1"})["reason"] == "help_called"
    with atelier.reading() as db:
        assert db.conn.execute("SELECT station FROM help_call").fetchall() == [("cut-1",)]


def test_a_kept_scan_belongs_to_the_time_it_was_made(post: Post, cut: tuple[BundleCard, ...], atelier: Atelier) -> None:
    """As milliseconds, as ISO with an offset, and as ISO in the atelier's own time."""
    made = atelier.clock.local(atelier.clock.now_ms()) - timedelta(hours=30)
    ways = [int(made.timestamp() * 1000), made.isoformat(), made.replace(tzinfo=None).isoformat()]
    for number, at in enumerate(ways):
        post("scan", {"id": f"scan-{number}", "code": cut[number].code, "at": at})
    with atelier.reading() as db:
        days = {row[0] for row in db.conn.execute("SELECT day FROM count_hour")}
    assert days == {made.date().isoformat()}


@pytest.mark.parametrize("at", ["hier", "", None, True, [], -1, 10**30, "9999-12-31T23:59:59", "0001-01-01T00:00:00"])
def test_a_time_that_is_none_is_now(post: Post, cut: tuple[BundleCard, ...], atelier: Atelier, at: object) -> None:
    assert post("scan", {"id": "scan-1", "code": cut[0].code, "at": at})["answer"] == "counted"
    with atelier.reading() as db:
        assert db.conn.execute("SELECT DISTINCT day FROM count_hour").fetchall() == [(atelier.clock.today(),)]


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("3760123456789", "product_code"),
        ("", "empty"),
        ("x" * 300, "too_long"),
        ("x" * 10_000, "too_long"),
        ("à&é\"'(-è_ç", "garbled_keyboard"),
        ("\ud800", "other_alphabet"),
        ("BCDF\x00", "control_characters"),
        ("<script>alert(1)</script>", "other_text"),
    ],
)
def test_what_is_no_label_is_answered_and_never_repeated(post: Post, code: str, reason: str) -> None:
    told = post("scan", {"id": "scan-1", "code": code})
    assert (told["answer"], told["reason"], told["event_seq"]) == ("not_a_label", reason, None)
    assert "script" not in str(told) and "xxx" not in str(told)


@pytest.mark.parametrize(
    "body",
    [
        {"code": "A"},
        {"id": "", "code": "A"},
        {"id": "a b", "code": "A"},
        {"id": "a\n", "code": "A"},
        {"id": "é", "code": "A"},
        {"id": "a" * 65, "code": "A"},
        {"id": 7, "code": "A"},
        {"id": "a", "code": ["A"]},
        {"id": "a", "code": "A", "good": -1},
        {"id": "a", "code": "A", "good": 1.5},
        {"id": "a", "code": "A", "good": "2"},
        {"id": "a", "code": "A", "good": True},
        {"id": "a", "code": "A", "rejected": 10**9},
        {"id": "a", "code": "A", "choice": "perhaps"},
        {"id": "a", "code": "A", "choice": ["no"]},
        {"id": "a", "code": "A", "of": "a b"},
        ["a"],
        "a",
        None,
    ],
)
def test_what_no_tablet_sends_is_refused_with_a_sentence(post: Post, body: object) -> None:
    assert post("scan", body, status=422)["title"]


def test_another_quantity_needs_a_quantity(post: Post) -> None:
    assert post("quantity", {"id": "new-1", "of": "scan-1"}, status=422)["detail"].startswith("good")


def test_a_large_body_is_refused(post: Post) -> None:
    post("scan", {"id": "scan-1", "code": "x" * 20_000}, status=413)


def test_a_station_hears_what_its_wired_scanner_read(
    tablet: FlaskClient, atelier: Atelier, cut: tuple[BundleCard, ...]
) -> None:
    assert tablet.get("/station/cut-1/now?seen=").status_code == 204
    atelier.take_scan(Scan("wired-1", cut[0].code, "cut-1", "cut"))
    told = tablet.get("/station/cut-1/now?seen=").get_json()
    assert (told["id"], told["answer"], told["today"]) == ("wired-1", "counted", 15)
    assert tablet.get(f"/station/cut-1/now?seen={told['seen']}").status_code == 204


def test_a_station_does_not_hear_another(tablet: FlaskClient, atelier: Atelier, cut: tuple[BundleCard, ...]) -> None:
    atelier.take_scan(Scan("wired-1", cut[0].code, "sew-1", "sew"))
    assert tablet.get("/station/cut-1/now?seen=").status_code == 204


def test_a_new_page_shows_the_last_answer_of_today(
    tablet: FlaskClient, post: Post, cut: tuple[BundleCard, ...]
) -> None:
    post("scan", {"id": "scan-1", "code": cut[0].code})
    page = tablet.get("/station/cut-1").get_data(as_text=True)
    assert "C’est bon." in page and 'data-look="counted"' in page and 'value="scan-1"' in page


def test_a_typed_code_works_without_javascript(
    tablet: FlaskClient, csrf: Callable[[FlaskClient, str], str], cut: tuple[BundleCard, ...], atelier: Atelier
) -> None:
    token = csrf(tablet, "/station/cut-1")
    form = {"csrf_token": token, "id": "form-1", "code": f" {cut[0].code[4:].lower()} ", "choice": ""}
    page = tablet.post("/station/cut-1/scan", data=form, follow_redirects=True)
    assert "15 pièces comptées." in page.get_data(as_text=True)
    undo = {"csrf_token": token, "id": "form-2", "of": "form-1"}
    page = tablet.post("/station/cut-1/undo", data=undo, follow_redirects=True)
    assert "Annulé." in page.get_data(as_text=True)
    assert _good(atelier, cut[0].code) == 0


def test_a_question_works_without_javascript(
    station_client: Callable[[str], FlaskClient],
    csrf: Callable[[FlaskClient, str], str],
    cut: tuple[BundleCard, ...],
    atelier: Atelier,
) -> None:
    tablet = station_client("sew-1")
    form = {"csrf_token": csrf(tablet, "/station/sew-1"), "id": "form-1", "code": cut[0].code}
    page = tablet.post("/station/sew-1/scan", data=form, follow_redirects=True).get_data(as_text=True)
    assert "Compter quand même" in page and "Ne pas compter" in page
    answered = {**form, "id": "form-2", "choice": "count_anyway"}
    page = tablet.post("/station/sew-1/scan", data=answered, follow_redirects=True).get_data(as_text=True)
    assert "C’est bon." in page and _good(atelier, cut[0].code, "sew") == 15
