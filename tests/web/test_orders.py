"""The supervisor's orders: the list, an order in numbers, importing, taking back, closing."""

import base64
import io
import re
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from floor_app.atelier import Atelier
from floor_app.domain.orders import Order, OrderLine
from floor_app.importing import import_orders
from floor_app.scanning import Scan
from floor_app.store import events, orders
from floor_app.store.bundles import BundleCard
from floor_app.texts import words
from tests.pages import form_to, send, text_of

t = words("fr")
SAMPLES = Path(__file__).parents[1] / "samples" / "orders"
PREVIEW, STORE = "/orders/import/preview", "/orders/import/store"
GOOD = "N° OF;Client;Coloris;Taille;Quantité\nA-1;Ville de Lille;Bleu;S;30\nA-1;Ville de Lille;Bleu;M;1 200\n"
AWKWARD_CODES = ["OF 2026/0117", "a//b", "../board", "import", "imports", "~61", "50%?#é", "/début", "fin/", "x/close"]


def choose(client: FlaskClient, content: bytes | str, name: str = "commande.csv") -> TestResponse:
    """Chooses a file on the import page."""
    page = text_of(client.get("/orders/import"))
    sent = content if isinstance(content, bytes) else content.encode()
    boundary, body = encode_multipart({**form_to(page, PREVIEW).values, "file": FileStorage(io.BytesIO(sent), name)})
    return client.post(PREVIEW, data=body, content_type=f"multipart/form-data; boundary={boundary}")


def known_codes(atelier: Atelier) -> list[str]:
    with atelier.reading() as db:
        return sorted(order.code for order in orders.all_orders(db))


def import_one(atelier: Atelier, code: str, *, due: date | None = None, style: str = "Tablier") -> None:
    order = Order(code, "Ville de Lille", "", style, due, (OrderLine("S", "Bleu", 60),))
    import_id = f"import-{code.encode().hex()}"
    atelier.run(import_orders, (order,), import_id=import_id, source="c.csv", moment=atelier.clock.moment())


def _rows(page: str) -> Iterator[tuple[str, list[str]]]:
    """(heading, cells) of every row of a page's tables, as text."""
    for heading, cells in re.findall(r'<tr[^>]*><th scope="row">(.*?)</th>(.*?)</tr>', page, re.DOTALL):
        yield _plain(heading), [_plain(cell) for cell in re.findall(r"<td[^>]*>(.*?)</td>", cells, re.DOTALL)]


def _plain(html: str) -> str:
    return re.sub(r"<[^>]+>", "", html).strip()


def scan(atelier: Atelier, code: str, does: str = "cut") -> None:
    atelier.take_scan(Scan(f"{does}-{code}", code, f"{does}-1", does))


@pytest.mark.parametrize("path", ["/orders", "/orders/import", "/orders/imports", "/orders/2026-0117"])
def test_orders_are_for_supervisors_only(
    client: FlaskClient, station_client: Callable[[str], FlaskClient], path: str
) -> None:
    assert "/sign-in" in client.get(path).headers["Location"]
    assert station_client("sew-1").get(path).status_code == 403


def test_an_empty_floor_says_the_one_thing_to_do_next(supervisor: FlaskClient) -> None:
    page = text_of(supervisor.get("/orders"))
    assert t("orders.none_title") in page
    assert page.count('href="/orders/import"') == 1


def test_running_orders_come_with_the_most_urgent_first_and_late_ones_marked(
    supervisor: FlaskClient, atelier: Atelier
) -> None:
    import_one(atelier, "sans-date")
    import_one(atelier, "plus-tard", due=date(2099, 1, 1))
    import_one(atelier, "en-retard", due=date(2020, 1, 1))
    page = text_of(supervisor.get("/orders"))
    assert page.index("en-retard") < page.index("plus-tard") < page.index("sans-date")
    assert page.count('class="tag stop"') == 1


def test_an_order_is_found_by_part_of_what_it_says(supervisor: FlaskClient, atelier: Atelier) -> None:
    import_one(atelier, "2026-0117", style="Tablier")
    import_one(atelier, "2026-0118", style="Blouse")
    page = text_of(supervisor.get("/orders?q=blou"))
    assert "2026-0118" in page
    assert "2026-0117" not in page
    assert t("orders.not_found", text="zzz") in text_of(supervisor.get("/orders?q=zzz"))


@pytest.mark.parametrize("code", AWKWARD_CODES)
def test_an_order_opens_whatever_its_code_is_made_of(supervisor: FlaskClient, atelier: Atelier, code: str) -> None:
    import_one(atelier, code)
    found = re.search(r'<h2><a href="([^"]+)">', text_of(supervisor.get("/orders")))
    assert found
    answer = supervisor.get(found[1])
    assert answer.status_code == 200
    closed = send(supervisor, text_of(answer), form_to(text_of(answer), found[1] + "/close").action, reason="")
    assert t("orders.closed") in text_of(closed)


