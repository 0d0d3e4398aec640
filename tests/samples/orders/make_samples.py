"""Writes the sample order files beside this script, as workshops send them. Run it as a program."""

import csv
import io
from datetime import date
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Font

HERE = Path(__file__).parent
SIZES = ("S", "M", "L", "XL", "XXL")
APRONS = {
    "Bleu marine": (900, 2_100, 2_400, 1_200, 600),
    "Écru": (600, 1_400, 1_600, 800, 400),
}
ORDER = ("2026-0117", "Ville de Lille – cuisine centrale", "Marché 2026-TEX-04 lot 2", "Tablier à bavette T310")
DUE = date(2026, 11, 23)
TITLES = ("N° OF", "Donneur d'ordre", "Marché", "Modèle", "Date de livraison", "Coloris", "Taille", "Quantité")


def spaced(number: int) -> str:
    """1 200 with the no-break space Excel puts in French."""
    return f"{number:,}".replace(",", "\u00a0")


def apron_sheet(*, number: type = int) -> list[list[object]]:
    """The call-off order of 12 000 aprons: a letterhead, sizes in columns, a total column and a total row."""
    shown = spaced if number is str else int
    head: list[list[object]] = [
        ["ATELIERS DU NORD – ESAT L’ÉPEULE"],
        ["ORDRE DE FABRICATION N° 2026-0117"],
        [],
        ["Donneur d'ordre :", ORDER[1], "", "Marché :", ORDER[2]],
        ["Modèle :", ORDER[3], "", "Échéance :", "23 novembre 2026" if number is str else DUE],
        ["Tissu :", "Polycoton 65/35, 245 g/m²", "", "Laize :", "150 cm"],
        [],
        ["Coloris", *SIZES, "Total"],
    ]
    rows = [[colour, *map(shown, pieces), shown(sum(pieces))] for colour, pieces in APRONS.items()]
    sums = [sum(column) for column in zip(*APRONS.values(), strict=True)]
    total = ["TOTAL", *map(shown, sums), shown(sum(sums))]
    return [*head, *rows, total, [], ["Fait à Lille, le 2 septembre 2026", "", "", "Visa du chef d’atelier :"]]


def apron_rows(*, due: object) -> list[list[object]]:
    """The same order with one row for each size and colour."""
    code, client, contract, style = ORDER
    return [
        list(TITLES),
        *(
            [code, client, contract, style, due, colour, size, pieces]
            for colour, row in APRONS.items()
            for size, pieces in zip(SIZES, row, strict=True)
        ),
    ]


def three_orders() -> list[list[object]]:
    """A list exported from a quotation program: the order on the first row only, three orders, ages and one size."""
    return [
        ["Commande", "Client", "Référence article", "Livraison", "Couleur", "Taille", "Prix unitaire", "Qté"],
        [
            "BC-2026-045",
            "Région Hauts-de-France",
            "Blouse enfant",
            "15/01/2027",
            "Vert d’eau",
            "4 ans",
            "8,50",
            "120,0",
        ],
        ["", "", "", "", "", "6 ans", "8,50", "180,0"],
        ["", "", "", "", "", "8 ans", "8,90", "1\u202f040"],
        ["", "", "", "", "Rose", "6 ans", "8,50", "60"],
        ["BC-2026-046", "CHU d’Amiens", "Sac à linge", "02/12/26", "Blanc", "TU", "3,20", "2 500"],
        ["BC-2026-047", "CHU d’Amiens", "Surblouse", "31 mars 2027", "Bleu", "T1", "11", "300"],
        ["", "", "", "", "", "T2", "11", "450"],
    ]


def faulty_sheet() -> list[list[object]]:
    """One fault on nearly every row; the tests name each of them."""
    return [
        ["N° OF", "Client", "Date de livraison", "Coloris", "Taille", "Quantité", "Total"],
        ["2026-0120", "Ville de Roubaix", "23/11/2026", "Blanc", "S", "30", ""],
        ["", "", "", "", "M", "30,5", ""],
        ["", "", "", "", "L", "1.200", ""],
        ["", "", "", "", "S", "12", ""],
        ["", "Ville de Tourcoing", "", "", "XL", "10", ""],
        ["2026-0121", "=cmd|' /C calc'!A0", "30/02/2026", "Noir", "S", "-5", ""],
        ["", "", "", "", "", "20", ""],
        ["", "", "", "", "M", "", ""],
        ["", "", "", "", "L", "vingt", ""],
        ["2026-0122", "Ville de Roubaix", "", "Noir", "XL", "7", "70"],
    ]


def as_csv(rows: list[list[object]], *, delimiter: str) -> str:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator="\r\n").writerows(rows)
    return text.getvalue()


def save_workbook(rows: list[list[object]], name: str, *, title_row: int) -> None:
    workbook = Workbook()
    sheet = workbook.active
    assert sheet is not None
    sheet.title = "Commande"
    for row in rows:
        sheet.append(row)
    for cell in sheet[title_row]:
        cell.font = Font(bold=True)
    for column in sheet.iter_cols(min_row=title_row + 1):
        for cell in column:
            if isinstance(cell.value, date):
                cell.number_format = "DD/MM/YYYY"
    workbook.save(HERE / name)


def main() -> None:
    """Write every sample."""
    padded = [[*row, *[""] * (7 - len(row))] for row in apron_sheet(number=str)]
    (HERE / "tabliers_tailles_en_colonnes_cp1252.csv").write_bytes(as_csv(padded, delimiter=";").encode("cp1252"))
    rows = apron_rows(due="23/11/2026")
    (HERE / "tabliers_lignes_utf8_bom.csv").write_bytes(as_csv(rows, delimiter=";").encode("utf-8-sig"))
    (HERE / "trois_commandes.tsv").write_bytes(as_csv(three_orders(), delimiter="\t").encode())
    (HERE / "avec_fautes.csv").write_bytes(as_csv(faulty_sheet(), delimiter=";").encode("cp1252"))
    save_workbook(apron_sheet(), "tabliers_tailles_en_colonnes.xlsx", title_row=8)
    save_workbook(apron_rows(due=DUE), "tabliers_lignes.xlsx", title_row=1)


if __name__ == "__main__":
    main()
