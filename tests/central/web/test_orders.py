"""Orders of the network in the hands of a coordinator: made, shared out, followed; and what an atelier may see of them."""

import io
import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from openpyxl import Workbook

from central.answering_shares import answer_share
from central.centre import Centre
from central.reading_lines import read_file, read_text
from central.store import allocations, capacities, orders
from central.store.orders import OrderLine
from central.telling_ateliers import shares_after
from tests.central.conftest import NOW_MS
from tests.central.web.test_ateliers import page

Press = Callable[..., str]
ORDER = {"code": "OF-9", "style": "Blouse", "client": "CHU", "contract": "M-2026-7", "due": "2026-12-24", "note": ""}
LINES = "Taille;Coloris;Quantité\nS;Blanc;100\nM;Blanc;200\n"


@pytest.mark.parametrize(
    ("text", "lines", "faults"),
    [
        (LINES, [("S", "Blanc", 100), ("M", "Blanc", 200)], []),
        ("S\tBlanc\t100", [("S", "Blanc", 100)], []),
        ("S,10\nM,20", [("S", "", 10), ("M", "", 20)], []),
        ("Quantité;Taille\n5;XL", [("XL", "", 5)], []),
        ("S;Blanc;1 200", [("S", "Blanc", 1200)], []),
        ("S;Blanc;0", [], [(1, "bad_quantity")]),
        ("S;Blanc;-5\nM;Blanc;dix", [], [(1, "bad_quantity"), (2, "bad_quantity")]),
        (";Blanc;5", [], [(1, "no_size")]),
        ("S;Blanc;5\nS;Blanc;6", [("S", "Blanc", 5)], [(2, "twice")]),
        ("S" * 50 + ";Blanc;5", [], [(1, "too_long")]),
        ("", [], [(0, "nothing")]),
        ("S;Blanc;99999999999999", [], [(1, "bad_quantity")]),
    ],
)
def test_lines_are_read_as_people_paste_them(
    text: str, lines: list[tuple[str, str, int]], faults: list[tuple[int, str]]
) -> None:
    found = read_text(text)
    assert [(one.size, one.colour, one.quantity) for one in found.lines] == lines
    assert [(one.row, one.code) for one in found.faults] == faults
    if not faults:
        assert read_text(found.as_text).lines == found.lines


def test_files_are_read_alike_and_what_is_none_is_said() -> None:
    book = Workbook()
    sheet = book.worksheets[0]
    for row in (("Taille", "Coloris", "Quantité"), ("S", "Écru", 40), ("M", "Écru", 60)):
        sheet.append(row)
    written = io.BytesIO()
    book.save(written)
    wanted = (OrderLine("S", "Écru", 40), OrderLine("M", "Écru", 60))
    assert read_file(written.getvalue(), filename="x.xlsx").lines == wanted
    assert read_file("S;Écru;40\nM;Écru;60".encode("cp1252"), filename="x.csv").lines == wanted
    assert [one.code for one in read_file(b"PK\x03\x04rien", filename="x.xlsx").faults] == ["unreadable"]


def test_an_order_is_looked_at_before_it_is_made(filled: Centre, coordinator: FlaskClient, press: Press) -> None:
    looked = press(coordinator, "/orders/new", **ORDER, lines=LINES, do="look")
    assert "2 ligne(s) lue(s)" in looked and "Créer la commande" in looked
    with filled.reading() as db:
        assert orders.find(db, "OF-9") is None
    made = press(coordinator, "/orders/new", **ORDER, lines=LINES, do="keep")
    assert "La commande OF-9 est créée" in made and "300 pièces ne sont à personne" in made
    with filled.reading() as db:
        assert [(one.size, one.quantity) for one in orders.lines(db, "OF-9")] == [("S", 100), ("M", 200)]


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"code": ""}, "Il faut un numéro de commande."),
        ({"code": "OF-1"}, "Une commande a déjà ce numéro."),
        ({"style": ""}, "Il faut un modèle."),
        ({"due": "demain"}, "Cette date ne convient pas."),
        ({"lines": "S;Blanc;dix"}, "la quantité n’est pas un nombre entier"),
        ({"lines": ""}, "Il n’y a aucune ligne."),
    ],
)
def test_a_faulty_order_stores_nothing_and_keeps_what_was_typed(
    filled: Centre, coordinator: FlaskClient, press: Press, changed: dict[str, str], sentence: str
) -> None:
    said = press(coordinator, "/orders/new", status=422, **{**ORDER, "lines": LINES, "do": "keep", **changed})
    assert sentence in said and 'value="CHU"' in said
    with filled.reading() as db:
        assert [one.code for one in orders.listed(db)] == ["OF-2", "OF-1"]


