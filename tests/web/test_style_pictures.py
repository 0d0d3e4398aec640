"""Pictures of styles and steps in the hands of a supervisor, on labels and on a station's screen."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from PIL import Image
from zxingcpp import read_barcodes

from floor_app.atelier import Atelier
from floor_app.domain.routings import Operation, Routing, Section
from floor_app.labels import pictured_label
from floor_app.picturing import Place, put_picture
from floor_app.setting_routings import set_routing
from floor_app.store import pictures, routings
from floor_app.store.bundles import BundleCard
from floor_app.store.pictures import UNUSED_FOR_MS
from floor_app.texts import words
from groundwork.pictures import Picture, clean_picture
from tests.pages import form_to, text_of
from tests.pictures import SOMEBODY, a_drawing, a_photo, written

t = words("fr")
PUT = "/routings/picture"
STYLE, POCKET = clean_picture(a_photo()), clean_picture(written(a_drawing()))
STEPS = (
    Operation("cut", Section.CUT),
    Operation("poche", Section.SEW, after=("cut",), title="Poser la poche"),
    Operation("finish", Section.FINISH, after=("poche",)),
)


def put(client: FlaskClient, content: bytes | None, *, style: str = "Tablier", step: str = "", **more: str) -> Any:
    """What the page says afterwards."""
    page = text_of(client.get("/routings/edit", query_string={"style": style}))
    sent: dict[str, Any] = {**form_to(page, PUT).values, "step": step, **more}
    if content is not None:
        sent["picture"] = (io.BytesIO(content), "photo de <Claire>.jpg")
    return client.post(PUT, data=sent, content_type="multipart/form-data", follow_redirects=True)


def name_of_style(atelier: Atelier, style: str = "Tablier") -> str:
    with atelier.reading() as db:
        return pictures.of_style(db, style)


@pytest.fixture
def own_routing(atelier: Atelier) -> Callable[[], Routing]:
    """« Tablier » has steps of its own; what they are now."""
    atelier.run(set_routing, "Tablier", STEPS, event_id="steps", moment=atelier.clock.moment())

    def now() -> Routing:
        with atelier.reading() as db:
            return routings.routing(db, routings.newest_for_style(db, "Tablier")[0])

    return now


def test_the_picture_of_a_style_is_put_shown_and_taken_away(
    supervisor: FlaskClient, atelier: Atelier, order: Callable[..., str]
) -> None:
    code = order()
    page = text_of(put(supervisor, a_photo()))
    assert t("routings.picture_put") in page and f"/pictures/{STYLE.name}.png" in page
    assert name_of_style(atelier) == STYLE.name
    for path in ("/routings", f"/orders/{code}"):
        assert f"/pictures/{STYLE.name}.png" in text_of(supervisor.get(path))
    shown = supervisor.get(f"/pictures/{STYLE.name}.png")
    assert (shown.data, shown.mimetype, shown.headers["X-Content-Type-Options"]) == (STYLE.png, "image/png", "nosniff")
    assert SOMEBODY.encode() not in shown.data
    assert t("routings.picture_gone") in text_of(put(supervisor, None, drop="yes"))
    assert name_of_style(atelier) == ""


def test_the_picture_of_a_step_is_a_new_version_of_the_routing(
    supervisor: FlaskClient, own_routing: Callable[[], Routing]
) -> None:
    page = text_of(put(supervisor, written(a_drawing()), step="poche"))
    assert f"/pictures/{POCKET.name}.png" in page and t("routings.version", n=2) in text_of(supervisor.get("/routings"))
    assert [step.picture for step in own_routing().operations] == ["", POCKET.name, ""]
    put(supervisor, None, step="poche", drop="yes")
    assert [step.picture for step in own_routing().operations] == ["", "", ""]
    assert put(supervisor, written(a_drawing()), step="nowhere").status_code == 404


@pytest.mark.parametrize(
    ("content", "fault"),
    [(None, "no_file"), (b"<svg onload=alert(1)>", "not_a_picture"), (a_photo()[:500], "not_a_picture")],
)
def test_what_is_no_picture_is_named_and_changes_nothing(
    supervisor: FlaskClient, atelier: Atelier, content: bytes | None, fault: str
) -> None:
    put(supervisor, a_photo())
    page = text_of(put(supervisor, content))
    assert t(f"routings.picture_{fault}", file="photo de &lt;Claire&gt;.jpg") in page
    assert name_of_style(atelier) == STYLE.name


def test_a_file_without_end_is_cut_off(supervisor: FlaskClient, atelier: Atelier) -> None:
    assert put(supervisor, bytes(13 * 1024 * 1024)).status_code == 413
    assert name_of_style(atelier) == ""


def test_who_shows_pictures_and_who_puts_them(
    client: FlaskClient, supervisor: FlaskClient, station_client: Callable[[str], FlaskClient]
) -> None:
    put(supervisor, a_photo())
    assert station_client("cut-1").get(f"/pictures/{STYLE.name}.png").status_code == 200
    assert client.get(f"/pictures/{STYLE.name}.png").status_code == 302
    assert station_client("cut-1").post(PUT, data={"style": "Tablier", "drop": "yes"}).status_code in (400, 403)
    assert supervisor.get("/pictures/nobody.png").status_code == 404


def test_the_station_shows_what_the_bundle_is_and_where_it_goes(
    supervisor: FlaskClient,
    station_client: Callable[[str], FlaskClient],
    own_routing: Callable[[], Routing],
    order: Callable[..., str],
    bundles: Callable[..., tuple[BundleCard, ...]],
) -> None:
    put(supervisor, a_photo())
    put(supervisor, written(a_drawing()), step="poche")
    code = bundles(order())[0].code
    tablet = station_client("cut-1")
    told = tablet.post(
        "/station/cut-1/scan",
        data={**form_to(text_of(tablet.get("/station/cut-1")), "/station/cut-1/scan").values, "code": code},
    )
    page = text_of(tablet.get("/station/cut-1"))
    assert told.status_code in (200, 303)
    assert f'src="/pictures/{STYLE.name}.png"' in page and f'src="/pictures/{POCKET.name}.png"' in page


def test_the_label_shows_the_style(
    supervisor: FlaskClient,
    atelier: Atelier,
    order: Callable[..., str],
    bundles: Callable[..., tuple[BundleCard, ...]],
) -> None:
    card = bundles(order())[0]
    path = f"/bundles/{card.code}/label.png"
    bare = supervisor.get(path).data
    put(supervisor, a_photo())
    with atelier.reading() as db:
        label = pictured_label(db, card)
    assert label.picture_png == STYLE.png
    with_picture = supervisor.get(path).data
    assert with_picture != bare
    for shown in (bare, with_picture):
        with Image.open(io.BytesIO(shown)) as drawn:
            assert {found.text for found in read_barcodes(drawn.convert("L"))} == {card.code}


def test_what_nothing_names_goes_after_a_month(atelier: Atelier) -> None:
    def keep(picture: Picture, at_ms: int) -> None:
        atelier.run(pictures.keep, picture, at_ms=at_ms)

    other = clean_picture(written(a_drawing(99)))
    keep(STYLE, 1)
    keep(POCKET, 1)
    atelier.run(set_routing, "Robe", (*STEPS[:2], STEPS[2]), event_id="robe", moment=atelier.clock.moment())
    assert (
        atelier.run(put_picture, Place("Robe", "poche"), POCKET, event_id="p", moment=atelier.clock.moment()) == "done"
    )
    keep(other, 1 + UNUSED_FOR_MS)
    with atelier.reading() as db:
        assert pictures.here(db, [STYLE.name, POCKET.name, other.name]) == {POCKET.name, other.name}
