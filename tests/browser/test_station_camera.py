"""The tablet's own camera as a scanner: live where the browser allows it, else by a photo; both in a real Chromium."""

import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol

import pytest
import zxingcpp
from PIL import Image, ImageFilter
from playwright.sync_api import Browser, Page, Route, expect

from floor_app.labels import label_of
from floor_app.store.bundles import BundleCard
from floor_app.web.app import CSP, PICTURE_READER_CSP
from label_templates.render import render_label
from tests.browser.conftest import Served
from tests.browser.probes import LOWEST_CONTRAST, STICKS_OUT, TOO_SMALL
from tests.browser.tablets import ONE_TAP_MS, events, expect_answer, good_pieces, scan, tap
from tests.browser.test_station_is_seen import SIZES, THEMES, Tablet

VIEW = (1280, 720)
SECOND = 30  # pictures of a film
TWO_MINUTES_MS = 121_000
SAYS = "#camera-say"
NO_PICTURE = "document.getElementById('camera-video').srcObject === null"
HEIC = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(2000)

# A tablet so busy that its page cannot look for longer than a label must be away.
STUTTER = "() => { const from = performance.now(); while (performance.now() - from < 3300); }"

# A camera that takes its time, and what it gave.
SLOW_CAMERA = """
  const quick = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  window.given = [];
  navigator.mediaDevices.getUserMedia = async (wanted) => {
    await new Promise((wake) => { setTimeout(wake, 1500); });
    window.given.push(await quick(wanted));
    return window.given.at(-1);
  };
"""
# The page's watch, which can be put ahead; its timers run on, so that no picture being read seems late.
WATCH = """
  const told = performance.now.bind(performance);
  let ahead_ms = 0;
  performance.now = () => told() + ahead_ms;
  window.goAhead = (ms) => { ahead_ms += ms; };
"""
STILL_ON = "given.flatMap((stream) => stream.getTracks()).filter((track) => track.readyState === 'live').length"

# Looks, as [millisecond, labels in view] → the labels newly shown, in order.
SHOWN = """async (looks) => {
  const { View } = await import("/static/camera_view.js");
  const view = new View();
  return looks.map(([at, codes]) => view.look(codes, at).shown).filter(Boolean).join("");
}"""


def photo(*cards: BundleCard, size: tuple[int, int] = VIEW, angle: float = 8, blur: float = 1.2) -> Image.Image:
    """Labels on a table, seen by a hand that is not quite still."""
    view = Image.new("RGB", size, (92, 100, 110))
    for place, card in enumerate(cards):
        label = render_label("bundle", label_of(card, duplicate=0), size="50x30", dots_per_mm=8).convert("L")
        label = label.rotate(angle, expand=True, fillcolor=120).convert("RGB")
        view.paste(label, (60 + place * 600, 120))
    return view.filter(ImageFilter.GaussianBlur(blur))


def written(picture: Image.Image, kind: str = "JPEG") -> bytes:
    file = io.BytesIO()
    picture.save(file, format=kind, quality=85)
    return file.getvalue()


class Filmed(Protocol):
    def __call__(self, *scenes: tuple[Image.Image, int], before: Callable[[Page], object] = ...) -> Page: ...


@pytest.fixture
def filmed(tmp_path: Path, served: Served, chromium: Callable[..., Browser]) -> Iterator[Filmed]:
    """A tablet at the cutting station whose camera sees these scenes, each so many pictures long, over and over."""
    opened: list[Browser] = []
    faults: list[str] = []

    def filming(*scenes: tuple[Image.Image, int], before: Callable[[Page], object] = lambda page: None) -> Page:
        film = tmp_path / "view.mjpeg"
        film.write_bytes(b"".join(written(view) * count for view, count in scenes))
        camera = ("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")
        opened.append(chromium(*camera, f"--use-file-for-fake-video-capture={film}"))
        page = opened[-1].new_page(viewport={"width": 1280, "height": 800}, locale="fr-FR")
        page.on("pageerror", lambda error: faults.append(str(error)))
        before(page)
        return at_station(page, served)

    yield filming
    for started in opened:
        started.close()
    assert not faults


def at_station(page: Page, served: Served) -> Page:
    page.context.add_cookies([served.device_cookie("cut-1")])  # type: ignore[list-item]  # a TypedDict
    page.goto(f"{served.url}/station/cut-1")
    page.locator("#start").click()
    return page


