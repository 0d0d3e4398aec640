"""What an operator, a scanner and a supervisor do at a station's tablet."""

from collections.abc import Callable

from playwright.sync_api import Page, Route, expect

from floor_app.store import bundles as stored_bundles
from tests.browser.conftest import Served

BOUNCE_MS = 1_500
ONE_TAP_MS = 500


def scan(page: Page, text: str, *, suffix: str = "Enter") -> None:
    """As a scanner in keyboard mode does: a burst of keys."""
    page.keyboard.type(text)
    if suffix:
        page.keyboard.press(suffix)


def tap(page: Page, wanted: str) -> None:
    """A tap that is not the second of two."""
    page.wait_for_timeout(ONE_TAP_MS + 10)
    page.locator(wanted).click()


class Road:
    """The way of a scan to the machine. Laid before the page is opened: Chromium may let a request pass a road laid later."""

    def __init__(self, page: Page) -> None:
        self.take: Callable[[Route], object] = lambda route: route.continue_()
        page.route("**/scan", lambda route: self.take(route))

    def close(self) -> None:
        self.take = lambda route: route.abort()

    def open(self) -> None:
        self.take = lambda route: route.continue_()


def expect_answer(page: Page, look: str, *words: str) -> None:
    expect(page.locator("#answer")).to_have_attribute("data-look", look)
    for word in words:
        expect(page.locator("#answer")).to_contain_text(word)


def good_pieces(served: Served, code: str, operation: str = "cut") -> int:
    with served.atelier.reading() as db:
        standing = stored_bundles.standing(db, code)
    assert standing is not None
    return standing.state.at(operation).good


def events(served: Served, event_type: str) -> int:
    with served.atelier.reading() as db:
        found: int = db.conn.execute("SELECT count(*) FROM event WHERE type = ?", (event_type,)).fetchone()[0]
    return found
