"""« Appareils » and the test of a scanner in a real browser: live, honest, readable on a phone, and deaf to no key of a scanner."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from floor_app.domain.scanner_faults import TEXTS, Check, RawReading, Way
from floor_app.texts import words
from tests.browser.tablets import scan
from tests.browser.test_board_page import BELOW_7_TO_1, sign_in

t = words("fr")
SCANNER = "socket://127.0.0.1:9"
SHEET, LABEL = TEXTS[Check.KEYBOARD], TEXTS[Check.LABEL]
TEST = "/devices/scanner-test/sew-1"


def test_a_scanner_lost_and_back_is_on_the_open_page_without_touching_it(served: Any, page: Page) -> None:
    sign_in(served, page)
    page.goto(f"{served.url}/devices")
    for state in ("ready", "lost", "ready"):
        served.atelier.devices.tell("scanner", SCANNER, state, at_ms=1, serves="sew-1")
        expect(page.locator("#board")).to_contain_text(t(f"stations.scanner_{state}"))
    page.focus("#test-sew-1")
    served.atelier.devices.tell("scanner", SCANNER, "lost", at_ms=1, serves="sew-1")
    expect(page.locator("#said")).to_contain_text("Couture 1")
    assert page.evaluate("document.activeElement.id") == "test-sew-1"


def test_the_page_says_when_the_machine_is_gone(served: Any, page: Page) -> None:
    sign_in(served, page)
    page.goto(f"{served.url}/devices")
    served.stop()
    expect(page.locator("#lost")).to_be_visible(timeout=20_000)


@pytest.mark.parametrize(
    ("suffix", "said"),
    [
        ("Enter", "devices.verdict_more_to_read"),
        ("", "devices.fault_no_enter"),
        ("Tab", "devices.verdict_more_to_read"),
    ],
)
def test_a_scanner_that_types_is_examined_whatever_has_the_focus(
    served: Any, page: Page, suffix: str, said: str
) -> None:
    page.context.add_cookies([served.device_cookie("sew-1")])
    page.goto(served.url + TEST)
    page.get_by_role("link", name=t("devices.begin_again")).focus()
    scan(page, SHEET, suffix=suffix)
    expect(page.locator("#found")).to_contain_text(t(said))
    assert page.url == served.url + TEST


def test_both_codes_read_well_make_a_good_scanner(served: Any, page: Page) -> None:
    page.context.add_cookies([served.device_cookie("sew-1")])
    page.goto(served.url + TEST)
    scan(page, SHEET)
    expect(page.locator("#found")).to_contain_text(t("devices.verdict_more_to_read"))
    scan(page, LABEL)
    expect(page.locator("#found")).to_contain_text(t("devices.verdict_good"))


def test_a_reading_that_does_not_reach_the_machine_is_said(served: Any, page: Page) -> None:
    page.context.add_cookies([served.device_cookie("sew-1")])
    page.goto(served.url + TEST)
    served.stop()
    scan(page, SHEET)
    expect(page.locator("#unsent")).to_be_visible()
    served.start()
    scan(page, SHEET)
    expect(page.locator("#unsent")).to_be_hidden()


def test_nothing_is_cut_off_on_a_desk_at_twice_the_size_and_on_a_phone(served: Any, page: Page) -> None:
    sign_in(served, page)
    served.atelier.devices.tell("scanner", SCANNER, "lost", at_ms=1, serves="sew-1")
    readings = served.atelier.answers.readings
    before = readings.mark("sew-1")
    readings.tell("sew-1", RawReading(Way.BYTES, "<" * 40 + SHEET, False))
    good = readings.mark("cut-1")
    for text in (SHEET, LABEL):
        readings.tell("cut-1", RawReading(Way.BYTES, text, True))
    at_work = (f"{TEST}?since={before}", f"/devices/scanner-test/cut-1?since={good}", TEST)
    for path in ("/devices", "/devices/scanner-test", *at_work):
        for width, height in ((1280, 800), (640, 400), (360, 740)):
            page.set_viewport_size({"width": width, "height": height})
            page.goto(served.url + path)
            assert page.evaluate("document.documentElement.scrollWidth - innerWidth") == 0, (path, width)
            assert page.evaluate(BELOW_7_TO_1) == [], (path, width)
