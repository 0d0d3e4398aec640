"""The operator's page in a real browser: a scan arrives whatever has the focus, and every button does what it says."""

import re
from collections.abc import Callable

from playwright.sync_api import CDPSession, Page, Route, expect

from floor_app.domain.scans import Choice
from floor_app.picturing import Place, put_picture
from floor_app.scanning import Scan
from floor_app.store.bundles import BundleCard
from groundwork.pictures import clean_picture
from tests.browser.conftest import Served
from tests.browser.probes import LISTEN
from tests.browser.tablets import BOUNCE_MS, ONE_TAP_MS, Road, events, expect_answer, good_pieces, scan, tap
from tests.pictures import a_drawing, a_photo, written

Tablet = Callable[..., Page]
Bundles = tuple[BundleCard, ...]


def test_a_scan_is_counted_whatever_has_the_focus(tablet: Tablet, served: Served, bundles: Bundles) -> None:
    page = tablet()
    scan(page, bundles[0].code)
    expect_answer(page, "counted", "C’est bon.", "15 pièces comptées.", "Va à", "Coudre")
    page.locator("#help button").focus()
    scan(page, bundles[1].code)
    expect_answer(page, "counted", "Paquet 2 sur 10")
    page.locator("[data-open=settings]").focus()
    scan(page, bundles[2].code, suffix="Tab")
    expect_answer(page, "counted", "Paquet 3 sur 10")
    scan(page, bundles[3].code, suffix="")
    expect_answer(page, "counted", "Paquet 4 sur 10")
    assert events(served, "step_done") == 4
    with served.atelier.reading() as db:
        assert not db.conn.execute("SELECT * FROM help_call").fetchall(), "the scanner's Enter pressed a button"
    assert page.locator("#settings").is_hidden()


def test_the_pictures_of_style_and_step_are_shown_and_a_drawing_where_they_do_not_come(
    tablet: Tablet, served: Served, bundles: Bundles
) -> None:
    photo = clean_picture(a_photo())
    run, moment = served.atelier.run, served.atelier.clock.moment
    run(put_picture, Place("Tablier"), photo, event_id="p-1", moment=moment())
    page = tablet()
    scan(page, bundles[0].code)
    image, drawing = page.locator("[data-part=bundle-image]"), page.locator(".goes-to .picture").last
    expect(image).to_be_visible()
    expect(image).to_have_js_property("naturalWidth", photo.width)
    expect(page.locator("[data-part=goes-to-image]")).to_be_hidden()
    expect(drawing).to_be_visible()
    page.route("**/pictures/*.png", lambda route: route.abort())
    other = clean_picture(written(a_drawing()))
    run(put_picture, Place("Tablier"), other, event_id="p-2", moment=moment())
    scan(page, bundles[1].code)
    expect_answer(page, "counted", "Paquet 2 sur 10")
    expect(image).to_be_hidden()


def test_a_scan_is_never_typed_into_the_field(tablet: Tablet, served: Served, bundles: Bundles) -> None:
    page = tablet()
    page.evaluate("document.getElementById('typed-code').addEventListener('input', () => { window.typedInto = true; })")
    tap(page, "#typing-button")
    expect(page.locator("#typed-code")).to_be_focused()
    scan(page, bundles[0].code)
    expect_answer(page, "counted", "15 pièces comptées.")
    assert page.locator("#typed-code").input_value() == ""
    assert page.evaluate("window.typedInto") is None
    assert events(served, "step_done") == 1


def test_a_person_types_a_code_slowly(tablet: Tablet, served: Served, bundles: Bundles) -> None:
    page = tablet()
    tap(page, "#typing-button")
    page.keyboard.type(bundles[0].code[4:].lower(), delay=200)
    code = bundles[0].code[4:]
    expect(page.locator("#typed-code")).to_have_value(f"{code[:4]} {code[4:8]} {code[8:]}")
    assert events(served, "step_done") == 0
    page.keyboard.press("Enter")
    expect_answer(page, "counted")
    assert events(served, "step_done") == 1


