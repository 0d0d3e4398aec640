"""The supervisor's bundles: finding one, its story, its label, its corrections."""

import io
import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from PIL import Image

from floor_app.atelier import Atelier
from floor_app.cutting import undo_lay
from floor_app.domain.codes import grouped
from floor_app.domain.scans import Choice, Quantities
from floor_app.scanning import Scan, ScanAnswer
from floor_app.store import bundles as bundle_store
from floor_app.store import events
from floor_app.store.bundles import BundleCard
from floor_app.texts import words
from tests.pages import send, text_of

t = words("fr")
Cards = tuple[BundleCard, ...]


@pytest.fixture
def cards(order: Callable[..., str], bundles: Callable[..., Cards]) -> Cards:
    return bundles(order())


@pytest.fixture
def scan(atelier: Atelier) -> Callable[..., ScanAnswer]:
    def scanned(card: BundleCard, does: str, **said: int) -> ScanAnswer:
        scan_id = f"{card.code}-{does}-{len(said)}"
        choice = Choice.CONFIRM if said else None
        return atelier.take_scan(Scan(scan_id, card.code, f"{does}-1", does, Quantities(**said), choice))

    return scanned


def listed(page: str) -> list[str]:
    """The codes of the bundles a page leads to."""
    return re.findall(r'<li><a class="sheet" href="/bundles/(\w+)"', page)


def last_seq(atelier: Atelier) -> int:
    with atelier.reading() as db:
        return events.last_seq(db)


def standing_card(atelier: Atelier, code: str) -> BundleCard:
    with atelier.reading() as db:
        found = bundle_store.card(db, code)
    assert found is not None
    return found


@pytest.mark.parametrize("path", ["/bundles", "/bundles/BCDFBBBBBBBBBB", "/bundles/BCDFBBBBBBBBBB/label.png"])
def test_bundles_are_for_supervisors_only(
    client: FlaskClient, station_client: Callable[[str], FlaskClient], path: str
) -> None:
    assert "/sign-in" in client.get(path).headers["Location"]
    assert station_client("cut-1").get(path).status_code == 403


def test_an_empty_floor_says_where_bundles_come_from(supervisor: FlaskClient) -> None:
    page = text_of(supervisor.get("/bundles"))
    assert t("bundles.none_next") in page
    assert 'href="/lays/new"' in page


@pytest.mark.parametrize("written", ["{code}", "{lower}", "{grouped}", " {home}"])
def test_a_scanned_or_typed_code_leads_straight_to_its_bundle(
    supervisor: FlaskClient, cards: Cards, written: str
) -> None:
    code = cards[2].code
    sought = written.format(code=code, lower=code.lower(), grouped=grouped(code), home=code[4:])
    answer = supervisor.get("/bundles", query_string={"q": sought})
    assert answer.headers["Location"].endswith(f"/bundles/{code}")


@pytest.mark.parametrize(
    ("sought", "number"),
    [("2026-0117 3", 3), (" 2026-0117   10 ", 10), ("7", 7), ("0117", None), ("2026-0117", None)],
)
def test_a_bundle_is_found_by_the_number_people_say_aloud(
    supervisor: FlaskClient, cards: Cards, sought: str, number: int | None
) -> None:
    found = listed(text_of(supervisor.get("/bundles", query_string={"q": sought})))
    assert sorted(found) == sorted(card.code for card in cards if number in (None, card.number))


def test_a_bundle_is_found_by_any_part_of_its_code(supervisor: FlaskClient, cards: Cards) -> None:
    code = cards[4].code
    assert code in listed(text_of(supervisor.get(f"/bundles?q={code[9:13].lower()}")))


@pytest.mark.parametrize(
    ("sought", "tip"),
    [
        ("BCDFBBBBBBBBBC", "tip_wrong_check"),
        ("xyz", "tip_search"),
        ("' OR 1=1 --", "tip_search"),
        ("%", "tip_search"),
        ("999999999999", "tip_search"),
    ],
)
def test_what_is_not_found_comes_with_a_way_on(supervisor: FlaskClient, cards: Cards, sought: str, tip: str) -> None:
    page = text_of(supervisor.get("/bundles", query_string={"q": sought}))
    assert listed(page) == []
    assert t(f"bundles.{tip}") in page


