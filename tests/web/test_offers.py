"""« Offres » in the hands of a supervisor: she looks before anything happens, answers once, and shares orders of her own or stops."""

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from floor_app.atelier import Atelier
from floor_app.hearing_offers import hear_offers
from floor_app.store import network_identity, offers, orders, pictures
from floor_app.store.bundles import BundleCard
from floor_app.texts import grouped_number, words
from groundwork.pictures import clean_picture
from tests.network import a_share, an_identity
from tests.pages import forms, send, text_of
from tests.pictures import a_drawing, a_photo, written

t = words("fr")
LIST, OFFER = "/orders/offers", "/orders/offers/A-1"
BLUE = [(size, "Bleu marine", 60) for size in ("S", "M", "L", "XL")]
STEPS = [
    {"code": "cut", "section": "cut", "after": []},
    {"code": "sew", "section": "sew", "after": ["cut"], "title": "Montage"},
]


@pytest.fixture
def hears(atelier: Atelier) -> Callable[..., int]:
    def heard(*shares: dict[str, Any]) -> int:
        return atelier.run(hear_offers, shares, heard_at_ms=atelier.clock.now_ms())

    return heard


def read(client: FlaskClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return text_of(answer)


def answer(client: FlaskClient, what: str, *, at: str = OFFER, **typed: Any) -> str:
    return text_of(send(client, read(client, at), f"{at}/{what}", **typed))


def codes(atelier: Atelier) -> list[str]:
    with atelier.reading() as db:
        return [order.code for order in orders.all_orders(db)]


def test_an_atelier_without_offers_is_told_what_will_come_here(supervisor: FlaskClient, atelier: Atelier) -> None:
    assert t("offers.not_joined") in read(supervisor, LIST)
    atelier.run(network_identity.keep_identity, an_identity())
    page = read(supervisor, LIST)
    assert t("offers.none_title") in page and t("offers.none_says") in page


def test_the_orders_page_says_how_many_wait(supervisor: FlaskClient, hears: Callable[..., int]) -> None:
    assert "attend votre réponse" not in read(supervisor, "/orders")
    hears(a_share())
    assert t("offers.waiting_offers", count=1) in read(supervisor, "/orders")
    answer(supervisor, "refuse", reason="trop tôt")
    assert "attend votre réponse" not in read(supervisor, "/orders")


def test_an_offer_shows_all_that_is_asked_and_the_pictures_that_have_come(
    supervisor: FlaskClient, atelier: Atelier, hears: Callable[..., int]
) -> None:
    one, other = clean_picture(a_photo()), clean_picture(written(a_drawing()))
    told = [{"name": "dos.png", "sha256": one.sha256}, {"name": "poche.png", "sha256": other.sha256}]
    steps = [STEPS[0], {**STEPS[1], "picture": "poche.png"}]
    hears(a_share(routing=steps, note="Tissu en février.", pictures=told, picture="dos.png"))
    listed, page = read(supervisor, LIST), read(supervisor, OFFER)
    for said in ("R-2026-7", "Région Hauts-de-France", "M-2026-09", "Tunique", "12/03/2027", "Tissu en février."):
        assert said in listed and said in page
    assert "Coupe → Montage" in page and t("offers.pieces_of", n=240, of=grouped_number(4000)) in page
    assert t("offers.pictures_to_come", count=2) in page
    assert "<img" not in page.split('<main id="content">')[1]
    for picture in (one, other):
        atelier.run(pictures.keep, picture, at_ms=1)
        assert f"/pictures/{picture.name}.png" in read(supervisor, OFFER)
    assert "arrivée" not in read(supervisor, OFFER).split('<main id="content">')[1].split("<h2")[0]
    answer(supervisor, "accept", promised="")
    assert f"/pictures/{one.name}.png" in read(supervisor, "/orders/R-2026-7")


def test_accepting_leads_to_the_order_which_says_where_it_came_from(
    supervisor: FlaskClient, atelier: Atelier, hears: Callable[..., int]
) -> None:
    atelier.run(network_identity.keep_identity, an_identity())
    hears(a_share())
    page = answer(supervisor, "accept", promised="2027-03-01")
    assert t("offers.told_accepted", order="R-2026-7") in page
    assert "Venue du réseau Réseau" in page and t("offers.share_is_networks") in page
    with atelier.reading() as db:
        assert [one.promised for one in offers.unsent_answers(db)] == ["2027-03-01"]
    listed = read(supervisor, LIST)
    assert "Promis pour le 01/03/2027" in listed and t("offers.answer_waits") in listed


def test_the_same_form_sent_twice_and_a_second_browser_make_one_order(
    supervisor: FlaskClient, atelier: Atelier, hears: Callable[..., int]
) -> None:
    hears(a_share())
    first, second = read(supervisor, OFFER), read(supervisor, OFFER)
    for page, said in ((first, "told_accepted"), (first, "told_accepted"), (second, "told_already")):
        told = text_of(send(supervisor, page, f"{OFFER}/accept"))
        assert t(f"offers.{said}", order="R-2026-7") in told
    assert codes(atelier) == ["R-2026-7"]


def test_what_changed_while_she_looked_is_shown_again_first(
    supervisor: FlaskClient, atelier: Atelier, hears: Callable[..., int]
) -> None:
    hears(a_share())
    page = read(supervisor, OFFER)
    hears(a_share(client="Ville de Lille"))
    told = text_of(send(supervisor, page, f"{OFFER}/accept"))
    assert t("offers.told_changed_meanwhile") in told and "Ville de Lille" in told
    assert codes(atelier) == []


@pytest.mark.parametrize("promised", ["2020-01-01", "demain", "2101-01-01"])
def test_a_day_that_cannot_be_promised_is_named_and_nothing_is_stored(
    supervisor: FlaskClient, atelier: Atelier, hears: Callable[..., int], promised: str
) -> None:
    hears(a_share())
    assert t("offers.fault_bad_day") in answer(supervisor, "accept", promised=promised)
    assert codes(atelier) == []


def test_a_refusal_without_a_reason_is_asked_for_one(supervisor: FlaskClient, hears: Callable[..., int]) -> None:
    hears(a_share())
    assert t("offers.fault_no_reason") in answer(supervisor, "refuse", reason="   ")
    assert t("offers.told_refused") in answer(supervisor, "refuse", reason="pas de machine")
    assert "pas de machine" in read(supervisor, OFFER)


def test_an_offer_that_can_be_no_order_offers_no_button_to_accept(
    supervisor: FlaskClient, hears: Callable[..., int]
) -> None:
    hears(a_share(lines=[("S", "Bleu", 5), ("s", "BLEU", 6)]))
    page = read(supervisor, OFFER)
    assert t("offers.unusable_says") in page and t("offers.accept") not in page
    assert t("offers.told_refused") in answer(supervisor, "refuse", reason="deux fois S")


def test_the_change_is_shown_line_by_line_before_it_applies(
    supervisor: FlaskClient,
    atelier: Atelier,
    hears: Callable[..., int],
    bundles: Callable[..., tuple[BundleCard, ...]],
) -> None:
    hears(a_share(lines=BLUE))
    answer(supervisor, "accept")
    bundles("R-2026-7")
    hears(a_share(revision=2, due="2027-05-02", lines=[("S", "Bleu marine", 10), ("XS", "Bleu marine", 5)]))
    page = read(supervisor, OFFER)
    assert "12/03/2027" in page and "02/05/2027" in page
    assert t("offers.line_cut", said=10, after=30) in page and t("offers.line_cut_gone", after=60) in page
    assert t("offers.line_new") in page
    assert t("offers.told_applied", order="R-2026-7") in answer(supervisor, "apply")
    with atelier.reading() as db:
        found = orders.by_code(db, "R-2026-7")
        assert found and [line.quantity for line in orders.lines(db, found.id)] == [30, 60, 60, 30, 5]


def test_a_share_taken_back_is_cut_no_more_when_she_agrees(
    supervisor: FlaskClient, hears: Callable[..., int], bundles: Callable[..., tuple[BundleCard, ...]]
) -> None:
    hears(a_share(lines=BLUE))
    answer(supervisor, "accept")
    bundles("R-2026-7")
    hears(a_share(revision=2, state="withdrawn", lines=BLUE))
    assert t("offers.gone_stop_cut", n=180) in read(supervisor, OFFER)
    assert t("offers.told_noted") in answer(supervisor, "note", stop_cutting="yes")
    order = read(supervisor, "/orders/R-2026-7")
    assert t("offers.cut_over") in order and t("orders.enter_lay") not in order


def test_an_order_of_ours_with_that_code_is_shown_with_both_ways_out(
    supervisor: FlaskClient, hears: Callable[..., int], order: Callable[..., str]
) -> None:
    order("2026-0117", quantity=40)
    hears(a_share(order="2026-0117", lines=BLUE))
    page = read(supervisor, OFFER)
    assert t("offers.taken_own", code="2026-0117") in page and t("offers.refuse") in page
    assert "<s>40</s>" in page, "what becomes of it is shown first"
    assert t("offers.told_accepted", order="2026-0117") in answer(supervisor, "accept")


def test_a_forged_answer_for_a_taken_code_stores_nothing(
    supervisor: FlaskClient, atelier: Atelier, hears: Callable[..., int], order: Callable[..., str]
) -> None:
    order("2026-0117", quantity=40)
    hears(a_share(order="2026-0117", lines=BLUE))
    told = answer(supervisor, "accept", same_order="")
    assert t("offers.fault_taken", code="2026-0117") in told
    with atelier.reading() as db:
        found = orders.by_code(db, "2026-0117")
    assert found and found.pieces == 160


@pytest.mark.parametrize("order_code", ["OF 2027/12", "offers", "../x", "<b>gras</b>"])
def test_whatever_the_order_is_called_it_is_shown_as_it_is(
    supervisor: FlaskClient, hears: Callable[..., int], order_code: str
) -> None:
    hears(a_share(order=order_code, client="<script>alert(1)</script>"))
    page = answer(supervisor, "accept")
    assert t("offers.told_accepted", order="")[:24] in page
    assert "<script>alert" not in page and "<b>gras" not in page


@pytest.mark.parametrize("allocation", ["A.1", "share", "accept", "import", "a" * 40])
def test_whatever_the_share_is_called_it_opens(
    supervisor: FlaskClient, hears: Callable[..., int], allocation: str
) -> None:
    hears(a_share(allocation))
    with supervisor.application.test_request_context():
        path = supervisor.application.url_for("offers.offer", allocation=allocation)
    assert path in read(supervisor, LIST)
    assert t("offers.told_refused") in answer(supervisor, "refuse", at=path, reason="non")


def test_a_share_nobody_ever_heard_of_is_not_found(supervisor: FlaskClient) -> None:
    assert supervisor.get("/orders/offers/A-404").status_code == 404


def test_an_order_is_shared_and_shared_no_more_and_says_what_goes_out(
    supervisor: FlaskClient, atelier: Atelier, order: Callable[..., str]
) -> None:
    path = f"/orders/{order()}"
    page = read(supervisor, path)
    assert t("offers.share_on_says") in page and t("offers.share_never") in page and t("offers.share_later") in page
    shared = text_of(send(supervisor, page, f"{path}/share"))
    assert t("offers.share_shared") in shared and t("offers.share_is_on") in shared
    with atelier.reading() as db:
        sharing = orders.sharing(db, "2026-0117")
    assert sharing and sharing.shared
    assert t("offers.share_unshared") in text_of(send(supervisor, shared, f"{path}/share"))
    assert t("offers.share_already") in text_of(send(supervisor, shared, f"{path}/share", id="another-form"))


def test_the_networks_orders_have_no_button_to_stop_sharing(supervisor: FlaskClient, hears: Callable[..., int]) -> None:
    hears(a_share())
    page = answer(supervisor, "accept")
    assert f"{t('offers.share_off')}<" not in page
    assert [form.action for form in forms(page) if form.action.endswith(("/share", "/close"))] == [
        "/orders/R-2026-7/close"
    ]


@pytest.mark.parametrize("path", ["/transfers", "/devices", "/hours", "/network"])
def test_the_rarer_pages_are_under_more_and_say_where_one_is(supervisor: FlaskClient, path: str) -> None:
    page = read(supervisor, path)
    menu = page.split("<nav", 1)[1].split("</nav>", 1)[0]
    shown, folded = menu.split('<details class="more">')
    assert f'href="{path}" aria-current="page"' in folded and 'class="here"' in folded
    assert path not in shown and "aria-current" not in shown
    assert 'href="/orders"' in shown
