"""A station's page is read from two metres, touched with gloves, used by keyboard alone, in every theme and size."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from floor_app.domain.codes import bundle_code
from floor_app.scanning import Scan
from floor_app.store.bundles import BundleCard
from tests.browser.conftest import Served
from tests.browser.probes import LISTEN, LOWEST_CONTRAST, STICKS_OUT, TOO_SMALL
from tests.browser.tablets import BOUNCE_MS, ONE_TAP_MS, expect_answer, good_pieces, scan, tap

THEMES = ("light", "dark", "contrast", "soft")
SIZES = ((1280, 800), (1024, 600), (640, 400), (360, 740))  # 640 × 400: the first at 200 %

Tablet = Callable[..., Page]
Bundles = tuple[BundleCard, ...]


@pytest.fixture
def every_answer(
    tablet: Tablet, served: Served, bundles: Bundles
) -> Iterator[Callable[[], Iterator[tuple[str, Page]]]]:
    """Goes through the five answers and the waiting screen, one after the other, on one page."""

    def shown() -> Iterator[tuple[str, Page]]:
        served.atelier.take_scan(Scan("early", bundles[1].code, "cut-1", "cut"))
        page = tablet("sew-1")
        expect_answer(page, "idle")
        yield "idle", page
        foreign = bundle_code("CDFG", 5, 7)
        for look, code in (("counted", bundles[1].code), ("look", bundles[0].code), ("stop", foreign)):
            scan(page, code)
            expect_answer(page, look)
            yield look, page
        page.wait_for_timeout(BOUNCE_MS)
        scan(page, bundles[1].code)
        expect_answer(page, "already_done")
        yield "already_done", page
        served.stop()
        scan(page, bundles[2].code)
        expect_answer(page, "kept", "1 attend.")
        expect(page.locator("#offline")).to_be_visible()
        yield "kept", page

    yield shown


def test_every_answer_is_large_clear_and_whole_in_every_theme_and_size(
    every_answer: Callable[[], Iterator[tuple[str, Page]]],
) -> None:
    for look, page in every_answer():
        for theme in THEMES:
            page.evaluate("theme => { document.documentElement.dataset.theme = theme; }", theme)
            contrast, whose = page.evaluate(LOWEST_CONTRAST)
            assert contrast >= (8 if look == "counted" else 7), f"{look}, {theme}: {whose} has {contrast:.1f}"
        for width, height in SIZES:
            page.set_viewport_size({"width": width, "height": height})
            size = page.evaluate("parseFloat(getComputedStyle(document.querySelector('#answer h1')).fontSize)")
            assert size >= 64, f"{look} at {width}: {size}"
            assert page.evaluate(TOO_SMALL) == [], f"{look} at {width}"
            for direction in ("ltr", "rtl"):
                page.evaluate("direction => { document.documentElement.dir = direction; }", direction)
                assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, f"{look} {width}"
                assert page.evaluate(STICKS_OUT) == [], f"{look} at {width}, {direction}"
            page.evaluate("document.documentElement.dir = 'ltr'")
            if width > 1000:
                left = page.evaluate("document.documentElement.scrollHeight - innerHeight")
                assert left <= 0, f"{look} at {width}: {left} pixels are below the screen"


@pytest.mark.parametrize("panel", ["typing", "settings", "quantity"])
def test_every_panel_is_large_and_clear_in_every_theme_and_size(tablet: Tablet, bundles: Bundles, panel: str) -> None:
    page = tablet()
    scan(page, bundles[0].code)
    expect_answer(page, "counted")
    tap(page, f"[data-open={panel}]")
    for theme in THEMES:
        page.evaluate("theme => { document.documentElement.dataset.theme = theme; }", theme)
        contrast, whose = page.evaluate(LOWEST_CONTRAST)
        assert contrast >= 7, f"{theme}: {whose} has {contrast:.1f}"
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        assert page.evaluate(TOO_SMALL) == [], f"at {width}"
        assert page.evaluate(STICKS_OUT) == [], f"at {width}"


def test_answers_differ_by_shape_and_lightness_and_not_by_colour_alone(
    every_answer: Callable[[], Iterator[tuple[str, Page]]],
) -> None:
    pictures = {}
    for look, page in every_answer():
        pictures[look] = page.locator(".mark use").get_attribute("href")
    assert pictures == {
        "idle": "#picture-scan",
        "counted": "#picture-counted",
        "look": "#picture-look",
        "stop": "#picture-stop",
        "already_done": "#picture-already_done",
        "kept": "#picture-kept",
    }


def test_the_chosen_screen_and_sound_are_remembered(tablet: Tablet, bundles: Bundles) -> None:
    page = tablet()
    page.evaluate(LISTEN)
    tap(page, "[data-open=settings]")
    tap(page, "[data-theme-choice=contrast]")
    tap(page, "[data-sound-choice=off]")
    scan(page, bundles[0].code)
    expect_answer(page, "counted")
    assert page.evaluate("notes.length") == 0
    page.reload()
    assert page.evaluate("document.documentElement.dataset.theme") == "contrast"
    expect(page.locator("[data-sound-choice=off]")).to_have_attribute("aria-pressed", "true")


def test_the_keyboard_alone_is_enough(tablet: Tablet, served: Served, bundles: Bundles) -> None:
    page = tablet(touch=False)
    page.keyboard.press("Enter")
    expect(page.locator("#start")).to_be_hidden()
    page.wait_for_timeout(ONE_TAP_MS)
    _reach(page, "#typing-button")
    page.keyboard.press("Space")
    expect(page.locator("#typed-code")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#typing-button")).to_be_focused()
    scan(page, bundles[0].code)
    expect_answer(page, "counted")
    page.wait_for_timeout(ONE_TAP_MS)
    _reach(page, "#undo button")
    page.keyboard.press("Enter")
    expect_answer(page, "already_done", "Annulé.")
    assert good_pieces(served, bundles[0].code) == 0


def _reach(page: Page, wanted: str) -> None:
    for _ in range(12):
        page.keyboard.press("Tab")
        if page.evaluate("wanted => document.activeElement.matches(wanted)", wanted):
            return
    raise AssertionError(f"Tab never reaches {wanted}")


def test_without_javascript_a_typed_code_is_answered(served: Served, page: Page, bundles: Bundles) -> None:
    browser = page.context.browser
    assert browser is not None
    context = browser.new_context(java_script_enabled=False)
    context.add_cookies([served.device_cookie("cut-1")])  # type: ignore[list-item]  # a TypedDict
    plain = context.new_page()
    plain.goto(f"{served.url}/station/cut-1")
    plain.fill("noscript input[name=code], .plain input[name=code]", bundles[0].code)
    plain.keyboard.press("Enter")
    expect(plain.locator("#answer")).to_contain_text("15 pièces comptées.")
    context.close()
    assert good_pieces(served, bundles[0].code) == 15