def test_the_bundles_behind_a_figure_are_listed(
    supervisor: FlaskClient, cards: Cards, scan: Callable[..., ScanAnswer]
) -> None:
    for card in cards[:3]:
        scan(card, "cut")
    scan(cards[0], "sew", good=cards[0].quantity - 2, rejected=2)
    sized = [card.code for card in cards if card.size == "M"]
    assert sorted(listed(text_of(supervisor.get("/bundles?order=2026-0117&size=M")))) == sorted(sized)
    assert listed(text_of(supervisor.get("/bundles?step=sew"))) == [cards[1].code, cards[2].code]
    assert listed(text_of(supervisor.get("/bundles?order=2026-0117&fate=rejected"))) == [cards[0].code]
    assert t("bundles.none_narrowed") in text_of(supervisor.get("/bundles?fate=missing"))


def test_the_card_says_number_size_quantity_and_where_the_bundle_is(
    supervisor: FlaskClient, cards: Cards, scan: Callable[..., ScanAnswer]
) -> None:
    scan(cards[0], "cut")
    page = text_of(supervisor.get(f"/bundles/{cards[0].code}"))
    assert t("bundles.number_of", n=1, of=10) in page
    assert "Bleu marine" in page
    assert t("bundles.place_waits", step="Couture") in page
    assert grouped(cards[0].code).replace(" ", "\u00a0") in page


def test_the_story_tells_what_was_counted_where_and_what_was_taken_back_and_why(
    supervisor: FlaskClient, cards: Cards, scan: Callable[..., ScanAnswer]
) -> None:
    card = cards[0]
    scan(card, "cut")
    seq = scan(card, "sew", good=card.quantity - 3, second=1, rejected=1, to_rework=1).event_seq
    page = text_of(supervisor.get(f"/bundles/{card.code}"))
    assert "12 bonnes, 1 de deuxième choix, 1 au rebut, 1 à refaire" in page.replace("\u00a0", " ")
    assert "Couture 1" in page
    page = text_of(send(supervisor, page, f"/bundles/{card.code}/undo/{seq}", reason="mauvais paquet"))
    assert t("bundles.undo_undone") in page
    assert re.search(r"<s>Couture.*?</s>.*?mauvais paquet", page, re.DOTALL)
    assert t("bundles.place_waits", step="Couture") in page


def test_a_presumed_step_is_told_as_presumed(supervisor: FlaskClient, cards: Cards, atelier: Atelier) -> None:
    atelier.take_scan(Scan("scan-1", cards[0].code, "sew-1", "sew", choice=Choice.COUNT_ANYWAY))
    page = text_of(supervisor.get(f"/bundles/{cards[0].code}"))
    assert t("bundles.story_presumed", step="Coupe", count=15, n=15) in page
    assert t("bundles.count_presumed") in page


def test_a_count_is_taken_back_with_a_reason_and_once(
    supervisor: FlaskClient, atelier: Atelier, cards: Cards, scan: Callable[..., ScanAnswer]
) -> None:
    seq = scan(cards[0], "cut").event_seq
    path = f"/bundles/{cards[0].code}/undo/{seq}"
    page = text_of(supervisor.get(f"/bundles/{cards[0].code}"))
    assert t("bundles.undo_reason_needed") in text_of(send(supervisor, page, path, reason=""))
    send(supervisor, page, path, reason="erreur")
    before = last_seq(atelier)
    assert t("bundles.undo_nothing_to_undo") in text_of(send(supervisor, page, path, reason="erreur"))
    assert last_seq(atelier) == before


def test_a_count_left_behind_says_what_to_undo_first(
    supervisor: FlaskClient, cards: Cards, scan: Callable[..., ScanAnswer]
) -> None:
    seq = scan(cards[0], "cut").event_seq
    scan(cards[0], "sew")
    page = text_of(supervisor.get(f"/bundles/{cards[0].code}"))
    undone = send(supervisor, page, f"/bundles/{cards[0].code}/undo/{seq}", reason="erreur")
    assert t("bundles.undo_gone_on") in text_of(undone)


