"""Receiving a note in a real browser with a scanner that types: any order, any keyboard, any hurry; and choosing what goes."""

import io
from typing import Any

import numpy as np
import pypdfium2
import pytest
import zxingcpp
from playwright.sync_api import Page, expect

from floor_app.domain.note_parts import parts_of
from floor_app.note_files import pack_note
from floor_app.reports.transfer_paper import NotePaper, note_pdf
from floor_app.store import network_identity, transfers
from floor_app.store.bundles import BundleCard
from floor_app.texts import words
from tests.browser.tablets import scan
from tests.browser.test_board_page import BELOW_7_TO_1, sign_in
from tests.network import a_note, an_identity

t = words("fr")
LYON = an_identity("LYON-2", name="ESAT de Lyon", site="CDFG")
NOTE = a_note(sender=LYON, count=12)
CONTENT = pack_note(NOTE, LYON)
PARTS = parts_of(CONTENT)
RECEIVE = "/transfers/receive"

# One code as a scanner types it on a keyboard of another alphabet: the places of the keys are right, what they give is not.
TYPED_IN_CYRILLIC = """(text) => {
  for (const letter of text) {
    const key = String.fromCharCode(0x410 + letter.charCodeAt(0) - 65);
    for (const kind of ["keydown", "keyup"])
      document.body.dispatchEvent(new KeyboardEvent(kind, {code: `Key${letter}`, key, bubbles: true, cancelable: true}));
  }
  document.body.dispatchEvent(new KeyboardEvent("keydown", {code: "Enter", key: "Enter", bubbles: true, cancelable: true}));
}"""


@pytest.fixture
def enrolled(served: Any, page: Page) -> Any:
    served.atelier.run(network_identity.keep_identity, an_identity())
    sign_in(served, page)
    return served


def received(served: Any) -> int | None:
    with served.atelier.reading() as db:
        found = transfers.by_note(db, NOTE.code)
    return found.received if found else None


def test_a_printed_note_is_scanned_counted_and_taken_in(enrolled: Any, page: Page) -> None:
    """What a decoder reads from the paper is typed as fast as it can be, each code twice, the last one first."""
    drawn = pypdfium2.PdfDocument(io.BytesIO(note_pdf(NotePaper(NOTE, CONTENT))))
    images = [np.asarray(sheet.render(scale=200 / 72).to_pil().convert("L")) for sheet in drawn]
    texts = [code.text for image in images for code in zxingcpp.read_barcodes(image)]
    assert sorted(texts) == sorted(PARTS)
    page.goto(enrolled.url + RECEIVE)
    for text in reversed(texts[1:]):
        scan(page, text)
        scan(page, text)
    expect(page.locator("#codes")).to_contain_text(t("transfers.part_of", n=len(PARTS) - 1, of=len(PARTS)))
    scan(page, texts[0])
    expect(page.locator("h1")).to_have_text(t("transfers.count_title"))
    page.fill(f"input[name=taken-{NOTE.bundles[0].code}]", "18")
    page.get_by_role("button", name=t("transfers.store")).click()
    expect(page.locator("main")).to_contain_text(t("transfers.missing", count=2, n=2))
    assert received(enrolled) == NOTE.pieces - 2


@pytest.mark.parametrize("suffix", ["Enter", "Tab", ""])
def test_codes_are_caught_whatever_has_the_focus_and_however_they_end(enrolled: Any, page: Page, suffix: str) -> None:
    page.goto(enrolled.url + RECEIVE)
    page.locator("main summary").first.click()
    page.focus("#more" if suffix == "Enter" else "#file")
    scan(page, PARTS[0], suffix=suffix)
    expect(page.locator("#codes")).to_contain_text(t("transfers.part_of", n=1, of=len(PARTS)))
    assert page.input_value("#more") == ""
    assert page.url == enrolled.url + RECEIVE


def test_a_keyboard_of_another_alphabet_changes_nothing(enrolled: Any, page: Page) -> None:
    page.goto(enrolled.url + RECEIVE)
    page.evaluate(TYPED_IN_CYRILLIC, PARTS[1])
    expect(page.locator("#codes")).to_contain_text(t("transfers.part_read"))