def test_a_code_is_typed_with_the_big_letters(tablet: Tablet, served: Served, bundles: Bundles) -> None:
    page = tablet()
    tap(page, "#typing-button")
    for letter in bundles[0].code[4:7]:
        tap(page, f"[data-pad=letter][value={letter}]")
    expect(page.locator("#typed-code")).to_have_value(bundles[0].code[4:7])
    tap(page, "#typing [data-pad=erase]")
    expect(page.locator("#typed-code")).to_have_value(bundles[0].code[4:6])


# Physical key, and what a keyboard of that country makes of it.
RUSSIAN = dict(zip("BCDFGHJKLNPRSTVX", "исвапролдтзкыемч", strict=True))
AZERTY_DIGITS = dict(zip("1234567890", "&é\"'(-è_çà", strict=True))


def _press(session: CDPSession, code: str, key: str) -> None:
    for kind in ("keyDown", "keyUp"):
        text = {"text": key} if kind == "keyDown" and len(key) == 1 else {}
        session.send("Input.dispatchKeyEvent", {"type": kind, "code": code, "key": key, **text})


def test_the_keyboard_of_the_country_does_not_matter(tablet: Tablet, bundles: Bundles) -> None:
    page = tablet()
    session = page.context.new_cdp_session(page)
    for letter in bundles[0].code:
        _press(session, f"Key{letter}", RUSSIAN[letter])
    _press(session, "Enter", "Enter")
    expect_answer(page, "counted", "15 pièces comptées.")
    for digit in "3760123456789":
        _press(session, f"Digit{digit}", AZERTY_DIGITS[digit])
    _press(session, "Enter", "Enter")
    expect_answer(page, "look", "C’est un code de magasin.")
    for digit in "37601234":
        _press(session, "", AZERTY_DIGITS[digit])  # a tablet that does not say which key it was
    _press(session, "Enter", "Enter")
    expect_answer(page, "look", "Le scanner est mal réglé.")


def test_a_busy_tablet_may_stutter_in_a_code(tablet: Tablet, served: Served, bundles: Bundles) -> None:
    page = tablet()
    for part in (bundles[0].code[:9], bundles[0].code[9:]):
        page.keyboard.type(part)
        page.wait_for_timeout(350)
    expect_answer(page, "counted", "15 pièces comptées.")
    assert events(served, "step_done") == 1


def test_two_bundles_one_after_the_other_both_count(tablet: Tablet, served: Served, bundles: Bundles) -> None:
    page = tablet()
    scan(page, bundles[0].code)
    page.wait_for_timeout(100)
    scan(page, bundles[1].code)
    expect_answer(page, "counted", "Paquet 2 sur 10")
    assert (good_pieces(served, bundles[0].code), good_pieces(served, bundles[1].code)) == (15, 15)


def test_two_codes_on_one_label_are_one_scan_and_later_it_is_already_done(
    tablet: Tablet, served: Served, bundles: Bundles
) -> None:
    page = tablet()
    scan(page, bundles[0].code)
    scan(page, bundles[0].code)
    expect_answer(page, "counted")
    page.wait_for_timeout(BOUNCE_MS + 100)
    expect_answer(page, "counted")
    scan(page, bundles[0].code)
    expect_answer(page, "already_done", "Déjà fait.", "Déjà compté à")
    assert events(served, "step_done") == 1
    tap(page, "#undo button")
    expect_answer(page, "already_done", "Annulé.")
    assert good_pieces(served, bundles[0].code) == 0


def test_the_first_scan_of_the_morning_needs_no_touch(tablet: Tablet, bundles: Bundles) -> None:
    page = tablet(touch=False)
    expect(page.locator("#start")).to_be_visible()
    scan(page, bundles[0].code)
    expect_answer(page, "counted")
    expect(page.locator("#start")).to_be_hidden()


def test_the_tablet_says_read_before_the_answer_comes(page: Page, tablet: Tablet, bundles: Bundles) -> None:
    road, held = Road(page), list[Route]()
    tablet()
    road.take = held.append
    scan(page, bundles[0].code)
    expect(page.locator("#tick")).to_be_visible()
    expect(page.locator("#answer")).to_contain_text("Un instant.")
    page.wait_for_timeout(50)
    held[0].continue_()
    expect_answer(page, "counted")


