"""A station's tablet without its machine: nothing is lost, nothing is counted twice."""

import json
import re
from collections.abc import Callable

from playwright.sync_api import Page, Route, expect

from floor_app.scanning import Scan
from floor_app.store.bundles import BundleCard
from tests.browser.conftest import Served
from tests.browser.tablets import Road, events, expect_answer, good_pieces, scan, tap

Tablet = Callable[..., Page]
Bundles = tuple[BundleCard, ...]


def test_scans_made_while_the_machine_is_off_are_kept_and_counted_once(
    tablet: Tablet, served: Served, bundles: Bundles
) -> None:
    page = tablet()
    served.stop()
    scan(page, bundles[0].code)
    expect_answer(page, "kept", "Enregistré ici.", "1 attend.")
    scan(page, bundles[1].code)
    expect_answer(page, "kept", "2 attendent.")
    expect(page.locator("#waiting")).to_contain_text("2 attendent.")
    served.start()
    expect_answer(page, "counted", "Paquet 2 sur 10")
    expect(page.locator("#waiting")).to_be_hidden()
    assert (
        events(served, "step_done"),
        good_pieces(served, bundles[0].code),
        good_pieces(served, bundles[1].code),
    ) == (2, 15, 15)


def test_a_scan_kept_before_a_reload_is_sent_after_it(
    page: Page, tablet: Tablet, served: Served, bundles: Bundles
) -> None:
    road = Road(page)
    tablet()
    road.close()
    scan(page, bundles[0].code)
    expect_answer(page, "kept")
    page.reload()
    expect(page.locator("#waiting")).to_contain_text("1 attend.")
    road.open()
    expect(page.locator("#waiting")).to_be_hidden()
    assert good_pieces(served, bundles[0].code) == 15
    page.reload()
    expect_answer(page, "counted")
    assert events(served, "step_done") == 1


def test_an_answer_lost_on_the_way_is_asked_again_under_the_same_id(
    page: Page, tablet: Tablet, served: Served, bundles: Bundles
) -> None:
    road = Road(page)
    tablet()
    ids: list[str] = []

    def lose_the_first_answer(route: Route) -> None:
        ids.append(json.loads(route.request.post_data or "{}")["id"])
        if len(ids) > 1:
            return route.continue_()
        route.fetch()
        return route.abort()

    road.take = lose_the_first_answer
    scan(page, bundles[0].code)
    expect_answer(page, "counted", "15 pièces comptées.")
    assert len(ids) == 2 and ids[0] == ids[1] and re.fullmatch(r"[0-9a-f]{32}", ids[0])
    assert events(served, "step_done") == 1


def test_a_scan_without_an_answer_for_three_seconds_is_said_to_be_kept(
    page: Page, tablet: Tablet, bundles: Bundles
) -> None:
    road = Road(page)
    tablet()
    unanswered: list[Route] = []
    road.take = unanswered.append
    scan(page, bundles[0].code)
    expect_answer(page, "kept", "Enregistré ici.", "1 attend.")
    road.open()
    expect_answer(page, "counted")
    for route in unanswered:
        route.abort()


def test_an_undo_made_while_the_machine_is_off_follows_its_scan(
    tablet: Tablet, served: Served, bundles: Bundles
) -> None:
    page = tablet()
    served.stop()
    scan(page, bundles[0].code)
    expect_answer(page, "kept", "1 attend.")
    tap(page, "#undo button")
    expect_answer(page, "kept", "2 attendent.")
    served.start()
    expect_answer(page, "already_done", "Annulé.")
    assert (events(served, "step_done"), good_pieces(served, bundles[0].code)) == (1, 0)


def test_a_kept_scan_that_needs_a_look_is_listed_when_the_operator_has_gone_on(
    tablet: Tablet, served: Served, bundles: Bundles
) -> None:
    served.atelier.take_scan(Scan("cut-early", bundles[1].code, "cut-1", "cut"))
    page = tablet("sew-1")
    served.stop()
    scan(page, bundles[0].code)  # never cut: a question
    expect_answer(page, "kept", "1 attend.")
    scan(page, bundles[1].code)
    expect_answer(page, "kept", "2 attendent.")
    served.start()
    expect_answer(page, "counted", "Paquet 2 sur 10")
    expect(page.locator("#problems-button")).to_contain_text("1")
    page.reload()
    tap(page, "#start")
    tap(page, "#problems-button")
    expect(page.locator("#problem-list")).to_contain_text("Paquet 1 sur 10")
    tap(page, "[data-done]")
    expect(page.locator("#problems-button")).to_be_hidden()
    expect(page.locator("#answer")).to_be_visible()


def test_noise_read_while_the_machine_is_off_is_not_kept(tablet: Tablet, served: Served, bundles: Bundles) -> None:
    page = tablet()
    served.stop()
    scan(page, "3760123456789")
    expect_answer(page, "look", "Ce n’est pas un paquet.")
    expect(page.locator("#waiting")).to_be_hidden()
    served.start()


def test_a_full_tablet_stops_instead_of_losing(page: Page, tablet: Tablet, served: Served, bundles: Bundles) -> None:
    road = Road(page)
    tablet()
    road.close()
    page.evaluate(
        """() => { for (let n = 1; n <= 2000; n++) localStorage.setItem(`floor.cut-1.kept.${String(n).padStart(16, "0")}`,
        JSON.stringify({ number: n, id: `old-${n}`, doing: "scan", body: { code: "B" }, at: 0, tries: 1, safe: true })); }"""
    )
    page.reload()
    scan(page, bundles[0].code)
    expect_answer(page, "stop", "La tablette est pleine.", "Appelez le moniteur.")
    expect(page.locator("#waiting")).to_contain_text("2000")


def test_a_tablet_that_is_no_longer_paired_says_so_and_keeps_its_scans(
    tablet: Tablet, served: Served, bundles: Bundles
) -> None:
    page = tablet()
    cookie = next(kept for kept in page.context.cookies() if kept["name"] == "floor_device")
    page.context.clear_cookies(name="floor_device")
    scan(page, bundles[0].code)
    expect_answer(page, "stop", "Cette tablette n’est plus reliée.")
    expect(page.locator("#waiting")).to_contain_text("1 attend.")
    page.context.add_cookies([cookie])  # type: ignore[list-item]  # cookies() and add_cookies() name their dicts apart
    expect(page.locator("#waiting")).to_be_hidden(timeout=15_000)
    assert good_pieces(served, bundles[0].code) == 15


def test_a_machine_that_took_over_is_answered_with_a_new_token(
    tablet: Tablet, served: Served, bundles: Bundles
) -> None:
    """The second Pi has another session key: the page's token is worth nothing there."""
    page = tablet()
    served.app.config["SECRET_KEY"] = "of the machine that took over"
    scan(page, bundles[0].code)
    expect_answer(page, "counted", "15 pièces comptées.")
    assert events(served, "step_done") == 1
