"""Importing orders, and taking an import back."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from floor_app.domain.routings import Operation, Section
from floor_app.domain.scans import Answer
from floor_app.importing import undo_import
from floor_app.previewing import preview_sheet
from floor_app.printing import print_lay
from floor_app.setting_routings import set_routing
from floor_app.spreadsheets import UnreadableSheet
from floor_app.store import orders, print_jobs
from tests.floor import Floor, a_lay, an_order

SAMPLES = Path(__file__).parent / "samples" / "orders"


@pytest.fixture
def floor(tmp_path: Path) -> Iterator[Floor]:
    opened = Floor(tmp_path)
    yield opened
    opened.close()


def undo(floor: Floor, import_id: str = "import-1", *, event_id: str = "undo-1") -> str:
    return floor.atelier.run(undo_import, import_id, event_id=event_id, moment=floor.moment)


def known_codes(floor: Floor) -> set[str]:
    with floor.reading() as db:
        return {order.code for order in orders.all_orders(db)}


def test_an_imported_order_stands_with_its_lines(floor: Floor) -> None:
    answer = floor.order()
    assert (answer.imported, answer.pieces) == (("2026-0117",), 240)
    with floor.reading() as db:
        order = orders.by_code(db, "2026-0117")
        assert order is not None
        assert (order.client, order.style, order.due, order.pieces) == ("Ville de Lille", "Tablier", "2026-12-18", 240)
        assert [(line.size, line.quantity) for line in orders.lines(db, order.id)] == [
            ("S", 60),
            ("M", 60),
            ("L", 60),
            ("XL", 60),
        ]


def test_an_import_sent_twice_is_stored_once_and_answers_the_same(floor: Floor) -> None:
    found = (an_order("2026-0117"), an_order("2026-0118"))
    first = floor.order(*found)
    before = floor.last_seq
    again = floor.order(*found)
    assert set(again.imported) == set(first.imported)
    assert again.pieces == first.pieces
    assert floor.last_seq == before


def test_one_known_code_keeps_the_whole_import_out(floor: Floor) -> None:
    floor.order(an_order("2026-0117"))
    before = floor.last_seq
    answer = floor.order(an_order("2026-0116"), an_order("2026-0117"), import_id="import-2")
    assert answer.taken == ("2026-0117",)
    assert answer.imported == ()
    assert known_codes(floor) == {"2026-0117"}
    assert floor.last_seq == before


def test_an_import_undone_before_any_scan_takes_its_orders_lays_and_labels_away(floor: Floor) -> None:
    floor.order()
    code = floor.cut().bundles[0].code
    place = floor.atelier.label_place()
    assert place
    floor.atelier.run(print_lay, "2026-0117", 1, place=place, moment=floor.moment)
    assert undo(floor) == "undone"
    assert known_codes(floor) == set()
    decision = floor.scan(code, "cut").decision
    assert (decision.answer, decision.reason) == (Answer.STOP, "cancelled")
    with floor.reading() as db:
        assert print_jobs.waiting_count(db, place.printer) == 0


def test_the_code_of_an_undone_import_can_be_imported_again_and_its_old_labels_still_answer_stop(floor: Floor) -> None:
    floor.order()
    old = floor.cut().bundles[0].code
    undo(floor)
    assert floor.order(import_id="import-2").imported == ("2026-0117",)
    new = floor.cut(a_lay("lay-2")).bundles[0].code
    assert floor.scan(old, "cut").decision.answer == Answer.STOP
    assert floor.scan(new, "cut").decision.answer == Answer.COUNTED
    assert floor.law_holds()


def test_an_import_with_a_counted_bundle_is_not_undone(floor: Floor) -> None:
    floor.order()
    floor.scan(floor.cut().bundles[0].code, "cut")
    before = floor.last_seq
    assert undo(floor) == "scanned"
    assert floor.last_seq == before
    with floor.reading() as db:
        assert [past.scanned for past in orders.imports(db)] == [True]


def test_an_import_whose_only_count_was_taken_back_can_be_undone(floor: Floor) -> None:
    floor.order()
    floor.scan(floor.cut().bundles[0].code, "cut")
    floor.undo_at("cut")
    assert undo(floor) == "undone"


def test_undoing_an_import_twice_or_one_that_never_was_changes_nothing(floor: Floor) -> None:
    floor.order()
    assert undo(floor, "import-9") == "unknown_import"
    assert undo(floor) == "undone"
    before = floor.last_seq
    assert undo(floor) == undo(floor, event_id="undo-2") == "already_undone"
    assert floor.last_seq == before


def test_an_order_gets_the_newest_routing_of_its_style_and_keeps_it(floor: Floor) -> None:
    def version(*names: str) -> None:
        steps = tuple(
            Operation(name, Section.SEW, after=names[place - 1 : place] if place else ())
            for place, name in enumerate(names)
        )
        floor.atelier.run(set_routing, "Tablier", steps, event_id="routing-" + "-".join(names), moment=floor.moment)

    floor.order(an_order("before"), import_id="import-0")
    version("piquer")
    floor.order(an_order("first"), import_id="import-1")
    version("piquer", "ourler")
    floor.order(an_order("second"), import_id="import-2")
    with floor.reading() as db:
        ids = [order.routing_id for code in ("before", "first", "second") if (order := orders.by_code(db, code))]
    assert ids[0] == 0
    assert len(set(ids)) == 3


@pytest.mark.parametrize(
    ("file", "codes", "pieces"),
    [
        ("tabliers_lignes_utf8_bom.csv", ["2026-0117"], 12_000),
        ("tabliers_tailles_en_colonnes_cp1252.csv", ["2026-0117"], 12_000),
        ("tabliers_tailles_en_colonnes.xlsx", ["2026-0117"], 12_000),
        ("trois_commandes.tsv", ["BC-2026-045", "BC-2026-046", "BC-2026-047"], 4_650),
    ],
)
def test_a_sheet_is_seen_as_it_would_be_stored(floor: Floor, file: str, codes: list[str], pieces: int) -> None:
    reading = preview_sheet((SAMPLES / file).read_bytes(), filename=file).reading
    assert reading.ok
    assert [order.code for order in reading.orders] == codes
    assert floor.last_seq == 0
    assert floor.order(*reading.orders).pieces == pieces


def test_columns_chosen_by_hand_go_before_the_guess() -> None:
    sheet = b"N\xc2\xb0 OF;Taille;Prix;Nombre\nA-1;S;12;30\n"
    assert preview_sheet(sheet, filename="a.csv").reading.orders[0].pieces == 30
    chosen = preview_sheet(sheet, filename="a.csv", columns={"quantity": 2}).reading
    assert chosen.orders[0].pieces == 12


def test_what_is_no_table_is_said_with_a_code() -> None:
    with pytest.raises(UnreadableSheet) as fault:
        preview_sheet(b"%PDF-1.7", filename="commande.pdf")
    assert fault.value.code == "not_a_table"