def test_a_file_of_lines_is_taken_too(coordinator: FlaskClient, press: Press) -> None:
    looked = press(coordinator, "/orders/new", **ORDER, do="look", file=(io.BytesIO(LINES.encode()), "lignes.csv"))
    assert "S;Blanc;100" in looked and "Créer la commande" in looked


def test_an_order_changed_is_told_to_each_atelier_with_a_share(
    filled: Centre, coordinator: FlaskClient, press: Press
) -> None:
    with filled.reading() as db:
        cursor = int(shares_after(db, "lille", 0)["cursor"])
    fields = {
        "style": "Tablier",
        "client": "Ville de Lille",
        "contract": "M-2026-7",
        "due": "2027-01-15",
        "note": "urgent",
    }
    press(coordinator, "/orders/OF-1/change", **fields, lines="M;Écru;1000\nL;Écru;2500", do="keep")
    with filled.reading() as db:
        told = shares_after(db, "lille", cursor)["allocations"]
    assert [(one["due"], one["note"], one["order_pieces"]) for one in told] == [("2027-01-15", "urgent", 3500)]


def test_shares_are_proposed_by_declared_capacity_and_sums_are_exact(
    filled: Centre, coordinator: FlaskClient, press: Press
) -> None:
    press(coordinator, "/orders/new", **ORDER, lines="S;;100\nM;;201", do="keep")
    for atelier, pieces in (("lille", "400"), ("calais", "200")):
        press(coordinator, f"/ateliers/{atelier}/capacity", pieces=pieces, **{"from": ""})
    proposed = page(coordinator, "/orders/OF-9/shares?propose=yes")
    fields = dict(re.findall(r'name="(n-[^"]+)" value="(\d*)"', proposed))
    assert sum(int(value or 0) for value in fields.values()) == 301
    places = re.findall(r'name="place" value="([^"]+)"', proposed)
    assert places == ["calais", "lille"]
    said = press(coordinator, "/orders/OF-9/shares", place=places, **fields)
    assert "2 parts proposées ou changées." in said and "Toutes les pièces sont réparties." in said
    with filled.reading() as db:
        found = {one.atelier: one.pieces for one in allocations.of_order(db, "OF-9")}
    # Four weeks of what they declared, less what they took of another order and have not finished: 260 and 460.
    assert found == {"calais": 109, "lille": 192}


def test_more_than_was_ordered_is_never_shared_out(filled: Centre, coordinator: FlaskClient, press: Press) -> None:
    said = press(
        coordinator, "/orders/OF-2/shares", status=422, place=["calais"], **{"n-calais-0": "5", "n-calais-1": "601"}
    )
    assert "Plus de pièces que la commande n’en demande" in said and "Rien n’est changé" in said
    press(coordinator, "/orders/OF-2/shares", status=422, place=["calais"], **{"n-calais-0": "dix", "n-calais-1": ""})
    with filled.reading() as db:
        assert [one.atelier for one in allocations.of_order(db, "OF-2")] == ["lyon"]