def test_an_order_shows_each_size_ordered_cut_and_done_at_each_step(
    supervisor: FlaskClient,
    atelier: Atelier,
    order: Callable[..., str],
    bundles: Callable[..., tuple[BundleCard, ...]],
) -> None:
    cards = bundles(order())
    scan(atelier, cards[0].code)
    page = text_of(supervisor.get("/orders/2026-0117"))
    rows = dict(_rows(page))
    assert rows["Commandé"] == ["60", "60", "60", "60", "240"]
    assert rows["Dans les matelas"] == ["30", "60", "60", "30", "180"]
    assert rows["Coupe"] == ["15", "0", "0", "0", "15"]
    assert rows["Finition"] == ["0", "0", "0", "0", "0"]
    assert t("orders.law_holds") in page


def test_an_unknown_order_is_not_found(supervisor: FlaskClient) -> None:
    assert supervisor.get("/orders/2026-9999").status_code == 404


def test_a_file_is_shown_whole_before_anything_is_stored(supervisor: FlaskClient, atelier: Atelier) -> None:
    page = text_of(choose(supervisor, GOOD))
    assert t("orders.found", count=1) in page
    assert "«\u00a0Quantité\u00a0»" in page
    assert "1\u202f230" in page
    assert known_codes(atelier) == []


def test_a_file_looked_at_is_then_stored_and_leads_to_cutting(supervisor: FlaskClient, atelier: Atelier) -> None:
    page = text_of(send(supervisor, text_of(choose(supervisor, GOOD)), STORE))
    assert known_codes(atelier) == ["A-1"]
    assert "1\u202f230" in page
    assert 'href="/lays/new?order=A-1"' in page


def test_a_form_sent_twice_imports_once(supervisor: FlaskClient, atelier: Atelier) -> None:
    page = text_of(choose(supervisor, GOOD))
    first = send(supervisor, page, STORE)
    with atelier.reading() as db:
        before = events.last_seq(db)
    again = send(supervisor, page, STORE)
    assert first.request.path == again.request.path == "/orders/A-1"
    with atelier.reading() as db:
        assert events.last_seq(db) == before


def test_every_faulty_row_is_named_and_nothing_can_be_stored(supervisor: FlaskClient, atelier: Atelier) -> None:
    page = text_of(choose(supervisor, (SAMPLES / "avec_fautes.csv").read_bytes(), "avec_fautes.csv"))
    for row in (3, 4, 5, 6, 7, 8, 9, 10, 11):
        assert f"Ligne {row}, colonne" in page
    assert STORE not in page
    fields = form_to(page, PREVIEW).values
    assert supervisor.post(STORE, data=fields).status_code == 200
    assert known_codes(atelier) == []


def test_what_the_form_says_was_read_is_not_believed(supervisor: FlaskClient, atelier: Atelier) -> None:
    page = text_of(choose(supervisor, GOOD))
    bad = base64.b64encode(GOOD.replace("1 200", "douze").encode()).decode()
    answer = send(supervisor, page, STORE, content=bad)
    assert "«\u00a0douze\u00a0»" in text_of(answer)
    assert known_codes(atelier) == []


def test_columns_changed_by_hand_are_looked_at_before_they_are_stored(
    supervisor: FlaskClient, atelier: Atelier
) -> None:
    sheet = "N° OF;Taille;Prix;Nombre\nA-1;S;12;30\n"
    page = text_of(choose(supervisor, sheet))
    again = text_of(send(supervisor, page, STORE, **{"column-quantity": "2"}))
    assert known_codes(atelier) == []
    assert '<td class="n">12</td>' in again
    send(supervisor, again, STORE)
    with atelier.reading() as db:
        order = orders.by_code(db, "A-1")
    assert order
    assert order.pieces == 12


def test_an_order_already_known_is_named_with_the_cure_and_nothing_is_stored(
    supervisor: FlaskClient, atelier: Atelier
) -> None:
    import_one(atelier, "A-1")
    page = text_of(choose(supervisor, GOOD + "A-2;;Bleu;S;5\n"))
    assert t("orders.code_known", code="A-1") in page
    assert t("orders.known_cure") in page
    assert STORE not in page
    assert known_codes(atelier) == ["A-1"]


