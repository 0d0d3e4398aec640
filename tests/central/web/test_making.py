"""Steps and pictures of a shared order: typed, kept, told to every atelier that has a share, and to nobody else."""

import io
from base64 import b64decode
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from central.centre import Centre
from central.domain.making import StepFault, TypedStep, routing_of, typed_steps
from central.store import orders, pictures
from central.telling_ateliers import picture, pictures_for_stick, shares_after
from contract import schemas
from groundwork.picture_names import name_of
from groundwork.pictures import clean_picture
from tests.central.conftest import NOW_MS
from tests.central.web.test_buyer import a_link
from tests.pictures import SOMEBODY, a_drawing, a_photo, written

Press = Callable[..., str]
WORDS = {"cut": "Coupe", "sew": "Couture", "finish": "Finition"}
OWN = {word: section for section, word in WORDS.items()} | {"Cutting": "cut"}
PAGE = "/orders/OF-1/making"
STEPS = {
    "rows": "4",
    "title-0": "Coupe",
    "section-0": "cut",
    "title-1": "Poser la poche",
    "section-1": "sew",
    "minutes-1": "1,5",
    "title-2": "Coudre l’ourlet",
    "section-2": "sew",
    "beside-2": "yes",
    "title-3": "Finition",
    "section-3": "finish",
}


def a_file(content: bytes, name: str = "photo.jpg") -> tuple[io.BytesIO, str]:
    return io.BytesIO(content), name


def as_it_is(centre: Centre, code: str = "OF-1") -> orders.SharedOrder:
    with centre.reading() as db:
        found = orders.find(db, code)
    assert found is not None
    return found


def test_steps_beside_each_other_part_and_meet_again() -> None:
    typed = [
        TypedStep("Coupe", "cut"),
        TypedStep("Poser la poche", minutes="1,5", picture="a" * 64),
        TypedStep("Coudre l’ourlet", beside=True),
        TypedStep("Finition", "finish"),
        TypedStep(),
    ]
    routing, faults = routing_of(typed, own_words=OWN)
    assert faults == []
    assert [(one["code"], one["after"]) for one in routing] == [
        ("cut", []),
        ("poser-la-poche", ["cut"]),
        ("coudre-l-ourlet", ["cut"]),
        ("finish", ["poser-la-poche", "coudre-l-ourlet"]),
    ]
    assert routing[1]["sam_minutes"] == "1.5"
    assert all(schemas.field_faults("Operation", one) == () for one in routing)
    back = typed_steps(routing, section_words=WORDS)
    assert routing_of(back, own_words=OWN) == (routing, [])
    assert routing_of([TypedStep("cutting", "cut")], own_words=OWN)[0][0]["code"] == "cut"


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        ([TypedStep("Ourlet"), TypedStep("ourlet")], StepFault("twice", "ourlet")),
        ([TypedStep("Ourlet", minutes="une")], StepFault("bad_minutes", "Ourlet")),
        ([TypedStep("Ourlet", minutes="0")], StepFault("bad_minutes", "Ourlet")),
        ([TypedStep("Ourlet", minutes="1000,5")], StepFault("bad_minutes", "Ourlet")),
        ([TypedStep("…")], StepFault("no_title", "…")),
        ([TypedStep("", minutes="2")], StepFault("no_title")),
        ([TypedStep("Coupe"), TypedStep("Ourlet", beside=True)], StepFault("two_last")),
        ([TypedStep(f"Étape {n}") for n in range(61)], StepFault("too_many")),
    ],
)
def test_what_is_wrong_is_named(typed: list[TypedStep], fault: StepFault) -> None:
    routing, faults = routing_of(typed, own_words=OWN)
    assert routing == []
    assert fault in faults


def test_what_a_coordinator_types_reaches_the_ateliers_with_a_share(
    filled: Centre, coordinator: FlaskClient, press: Press
) -> None:
    with filled.reading() as db:
        cursor = shares_after(db, "lille", 0)["cursor"]
    said = press(
        coordinator,
        PAGE,
        **STEPS,
        **{"picture-style": a_file(a_photo()), "picture-1": a_file(written(a_drawing()), "poche.png")},
    )
    assert "sont enregistrées" in said
    order = as_it_is(filled)
    own, pocket = clean_picture(a_photo()), clean_picture(written(a_drawing()))
    assert order.picture == own.name
    assert [one["sha256"] for one in order.pictures] == [own.sha256, pocket.sha256]
    assert order.routing[1]["picture"] == pocket.name
    with filled.reading() as db:
        told = shares_after(db, "lille", int(cursor))
        assert schemas.field_faults("Allocations", told) == ()
        (share,) = told["allocations"]
        assert (share["picture"], share["pictures"], share["routing"]) == (order.picture, order.pictures, order.routing)
        content = picture(db, "lille", own.sha256)
        assert content is not None
        assert schemas.field_faults("PictureContent", content) == ()
        assert b64decode(content["png"]) == own.png
        assert SOMEBODY.encode() not in own.png
        assert picture(db, "lyon", own.sha256) is None, "no share of it"
        assert [one["sha256"] for one in pictures_for_stick(db, "lille", [pocket.sha256, "f" * 64], [told])] == [
            pocket.sha256,
            own.sha256,
        ]
    assert coordinator.get(f"/orders/OF-1/pictures/{own.sha256}.png").data == own.png
    assert coordinator.get(f"/orders/OF-2/pictures/{own.sha256}.png").status_code == 404