def test_answers_are_seen_and_what_was_refused_goes_to_another(
    filled: Centre, coordinator: FlaskClient, press: Press
) -> None:
    with filled.writing() as db:
        refusal = {"revision": 1, "answer": "refused", "reason": "machine en panne"}
        answer_share(db, "lille", "OF-1-lille", refusal, at_ms=NOW_MS)
        accepted = {"revision": 1, "answer": "accepted", "promised": "2026-12-10"}
        answer_share(db, "calais", "OF-1-calais", accepted, at_ms=NOW_MS)
    shown = page(coordinator, "/orders/OF-1/shares")
    assert "machine en panne" in shown and "promis le 10/12/2026" in shown
    press(coordinator, "/orders/OF-1/shares/OF-1-lille/withdraw")
    added = press(coordinator, "/orders/OF-1/shares", place=["calais"], add="lyon", **{"n-calais-0": "900"})
    assert "EI de Lyon" in added
    press(coordinator, "/orders/OF-1/shares", place=["calais", "lyon"], **{"n-calais-0": "900", "n-lyon-1": "1500"})
    with filled.reading() as db:
        found = {one.atelier: (one.pieces, str(one.state)) for one in allocations.of_order(db, "OF-1")}
    assert found == {"calais": (900, "accepted"), "lille": (1500, "withdrawn"), "lyon": (1500, "proposed")}


def test_the_board_says_how_each_order_stands_and_why(filled: Centre, coordinator: FlaskClient) -> None:
    board = page(coordinator, "/")
    assert "Tableau du réseau" in board and "3\u202f000" in board
    assert "en retard" in board or "à risque" in board
    assert "une part attend une réponse" in board or "des pièces ne sont à personne" in board
    with filled.writing() as db:
        orders.close(db, "OF-2", at_ms=NOW_MS)
    assert "OF-2" not in page(coordinator, "/")
    assert "OF-2" in page(coordinator, "/orders?closed=yes")


def test_a_figure_is_followed_down_to_the_day_it_was_made_on(filled: Centre, coordinator: FlaskClient) -> None:
    shown = page(coordinator, "/orders/OF-1")
    assert "ESAT de Lille" in shown and "Atelier de Calais" in shown and "26/11/2026" in shown
    days = coordinator.get("/orders/OF-1/days.csv").data.decode("utf-8-sig").splitlines()
    assert len(days) == 1 + 9 + 9
    assert sum(int(row.split(";")[4]) for row in days[1:]) == 18 * 40
    assert "720" in shown
    by_atelier = coordinator.get("/orders/OF-1/ateliers.csv").data.decode("utf-8-sig")
    assert "ESAT de Lille;A1;900" in by_atelier
    assert coordinator.get("/orders.xlsx").data[:2] == b"PK"
    assert coordinator.get("/orders/RIEN").status_code == 404


def test_an_ateliers_account_sees_its_own_figures_and_the_orders_total_only(atelier_account: FlaskClient) -> None:
    own = page(atelier_account, "/")
    assert "ESAT de Lille" in own and "720 sur 3\u202f000" in own and "360" in own
    assert "Calais" not in own and "OF-2" not in own
    assert atelier_account.get("/orders/OF-1").status_code == 403
    assert atelier_account.get("/orders.csv").status_code == 403


def test_an_atelier_says_itself_what_it_can_take(filled: Centre, atelier_account: FlaskClient, press: Press) -> None:
    assert "La capacité est notée." in press(
        atelier_account, "/ateliers/lille/capacity", pieces="1 200", **{"from": "2026-12-01"}
    )
    press(atelier_account, "/ateliers/calais/capacity", status=403, pieces="1", **{"from": ""})
    press(atelier_account, "/ateliers/lille/capacity", status=422, pieces="beaucoup", **{"from": ""})
    with filled.reading() as db:
        found = capacities.of_atelier(db, "lille")
    assert found is not None and (found.pieces_a_week, found.from_day) == (1200, "2026-12-01")


def test_the_pages_speak_english_too(signed_in: Callable[..., FlaskClient]) -> None:
    english = signed_in("camille", "en")
    for path, word in (
        ("/", "Network board"),
        ("/orders", "Shared orders"),
        ("/orders/new", "Check"),
        ("/orders/OF-1", "By workshop"),
        ("/orders/OF-1/shares", "Share out order"),
    ):
        assert word in page(english, path)