def test_an_order_that_became_known_meanwhile_is_not_stored(supervisor: FlaskClient, atelier: Atelier) -> None:
    page = text_of(choose(supervisor, GOOD))
    import_one(atelier, "A-1")
    assert t("orders.code_known", code="A-1") in text_of(send(supervisor, page, STORE))


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (b"", "vide.csv", "empty"),
        (b"%PDF-1.7 ...", "bon.pdf", "not_a_table"),
        (b"PK\x03\x04 broken", "casse.xlsx", "bad_xlsx"),
        (b"a;b\n" * 500_100, "grand.csv", "too_large"),
    ],
)
def test_a_file_that_is_no_table_says_why_and_stores_nothing(
    supervisor: FlaskClient, content: bytes, name: str, code: str
) -> None:
    answer = choose(supervisor, content, name)
    assert answer.status_code == 422
    assert t(f"import_faults.{code}") in text_of(answer)


def test_sending_no_file_says_so(supervisor: FlaskClient) -> None:
    page = text_of(supervisor.get("/orders/import"))
    assert t("orders.no_file") in text_of(send(supervisor, page, PREVIEW))


def test_a_damaged_resent_file_is_refused(supervisor: FlaskClient) -> None:
    page = text_of(choose(supervisor, GOOD))
    assert send(supervisor, page, STORE, content="ceci n’est pas du base64").status_code == 400


def test_a_form_without_its_own_id_is_refused(supervisor: FlaskClient, atelier: Atelier) -> None:
    page = text_of(choose(supervisor, GOOD))
    assert send(supervisor, page, STORE, id="import-1#2").status_code == 400
    assert known_codes(atelier) == []


def test_a_workbook_with_several_sheets_lets_one_choose(supervisor: FlaskClient, atelier: Atelier) -> None:
    from openpyxl import Workbook

    book = Workbook()
    for name, code in (("Avril", "A-1"), ("Mai", "A-2")):
        sheet = book.create_sheet(name)
        sheet.append(["N° OF", "Taille", "Quantité"])
        sheet.append([code, "S", 5])
    content = io.BytesIO()
    book.save(content)
    page = text_of(choose(supervisor, content.getvalue(), "deux.xlsx"))
    assert "Commande A-1" in page
    page = text_of(send(supervisor, page, PREVIEW, sheet="Mai"))
    assert "Commande A-2" in page
    send(supervisor, page, STORE)
    assert known_codes(atelier) == ["A-2"]


def test_the_model_file_can_be_imported_as_it_is(supervisor: FlaskClient) -> None:
    model = supervisor.get("/orders/import/modele-commande.csv")
    assert model.data.startswith(b"\xef\xbb\xbf")
    assert "attachment" in model.headers["Content-Disposition"]
    page = text_of(choose(supervisor, model.data))
    assert t("orders.found", count=1) in page
    rows = dict(_rows(page))
    assert (rows["Bleu marine"], rows["Écru"]) == (["60", "120", "180"], ["40", "80", "120"])


def test_what_a_file_says_is_shown_as_text(supervisor: FlaskClient) -> None:
    page = text_of(choose(supervisor, GOOD.replace("Ville de Lille", "<script>alert(1)</script>")))
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


def test_an_import_can_be_taken_back_until_a_bundle_of_it_was_scanned(
    supervisor: FlaskClient,
    atelier: Atelier,
    order: Callable[..., str],
    bundles: Callable[..., tuple[BundleCard, ...]],
) -> None:
    cards = bundles(order())
    page = text_of(supervisor.get("/orders/imports"))
    scan(atelier, cards[0].code)
    late = send(supervisor, page, "/orders/imports/import-2026-0117/undo")
    assert t("orders.import_scanned") in text_of(late)
    assert t("orders.import_is_scanned") in text_of(late)
    assert known_codes(atelier) == ["2026-0117"]


def test_an_import_taken_back_is_gone_from_the_orders(
    supervisor: FlaskClient, atelier: Atelier, order: Callable[..., str]
) -> None:
    order()
    page = text_of(supervisor.get("/orders/imports"))
    done = send(supervisor, page, "/orders/imports/import-2026-0117/undo")
    assert t("orders.import_undone") in text_of(done)
    assert known_codes(atelier) == []
    again = send(supervisor, page, "/orders/imports/import-2026-0117/undo")
    assert t("orders.import_already_undone") in text_of(again)


def test_an_order_can_be_ended_by_hand_and_opened_again(supervisor: FlaskClient, order: Callable[..., str]) -> None:
    order()
    page = text_of(supervisor.get("/orders/2026-0117"))
    assert "Il manque 240" in page
    closed = text_of(send(supervisor, page, "/orders/2026-0117/close", reason="tissu abîmé"))
    assert t("orders.closed") in closed
    assert "2026-0117" in text_of(supervisor.get("/orders?show=done"))
    opened = text_of(send(supervisor, closed, "/orders/2026-0117/reopen"))
    assert t("orders.reopened") in opened
    assert "2026-0117" in text_of(supervisor.get("/orders"))
