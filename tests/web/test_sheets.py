"""The supervisor's A4 sheets: chosen, seen, downloaded, and read back as a scanner would."""

import html
import re
from collections import Counter
from collections.abc import Callable
from urllib.parse import urlencode

import pypdfium2
import pytest
from flask.testing import FlaskClient

from floor_app.atelier import Atelier
from floor_app.cutting import undo_lay
from floor_app.domain.cards import Command, read_card
from floor_app.domain.codes import Found, read_code
from floor_app.printing import reprint
from floor_app.sheets import CARD_SETS
from floor_app.store.bundles import BundleCard
from floor_app.texts import words
from floor_app.web.pictures import picture_names
from tests.label_templates.gate import read_codes
from tests.pages import forms, text_of

t = words("fr")
SHEETS, PDF, PREVIEW = "/sheets", "/sheets/sheet.pdf", "/sheets/preview.png"
LAY = {"what": "lay", "lay": "1 2026-0117"}
Cut = Callable[..., tuple[BundleCard, ...]]


def address(path: str, **asked: str) -> str:
    return f"{path}?{urlencode(asked)}"


def codes_in(pdf: bytes) -> Counter[str]:
    """Every code of every page, at 305 dpi."""
    pages = pypdfium2.PdfDocument(pdf)
    return Counter(code for page in pages for code in read_codes(page.render(scale=12 * 25.4 / 72).to_pil()))


def words_in(pdf: bytes) -> str:
    """Every letter in drawing order, without spaces: letters stand one by one, and readers of PDF guess the gaps."""
    return "".join("".join(page.get_textpage().get_text_range().split()) for page in pypdfium2.PdfDocument(pdf))


@pytest.mark.parametrize("path", [SHEETS, PDF, PREVIEW])
def test_sheets_are_for_supervisors_only(
    client: FlaskClient, station_client: Callable[[str], FlaskClient], path: str
) -> None:
    assert "/sign-in" in client.get(path).headers["Location"]
    assert station_client("cut-1").get(path).status_code == 403


def test_the_labels_of_a_lay_come_as_a_pdf_that_a_scanner_reads(
    supervisor: FlaskClient, order: Callable[..., str], bundles: Cut
) -> None:
    cards = bundles(order())
    page = text_of(supervisor.get(address(SHEETS, **LAY)))
    assert t("sheets.labels", count=10) in page
    assert t("sheets.pages", count=1) in page
    answer = supervisor.get(address(PDF, **LAY))
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    assert "planche-matelas.pdf" in answer.headers["Content-Disposition"]
    assert codes_in(answer.data) == {card.code: 2 for card in cards}
    assert "Bleumarine" in words_in(answer.data)


def test_the_page_of_a_lay_leads_to_its_sheet(supervisor: FlaskClient, order: Callable[..., str], bundles: Cut) -> None:
    bundles(order("OF 2026/0117"))
    page = text_of(supervisor.get("/lays/OF%202026/0117/1"))
    linked = re.search(rf'href="({SHEETS}[^"]+)"', page)
    assert linked
    answer = supervisor.get(html.unescape(linked[1]))
    assert answer.request.args.to_dict() == {"what": "lay", "lay": "1 OF 2026/0117"}
    assert t("sheets.labels", count=10) in text_of(answer)


def test_a_lay_that_was_taken_back_has_no_labels(
    supervisor: FlaskClient, atelier: Atelier, order: Callable[..., str], bundles: Cut
) -> None:
    bundles(order())
    atelier.run(undo_lay, "2026-0117", 1, event_id="undo-1", reason="essai", moment=atelier.clock.moment())
    assert t("sheets.fault_nothing_lay") in text_of(supervisor.get(address(SHEETS, **LAY)))
    assert supervisor.get(address(PDF, **LAY)).status_code == 422


def test_chosen_bundles_are_found_by_code_and_by_number_and_the_others_are_named(
    supervisor: FlaskClient, order: Callable[..., str], bundles: Cut
) -> None:
    cards = bundles(order())
    asked = {"what": "bundles", "bundles": f"{cards[0].code.lower()}\r\n2026-0117 3\n\n2026-0117 77\nn’importe quoi"}
    page = text_of(supervisor.get(address(SHEETS, **asked)))
    assert t("sheets.unknown", count=2) in page
    assert "« 2026-0117 77 »" in page
    assert "« n’importe quoi »" in page
    assert codes_in(supervisor.get(address(PDF, **asked)).data) == {cards[0].code: 2, cards[2].code: 2}


def test_a_duplicate_stays_marked_on_the_sheet(
    supervisor: FlaskClient, atelier: Atelier, order: Callable[..., str], bundles: Cut
) -> None:
    card = bundles(order())[0]
    atelier.run(reprint, card.code, place=None, event_id="again-1", moment=atelier.clock.moment())
    pdf = supervisor.get(address(PDF, what="bundles", bundles=card.code)).data
    assert "DUPLICATA" in words_in(pdf)