def test_small_letters_of_a_reversed_caps_lock_are_read(enrolled: Any, page: Page) -> None:
    page.goto(enrolled.url + RECEIVE)
    scan(page, PARTS[1].lower())
    expect(page.locator("#codes")).to_contain_text(t("transfers.part_read"))


def test_a_person_can_type_and_paste_where_text_is_asked_for(enrolled: Any, page: Page) -> None:
    page.goto(enrolled.url + RECEIVE)
    page.locator("main summary").first.click()
    page.focus("#more")
    page.keyboard.type("xxxx", delay=200)
    expect(page.locator("#more")).to_have_value("xxxx")
    page.fill("#more", "\n".join(PARTS))
    page.get_by_role("button", name=t("transfers.read_codes")).click()
    expect(page.locator("h1")).to_have_text(t("transfers.count_title"))


def test_a_machine_that_does_not_answer_is_said_and_nothing_scanned_before_is_lost(enrolled: Any, page: Page) -> None:
    page.goto(enrolled.url + RECEIVE)
    scan(page, PARTS[0])
    expect(page.locator("#codes")).to_contain_text(t("transfers.part_of", n=1, of=len(PARTS)))
    enrolled.stop()
    scan(page, PARTS[1])
    expect(page.locator("#unsent")).to_be_visible()
    enrolled.start()
    scan(page, PARTS[1])
    expect(page.locator("#codes")).to_contain_text(t("transfers.part_of", n=2, of=len(PARTS)))
    expect(page.locator("#unsent")).to_be_hidden()


def test_a_part_scanned_at_a_station_is_for_the_supervisor(tablet: Any) -> None:
    page = tablet("cut-1")
    scan(page, PARTS[0])
    expect(page.locator("#answer")).to_have_attribute("data-look", "look")
    expect(page.locator("#answer")).to_contain_text(t("answers.note_part_say"))
    expect(page.locator("#answer")).to_contain_text(t("answers.note_part_cure"))


def test_what_is_ticked_is_counted_as_it_is_ticked(enrolled: Any, page: Page, bundles: tuple[BundleCard, ...]) -> None:
    page.goto(f"{enrolled.url}/transfers/send?order=2026-0117")
    page.check(f"input[value={bundles[0].code}]")
    expect(page.locator("#ticked")).to_have_text("1 paquet, 15 pièces")
    page.get_by_role("button", name=t("transfers.tick_all")).click()
    expect(page.locator("#ticked")).to_have_text("10 paquets, 180 pièces")
    page.fill("#to", "LYON-2")
    page.fill("#to-name", "ESAT de Lyon")
    page.get_by_role("button", name=t("transfers.make_note")).click()
    expect(page.locator("main")).to_contain_text(t("transfers.sent", count=10))


def test_nothing_is_cut_off_on_a_desk_at_twice_the_size_and_on_a_phone(
    enrolled: Any, page: Page, bundles: tuple[BundleCard, ...]
) -> None:
    page.goto(f"{enrolled.url}/transfers/send?order=2026-0117")
    page.check(f"input[value={bundles[0].code}]")
    page.fill("#to", "LYON-2")
    page.fill("#to-name", "ESAT de Lyon")
    page.get_by_role("button", name=t("transfers.make_note")).click()
    sent = page.url.removeprefix(enrolled.url)
    page.goto(enrolled.url + RECEIVE)
    page.set_input_files("#file", {"name": "bon.floor", "mimeType": "application/octet-stream", "buffer": CONTENT})
    page.get_by_role("button", name=t("transfers.look")).click()
    page.fill(f"input[name=taken-{NOTE.bundles[0].code}]", "18")
    arrival = page.content()
    page.get_by_role("button", name=t("transfers.store")).click()
    received_note = page.url.removeprefix(enrolled.url)
    assert t("transfers.count_title") in arrival
    for path in ("/transfers", "/transfers/send", "/transfers/send?order=2026-0117", RECEIVE, sent, received_note):
        for width, height in ((1280, 800), (640, 400), (360, 740)):
            page.set_viewport_size({"width": width, "height": height})
            page.goto(enrolled.url + path)
            assert page.evaluate("document.documentElement.scrollWidth - innerWidth") == 0, (path, width)
            assert page.evaluate(BELOW_7_TO_1) == [], (path, width)