@pytest.fixture
def photographed(served: Served, page: Page) -> Callable[[bytes], None]:
    """A tablet on plain HTTP takes this photo: the browser gives such a page no live picture."""
    page.add_init_script("Object.defineProperty(window, 'isSecureContext', {get: () => false})")
    at_station(page, served)

    def take(content: bytes) -> None:
        with page.expect_file_chooser() as choosing:
            tap(page, "#camera-button")
        choosing.value.set_files({"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": content})

    return take


def press(page: Page, wanted: str) -> None:
    """A button by keyboard, not the second of two."""
    page.wait_for_timeout(ONE_TAP_MS + 10)
    page.locator(wanted).focus()
    page.keyboard.press("Enter")


def leave(page: Page) -> None:
    """As when another page or program is looked at."""
    page.evaluate(
        "Object.defineProperty(document, 'hidden', {get: () => true});"
        "document.dispatchEvent(new Event('visibilitychange'))"
    )


@pytest.mark.parametrize(
    ("looks", "shown"),
    [
        pytest.param(
            [(0, "A"), (200, "A"), (9_000, "A")], "A", id="it stays, and the tablet does not look for a while"
        ),
        pytest.param([(0, "A"), (200, ""), (3_000, ""), (3_100, "A")], "A", id="a hand passes"),
        pytest.param([(0, "A"), (200, ""), (9_000, "A")], "A", id="missed once, then the tablet does not look"),
        pytest.param([(0, "A"), (200, ""), (3_300, ""), (3_500, "A")], "AA", id="it leaves and is shown again"),
        pytest.param([(0, "A"), (200, "B"), (400, "A")], "AB", id="another label at once"),
        pytest.param([(0, "AB"), (200, "AB"), (9_000, "AB")], "", id="two together"),
        pytest.param(
            [(0, "AB"), (200, "A"), (400, "AB"), (600, "B"), (800, "AB")], "", id="two, each hidden by moments"
        ),
        pytest.param([(0, "AB"), (200, "B"), (1_000, "B"), (1_300, "B")], "B", id="two, then one is taken away"),
        pytest.param([(0, "A"), (200, "AB"), (400, "B"), (1_500, "B")], "AB", id="a second comes, the first leaves"),
        pytest.param([(0, "A"), (200, "AB"), (400, "A"), (1_500, "A")], "A", id="a second comes and leaves"),
    ],
)
def test_a_label_is_shown_once_until_it_was_seen_to_leave(
    looks: list[tuple[int, str]], shown: str, served: Served, page: Page
) -> None:
    page.goto(f"{served.url}/sign-in")
    assert page.evaluate(SHOWN, [[at_ms, list(codes)] for at_ms, codes in looks]) == shown


def test_a_label_held_before_the_camera_counts_once_however_long_it_stays_and_busy_the_tablet_is(
    served: Served, bundles: tuple[BundleCard, ...], filmed: Filmed
) -> None:
    page = filmed((photo(bundles[0]), SECOND))
    tap(page, "#camera-button")
    expect_answer(page, "counted")
    page.wait_for_timeout(500)
    page.evaluate(STUTTER)
    page.wait_for_timeout(1_000)
    expect_answer(page, "counted")
    assert events(served, "step_done") == 1
    assert good_pieces(served, bundles[0].code) == bundles[0].quantity


def test_two_labels_in_view_count_nothing_until_one_is_taken_away(
    served: Served, bundles: tuple[BundleCard, ...], filmed: Filmed
) -> None:
    page = filmed((photo(bundles[0], bundles[1]), 3 * SECOND), (photo(bundles[1]), 10 * SECOND))
    tap(page, "#camera-button")
    expect(page.locator(SAYS)).to_have_text("Une seule étiquette.")
    assert events(served, "step_done") == 0
    expect(page.locator(SAYS)).to_have_text("Montrez une étiquette.")
    expect_answer(page, "counted")
    assert [good_pieces(served, card.code) for card in bundles[:2]] == [0, bundles[1].quantity]


def test_the_camera_is_off_after_a_tap_and_when_the_page_is_left(filmed: Filmed) -> None:
    page = filmed((photo(), SECOND))
    tap(page, "#camera-button")
    expect(page.locator(SAYS)).to_have_text("Montrez une étiquette.")
    tap(page, "#camera-stop")
    expect(page.locator("#camera")).to_be_hidden()
    assert page.evaluate(NO_PICTURE)
    tap(page, "#camera-button")
    expect(page.locator(SAYS)).to_have_text("Montrez une étiquette.")
    leave(page)
    expect(page.locator(SAYS)).to_have_text("La caméra dort.")
    assert page.evaluate(NO_PICTURE)