def test_a_count_of_another_bundle_is_not_taken_back_from_here(
    supervisor: FlaskClient, atelier: Atelier, cards: Cards, scan: Callable[..., ScanAnswer], csrf: Callable[..., str]
) -> None:
    seq = scan(cards[1], "cut").event_seq
    before = last_seq(atelier)
    here = f"/bundles/{cards[0].code}"
    data = {"csrf_token": csrf(supervisor, here), "id": "0123456789", "reason": "erreur"}
    assert supervisor.post(f"{here}/undo/{seq}", data=data).status_code == 404
    assert last_seq(atelier) == before


def test_missing_pieces_are_declared_and_found_again(
    supervisor: FlaskClient, cards: Cards, scan: Callable[..., ScanAnswer]
) -> None:
    card = cards[0]
    scan(card, "cut")
    here = f"/bundles/{card.code}"
    page = text_of(supervisor.get(here))
    too_many = send(supervisor, page, f"{here}/missing", pieces="16", reason="perdues")
    assert t("bundles.missing_too_many", n=15) in text_of(too_many)
    page = text_of(send(supervisor, page, f"{here}/missing", pieces="3", reason="perdues"))
    assert t("bundles.missing_declared", count=3) in page
    assert listed(text_of(supervisor.get("/bundles?fate=missing"))) == [card.code]
    found = re.search(rf'action="({here}/undo/\d+)"', page)
    assert found
    page = text_of(send(supervisor, page, found[1], reason="sous la table"))
    assert t("bundles.undo_undone") in page
    assert listed(text_of(supervisor.get("/bundles?fate=missing"))) == []


def test_a_label_is_asked_for_again_once_and_counted(supervisor: FlaskClient, atelier: Atelier, cards: Cards) -> None:
    here = f"/bundles/{cards[0].code}"
    page = text_of(supervisor.get(here))
    first = text_of(send(supervisor, page, f"{here}/reprint"))
    assert t("bundles.reprint_no_printer", n=1) in first
    send(supervisor, page, f"{here}/reprint")
    assert standing_card(atelier, cards[0].code).duplicates == 1
    assert t("bundles.story_reprinted", n=1) in text_of(supervisor.get(here))


def test_the_label_is_shown_as_a_picture_whose_code_can_be_read(supervisor: FlaskClient, cards: Cards) -> None:
    import zxingcpp

    answer = supervisor.get(f"/bundles/{cards[0].code}/label.png")
    assert answer.mimetype == "image/png"
    picture = Image.open(io.BytesIO(answer.data)).convert("L")
    assert cards[0].code in {read.text for read in zxingcpp.read_barcodes(picture)}
    again = supervisor.get(f"/bundles/{cards[0].code}/label.png", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


def test_neighbours_lead_to_the_bundles_beside_a_lost_one(supervisor: FlaskClient, cards: Cards) -> None:
    page = text_of(supervisor.get(f"/bundles/{cards[4].code}"))
    assert listed(page) == [cards[place].code for place in (2, 3, 5, 6)]


def test_another_spelling_of_a_code_leads_to_the_bundle(supervisor: FlaskClient, cards: Cards) -> None:
    answer = supervisor.get(f"/bundles/{cards[0].code.lower()}")
    assert answer.headers["Location"].endswith(f"/bundles/{cards[0].code}")


@pytest.mark.parametrize("code", ["BCDFBBBBBBBBBB", "nimporte-quoi", "<script>", "a" * 500])
def test_an_unknown_bundle_is_not_found_and_offers_the_search(supervisor: FlaskClient, code: str) -> None:
    answer = supervisor.get(f"/bundles/{code}")
    assert answer.status_code == 404
    assert 'role="search"' in text_of(answer)
    assert supervisor.get(f"/bundles/{code}/label.png").status_code == 404


def test_a_cancelled_bundle_says_so_and_can_no_longer_be_changed(
    supervisor: FlaskClient, atelier: Atelier, cards: Cards
) -> None:
    here = f"/bundles/{cards[0].code}"
    before = text_of(supervisor.get(here))
    atelier.run(undo_lay, "2026-0117", 1, event_id="undo-1", reason="erreur", moment=atelier.clock.moment())
    page = text_of(supervisor.get(here))
    assert t("bundles.status_cancelled") in page
    assert "/reprint" not in page
    assert "/missing" not in page
    assert t("bundles.reprint_nothing") in text_of(send(supervisor, before, f"{here}/reprint"))
    late = send(supervisor, before, f"{here}/missing", pieces="1", reason="perdue")
    assert t("bundles.missing_not_open") in text_of(late)
