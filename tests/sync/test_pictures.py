"""Pictures come down with the shares that show them: over the network or on a stick, once, and only what they say they are."""

from base64 import b64encode

import pytest
from sqlalchemy import text

from central import sharing
from central.store import pictures as centre_pictures
from central.store.orders import Making
from floor_app.answering_offers import accept, apply_change
from floor_app.domain.routings import Routing
from floor_app.labels import pictured_label
from floor_app.store import bundles, pictures, routings
from floor_app.sync import stick
from groundwork.pictures import Picture, clean_picture
from tests.floor import a_lay
from tests.pictures import SOMEBODY, a_drawing, a_photo, written
from tests.sync.test_offers import ORDER, answers, held, offer, shares_out
from tests.sync.test_sticks import carried
from tests.sync.town import Member, Town

STYLE, POCKET = clean_picture(a_photo()), clean_picture(written(a_drawing()))
STEPS = [
    {"code": "cut", "section": "cut", "after": []},
    {"code": "poche", "section": "sew", "after": ["cut"], "title": "Poser la poche", "picture": POCKET.name},
    {"code": "finish", "section": "finish", "after": ["poche"]},
]


def shows(town: Town, *shown: Picture, style: Picture | None = STYLE, order: str = ORDER) -> None:
    """The coordinator keeps steps and pictures of the order."""
    told = [{"name": one.name, "sha256": one.sha256} for one in shown]
    with town.centre.process.writing() as db:
        for one in shown:
            centre_pictures.keep(db, order, one, at_ms=2)
        making = Making(STEPS, told, style.name if style else "")
        sharing.keep_making(db, order, making, at_ms=2)


def here(atelier: Member) -> set[str]:
    with atelier.floor.reading() as db:
        return pictures.here(db, [STYLE.name, POCKET.name])


def style_png(atelier: Member) -> bytes | None:
    with atelier.floor.reading() as db:
        return pictures.png_of_style(db, "Tablier")


def test_they_come_with_the_talk_and_stand_on_labels_and_steps(town: Town) -> None:
    atelier = town.member()
    shares_out(town)
    shows(town, STYLE, POCKET)
    assert atelier.sync().attempt.outcome == "done"
    assert here(atelier) == {STYLE.name, POCKET.name}
    assert style_png(atelier) is None, "nothing was answered yet"
    assert answers(atelier, accept, promised="") == "accepted"
    assert style_png(atelier) == STYLE.png
    (bundle, *_) = atelier.floor.cut(a_lay(order=ORDER)).bundles
    with atelier.floor.reading() as db:
        card = bundles.card(db, bundle.code)
        assert card is not None
        assert pictured_label(db, card).picture_png == STYLE.png
        routing: Routing = routings.routing(db, routings.newest_for_style(db, "Tablier")[0])
    assert [step.picture for step in routing.operations] == ["", POCKET.name, ""]
    assert atelier.sync().attempt.outcome == "done"


def test_on_a_stick_they_come_with_the_receipt(town: Town) -> None:
    atelier = town.member()
    shares_out(town)
    shows(town, STYLE, POCKET)
    assert stick.read_receipt(atelier.floor.atelier, carried(town, atelier).receipt).code == "read"
    assert here(atelier) == {STYLE.name, POCKET.name}


def test_those_left_behind_are_asked_for_with_the_next_stick(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    atelier = town.member()
    shares_out(town)
    shows(town, STYLE, POCKET)
    largest = max(len(b64encode(one.png)) for one in (STYLE, POCKET))
    monkeypatch.setattr("central.telling_ateliers.LARGEST_PICTURES", largest)
    for count in (1, 2):
        stick.read_receipt(atelier.floor.atelier, carried(town, atelier).receipt)
        assert len(here(atelier)) == count


def test_a_picture_that_is_not_what_it_says_is_not_kept_and_the_talk_goes_on(town: Town) -> None:
    atelier = town.member()
    shares_out(town)
    shows(town, STYLE, POCKET)
    with town.centre.process.writing() as db:
        db.execute(
            text("UPDATE order_picture SET png = :png WHERE sha256 = :sha256"),
            {"png": POCKET.png + b"!", "sha256": POCKET.sha256},
        )
    for _ in range(2):
        assert atelier.sync().attempt.outcome == "done"
        stick.read_receipt(atelier.floor.atelier, carried(town, atelier).receipt)
    assert here(atelier) == {STYLE.name}


def test_no_centre_fills_the_card(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "MOST_FROM_ELSEWHERE", 1)
    atelier = town.member()
    shares_out(town)
    shows(town, STYLE, POCKET)
    for _ in range(2):
        assert atelier.sync().attempt.outcome == "done"
        stick.read_receipt(atelier.floor.atelier, carried(town, atelier).receipt)
    assert len(here(atelier)) == 1


def test_what_the_centre_lost_is_asked_for_again(town: Town) -> None:
    atelier = town.member()
    shares_out(town)
    shows(town, STYLE, POCKET)
    with town.centre.process.writing() as db:
        centre_pictures.drop_others(db, ORDER, {STYLE.sha256})
    assert atelier.sync().attempt.outcome == "done"
    assert here(atelier) == {STYLE.name}
    with town.centre.process.writing() as db:
        centre_pictures.keep(db, ORDER, POCKET, at_ms=3)
    atelier.sync()
    assert here(atelier) == {STYLE.name, POCKET.name}


def test_another_picture_is_a_change_that_a_supervisor_lets_in(town: Town) -> None:
    atelier = town.member()
    shares_out(town)
    shows(town, POCKET, style=None)
    atelier.sync()
    assert answers(atelier, accept, promised="") == "accepted"
    atelier.sync()
    assert style_png(atelier) is None
    shows(town, STYLE, POCKET)
    atelier.sync()
    assert str(offer(atelier).state) == "changed"
    assert answers(atelier, apply_change, held(town).revision) == "applied"
    assert style_png(atelier) == STYLE.png


def test_nobody_else_is_given_them_and_nobody_is_named_in_them(town: Town) -> None:
    atelier, other = town.member(), town.member("LYON-2")
    shares_out(town)
    shows(town, STYLE, POCKET)
    assert SOMEBODY.encode() not in STYLE.png
    other.sync()
    assert stick.read_receipt(other.floor.atelier, carried(town, other).receipt).code == "read"
    assert here(other) == set()
    atelier.sync()
    assert here(atelier) == {STYLE.name, POCKET.name}
