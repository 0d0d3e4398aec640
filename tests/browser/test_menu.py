"""The supervisor's menu: one line on a desk, everything reached by keyboard and without a script, nothing beside the screen on a phone."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from floor_app.hearing_offers import hear_offers
from tests.browser.test_board_page import BELOW_7_TO_1, sign_in
from tests.network import a_share

IN_ONE_LINE = "new Set([...document.querySelectorAll('.top nav > a, .top nav summary')].map((one) => one.getBoundingClientRect().top)).size"
TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture
def without_scripts(browser: Browser, served: Any) -> Iterator[Page]:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 1280, "height": 800})
    page = context.new_page()
    sign_in(served, page)
    yield page
    context.close()


def test_it_is_one_line_on_a_desk(served: Any, page: Page) -> None:
    sign_in(served, page)
    for path in ("/orders", "/transfers", "/devices", "/hours", "/network"):
        page.goto(f"{served.url}{path}")
        assert page.evaluate(IN_ONE_LINE) == 1, path


def test_the_rarer_pages_are_reached_by_keyboard_without_a_script(served: Any, without_scripts: Page) -> None:
    page = without_scripts
    page.goto(f"{served.url}/orders")
    page.locator(".more > summary").focus()
    expect(page.get_by_role("link", name="Réseau", exact=True)).not_to_be_visible()
    page.keyboard.press("Enter")
    for _ in range(4):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/network")
    expect(page.locator(".more > summary")).to_have_text("Réseau")


@pytest.mark.parametrize(
    ("width", "path"),
    [(390, "/orders/offers/A-1"), (390, "/network"), (640, "/orders/offers"), (1280, "/orders/offers/A-1")],
)
def test_nothing_stands_beside_the_screen_and_all_is_dark_on_light(
    served: Any, page: Page, width: int, path: str
) -> None:
    served.atelier.run(hear_offers, [a_share(), a_share("A-2", order="R-2")], heard_at_ms=1)
    page.set_viewport_size({"width": width, "height": 800})
    sign_in(served, page)
    page.goto(f"{served.url}{path}")
    page.locator(".more > summary").click()
    assert page.evaluate(TOO_WIDE) <= 0
    assert page.evaluate(BELOW_7_TO_1) == []
