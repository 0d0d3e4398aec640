"""A buyer's link: one order, to read, as long as it lasts; otherwise the same calm page. No figure of a single atelier."""

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from central.centre import Centre
from central.settings import Limits, Settings
from central.store import buyer_links
from central.web.app import create_app
from tests.central.conftest import NOW_MS
from tests.central.web.conftest import csrf_of

DAY_MS = 24 * 3_600_000


def a_link(filled: Centre, secret: str = "secret", *, expires_at_ms: int = 0, order: str = "OF-1") -> str:
    with filled.writing() as db:
        buyer_links.add(db, secret, order, label="Ville", at_ms=NOW_MS, expires_at_ms=expires_at_ms)
    return f"/suivi/{secret}"


def test_the_buyer_reads_how_far_the_order_is_and_where_it_is_made(filled: Centre, stranger: FlaskClient) -> None:
    answer = stranger.get(a_link(filled))
    page = answer.get_data(as_text=True)
    plain = page.replace("\u202f", "").replace("\u00a0", " ")
    for part in ("OF-1", "Tablier", "3000 pièces", "1620 sur 3000", "1080 sur 3000", "720 sur 3000", "18/12/2026"):
        assert part in plain, part
    assert "ESAT de Lille" in page and "Atelier de Calais" in page
    assert "EI de Lyon" not in page and "OF-2" not in page
    assert '<progress max="3000" value="720"' in page
    assert "Ce n’est ni un certificat" in page
    assert "après la date convenue" in page


def test_no_figure_of_a_single_atelier_is_on_the_page(filled: Centre, stranger: FlaskClient) -> None:
    """Lille cut 900, Calais 720; both finished 360."""
    page = stranger.get(a_link(filled)).get_data(as_text=True)
    assert set(re.findall(r"\b(?:900|720|540|360|1500)\b", page.split("<main")[1])) == {"720"}, "what both finished"


def test_the_link_leaves_nothing_and_is_found_by_no_search_engine(filled: Centre, stranger: FlaskClient) -> None:
    answer = stranger.get(a_link(filled))
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "noindex" in answer.headers["X-Robots-Tag"]
    assert answer.headers["Cache-Control"] == "no-store"


def test_in_the_language_asked_for(filled: Centre, stranger: FlaskClient) -> None:
    path = a_link(filled)
    assert "Where it is made" in stranger.get(path, headers={"Accept-Language": "en"}).get_data(as_text=True)
    answer = stranger.get(f"{path}?language=en")
    assert "720 of 3,000" in answer.get_data(as_text=True)
    assert "Set-Cookie" not in answer.headers
    assert "Où elle est faite" in stranger.get(f"{path}?language=xx").get_data(as_text=True)


def test_unknown_old_and_revoked_links_show_the_same_page(filled: Centre, stranger: FlaskClient) -> None:
    old, revoked = a_link(filled, "old", expires_at_ms=NOW_MS - 1), a_link(filled, "revoked")
    with filled.writing() as db:
        for link in buyer_links.of_order(db, "OF-1"):
            if not link.expires_at_ms:
                buyer_links.revoke(db, "OF-1", link.token_hash, at_ms=NOW_MS)
    answers = [stranger.get(path) for path in (old, revoked, "/suivi/guessed", f"/suivi/{'x' * 5000}")]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.get_data() for answer in answers}) == 1
    assert "Ce lien ne montre rien" in answers[0].get_data(as_text=True)


def test_whoever_tries_many_links_waits(filled: Centre) -> None:
    filled.settings = Settings(filled.settings.data, filled.settings.database, limits=Limits(buyer_pages_by_address=3))
    guesser = create_app(filled).test_client()
    assert [guesser.get(f"/suivi/{n}").status_code for n in range(5)] == [404, 404, 404, 429, 429]


def test_a_link_is_shown_once_and_serves_until_it_is_taken_back(
    filled: Centre, coordinator: FlaskClient, stranger: FlaskClient, press: Callable[..., str]
) -> None:
    page = press(coordinator, "/orders/OF-1/links", label="Ville <Lille>", days="30")
    found = re.search(r"http://localhost(/suivi/[\w-]{32})", page)
    assert found
    assert "Ville &lt;Lille&gt;" in page
    assert stranger.get(found[1]).status_code == 200
    later = coordinator.get("/orders/OF-1/links").get_data(as_text=True)
    assert "/suivi/" not in later
    with filled.reading() as db:
        (link,) = buyer_links.of_order(db, "OF-1")
    assert link.expires_at_ms == NOW_MS + 30 * DAY_MS
    assert "retiré" in press(coordinator, "/orders/OF-1/links/revoke", link=link.token_hash)
    assert stranger.get(found[1]).status_code == 404


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({"label": "", "days": "30"}, "Dites pour qui"),
        ({"label": "x" * 81, "days": "30"}, "Dites pour qui"),
        ({"label": "a\nb", "days": "30"}, "Dites pour qui"),
        ({"label": "Ville", "days": "31"}, "Choisissez une durée"),
        ({"label": "Ville", "days": ""}, "Choisissez une durée"),
    ],
)
def test_a_link_that_cannot_be_is_said_so(
    filled: Centre, coordinator: FlaskClient, press: Callable[..., str], fields: dict[str, str], fault: str
) -> None:
    assert fault in press(coordinator, "/orders/OF-1/links", status=422, **fields)
    with filled.reading() as db:
        assert buyer_links.of_order(db, "OF-1") == []


def test_a_reader_sees_who_has_a_link_and_makes_none(filled: Centre, reader: FlaskClient) -> None:
    a_link(filled)
    page = reader.get("/orders/OF-1/links").get_data(as_text=True)
    assert "Ville" in page and "Faire un lien" not in page and "Retirer" not in page
    form = {"csrf_token": csrf_of(reader), "label": "x", "days": "30"}
    assert reader.post("/orders/OF-1/links", data=form).status_code == 403
    assert reader.get("/orders/OF-404/links").status_code == 404