def test_the_camera_sleeps_when_no_new_label_is_shown_and_one_tap_wakes_it(
    bundles: tuple[BundleCard, ...], filmed: Filmed
) -> None:
    page = filmed((photo(bundles[0]), SECOND), before=lambda page: page.add_init_script(WATCH))
    tap(page, "#camera-button")
    expect_answer(page, "counted")
    page.evaluate(f"goAhead({TWO_MINUTES_MS})")  # the label still lies there
    expect(page.locator(SAYS)).to_have_text("La caméra dort.")
    assert page.evaluate(NO_PICTURE)
    tap(page, "#camera-wake")
    expect(page.locator(SAYS)).to_have_text("Montrez une étiquette.")
    expect_answer(page, "already_done")


def test_a_slow_camera_that_is_no_longer_wanted_is_let_go(filmed: Filmed) -> None:
    page = filmed((photo(), SECOND), before=lambda page: page.add_init_script(SLOW_CAMERA))
    tap(page, "#camera-button")
    expect(page.locator(SAYS)).to_have_text("Un instant.")
    tap(page, "#camera-button")
    expect(page.locator("#camera")).to_be_hidden()
    tap(page, "#camera-button")
    expect(page.locator(SAYS)).to_have_text("Montrez une étiquette.")
    assert page.evaluate("given.length") == 2
    assert page.evaluate(STILL_ON) == 1
    tap(page, "#camera-stop")
    assert page.evaluate(STILL_ON) == 0


def test_a_camera_taken_away_is_said_to_sleep(filmed: Filmed) -> None:
    page = filmed((photo(), SECOND))
    tap(page, "#camera-button")
    expect(page.locator(SAYS)).to_have_text("Montrez une étiquette.")
    ended = "video => video.srcObject.getVideoTracks()[0].dispatchEvent(new Event('ended'))"
    page.locator("#camera-video").evaluate(ended)
    expect(page.locator(SAYS)).to_have_text("La caméra dort.")


def test_a_reader_that_does_not_come_is_said_and_asked_for_again(
    bundles: tuple[BundleCard, ...], filmed: Filmed
) -> None:
    roads: list[Callable[[Route], None]] = [lambda route: route.abort()]
    page = filmed(
        (photo(bundles[0]), SECOND), before=lambda page: page.route("**/*.wasm", lambda route: roads[-1](route))
    )
    tap(page, "#camera-button")
    expect_answer(page, "look", "La caméra n’est pas prête.")
    expect(page.locator("#camera")).to_be_hidden()
    roads.append(lambda route: route.continue_())
    tap(page, "#camera-button")
    expect_answer(page, "counted")


def test_without_a_camera_the_next_tap_takes_a_photo(tablet: Tablet) -> None:
    page = tablet()
    tap(page, "#camera-button")
    expect_answer(page, "look", "La caméra ne répond pas.", "Touchez encore pour une photo.")
    expect(page.locator("#camera")).to_be_hidden()
    with page.expect_file_chooser():
        tap(page, "#camera-button")


def test_the_keyboard_alone_opens_and_stops_the_camera(filmed: Filmed) -> None:
    page = filmed((photo(), SECOND))
    press(page, "#camera-button")
    expect(page.locator(SAYS)).to_have_text("Montrez une étiquette.")
    page.locator("#camera-stop").focus()
    leave(page)
    expect(page.locator("#camera-wake")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator("#camera-stop")).to_be_focused()
    press(page, "#camera-stop")
    expect(page.locator("#camera")).to_be_hidden()
    expect(page.locator("#camera-button")).to_be_focused()


def test_the_camera_is_large_clear_and_in_sight_in_every_theme_and_size(
    bundles: tuple[BundleCard, ...], filmed: Filmed
) -> None:
    page = filmed((photo(*bundles[:2]), SECOND))
    scan(page, bundles[2].code)
    expect_answer(page, "counted")  # a long page: the button is far below the picture
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        tap(page, "#camera-button")
        expect(page.locator(SAYS)).to_have_text("Une seule étiquette.")
        seen = page.locator("#camera-video").bounding_box()
        assert seen is not None
        assert 0 <= seen["y"] <= seen["y"] + seen["height"] <= height, f"the picture is out of sight at {width}"
        assert min(seen["width"], seen["height"]) >= 100, f"the picture is too small at {width}"
        assert clear(page) == [], f"at {width}"
        if width > 1000:
            assert page.evaluate("document.documentElement.scrollHeight - innerHeight") <= 0, f"at {width}"
        tap(page, "#camera-stop")
    tap(page, "#camera-button")
    leave(page)
    expect(page.locator(SAYS)).to_have_text("La caméra dort.")
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        assert clear(page) == [], f"asleep at {width}"


