"""Rows of cells in, orders and faults out: titles, layouts, fill-down, totals, and every fault."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from floor_app.domain.order_drafts import FAULTS_LIMIT
from floor_app.domain.order_sheets import Cell, Fault, FaultCode, SheetReading, read_order_sheet
from floor_app.domain.order_titles import FIELDS, field_of, is_size, is_total
from floor_app.domain.orders import LINES_LIMIT, Order, OrderLine

Rows = Sequence[Sequence[Cell]]
TITLES: tuple[Cell, ...] = ("OF", "Client", "Marché", "Modèle", "Échéance", "Coloris", "Taille", "Quantité")
COLOUR_TITLES: tuple[Cell, ...] = ("OF", "Coloris", "S", "M", "L", "Total")
DUE = date(2026, 11, 23)


def table(text: str) -> list[list[Cell]]:
    """Rows of a sheet drawn with | between cells and one line per row; blank = None."""
    return [[cell.strip() or None for cell in line.split("|")] for line in text.strip("\n").splitlines()]


def lines(reading: SheetReading) -> dict[str, list[tuple[str, str, int]]]:
    return {order.code: [(line.size, line.colour, line.quantity) for line in order.lines] for order in reading.orders}


def faults(reading: SheetReading) -> list[tuple[int, str, str, str]]:
    return [(fault.row, fault.column, str(fault.code), fault.value) for fault in reading.faults]


@pytest.mark.parametrize(
    ("field", "titles"),
    [
        ("code", "OF|of|N° OF|Nº OF|N°OF|Numéro d'OF|Code OF|O.F.|Ordre de fabrication|ORDRE DE FABRICATION"),
        (
            "code",
            "Commande|N° de commande|Numéro de commande|Bon de commande|BC|Réf. commande|Order|MO|Work order|PO n°",
        ),
        ("client", "Client|CLIENT :|Nom du client|Donneur d'ordre|Donneur d’ordres|Customer|Acheteur"),
        ("contract", "Marché|marche|N° de marché|Marché public|Contrat|Accord-cadre|Réf. du marché|Contract|Framework"),
        ("style", "Modèle|MODELE|Référence|Réf.|Article|Code article|Référence article|Désignation|Style|Produit"),
        ("due", "Date de livraison|Livraison|Échéance|ECHEANCE|Date d'échéance|Délai|À livrer avant le|Due date"),
        ("due", "Date de livraison souhaitée|Livraison prévue (jj/mm/aaaa)|Delivery date|Date limite de livraison"),
        ("colour", "Coloris|COULEUR|Couleurs|Teinte|Couleur du tissu|Colour|Color"),
        ("size", "Taille|TAILLES|Pointure|Taille / pointure|Size"),
        ("quantity", "Quantité|QUANTITE|Qté|Qte.|Qté (pcs)|Nombre|Nbre|Nb de pièces|Pièces|Quantité à fabriquer|Qty"),
        ("total", "Total|TOTAL|Total pièces|Quantité totale|Total général|Grand total|Totaux"),
        ("other", "Tissu|Observations|Prix unitaire|Total HT|EAN|Date|Date de commande|Adresse de livraison"),
        (None, "S|XL|36|Bleu|2026-0117|Ville de Lille|N°|Commande de 12 000 tabliers|Total Energies||,;"),
    ],
)
def test_the_words_above_a_column_say_what_it_holds(field: str | None, titles: str) -> None:
    assert {title: field_of(title) for title in titles.split("|")} == dict.fromkeys(titles.split("|"), field)


def test_every_field_has_titles() -> None:
    assert {field_of(str(title)) for title in (*TITLES, "Total")} == set(FIELDS)


@pytest.mark.parametrize(
    ("titles", "sized"),
    [
        ("XS|S|M|L|XL|XXL|XXXL|2XL|3XL|xl|T1|T6|T.38|T38|Taille M|Taille 40|S/M|L-XL|36/38|TU|T.U.", True),
        ("Taille unique|unique|6 ans|6ans|6/8 ans|6 à 8 ans|8A|12 mois|12M|6-9 mois|One size|2XS", True),
        ("Tissu|36|SM|Bleu|XM|T|Total|12 novembre|Lille|", False),
    ],
)
def test_sizes_are_known_by_their_names(titles: str, sized: bool) -> None:
    assert {title: is_size(title) for title in titles.split("|")} == dict.fromkeys(titles.split("|"), sized)


@pytest.mark.parametrize(
    ("text", "total"),
    [
        ("Total", True),
        ("TOTAUX :", True),
        ("Total général", True),
        ("Sous-total", True),
        ("Total Blanc", True),
        ("Blanc Total", True),
        ("Grand total", True),
        ("TotalEnergies", False),
        ("Blanc", False),
        ("", False),
    ],
)
def test_the_label_of_a_sum_is_known(text: str, total: bool) -> None:
    assert is_total(text) is total


def test_one_row_for_each_size_and_colour() -> None:
    rows: Rows = [
        TITLES,
        ["2026-0117", "Ville de Lille", "2026-04", "Tablier", DUE, "Blanc", "S", 30],
        ["2026-0117", "Ville de Lille", "2026-04", "Tablier", DUE, "Blanc", "M", "1 200"],
        ["2026-0118", "CHU", "", "Blouse", "23 nov. 2026", "Bleu", 38, 5.0],
    ]
    reading = read_order_sheet(rows)
    assert reading.ok
    assert reading.header_row == 1
    assert reading.rows_read == 3
    assert dict(reading.columns) == {
        "code": "OF",
        "client": "Client",
        "contract": "Marché",
        "style": "Modèle",
        "due": "Échéance",
        "colour": "Coloris",
        "size": "Taille",
        "quantity": "Quantité",
    }
    assert reading.orders == (
        Order(
            "2026-0117",
            "Ville de Lille",
            "2026-04",
            "Tablier",
            DUE,
            (OrderLine("S", "Blanc", 30), OrderLine("M", "Blanc", 1200)),
        ),
        Order("2026-0118", "CHU", "", "Blouse", DUE, (OrderLine("38", "Bleu", 5),)),
    )


def test_sizes_in_columns_with_blanks_dashes_and_zeros_for_none() -> None:
    rows = table("""
        OF  | Coloris | S  | M | L | Total
        117 | Blanc   | 30 | - | 20 | 50
        117 | Écru    | 0  |   | 10 | 10
        118 | Écru    | 5  |   |    |
    """)
    reading = read_order_sheet(rows)
    assert reading.ok
    assert reading.columns["sizes"] == "S, M, L"
    assert reading.columns["total"] == "Total"
    assert lines(reading) == {
        "117": [("S", "Blanc", 30), ("L", "Blanc", 20), ("L", "Écru", 10)],
        "118": [("S", "Écru", 5)],
    }


@pytest.mark.parametrize(
    ("sizes", "read"),
    [
        ("XS|S|M|L|XL|XXL", "XS, S, M, L, XL, XXL"),
        ("34|36|38|40", "34, 36, 38, 40"),
        ("2|4|6|8", "2, 4, 6, 8"),
        ("4 ans|6 ans|12 mois", "4 ans, 6 ans, 12 mois"),
        ("T1|T2|T6", "T1, T2, T6"),
        ("TU", "TU"),
        ("Petit|Grand|Très grand", "Petit, Grand, Très grand"),
        ("S|Grand modèle spécial|XL", "S, Grand modèle spécial, XL"),
    ],
)
@pytest.mark.parametrize("last", ["Total", "Quantité", "Qté totale"])
def test_any_sizes_stand_between_colour_and_total(sizes: str, read: str, last: str) -> None:
    names = sizes.split("|")
    rows: Rows = [
        ["OF", "Tissu", "Coloris", "Prix", *names, last],
        ["7", "Coton 200 g", "Blanc", 3.5, *[10] * len(names), 10 * len(names)],
    ]
    reading = read_order_sheet(rows)
    assert reading.faults == ()
    assert reading.columns["sizes"] == read
    assert lines(reading) == {"7": [(name, "Blanc", 10) for name in names]}


def test_sizes_stand_below_a_common_title() -> None:
    rows = table("""
        BON DE COMMANDE N° BC-45
        Modèle | Coloris | Tailles |    |    | Quantité | Observations
               |         | S       | M  | L  |          |
        Blouse | Blanc   | 10      | 20 | 30 | 60       | urgent
               | Bleu    |         | 5  |    | 5        |
    """)
    reading = read_order_sheet(rows)
    assert reading.faults == ()
    assert reading.header_row == 3
    assert reading.orders[0].style == "Blouse"
    assert lines(reading) == {"BC-45": [("S", "Blanc", 10), ("M", "Blanc", 20), ("L", "Blanc", 30), ("M", "Bleu", 5)]}


def test_what_stands_above_the_table_fills_the_missing_columns() -> None:
    rows = table("""
        ATELIERS DU NORD
        Client : Ville de Lille | | Marché | 2026-04
        N° OF | 2026-0117 | | Livraison : | 23/11/2026
        Date | 01/09/2026 | | Article : Tablier : bavette

        Coloris | S | M
        Blanc | 30 | 20
    """)
    reading = read_order_sheet(rows)
    assert reading.faults == ()
    assert reading.header_row == 6
    assert (reading.columns["code"], reading.columns["due"], reading.columns["colour"]) == (
        "N° OF",
        "Livraison",
        "Coloris",
    )
    (order,) = reading.orders
    assert (order.code, order.client, order.contract, order.style, order.due) == (
        "2026-0117",
        "Ville de Lille",
        "2026-04",
        "Tablier : bavette",
        DUE,
    )


@pytest.mark.parametrize(
    ("title", "code"),
    [
        ("ORDRE DE FABRICATION N° 2026-0117", "2026-0117"),
        ("Ordre de fabrication : 2026/17", "2026/17"),
        ("OF 2026-0117", "2026-0117"),
        ("Annexe au bon de commande n° BC-45, du 2 mars", "BC-45"),
        ("Commande n°4500012345", "4500012345"),
    ],
)
def test_the_order_code_may_stand_in_the_heading(title: str, code: str) -> None:
    reading = read_order_sheet([[title], [], ["Coloris", "S", "M"], ["Blanc", 1, 2]])
    assert reading.faults == ()
    assert [order.code for order in reading.orders] == [code]


@pytest.mark.parametrize("title", ["Commande de 12 tabliers", "List of 12 aprons", "Commande urgente", "Page 1"])
def test_other_headings_are_no_order_code(title: str) -> None:
    reading = read_order_sheet([[title], [], ["Coloris", "S", "M"], ["Blanc", 1, 2]])
    assert faults(reading) == [(3, "", "order_column_missing", "")]


def test_fields_given_once_hold_for_the_rows_below() -> None:
    rows = table("""
        OF  | Client | Marché | Échéance   | Coloris | Taille | Quantité
        117 | Lille  | M4     | 23/11/2026 | Blanc   | S      | 30
            |        |        |            |         | M      | 20
            |        |        |            | Écru    | S      | 10
        118 | CHU    |        |            | Bleu    | S      | 5
            |        | M5     |            |         | M      | 6
        117 |        |        |            |         | L      | 1
    """)
    reading = read_order_sheet(rows)
    assert reading.faults == ()
    assert lines(reading) == {
        "117": [("S", "Blanc", 30), ("M", "Blanc", 20), ("S", "Écru", 10), ("L", "Écru", 1)],
        "118": [("S", "Bleu", 5), ("M", "Bleu", 6)],
    }
    assert [(order.client, order.contract, order.due) for order in reading.orders] == [
        ("Lille", "M4", DUE),
        ("CHU", "M5", None),
    ]


def test_a_group_row_names_the_order_and_the_colour_of_the_rows_below() -> None:
    rows = table("""
        OF  | Client | Coloris | Taille | Quantité
        117 | Lille  |         |        |
            |        | Blanc   |        |
            |        |         | S      | 30
            |        | Écru    |        |
            |        |         | S      | 10
    """)
    reading = read_order_sheet(rows)
    assert reading.faults == ()
    assert reading.orders[0].client == "Lille"
    assert lines(reading) == {"117": [("S", "Blanc", 30), ("S", "Écru", 10)]}


def test_tables_below_each_other_have_their_own_order_and_sizes() -> None:
    rows = table("""
        Client : Ville de Lille
        OF : 2026-1 | Échéance : 23/11/2026
        Coloris | S | M | Total
        Blanc | 10 | 20 | 30
        Total | 10 | 20 | 30

        OF | 118
        Modèle : Pantalon
        Coloris | 36 | 38 | Total
        Bleu | 36 | 38 | 74
    """)
    reading = read_order_sheet(rows)
    assert reading.faults == ()
    assert lines(reading) == {
        "2026-1": [("S", "Blanc", 10), ("M", "Blanc", 20)],
        "118": [("36", "Bleu", 36), ("38", "Bleu", 38)],
    }
    assert [(order.client, order.style, order.due) for order in reading.orders] == [
        ("Ville de Lille", "", DUE),
        ("Ville de Lille", "Pantalon", None),
    ]


def test_titles_repeated_on_a_printed_page_are_no_line() -> None:
    rows: Rows = [COLOUR_TITLES, ["7", "Blanc", 1, 2, 3, 6], COLOUR_TITLES, ["", "Bleu", 4, 0, 0, 4]]
    reading = read_order_sheet(rows)
    assert reading.faults == ()
    assert len(reading.orders[0].lines) == 4


def test_two_title_rows_repeated_on_a_printed_page_are_no_line() -> None:
    titles: Rows = [["OF", "Coloris", "Tailles", "", "Total"], ["", "", "S", "M", ""]]
    reading = read_order_sheet([*titles, ["7", "Blanc", 1, 2, 3], *titles, ["7", "Bleu", 4, 5, 9]])
    assert reading.faults == ()
    assert reading.rows_read == 2
    assert reading.orders[0].pieces == 12


def test_one_spelling_for_one_colour_in_an_order() -> None:
    reading = read_order_sheet([COLOUR_TITLES[:-1], ["7", "Écru", 1, 0, 0], ["7", "ECRU", 0, 2, 0]])
    assert lines(reading) == {"7": [("S", "Écru", 1), ("M", "Écru", 2)]}


def test_a_sheet_need_not_name_a_colour() -> None:
    reading = read_order_sheet([["OF", "Taille", "Qté"], ["7", "TU", 40]])
    assert reading.ok
    assert lines(reading) == {"7": [("TU", "", 40)]}


def test_a_colour_above_the_table_is_the_colour_of_its_lines() -> None:
    reading = read_order_sheet([["Coloris : Blanc"], [], ["OF", "Taille", "Qté"], ["7", "TU", 40]])
    assert lines(reading) == {"7": [("TU", "Blanc", 40)]}


def test_hostile_cells_are_only_text() -> None:
    hostile = "=cmd|' /C calc'!A0"
    rows: Rows = [TITLES, [hostile, "<script>alert(1)</script>", "a\x00\u202eb", "@SUM(1)", None, "+1", "-2+3", 4]]
    (order,) = read_order_sheet(rows).orders
    assert (order.code, order.client, order.contract, order.style) == (
        hostile,
        "<script>alert(1)</script>",
        "ab",
        "@SUM(1)",
    )
    assert order.lines == (OrderLine("-2+3", "+1", 4),)


@pytest.mark.parametrize(
    "total_row",
    [
        ["Total", "", 11, 22, 3, 36],
        ["", "TOTAL", 11, 22, 3, 36],
        ["Total général", "", "", "", "", 36],
        ["TOTAL", 36],
        ["Total pièces", "36"],
        ["Total", "", "", 22, "", ""],
    ],
)
def test_a_right_total_row_is_checked_and_not_counted(total_row: list[Cell]) -> None:
    rows: Rows = [COLOUR_TITLES, ["7", "Blanc", 1, 2, 3, 6], ["8", "Bleu", 10, 20, 0, 30], total_row]
    reading = read_order_sheet(rows)
    assert reading.faults == ()
    assert sum(order.pieces for order in reading.orders) == 36
    assert reading.rows_read == 2


def test_subtotals_hold_for_their_group() -> None:
    rows = table("""
        OF  | Coloris     | Taille | Quantité
        117 | Blanc       | S      | 30
        117 | Blanc       | M      | 20
            | Total Blanc |        | 50
        117 | Écru        | S      | 10
            | Total Écru  |        | 10
        Total OF 117 |    |        | 60
        118 | Bleu        | S      | 5
            |             | Sous-total | 5
        Total général |   |        | 65
    """)
    reading = read_order_sheet(rows)
    assert reading.faults == ()
    assert sum(order.pieces for order in reading.orders) == 65


@pytest.mark.parametrize("totals", [(5, 4), (9, 9), (9, None), (None, 9)])
def test_a_total_beside_sizes_in_rows_may_be_of_the_row_or_the_order(totals: tuple[Cell, Cell]) -> None:
    rows: Rows = [["OF", "Coloris", "Taille", "Qté", "Total"]]
    rows = [*rows, ["7", "Blanc", "S", 5, totals[0]], ["7", "Bleu", "S", 4, totals[1]]]
    assert read_order_sheet(rows).faults == ()


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([COLOUR_TITLES, ["7", "Blanc", 1, 2, 3, 7]], [(2, "Total", "total_differs", "7 ≠ 6")]),
        (
            [COLOUR_TITLES, ["7", "Blanc", 1, 2, 3, 6], ["Total", "", 1, 3, 3, 7]],
            [(3, "M", "total_differs", "3 ≠ 2"), (3, "Total", "total_differs", "7 ≠ 6")],
        ),
        ([COLOUR_TITLES, ["7", "Blanc", 1, 2, 3, 6], ["TOTAL", 12]], [(3, "Coloris", "total_differs", "12 ≠ 6")]),
        (
            [["OF", "Taille", "Qté"], ["7", "S", 5], ["Total", "", 6]],
            [(3, "Qté", "total_differs", "6 ≠ 5")],
        ),
        (
            [["OF", "Taille", "Qté", "Total"], ["7", "S", 5, 4]],
            [(2, "Total", "total_differs", "4 ≠ 5")],
        ),
        ([COLOUR_TITLES, ["7", "Blanc", 1, 2, 3, "6,5"]], [(2, "Total", "quantity_not_whole", "6,5")]),
    ],
)
def test_a_wrong_total_is_named(rows: Rows, expected: list[tuple[int, str, str, str]]) -> None:
    assert faults(read_order_sheet(rows)) == expected


def test_a_total_is_not_held_against_quantities_that_could_not_be_read() -> None:
    rows: Rows = [COLOUR_TITLES, ["7", "Blanc", 1, "2,5", 3, 6], ["Total", "", 1, 2, 3, 6]]
    assert faults(read_order_sheet(rows)) == [(2, "M", "quantity_not_whole", "2,5")]


def test_an_order_total_on_each_row_is_not_held_against_rows_that_could_not_be_read() -> None:
    rows: Rows = [["OF", "Taille", "Qté", "Total"], ["7", "S", 1, 6], ["7", "M", "2,5", 6], ["7", "L", 3, 6]]
    assert faults(read_order_sheet(rows)) == [(3, "Qté", "quantity_not_whole", "2,5")]


def test_notes_and_signatures_around_the_table_are_left_out() -> None:
    rows = table("""
        ESAT L’ÉPEULE – 59100 Roubaix
        Date | 02/09/2026
        OF  | Coloris | S | M | Total
        117 | Blanc | 1 | 2 | 3
        Bon pour accord

        Fait à Lille, le 2 septembre 2026 | | Visa du chef :
        Signature
    """)
    reading = read_order_sheet(rows)
    assert reading.faults == ()
    assert lines(reading) == {"117": [("S", "Blanc", 1), ("M", "Blanc", 2)]}


def test_a_signature_below_the_total_is_no_quantity() -> None:
    rows: Rows = [["OF : 7"], ["Coloris", "S", "M"], ["Blanc", 1, 2], ["Total", 1, 2], ["Le client", "", "Signature"]]
    assert read_order_sheet(rows).ok


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (["", "", "", "", "", "Blanc", "S", 3], [(2, "OF", "order_missing", "")]),
        (["7", "", "", "", "", "", "", 3], [(2, "Taille", "size_missing", "3")]),
        (["7", "", "", "", "", "", "S", ""], [(2, "Quantité", "quantity_missing", "S")]),
        (["7", "", "", "", "", "", "S", 0], [(2, "Quantité", "quantity_zero", "S")]),
        (["7", "", "", "", "", "", "S", "-3"], [(2, "Quantité", "quantity_negative", "-3")]),
        (["7", "", "", "", "", "", "S", "30,5"], [(2, "Quantité", "quantity_not_whole", "30,5")]),
        (["7", "", "", "", "", "", "S", "1.200"], [(2, "Quantité", "quantity_ambiguous", "1.200")]),
        (["7", "", "", "", "", "", "S", 1_000_001], [(2, "Quantité", "quantity_too_large", "1000001")]),
        (["7", "", "", "", "", "", "S", "=A1"], [(2, "Quantité", "quantity_formula", "=A1")]),
        (["7", "", "", "", "", "", "S", "dix"], [(2, "Quantité", "quantity_not_a_number", "dix")]),
        (["7", "", "", "", "bientôt", "", "S", 3], [(2, "Échéance", "date_not_read", "bientôt")]),
        (["7", "", "", "", "30/02/2026", "", "S", 3], [(2, "Échéance", "date_impossible", "30/02/2026")]),
        (["7", "", "", "", "23/11/1926", "", "S", 3], [(2, "Échéance", "date_out_of_range", "23/11/1926")]),
        (["7", "", "", "", "", "", date(2026, 12, 10), 3], [(2, "Taille", "text_is_date", "2026-12-10")]),
        ([date(2026, 1, 1), "", "", "", "", "", "S", 3], [(2, "OF", "text_is_date", "2026-01-01")]),
        (["7" * 41, "", "", "", "", "", "S", 3], [(2, "OF", "text_too_long", "7" * 41)]),
        (["7", "x" * 81, "", "", "", "", "S", 3], [(2, "Client", "text_too_long", "x" * 60)]),
        (["7", "Lille", "", "", "", "", "", ""], [(2, "", "order_empty", "7")]),
    ],
)
def test_a_faulty_row_is_named_with_its_column(row: list[Cell], expected: list[tuple[int, str, str, str]]) -> None:
    reading = read_order_sheet([TITLES, row])
    assert faults(reading) == expected
    assert not reading.ok


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([], [(0, "", "no_titles", "")]),
        ([["Bonjour", "à tous"], [1, 2]], [(0, "", "no_titles", "")]),
        ([TITLES], [(0, "", "no_orders", "")]),
        ([["OF", "Taille"], ["7", "S"]], [(1, "", "quantity_column_missing", "")]),
        ([["OF", "Quantité"], ["7", 5]], [(1, "", "size_column_missing", "")]),
        (
            [["OF", "Client"], ["7", "Lille"]],
            [(1, "", "quantity_column_missing", ""), (1, "", "size_column_missing", "")],
        ),
        ([["Taille", "Qté"], ["S", 5], ["M", 6]], [(1, "", "order_column_missing", "")]),
        ([["OF", "Taille", "Qté", "Qté"], ["7", "S", 5, 6]], [(1, "Qté", "title_twice", "D")]),
        ([["OF", "Coloris", "S", "", "L"], ["7", "Blanc", 1, 2, 3]], [(1, "", "title_missing", "D")]),
        (
            [["OF", "Coloris", "S", date(2026, 12, 10), "L"], ["7", "Blanc", 1, 2, 3]],
            [(1, "2026-12-10", "title_is_date", "2026-12-10")],
        ),
        (
            [["OF", "Coloris", "S" * 81, "Total"], ["7", "Blanc", 1, 1]],
            [(1, "S" * 60, "title_too_long", "S" * 60)],
        ),
        (
            [["OF", "Coloris", "Taille", "Qté"], ["7", "Blanc", "S", 1], ["8", "", "S", 2], ["8", "Bleu", "M", 3]],
            [(3, "Coloris", "colour_missing", "")],
        ),
        (
            [["OF", "Client", "Taille", "Qté"], ["7", "Lille", "S", 1], ["7", "LILLE", "M", 2], ["7", "CHU", "L", 3]],
            [(4, "Client", "field_conflict", "CHU ≠ Lille")],
        ),
        (
            [["OF", "Échéance", "Taille", "Qté"], ["7", DUE, "S", 1], ["7", "24/11/2026", "M", 2]],
            [(3, "Échéance", "field_conflict", "2026-11-24 ≠ 2026-11-23")],
        ),
        (
            [["OF", "Taille", "Qté"], ["7", "S", 1], ["8", "S", 1], ["7", " s ", 2]],
            [(4, "Qté", "line_twice", "2")],
        ),
        (
            [["OF", "Coloris", "S", "M"], ["7", "Blanc", 1, 2], ["7", "Blanc", "", 2]],
            [(3, "M", "line_twice", "2")],
        ),
        (
            [["OF", "Taille", "Qté"], *(["7", f"p{n}", 1] for n in range(LINES_LIMIT + 1))],
            [(LINES_LIMIT + 2, "Qté", "too_many_lines", "7")],
        ),
    ],
)
def test_a_faulty_sheet_says_what_is_wrong(rows: Rows, expected: list[tuple[int, str, str, str]]) -> None:
    assert faults(read_order_sheet(rows)) == expected


def test_the_rest_of_a_faulty_sheet_is_read_for_the_preview() -> None:
    rows: Rows = [["OF", "Taille", "Qté"], ["7", "S", 1], ["7", "M", "x"], ["8", "S", 2]]
    reading = read_order_sheet(rows)
    assert lines(reading) == {"7": [("S", "", 1)], "8": [("S", "", 2)]}
    assert not reading.ok


def test_nobody_is_shown_more_faults_than_can_be_mended() -> None:
    reading = read_order_sheet([["OF", "Taille", "Qté"], *(["7", f"p{n}", "x"] for n in range(FAULTS_LIMIT + 9))])
    assert len(reading.faults) == FAULTS_LIMIT + 1
    assert reading.faults[-1] == Fault(FAULTS_LIMIT + 2, "", FaultCode.TOO_MANY_FAULTS, str(FAULTS_LIMIT))


def test_columns_chosen_by_hand_go_before_the_guess() -> None:
    rows: Rows = [["OF", "Référence", "Modèle", "Taille", "Qté", "Qté livrée"], ["7", "R1", "Blouse", "S", 5, 3]]
    assert read_order_sheet(rows).orders[0].style == "Blouse"
    chosen = read_order_sheet(rows, columns={"style": 1, "quantity": 5})
    assert chosen.faults == ()
    assert (chosen.orders[0].style, chosen.orders[0].pieces) == ("R1", 3)
    assert chosen.columns["quantity"] == "Qté livrée"
    without = read_order_sheet(rows, columns={"style": -1})
    assert without.orders[0].style == ""
    assert "style" not in without.columns


def test_a_choice_between_two_equal_titles_ends_the_doubt() -> None:
    rows: Rows = [["OF", "Taille", "Qté", "Qté"], ["7", "S", 5, 6]]
    reading = read_order_sheet(rows, columns={"quantity": 2})
    assert reading.faults == ()
    assert reading.orders[0].pieces == 5


@pytest.mark.parametrize(("titles", "header_row"), [([["a", "b", "c"]], 1), ([], 0), ([["Liste"], ["a", "b", "c"]], 2)])
def test_columns_chosen_by_hand_need_no_known_title(titles: list[list[Cell]], header_row: int) -> None:
    reading = read_order_sheet([*titles, ["7", "S", 5], ["", "M", "x"]], columns={"code": 0, "size": 1, "quantity": 2})
    assert reading.header_row == header_row
    assert lines(reading) == {"7": [("S", "", 5)]}
    column = "c" if titles else "C"
    assert faults(reading) == [(len(titles) + 2, column, "quantity_not_a_number", "x")]


WORDS = [
    "OF",
    "Client",
    "Coloris",
    "Taille",
    "Quantité",
    "Total",
    "S",
    "M",
    "36",
    "38",
    "OF : 7",
    "Client : x",
    "Sous-total",
]
CELLS = st.one_of(
    st.none(),
    st.sampled_from(WORDS),
    st.text(max_size=12),
    st.integers(-5, 60),
    st.integers(),
    st.floats(),
    st.decimals(),
    st.booleans(),
    st.dates(),
    st.datetimes(),
    st.sampled_from(["1 200", "30,5", "1.200", "23/11/2026", "=A1", "x" * 200, "-", Decimal("sNaN")]),
)
CHOICES = st.none() | st.dictionaries(st.sampled_from([*FIELDS, "sizes", "x"]), st.integers(-2, 9), max_size=4)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.lists(CELLS, max_size=8), max_size=9), CHOICES)
def test_no_sheet_makes_an_accident(rows: list[list[Cell]], columns: dict[str, int] | None) -> None:
    reading = read_order_sheet(rows, columns=columns)
    assert reading.ok is (bool(reading.orders) and not reading.faults)
    assert reading.orders or reading.faults
    assert 0 <= reading.header_row <= len(rows)
    assert reading.rows_read <= len(rows)
    for fault in reading.faults:
        assert 0 <= fault.row <= len(rows)
        assert len(fault.value) <= 60
        assert fault.value.isprintable()


@settings(max_examples=200, deadline=None)
@given(st.permutations(TITLES), st.lists(st.lists(CELLS, min_size=8, max_size=8), max_size=6))
def test_no_rows_under_known_titles_make_an_accident(titles: list[Cell], rows: list[list[Cell]]) -> None:
    reading = read_order_sheet([titles, *rows])
    assert reading.header_row >= 1
    assert reading.orders or reading.faults


def test_an_excel_date_with_a_time_is_a_day() -> None:
    due = datetime(2026, 11, 23, 12, 0)  # noqa: DTZ001 - spreadsheets know no time zone
    reading = read_order_sheet([["OF", "Livraison", "Taille", "Qté"], ["7", due, "S", 5], ["7", 46349, "M", 5]])
    assert reading.ok
    assert reading.orders[0].due == DUE
