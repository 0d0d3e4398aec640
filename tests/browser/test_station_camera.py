"""The tablet's own camera as a scanner: live where the browser allows it, else by a photo; both in a real Chromium."""

import io
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image, ImageFilter
from playwright.sync_api import Browser, Page, expect

from floor_app.labels import label_of
from floor_app.store.bundles import BundleCard
from floor_app.web.app import CSP, PICTURE_READER_CSP
from label_templates.render import render_label
from tests.browser.conftest import Served
from tests.browser.tablets import events, expect_answer, good_pieces, tap

VIEW = (1280, 720)
HELD_IN_VIEW_MS = 3_000  # twice the time after which a label would count as shown again


def photo(*cards: BundleCard, size: tuple[int, int] = VIEW, angle: float = 8, blur: float = 1.2) -> Image.Image:
    """Labels on a table, seen by a hand that is not quite still."""
    view = Image.new("RGB", size, (92, 100, 110))
    for place, card in enumerate(cards):
        label = render_label("bundle", label_of(card, duplicate=0), size="50x30", dots_per_mm=8).convert("L")
        label = label.rotate(angle, expand=True, fillcolor=120).convert("RGB")
        view.paste(label, (60 + place * 600, 120))
    return view.filter(ImageFilter.GaussianBlur(blur))


def jpeg(picture: Image.Image) -> bytes:
    written = io.BytesIO()
    picture.save(written, format="JPEG", quality=85)
    return written.getvalue()


@pytest.fixture
def filmed(tmp_path: Path, served: Served, chromium: Callable[..., Browser]) -> Iterator[Callable[[Image.Image], Page]]:
    """A tablet at the cutting station whose camera sees this."""
    opened: list[Browser] = []

    def filming(view: Image.Image) -> Page:
        film = tmp_path / "view.mjpeg"
        film.write_bytes(jpeg(view) * 3)
        camera = ("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")
        opened.append(chromium(*camera, f"--use-file-for-fake-video-capture={film}"))
        page = opened[-1].new_page(viewport={"width": 1280, "height": 800}, locale="fr-FR")
        return at_station(page, served)

    yield filming
    for started in opened:
        started.close()


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


def test_a_label_held_before_the_camera_counts_once_however_long_it_stays(
    served: Served, bundles: tuple[BundleCard, ...], filmed: Callable[[Image.Image], Page]
) -> None:
    page = filmed(photo(bundles[0]))
    tap(page, "#camera-button")
    expect_answer(page, "counted")
    page.wait_for_timeout(HELD_IN_VIEW_MS)
    expect_answer(page, "counted")
    assert events(served, "step_done") == 1
    assert good_pieces(served, bundles[0].code) == bundles[0].quantity


def test_two_labels_in_view_count_nothing_and_the_screen_says_one(
    served: Served, bundles: tuple[BundleCard, ...], filmed: Callable[[Image.Image], Page]
) -> None:
    page = filmed(photo(bundles[0], bundles[1]))
    tap(page, "#camera-button")
    expect(page.locator("#camera-many")).to_be_visible()
    assert events(served, "step_done") == 0


def test_the_camera_is_off_after_a_tap_and_when_the_page_is_left(
    served: Served, bundles: tuple[BundleCard, ...], filmed: Callable[[Image.Image], Page]
) -> None:
    page = filmed(photo())
    tap(page, "#camera-button")
    expect(page.locator("#camera-live")).to_be_visible()
    tap(page, "#camera-stop")
    expect(page.locator("#camera")).to_be_hidden()
    assert page.evaluate("document.getElementById('camera-video').srcObject") is None
    tap(page, "#camera-button")
    page.evaluate(
        "Object.defineProperty(document, 'hidden', {get: () => true});"
        "document.dispatchEvent(new Event('visibilitychange'))"
    )
    expect(page.locator("#camera-asleep")).to_be_visible()
    assert page.evaluate("document.getElementById('camera-video').srcObject") is None


def test_a_photo_of_a_label_is_a_scan_like_any_other(
    served: Served, bundles: tuple[BundleCard, ...], page: Page, photographed: Callable[[bytes], None]
) -> None:
    photographed(jpeg(photo(bundles[0], size=(4000, 3000), angle=25)))
    expect_answer(page, "counted", str(bundles[0].quantity))
    assert good_pieces(served, bundles[0].code) == bundles[0].quantity


@pytest.mark.parametrize(
    ("picture", "said"),
    [
        pytest.param(lambda cards: jpeg(photo()), "Je ne vois pas l’étiquette.", id="a table without a label"),
        pytest.param(lambda cards: jpeg(photo(*cards[:2])), "Je vois plusieurs étiquettes.", id="two labels"),
        pytest.param(lambda cards: b"no picture at all", "Cette photo ne s’ouvre pas.", id="no picture"),
        pytest.param(lambda cards: jpeg(photo(cards[0]))[:5000], "Cette photo ne s’ouvre pas.", id="half a picture"),
        pytest.param(lambda cards: jpeg(micro_qr()), "Je ne vois pas l’étiquette.", id="a Micro QR"),
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


def micro_qr() -> Image.Image:
    code = zxingcpp.create_barcode("26500", zxingcpp.BarcodeFormat.MicroQRCode)
    drawn = Image.fromarray(zxingcpp.write_barcode_to_image(code, scale=12))
    assert zxingcpp.read_barcodes(drawn)  # a decoder that is allowed to reads it
    view = Image.new("RGB", VIEW, "white")
    view.paste(drawn.convert("RGB"), (300, 200))
    return view


def test_only_the_reader_of_pictures_may_run_webassembly(served: Served) -> None:
    expected = dict.fromkeys(("/sign-in", "/static/station.js", "/static/vendor/zxing_reader.js"), CSP)
    for path, policy in {**expected, "/static/camera_worker.js": PICTURE_READER_CSP}.items():
        with served.app.test_client().get(path) as answer:
            assert answer.headers["Content-Security-Policy"] == policy
    assert "unsafe" not in CSP