def test_a_picture_stays_where_something_else_was_wrong_and_goes_when_it_is_taken_away(
    filled: Centre, coordinator: FlaskClient, press: Press
) -> None:
    digest = clean_picture(a_photo()).sha256
    said = press(coordinator, PAGE, status=422, **{**STEPS, "minutes-1": "long", "picture-1": a_file(a_photo())})
    assert "Le temps alloué doit être un nombre" in said
    assert digest in said and 'value="long"' in said, "nothing that was typed is lost"
    assert as_it_is(filled).routing == [], "nothing is stored"
    press(coordinator, PAGE, **STEPS, **{"kept-1": digest})
    assert as_it_is(filled).routing[1]["picture"] == name_of(digest)
    press(coordinator, PAGE, **STEPS, **{"kept-1": digest, "drop-1": "yes"})
    assert as_it_is(filled).pictures == []
    with filled.reading() as db:
        assert pictures.of_order(db, "OF-1") == set()
    press(coordinator, PAGE, **STEPS, **{"kept-1": digest})
    assert as_it_is(filled).pictures == [], "a digest that is nobody's picture here says nothing"


@pytest.mark.parametrize(
    ("content", "says"),
    [(b"<svg onload=alert(1)>", "n’est pas une image"), (bytes(12 * 1024 * 1024 + 1), "trop grande")],
    ids=["svg", "too large"],
)
def test_a_file_that_is_no_picture_is_named(
    filled: Centre, coordinator: FlaskClient, press: Press, content: bytes, says: str
) -> None:
    said = press(coordinator, PAGE, status=422, **STEPS, **{"picture-2": a_file(content, "<b>ourlet</b>.png")})
    assert says in said and "&lt;b&gt;ourlet" in said
    assert as_it_is(filled).routing == []


def test_another_order_of_the_style_is_taken_as_it_is_made(
    filled: Centre, coordinator: FlaskClient, press: Press
) -> None:
    press(coordinator, PAGE, **STEPS, **{"picture-style": a_file(a_photo())})
    own = clean_picture(a_photo()).sha256
    assert 'name="like" value="OF-1"' in coordinator.get("/orders/OF-2/making").get_data(as_text=True)
    said = press(coordinator, "/orders/OF-2/making", like="OF-1")
    assert "Poser la poche" in said and own in said
    assert as_it_is(filled, "OF-2").routing == [], "to be looked at first"
    press(coordinator, "/orders/OF-2/making", **STEPS, **{"kept-style": own})
    assert as_it_is(filled, "OF-2").picture == as_it_is(filled).picture


def test_a_reader_reads(reader: FlaskClient, coordinator: FlaskClient, press: Press) -> None:
    press(coordinator, PAGE, **STEPS)
    page = reader.get(PAGE).get_data(as_text=True)
    assert "Poser la poche" in page and "Seule la coordination" in page
    assert 'type="file"' not in page and "<button" not in page.split("<main")[1]


def test_the_buyer_sees_the_style_as_long_as_the_link_lasts(
    filled: Centre, coordinator: FlaskClient, stranger: FlaskClient, press: Press
) -> None:
    link = a_link(filled)
    assert stranger.get(f"{link}/modele.png").status_code == 404
    assert "modele.png" not in stranger.get(link).get_data(as_text=True)
    press(coordinator, PAGE, **STEPS, **{"picture-style": a_file(a_photo())})
    assert f"{link}/modele.png" in stranger.get(link).get_data(as_text=True)
    answer: Any = stranger.get(f"{link}/modele.png")
    assert answer.data == clean_picture(a_photo()).png
    assert (answer.mimetype, answer.headers["Cache-Control"]) == ("image/png", "no-store")
    old = a_link(filled, "old", expires_at_ms=NOW_MS - 1)
    assert stranger.get(f"{old}/modele.png").status_code == 404