def clear(page: Page) -> list[str]:
    """What is too small, sticks out, or is too pale in a theme."""
    faults: list[str] = page.evaluate(TOO_SMALL) + page.evaluate(STICKS_OUT)
    for theme in THEMES:
        page.evaluate("theme => { document.documentElement.dataset.theme = theme; }", theme)
        contrast, whose = page.evaluate(LOWEST_CONTRAST)
        faults += [f"{theme}: {whose} has {contrast:.1f}"] if contrast < 7 else []
    return faults


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_photo_of_a_label_is_a_scan_like_any_other(
    kind: str, served: Served, bundles: tuple[BundleCard, ...], page: Page, photographed: Callable[[bytes], None]
) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.reload()
    page.locator("#start").click()
    assert not [url for url in asked if "zxing" in url], "the reader is loaded with the first picture"
    photographed(written(photo(bundles[0], size=(4000, 3000), angle=25), kind))
    expect_answer(page, "counted", str(bundles[0].quantity))
    assert good_pieces(served, bundles[0].code) == bundles[0].quantity
    assert all(url.startswith((served.url, "blob:")) for url in asked)


@pytest.mark.parametrize(
    ("picture", "said"),
    [
        pytest.param(lambda cards: written(photo()), "Je ne vois pas l’étiquette.", id="a table without a label"),
        pytest.param(lambda cards: written(photo(*cards[:2])), "Je vois plusieurs étiquettes.", id="two labels"),
        pytest.param(lambda cards: b"no picture at all", "Cette photo ne s’ouvre pas.", id="no picture"),
        pytest.param(lambda cards: b"", "Cette photo ne s’ouvre pas.", id="nothing"),
        pytest.param(lambda cards: written(photo(cards[0]))[:5000], "Cette photo ne s’ouvre pas.", id="half a picture"),
        pytest.param(
            lambda cards: HEIC, "Cette photo ne s’ouvre pas.", id="a kind of picture this browser does not know"
        ),
        pytest.param(
            lambda cards: written(code("26500", "MicroQRCode")), "Je ne vois pas l’étiquette.", id="a Micro QR"
        ),
        pytest.param(lambda cards: written(code("26500", "RMQRCode")), "Je ne vois pas l’étiquette.", id="an rMQR"),
        pytest.param(
            lambda cards: written(code("376012345678", "EAN13")), "Je ne vois pas l’étiquette.", id="a shop code"
        ),
        pytest.param(lambda cards: written(code("une boîte", "QRCode")), "Ce n’est pas un paquet.", id="another QR"),
    ],
)
def test_a_photo_that_shows_no_one_label_changes_nothing_and_says_what_to_do(
    picture: Callable[[tuple[BundleCard, ...]], bytes],
    said: str,
    served: Served,
    bundles: tuple[BundleCard, ...],
    page: Page,
    photographed: Callable[[bytes], None],
) -> None:
    photographed(picture(bundles))
    expect_answer(page, "look", said)
    assert events(served, "step_done") == 0


def code(text: str, kind: str) -> Image.Image:
    drawn = zxingcpp.create_barcode(text, getattr(zxingcpp.BarcodeFormat, kind))
    image = Image.fromarray(zxingcpp.write_barcode_to_image(drawn, scale=8))
    assert zxingcpp.read_barcodes(image)  # a decoder that is allowed to reads it
    view = Image.new("RGB", VIEW, "white")
    view.paste(image.convert("RGB"), (300, 200))
    return view


def test_only_the_reader_of_pictures_may_run_webassembly(served: Served) -> None:
    pages = (
        "/sign-in",
        "/station/cut-1",
        "/static/station.js",
        "/static/camera_reader.js",
        "/static/vendor/zxing_reader.js",
    )
    visitor = served.app.test_client()
    cookie = served.device_cookie("cut-1")
    visitor.set_cookie(cookie["name"], cookie["value"])
    for path, policy in {**dict.fromkeys(pages, CSP), "/static/camera_worker.js": PICTURE_READER_CSP}.items():
        with visitor.get(path) as answer:
            assert answer.status_code == 200
            assert answer.headers["Content-Security-Policy"] == policy
    assert "unsafe" not in CSP


def test_the_reader_is_served_as_what_it_is_and_not_sent_twice(served: Served) -> None:
    visitor = served.app.test_client()
    path = "/static/vendor/zxing_reader.wasm"
    with visitor.get(path) as first, visitor.get(path, headers={"If-None-Match": first.headers["ETag"]}) as again:
        assert first.mimetype == "application/wasm"
        assert again.status_code == 304
