"""The board in a real browser: alive, honest when the machine is gone, readable from ten metres and on a phone."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from floor_app.domain.scans import Answer
from floor_app.scanning import Scan
from floor_app.store.bundles import BundleCard

# Contrast by WCAG 2.2, success criterion 1.4.6; the ground is the nearest opaque one behind the words.
BELOW_7_TO_1 = """() => {
  const brush = document.createElement("canvas").getContext("2d", {willReadFrequently: true});
  const rgba = (css) => {
    brush.clearRect(0, 0, 1, 1);
    brush.fillStyle = css;
    brush.fillRect(0, 0, 1, 1);
    return [...brush.getImageData(0, 0, 1, 1).data];
  };
  const linear = (value) => value <= .04045 ? value / 12.92 : ((value + .055) / 1.055) ** 2.4;
  const light = ([red, green, blue]) => .2126 * linear(red / 255) + .7152 * linear(green / 255) + .0722 * linear(blue / 255);
  const ground = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const colour = rgba(getComputedStyle(at).backgroundColor);
      if (colour[3] === 255) return colour;
    }
    return [255, 255, 255];
  };
  const words = (element) => [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
  const shown = (element) => element.checkVisibility() && element.getBoundingClientRect().width > 2;
  const contrast = (element) => {
    const [one, two] = [light(rgba(getComputedStyle(element).color)), light(ground(element))].sort((a, b) => b - a);
    return (one + .05) / (two + .05);
  };
  return [...document.querySelectorAll("main *, #lost *")]
    .filter((found) => words(found) && shown(found) && contrast(found) < 7)
    .map((found) => found.outerHTML.slice(0, 120));
}"""
SMALLER_THAN_48_PX = """() => [...document.querySelectorAll("body *")]
  .filter((found) => [...found.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim()))
  .filter((found) => parseFloat(getComputedStyle(found).fontSize) < 47.99).map((found) => found.outerHTML.slice(0, 120))"""
BEYOND_THE_SCREEN = """() => [...document.querySelectorAll("#board *")].map((found) => found.getBoundingClientRect())
  .filter((box) => box.bottom > innerHeight + 1 || box.right > innerWidth + 1 || box.left < -1).length"""


def count(served: Any, bundle: BundleCard, step: str) -> None:
    scan = Scan(f"{bundle.code}-{step}", bundle.code, f"{step}-1", step)
    assert served.atelier.take_scan(scan).decision.answer == Answer.COUNTED


def call_help(served: Any, station: str = "sew-1") -> None:
    served.atelier.take_help_call(Scan(f"help-{station}", "", station, "sew"))


def sign_in(served: Any, page: Page) -> None:
    name, password = served.supervisor()
    page.goto(f"{served.url}/sign-in")
    page.fill("input[name=name]", name)
    page.fill("input[name=password]", password)
    page.click("main button")
    page.wait_for_url(lambda address: "sign-in" not in address)
    page.goto(f"{served.url}/board")


def hang_on_the_wall(served: Any, page: Page) -> None:
    page.set_viewport_size({"width": 1920, "height": 1080})
    page.context.add_cookies([served.device_cookie("")])
    page.goto(f"{served.url}/board?tv=1")


def test_a_scan_is_on_an_open_board_without_touching_it(
    served: Any, page: Page, bundles: tuple[BundleCard, ...]
) -> None:
    sign_in(served, page)
    expect(page.locator("#step-cut b")).to_have_text("180")
    count(served, bundles[0], "cut")
    expect(page.locator("#step-cut b")).to_have_text("165")
    expect(page.locator("#step-sew b")).to_have_text("15")


def test_the_board_says_when_the_machine_is_gone_and_takes_up_again(
    served: Any, page: Page, bundles: tuple[BundleCard, ...]
) -> None:
    sign_in(served, page)
    expect(page.locator("#lost")).to_be_hidden()
    time = page.locator("#board").get_attribute("data-time")
    served.stop()
    expect(page.locator("#lost")).to_be_visible(timeout=20_000)
    expect(page.locator("#lost")).to_contain_text("ne répond plus")
    expect(page.locator("#lost-since")).to_contain_text((time or "")[:2])
    assert page.evaluate(BELOW_7_TO_1) == []
    served.start()
    count(served, bundles[0], "cut")
    expect(page.locator("#lost")).to_be_hidden(timeout=20_000)
    expect(page.locator("#step-cut b")).to_have_text("165")


def test_what_the_reader_opened_and_where_she_is_stay_through_an_update(
    served: Any, page: Page, bundles: tuple[BundleCard, ...]
) -> None:
    for step in ("cut", "sew", "finish"):
        count(served, bundles[0], step)
    sign_in(served, page)
    page.click("#hours-table summary")
    page.focus("#step-cut")
    count(served, bundles[1], "cut")
    expect(page.locator("#step-cut b")).to_have_text("150")
    expect(page.locator("#hours-table table")).to_be_visible()
    assert page.evaluate("document.activeElement.id") == "step-cut"


def test_a_supervisor_answers_a_call_with_one_key(served: Any, page: Page, bundles: tuple[BundleCard, ...]) -> None:
    sign_in(served, page)
    call_help(served)
    expect(page.locator(".calls")).to_contain_text("Couture 1 appelle")
    expect(page.locator("#said")).to_contain_text("Couture 1 appelle")
    page.focus("#go-sew-1")
    page.keyboard.press("Enter")
    expect(page.locator(".notice.good")).to_contain_text("Couture 1")
    expect(page.locator(".calls")).to_have_count(0)


def test_the_board_works_for_reading_and_answering_without_scripts(
    served: Any, page: Page, bundles: tuple[BundleCard, ...]
) -> None:
    call_help(served)
    sign_in(served, page)
    cookies = page.context.cookies()
    plain = page.context.browser.new_context(java_script_enabled=False)  # type: ignore[union-attr]  # fixtures have one
    plain.add_cookies([{"name": found["name"], "value": found["value"], "url": served.url} for found in cookies])
    reading = plain.new_page()
    reading.goto(f"{served.url}/board")
    reading.click("#go-sew-1")
    expect(reading.locator(".notice.good")).to_contain_text("Couture 1")
    plain.close()


def test_who_is_signed_out_meanwhile_is_led_to_the_sign_in_page(
    served: Any, page: Page, bundles: tuple[BundleCard, ...]
) -> None:
    sign_in(served, page)
    served.supervisor()  # a new password: every session under the old one ends, also that of an answer under way
    page.wait_for_url(lambda address: "/sign-in" in address)
    expect(page.locator("#board")).to_have_count(0)


@pytest.mark.parametrize("calling", [False, True])
def test_the_wall_is_read_from_afar_and_never_scrolls(
    calling: bool, served: Any, page: Page, bundles: tuple[BundleCard, ...]
) -> None:
    for bundle in bundles[:6]:
        count(served, bundle, "cut")
    if calling:
        for station in ("cut-1", "sew-1", "finish-1"):
            call_help(served, station)
        served.atelier.devices.tell("scanner", "socket://127.0.0.1:9", "lost", at_ms=1, serves="sew-1")
    hang_on_the_wall(served, page)
    expect(page.locator(".steps b").first).to_be_visible()
    expect(page.locator(".band")).to_have_count(2 if calling else 0)
    assert page.evaluate(SMALLER_THAN_48_PX) == []
    assert page.evaluate(BEYOND_THE_SCREEN) == 0
    assert page.evaluate(BELOW_7_TO_1) == []
    assert page.locator("a, button, input, select, summary").count() == 0


def test_the_wall_is_alive_and_says_when_the_machine_is_gone(
    served: Any, page: Page, bundles: tuple[BundleCard, ...]
) -> None:
    hang_on_the_wall(served, page)
    count(served, bundles[0], "cut")
    expect(page.locator(".steps li.bottleneck b")).to_have_text("165")
    served.stop()
    expect(page.locator("#lost")).to_be_visible(timeout=20_000)
    assert page.evaluate(SMALLER_THAN_48_PX) == []
    served.start()
    expect(page.locator("#lost")).to_be_hidden(timeout=20_000)


def test_nothing_is_cut_off_on_a_desk_at_twice_the_size_and_on_a_phone(
    served: Any, page: Page, bundles: tuple[BundleCard, ...]
) -> None:
    count(served, bundles[0], "cut")
    call_help(served)
    sign_in(served, page)
    for path in ("/board", "/board/waiting/cut", "/board/order/2026-0117?show=cut"):
        for width, height in ((1280, 800), (640, 400), (360, 740)):
            page.set_viewport_size({"width": width, "height": height})
            page.goto(served.url + path)
            assert page.evaluate("document.documentElement.scrollWidth - innerWidth") == 0, (path, width)
            assert page.evaluate(BELOW_7_TO_1) == [], (path, width)