def test_undo_takes_back_the_last_count(tablet: Tablet, served: Served, bundles: Bundles) -> None:
    page = tablet()
    expect(page.locator("#undo")).to_be_hidden()
    scan(page, bundles[0].code)
    expect_answer(page, "counted")
    tap(page, "#undo button")
    expect_answer(page, "already_done", "Annulé.", "15 pièces ne comptent plus.")
    expect(page.locator("#undo")).to_be_hidden()
    assert good_pieces(served, bundles[0].code) == 0


def test_another_quantity_shows_old_and_new_before_it_counts(tablet: Tablet, served: Served, bundles: Bundles) -> None:
    page = tablet()
    scan(page, bundles[0].code)
    expect_answer(page, "counted")
    tap(page, "#quantity-button")
    tap(page, "[data-pad=fewer]")
    expect(page.locator("#quantity-before")).to_have_text("15")
    expect(page.locator("#quantity-after")).to_have_text("14")
    page.keyboard.press("1")
    page.wait_for_timeout(400)
    page.keyboard.press("3")
    expect(page.locator("#quantity-after")).to_have_text("13")
    tap(page, "#quantity-confirm")
    expect(page.locator("#quantity-title")).to_have_text(re.compile("Et les 2 autres pièces"))
    assert good_pieces(served, bundles[0].code) == 15
    tap(page, "[data-fate=to_rework]")
    expect_answer(page, "counted", "13 pièces comptées.", "2 à refaire.", "13 sur 15")
    assert good_pieces(served, bundles[0].code) == 13


def test_a_scan_leaves_a_quantity_that_was_being_said(tablet: Tablet, served: Served, bundles: Bundles) -> None:
    page = tablet()
    scan(page, bundles[0].code)
    expect_answer(page, "counted")
    tap(page, "#quantity-button")
    tap(page, "[data-pad=fewer]")
    scan(page, bundles[1].code)
    expect_answer(page, "counted", "Paquet 2 sur 10", "15 pièces comptées.")
    assert (good_pieces(served, bundles[0].code), good_pieces(served, bundles[1].code)) == (15, 15)


def test_a_question_has_two_buttons_and_takes_the_answer(tablet: Tablet, served: Served, bundles: Bundles) -> None:
    page = tablet("sew-1")
    scan(page, bundles[0].code)
    expect_answer(page, "look", "Regardez.", "Avant, il faut", "Couper")
    assert page.locator(".choices button").all_inner_texts() == ["Compter quand même", "Ne pas compter"]
    tap(page, ".choices form:nth-of-type(2) button")
    expect_answer(page, "already_done", "D’accord.", "Rien ne change.")
    page.wait_for_timeout(BOUNCE_MS)
    scan(page, bundles[0].code)
    page.locator(".choices button").first.click()
    expect_answer(page, "counted", "15 pièces comptées.")
    assert good_pieces(served, bundles[0].code, "sew") == 15


def test_what_the_wired_scanner_read_is_shown_and_heard(tablet: Tablet, served: Served, bundles: Bundles) -> None:
    page = tablet("sew-1")
    page.evaluate(LISTEN)
    served.atelier.take_scan(Scan("wired-1", bundles[0].code, "sew-1", "sew", choice=Choice.COUNT_ANYWAY))
    expect_answer(page, "counted", "15 pièces comptées.")
    assert page.evaluate("notes.length") == 1
    tap(page, "#undo button")
    expect_answer(page, "already_done", "Annulé.")
    assert page.evaluate("notes.length") == 3
    assert good_pieces(served, bundles[0].code, "sew") == 0


def test_two_quick_taps_are_one(tablet: Tablet, served: Served, bundles: Bundles) -> None:
    page = tablet()
    page.wait_for_timeout(ONE_TAP_MS)
    page.locator("#help button").dblclick()
    expect_answer(page, "already_done", "Le moniteur est prévenu.")
    with served.atelier.reading() as db:
        assert db.conn.execute("SELECT count(*) FROM event WHERE type = 'help_called'").fetchone()[0] == 1