def test_every_command_card_is_read_as_its_command(supervisor: FlaskClient) -> None:
    codes = codes_in(supervisor.get(address(PDF, what="cards", cut="1")).data)
    expected = [kind.card for kinds in CARD_SETS.values() for kind in kinds]
    assert codes == {card.code: 2 for card in expected}
    assert all(read_code(code, home_site="BCDF").found == Found.CARD for code in codes)
    assert {found.command for code in codes if (found := read_card(code))} == set(Command)


def test_every_card_has_its_words_and_its_picture() -> None:
    kinds = [kind for found in CARD_SETS.values() for kind in found]
    assert len({kind.card for kind in kinds}) == len(kinds)
    assert [kind.name for kind in kinds if not t.has(f"sheets.card_{kind.name}")] == []
    assert [kind.picture for kind in kinds if kind.picture not in picture_names()] == []
    assert [name for name in CARD_SETS if not t.has(f"sheets.set_{name}")] == []


@pytest.mark.parametrize("name", list(CARD_SETS))
def test_a_set_of_cards_can_be_had_alone(supervisor: FlaskClient, name: str) -> None:
    page = text_of(supervisor.get(address(SHEETS, what="cards", cards=name)))
    assert t("sheets.labels", count=len(CARD_SETS[name])) in page


def test_a_station_card_opens_the_page_of_its_station(supervisor: FlaskClient, atelier: Atelier) -> None:
    pdf = supervisor.get(address(PDF, what="stations")).data
    opened = codes_in(pdf)
    assert len(opened) == len(atelier.config.stations)
    assert all(code.startswith("http://") for code in opened)
    assert {code.rpartition("/station/")[2] for code in opened} == {found.name for found in atelier.config.stations}
    assert all(station.title.replace(" ", "") in words_in(pdf) for station in atelier.config.stations)


def test_the_first_page_is_seen_before_it_is_printed(
    supervisor: FlaskClient, order: Callable[..., str], bundles: Cut
) -> None:
    bundles(order())
    page = text_of(supervisor.get(address(SHEETS, **LAY)))
    assert f'src="{PREVIEW}?{urlencode(LAY)}"'.replace("&", "&amp;") in page
    shown = supervisor.get(address(PREVIEW, **LAY))
    assert (shown.status_code, shown.mimetype) == (200, "image/png")
    again = supervisor.get(address(PREVIEW, **LAY), headers={"If-None-Match": shown.headers["ETag"]})
    assert again.status_code == 304


def test_the_paper_can_be_chosen(supervisor: FlaskClient, order: Callable[..., str], bundles: Cut) -> None:
    bundles(order())
    for grid, skip, pages in [("3x8", "", 1), ("2x4", "", 2), ("2x4", "7", 3), ("2x5", "99", 2), ("1x1", "", 10)]:
        answer = supervisor.get(address(PDF, **LAY, grid=grid, skip=skip, side="5", top="4,5"))
        assert len(pypdfium2.PdfDocument(answer.data)) == pages, grid


def test_only_papers_the_label_fits_on_are_offered(supervisor: FlaskClient) -> None:
    stations = text_of(supervisor.get(address(SHEETS, what="stations", grid="3x8")))
    assert 'value="2x2" selected' in stations
    assert 'value="3x8"' not in stations


@pytest.mark.parametrize(
    ("asked", "fault"),
    [
        ({"side": "beaucoup"}, "margin_unread"),
        ({"top": "41"}, "margin_unread"),
        ({"gap": "-3"}, "margin_unread"),
        ({"gap": "1.2.3"}, "margin_unread"),
        ({"side": "²"}, "margin_unread"),
        ({"side": "40", "gap": "40"}, "cell_too_small"),
    ],
)
def test_margins_that_cannot_be_are_said_in_words(supervisor: FlaskClient, asked: dict[str, str], fault: str) -> None:
    for path in (SHEETS, PDF, PREVIEW):
        answer = supervisor.get(address(path, what="cards", **asked))
        assert answer.status_code == 422
        assert t(f"sheets.fault_{fault}") in text_of(answer)
        assert t(f"sheets.fault_{fault}_cure") in text_of(answer)


def test_what_was_chosen_stays_in_the_form(supervisor: FlaskClient) -> None:
    asked = {"what": "bundles", "grid": "2x7", "side": "5,5", "skip": "3", "bundles": "XYZ"}
    page = text_of(supervisor.get(address(SHEETS, **asked)))
    form = next(form for form in forms(page) if form.action == SHEETS)
    assert {name: form.values[name] for name in ("what", "grid", "side", "skip")} == {
        name: asked[name] for name in ("what", "grid", "side", "skip")
    }
    assert ">XYZ</textarea>" in page


@pytest.mark.parametrize(
    "asked",
    [
        {"what": "x"},
        {"what": "lay"},
        {"what": "lay", "lay": "x"},
        {"what": "lay", "lay": "99999999999 2026-0117"},
        {"what": "bundles", "bundles": "\x00\u202e" * 9},
        {"grid": "9x9"},
        {"cards": "../x"},
        {"skip": "-1"},
    ],
)
def test_an_address_typed_by_hand_is_never_a_fault_of_ours(supervisor: FlaskClient, asked: dict[str, str]) -> None:
    assert supervisor.get(address(SHEETS, **asked)).status_code == 200
    assert supervisor.get(address(PDF, **asked)).status_code in (200, 422)
