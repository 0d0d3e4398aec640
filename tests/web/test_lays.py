"""The supervisor's lays: entering one, seeing its bundles first, its labels, taking it back."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from floor_app import access
from floor_app.atelier import Atelier, open_atelier
from floor_app.config import parse_config
from floor_app.domain.orders import Order, OrderLine
from floor_app.importing import import_orders
from floor_app.scanning import Scan
from floor_app.store import access as access_store
from floor_app.store import events, lays, orders, print_jobs
from floor_app.store.bundles import BundleCard
from floor_app.texts import words
from floor_app.web import create_app
from tests.floor import CONFIG
from tests.pages import form_to, send, text_of

t = words("fr")
NEW, PREVIEW, LAY = "/lays/new", "/lays/preview", "/lays/2026-0117/1"


def ratios(atelier: Atelier, *numbers: str, code: str = "2026-0117") -> dict[str, str]:
    """The boxes of the marker, by size as the order names them."""
    with atelier.reading() as db:
        order = orders.by_code(db, code)
        lines = orders.lines(db, order.id) if order else []
    return {f"ratio-{line.id}": number for line, number in zip(lines, numbers, strict=False)}


def new_lay(supervisor: FlaskClient, code: str = "2026-0117") -> str:
    return text_of(supervisor.get(NEW, query_string={"order": code}))


def last_seq(atelier: Atelier) -> int:
    with atelier.reading() as db:
        return events.last_seq(db)


@pytest.mark.parametrize("path", ["/lays", NEW, LAY])
def test_lays_are_for_supervisors_only(
    client: FlaskClient, station_client: Callable[[str], FlaskClient], path: str
) -> None:
    assert "/sign-in" in client.get(path).headers["Location"]
    assert station_client("cut-1").get(path).status_code == 403


def test_without_an_order_the_next_thing_is_to_import_one(supervisor: FlaskClient) -> None:
    for path in ("/lays", NEW):
        assert 'href="/orders/import"' in text_of(supervisor.get(path))


def test_without_a_lay_the_next_thing_is_to_enter_one(supervisor: FlaskClient, order: Callable[..., str]) -> None:
    order()
    page = text_of(supervisor.get("/lays"))
    assert t("lays.none_title") in page
    assert 'href="/lays/new"' in page
    assert "reste 240" in text_of(supervisor.get(NEW))


def test_an_order_of_several_colours_asks_which_one_is_cut(supervisor: FlaskClient, atelier: Atelier) -> None:
    lines = (OrderLine("S", "Bleu", 60), OrderLine("6 ans", "Écru & blanc", 30))
    order = Order("OF 1/2", "", "", "", None, lines)
    atelier.run(import_orders, (order,), import_id="import-1", source="c.csv", moment=atelier.clock.moment())
    page = text_of(supervisor.get(NEW, query_string={"order": "OF 1/2"}))
    assert t("lays.which_colour") in page
    chosen = text_of(supervisor.get(NEW, query_string={"order": "OF 1/2", "colour": "Écru & blanc"}))
    assert "6 ans" in chosen
    assert ">S<" not in chosen


def test_a_lay_entered_becomes_its_bundles(
    supervisor: FlaskClient, atelier: Atelier, order: Callable[..., str]
) -> None:
    order()
    typed = {**ratios(atelier, "1", "2", "2", "1"), "plies-0": "30", "shade-0": "A", "number-0": "R-12"}
    answer = send(supervisor, new_lay(supervisor), NEW, **typed)
    assert answer.request.path == LAY
    page = text_of(answer)
    assert "180" in page
    assert page.count("/bundles/BCDF") == 10
    with atelier.reading() as db:
        lay = lays.by_number(db, "2026-0117", 1)
    assert lay is not None
    assert (lay.marker, lay.rolls) == ((("S", 1), ("M", 2), ("L", 2), ("XL", 1)), ((30, "A", "R-12"),))


def test_a_marker_can_be_written_as_people_write_it(
    supervisor: FlaskClient, atelier: Atelier, order: Callable[..., str]
) -> None:
    order()
    send(supervisor, new_lay(supervisor), NEW, **{"marker": "S1 M2 L2 XL1", "plies-0": "30"})
    with atelier.reading() as db:
        lay = lays.by_number(db, "2026-0117", 1)
    assert lay is not None
    assert lay.pieces == 180


def test_a_lay_sent_twice_is_cut_once(supervisor: FlaskClient, atelier: Atelier, order: Callable[..., str]) -> None:
    order()
    page, typed = new_lay(supervisor), {"marker": "S1", "plies-0": "10"}
    first = send(supervisor, page, NEW, **typed)
    before = last_seq(atelier)
    assert send(supervisor, page, NEW, **typed).request.path == first.request.path == LAY
    assert last_seq(atelier) == before


def test_the_bundles_are_seen_before_anything_is_stored(
    supervisor: FlaskClient, atelier: Atelier, order: Callable[..., str]
) -> None:
    order()
    before, page = last_seq(atelier), new_lay(supervisor)
    assert t("lays.type_first") in page
    values = {**form_to(page, NEW).values, **ratios(atelier, "1", "2", "2", "1"), "plies-0": "30"}
    seen = text_of(supervisor.post(PREVIEW, data=values))
    assert "180" in seen
    assert t("common.bundles", count=10) in seen
    assert "<html" not in seen
    without_script = text_of(supervisor.post(NEW, data={**values, "look": "1"}))
    assert t("common.bundles", count=10) in without_script
    assert last_seq(atelier) == before


def test_cutting_more_than_ordered_is_said_before_and_after(
    supervisor: FlaskClient, atelier: Atelier, order: Callable[..., str]
) -> None:
    order()
    page, typed = new_lay(supervisor), {"marker": "S1 M2", "plies-0": "40"}
    values = {**form_to(page, NEW).values, **typed}
    seen = text_of(supervisor.post(PREVIEW, data=values))
    assert t("lays.over_cut_warns") in seen
    assert t("lays.too_many", n=20) in seen
    assert "M +20" in text_of(send(supervisor, page, NEW, **typed))


@pytest.mark.parametrize(
    ("typed", "fault", "value"),
    [
        ({"plies-0": "30"}, "no_marker", ""),
        ({"marker": "S1"}, "no_plies", ""),
        ({"marker": "S1", "plies-0": "dix"}, "plies_unread", "1"),
        ({"marker": "S1", "shade-1": "A"}, "plies_unread", "2"),
        ({"marker": "S1 XS2", "plies-0": "30"}, "marker_unread", "xs2"),
        ({"marker": "S1", "plies-0": "30", "cap": "x"}, "cap_unread", ""),
        ({"marker": "S1", "plies-0": "30", "tolerance": ""}, "tolerance_unread", ""),
        ({"marker": "S1", "plies-0": "30", "cap": "900"}, "bad_cap", "900 ± 2"),
        ({"marker": "S1", "plies-0": "0"}, "bad_plies", "0"),
        ({"marker": "S1", "plies-0": "30", "number-0": "R" * 30}, "roll_too_long", "R" * 21),
        ({"marker": "S50", "plies-0": "1000", "cap": "1", "tolerance": "0"}, "too_many_bundles", "50000"),
    ],
)
def test_what_cannot_be_cut_is_said_in_words_and_what_was_typed_stays(
    supervisor: FlaskClient,
    atelier: Atelier,
    order: Callable[..., str],
    typed: dict[str, str],
    fault: str,
    value: str,
) -> None:
    order()
    before = last_seq(atelier)
    answer = send(supervisor, new_lay(supervisor), NEW, **typed)
    assert answer.status_code == 422
    assert t(f"lays.fault_{fault}", value=value) in text_of(answer)
    kept = form_to(text_of(answer), NEW).values
    assert all(kept[name] == text[: 21 if name.startswith("number") else None] for name, text in typed.items())
    assert last_seq(atelier) == before


def test_a_marker_written_twice_is_said(supervisor: FlaskClient, atelier: Atelier, order: Callable[..., str]) -> None:
    order()
    typed = {**ratios(atelier, "1"), "marker": "S1", "plies-0": "5"}
    answer = send(supervisor, new_lay(supervisor), NEW, **typed)
    assert t("lays.fault_marker_twice") in text_of(answer)


def test_more_rolls_can_be_added_without_losing_what_was_typed(
    supervisor: FlaskClient, order: Callable[..., str]
) -> None:
    order()
    page = text_of(send(supervisor, new_lay(supervisor), NEW, **{"plies-5": "12", "more": "1"}))
    assert form_to(page, NEW).values["plies-5"] == "12"
    assert "plies-11" in form_to(page, NEW).values


def test_the_marker_of_an_earlier_lay_can_be_taken_again(
    supervisor: FlaskClient, order: Callable[..., str], bundles: Callable[..., tuple[BundleCard, ...]]
) -> None:
    bundles(order())
    assert t("lays.like", n=1) in new_lay(supervisor)
    again = text_of(supervisor.get(NEW, query_string={"order": "2026-0117", "like": "1"}))
    values = form_to(again, NEW).values
    assert [value for name, value in values.items() if name.startswith("ratio-")] == ["1", "2", "2", "1"]


def test_a_lay_shows_each_bundle_and_where_it_is(
    supervisor: FlaskClient,
    atelier: Atelier,
    order: Callable[..., str],
    bundles: Callable[..., tuple[BundleCard, ...]],
) -> None:
    cards = bundles(order())
    atelier.take_scan(Scan("scan-1", cards[0].code, "cut-1", "cut"))
    page = text_of(supervisor.get(LAY))
    assert page.count(t("bundles.place_waits", step="Coupe")) == 9
    assert page.count(t("bundles.place_waits", step="Couture")) == 1
    assert t("lays.scanned_says") in page
    assert supervisor.get("/lays/2026-0117/2").status_code == 404
    assert supervisor.get("/lays/2026-0117/99999999999999999999").status_code == 404


def test_an_atelier_without_a_label_printer_says_so(
    supervisor: FlaskClient, order: Callable[..., str], bundles: Callable[..., tuple[BundleCard, ...]]
) -> None:
    bundles(order())
    assert t("lays.no_printer") in text_of(supervisor.get(LAY))


@pytest.fixture
def with_printer(tmp_path: Path) -> Iterator[tuple[Atelier, FlaskClient]]:
    """An atelier with a label printer, and its supervisor."""
    atelier = open_atelier(
        parse_config(CONFIG.replace('"none"', f'"file://{tmp_path / "printed"}"')), tmp_path / "data"
    )
    atelier.run(access_store.set_password, "cheffe", access.hash_password("phrase de passe"), at_ms=1)
    client = create_app(atelier).test_client()
    with client.session_transaction() as session:
        session["account"], session["version"] = "cheffe", 1
    order = Order("2026-0117", "", "", "", None, (OrderLine("S", "Bleu", 60),))
    atelier.run(import_orders, (order,), import_id="import-1", source="c.csv", moment=atelier.clock.moment())
    send(client, new_lay(client), NEW, **{"marker": "S2", "plies-0": "20"})
    yield atelier, client
    atelier.close()


def test_the_labels_of_a_lay_go_to_the_printer_once(with_printer: tuple[Atelier, FlaskClient]) -> None:
    atelier, client = with_printer
    page = text_of(client.get(LAY))
    first = text_of(send(client, page, f"{LAY}/print"))
    assert t("lays.print_queued") in first
    assert f"2 {t('lays.labels_queued')}" in first
    assert t("lays.print_waiting") in text_of(send(client, page, f"{LAY}/print"))
    with atelier.reading() as db:
        assert print_jobs.waiting_count(db, "étiquettes") == 2


def test_the_page_follows_the_printing_and_stays_still_while_nothing_changes(
    with_printer: tuple[Atelier, FlaskClient],
) -> None:
    atelier, client = with_printer
    send(client, text_of(client.get(LAY)), f"{LAY}/print")
    seen = atelier.version
    assert client.get(f"{LAY}/labels?seen={seen}").status_code == 204
    job = atelier.run(print_jobs.claim_next, "étiquettes", 1)
    assert job is not None
    atelier.run(print_jobs.note, job.id, state="confirmed", sent=(9, 9), rung="", fault="", at_ms=1)
    page = text_of(client.get(f"{LAY}/labels?seen={seen}"))
    assert f"1 {t('lays.labels_confirmed', count=1)}" in page
    assert f"1 {t('lays.labels_queued')}" in page


def test_a_lay_entered_by_mistake_is_undone_with_a_reason(
    supervisor: FlaskClient, order: Callable[..., str], bundles: Callable[..., tuple[BundleCard, ...]]
) -> None:
    bundles(order())
    page = text_of(supervisor.get(LAY))
    assert t("lays.undo_reason_needed") in text_of(send(supervisor, page, f"{LAY}/undo", reason="  "))
    done = text_of(send(supervisor, page, f"{LAY}/undo", reason="mauvais coloris"))
    assert t("lays.undo_undone") in done
    assert t("lays.undone_says") in done
    assert f"{LAY}/undo" not in done
    assert t("lays.undo_already_undone") in text_of(send(supervisor, page, f"{LAY}/undo", reason="encore"))


def test_a_lay_scanned_meanwhile_is_not_undone(
    supervisor: FlaskClient,
    atelier: Atelier,
    order: Callable[..., str],
    bundles: Callable[..., tuple[BundleCard, ...]],
) -> None:
    cards = bundles(order())
    page = text_of(supervisor.get(LAY))
    atelier.take_scan(Scan("scan-1", cards[0].code, "cut-1", "cut"))
    assert t("lays.undo_scanned") in text_of(send(supervisor, page, f"{LAY}/undo", reason="trop tard"))
