"""Files of every kind an office sends, read as rows of cells; and orders written and read back through them."""

import csv
import io
import random
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, reject, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from floor_app import texts
from floor_app.domain.order_faults import FaultCode
from floor_app.domain.order_sheets import Cell, read_order_sheet
from floor_app.domain.order_titles import field_of, is_total
from floor_app.domain.orders import (
    CODE_LIMIT,
    EARLIEST_DUE,
    LATEST_DUE,
    TEXT_LIMIT,
    Order,
    OrderLine,
    clean_text,
    likeness,
)
from floor_app.spreadsheets import (
    BYTES_LIMIT,
    COLUMNS_LIMIT,
    ROWS_LIMIT,
    UNREADABLE_CODES,
    UNZIPPED_BYTES_LIMIT,
    UnreadableSheet,
    read_rows,
    sheet_names,
)

SAMPLES = Path(__file__).parent / "samples" / "orders"
Row = Sequence[object]
APRONS = {
    "Bleu marine": {"S": 900, "M": 2_100, "L": 2_400, "XL": 1_200, "XXL": 600},
    "Écru": {"S": 600, "M": 1_400, "L": 1_600, "XL": 800, "XXL": 400},
}


def workbook(*sheets: Sequence[Row], hidden: int = 0, adjust: Callable[[Workbook], None] | None = None) -> bytes:
    """An XLSX file with these sheets, the first `hidden` of them hidden; text starting with = stays text."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for number, rows in enumerate(sheets, start=1):
        sheet = book.create_sheet(f"Feuil{number}")
        sheet.sheet_state = "hidden" if number <= hidden else "visible"
        for row_number, row in enumerate(rows, start=1):
            for column, value in enumerate(row, start=1):
                cell = sheet.cell(row_number, column)
                cell.value = value
                if isinstance(value, str):
                    cell.data_type = "s"
    if adjust:
        adjust(book)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def csv_bytes(rows: Sequence[Row], *, delimiter: str = ";", encoding: str = "utf-8") -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerows(rows)
    return text.getvalue().encode(encoding)


def rezipped(content: bytes, change: Callable[[str, bytes], bytes]) -> bytes:
    """The same archive with every part passed through `change`."""
    changed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
    return changed.getvalue()


def archive(**parts: bytes) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as new:
        for name, part in parts.items():
            new.writestr(name.replace("__", "/").replace("_xml", ".xml").replace("_bin", ".bin"), part)
    return content.getvalue()


def code_of(content: bytes, *, filename: str = "", sheet: str = "") -> str:
    with pytest.raises(UnreadableSheet) as raised:
        read_rows(content, filename=filename, sheet=sheet)
    return raised.value.code


# Text files


@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_every_kind_of_text_file_gives_the_same_cells(delimiter: str, encoding: str) -> None:
    rows = [["Référence", "Qté", "Coloris"], ["Blouse; col, « V » | n° 2", "30,5", "bleu-œuf €"], ["", "1", "d’été"]]
    read = read_rows(csv_bytes(rows, delimiter=delimiter, encoding=encoding))
    assert read == [[*rows[0]], [*rows[1]], [None, "1", "d’été"]]


def test_utf_16_of_either_order_is_told_by_its_mark() -> None:
    text = "\ufeffOF;Qté\r\n7;5"
    assert read_rows(text.encode("utf-16-be")) == read_rows(text.encode("utf-16-le")) == [["OF", "Qté"], ["7", "5"]]


def test_decimal_commas_do_not_pass_for_columns() -> None:
    rows = read_rows(b"OF;Taille;Quantit\xe9\r\n7;S;30,0\r\n7;M;40,0\r\n8;S;5,0\r\n")
    assert rows[1] == ["7", "S", "30,0"]


def test_a_line_that_names_the_delimiter_is_no_row() -> None:
    assert read_rows(b"sep=,\r\nOF,Taille\r\n7,S") == [["OF", "Taille"], ["7", "S"]]


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_blank_rows_keep_their_number(newline: str) -> None:
    text = newline.join(["Titre;", "", ";;", "OF;Qté", "7;5", ";", "", " ; "])
    assert read_rows(text.encode()) == [["Titre"], [], [], ["OF", "Qté"], ["7", "5"]]


def test_a_cell_of_several_lines_is_one_cell() -> None:
    assert read_rows(b'OF;Note\r\n7;"un\r\ndeux; ""trois"""\r\n') == [["OF", "Note"], ["7", 'un\r\ndeux; "trois"']]


# Workbooks


def test_a_workbook_gives_numbers_texts_and_dates() -> None:
    rows = read_rows(
        workbook([["OF", "Livraison"], [], ["0012", date(2026, 11, 23), 30, 1.5, True, time(8, 30), None]])
    )
    assert rows[:2] == [["OF", "Livraison"], []]
    assert [str(cell) for cell in rows[2]] == ["0012", "2026-11-23 00:00:00", "30", "1.5", "TRUE", "08:30:00"]


def test_the_first_visible_sheet_with_anything_in_it_is_read() -> None:
    content = workbook([["caché"]], [], [["OF", "7"]], [["autre", "x"]], hidden=1)
    assert read_rows(content) == [["OF", "7"]]
    assert sheet_names(content) == ["Feuil2", "Feuil3", "Feuil4"]
    assert read_rows(content, sheet="Feuil4") == [["autre", "x"]]
    assert code_of(content, sheet="Feuil1") == "no_such_sheet"
    assert code_of(content, sheet="Feuil2") == "empty"
    assert sheet_names(b"OF;7") == []


def formulas(book: Workbook) -> None:
    book["Feuil1"]["C2"] = "=A2*2"


def test_a_formula_saved_without_its_result_is_shown_not_lost() -> None:
    content = workbook([["OF", "S", "M"], ["7", 5]], adjust=formulas)
    assert read_rows(content)[1] == ["7", 5, "=A2*2"]


def test_a_formula_gives_the_result_its_program_saved() -> None:
    def calculated(name: str, part: bytes) -> bytes:
        return part.replace(b"<v></v>", b"<v>10</v>").replace(b"<v />", b"<v>10</v>").replace(b"<v/>", b"<v>10</v>")

    content = rezipped(workbook([["OF", "S", "M"], ["7", 5]], adjust=formulas), calculated)
    assert read_rows(content)[1] == ["7", 5, 10]


def test_a_formula_whose_result_is_no_text_is_blank() -> None:
    def blank(name: str, part: bytes) -> bytes:
        return part.replace(b'<c r="C2">', b'<c r="C2" t="str">') if name.endswith("sheet1.xml") else part

    content = rezipped(workbook([["OF", "S", "M"], ["7", 5]], adjust=formulas), blank)
    assert b't="str"' in zipfile.ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet1.xml")
    assert read_rows(content)[1] == ["7", 5]


def test_a_wrong_dimension_hides_no_row() -> None:
    def narrowed(name: str, part: bytes) -> bytes:
        return part.replace(b'<dimension ref="A1:B2"', b'<dimension ref="A1"')

    content = rezipped(workbook([["OF", "Qté"], ["7", 5]]), narrowed)
    assert read_rows(content) == [["OF", "Qté"], ["7", 5]]


def test_a_forgotten_format_at_the_foot_of_the_sheet_is_no_row() -> None:
    def ghost(name: str, part: bytes) -> bytes:
        return part.replace(b"</sheetData>", b'<row r="1048576" ht="12.8"></row></sheetData>')

    content = rezipped(workbook([["OF", "Qté"], ["7", 5]]), ghost)
    assert read_rows(content) == [["OF", "Qté"], ["7", 5]]


# What cannot be read


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b" \r\n\t", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (b";;\r\n;;", "empty"),
        (workbook([[]]), "empty"),
        (b"a" * (BYTES_LIMIT + 1), "too_large"),
        (b"a;b\n" * (ROWS_LIMIT + 1), "too_many_rows"),
        (b"a" + b";b" * COLUMNS_LIMIT, "too_many_columns"),
        (workbook([["a"], *[[]] * ROWS_LIMIT, ["b"]]), "too_many_rows"),
        (workbook([["a", *[None] * (COLUMNS_LIMIT - 1), "b"]]), "too_many_columns"),
        (b"Bonjour\r\nvoici", "not_a_table"),
        (b"%PDF-1.7\n1;2", "not_a_table"),
        (b"<html><table><tr><td>1;2", "not_a_table"),
        (b"\x89PNG\r\n\x1a\n\0;", "not_a_table"),
        (b"a;b\0c;d", "not_a_table"),
        (archive(word__document_xml=b"<x/>"), "not_a_table"),
        (archive(mimetype=b"application/vnd.oasis.opendocument.spreadsheet", content_xml=b"<x/>"), "open_document"),
        (archive(xl__workbook_bin=b"\0"), "binary_workbook"),
        (archive(xl__workbook_xml=b"<x/>"), "bad_xlsx"),
        (b"PK\x03\x04 a;b", "bad_xlsx"),
        (workbook([["a", "b"]])[:-40], "bad_xlsx"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512, "old_xls"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "password"),
        (b"OF;Qt\x81\r\n7;5", "bad_text"),
        (b"\xff\xfeO\0F\0;", "bad_text"),
        (b'OF;Note\r\n7;"sans fin\r\n8;x', "bad_quotes"),
        (b'OF;Note\r\n7;"' + b"x;y\r\n" * 40_000, "bad_quotes"),
        (b'OF;Note\r\n7;"tablier" bleu\r\n8;x', "bad_quotes"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_no_table_is_refused_with_its_reason(content: bytes, code: str) -> None:
    assert code_of(content) == code
    assert code in UNREADABLE_CODES


def test_a_name_can_say_that_it_is_no_table() -> None:
    assert code_of(b"a;b", filename="commande.PDF") == "not_a_table"


def test_a_small_file_that_unpacks_to_a_huge_one_is_refused() -> None:
    content = archive(xl__workbook_xml=b" " * (UNZIPPED_BYTES_LIMIT + 1))
    assert len(content) < 100_000
    assert code_of(content) == "too_large_inside"


def test_a_small_file_of_a_million_cells_is_refused() -> None:
    def many(name: str, part: bytes) -> bytes:
        return part.replace(b"<sheetData>", b"<sheetData><row>" + b"<c/>" * 1_000_001 + b"</row>")

    content = rezipped(workbook([["a"]]), many)
    assert len(content) < 100_000
    assert code_of(content) == "too_large_inside"


@pytest.mark.parametrize("number", ["1048577", "99999999999999"])
def test_a_row_far_below_the_end_of_a_sheet_does_not_keep_the_reader_busy(number: str) -> None:
    def far(name: str, part: bytes) -> bytes:
        return part.replace(b'<row r="2"', f'<row r="{number}"'.encode())

    assert code_of(rezipped(workbook([["a"], ["b"]]), far)) == "too_many_rows"


def test_entities_in_a_workbook_are_not_unfolded() -> None:
    def laughs(name: str, part: bytes) -> bytes:
        entities = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'
        return entities + part.partition(b"?>")[2] if name.endswith("sheet1.xml") and b"?>" in part else part

    def declared(name: str, part: bytes) -> bytes:
        return part if part.startswith(b"<?xml") else b"<?xml version='1.0'?>" + part

    assert code_of(rezipped(rezipped(workbook([["a", "b"]]), declared), laughs)) == "bad_xlsx"


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    read_or_refused(content)


@settings(max_examples=100, deadline=None)
@given(st.sampled_from([b"PK\x03\x04", b"\xff\xfe", b"\xef\xbb\xbf", b"sep=,\n", b'"']), st.binary(max_size=200))
def test_any_bytes_after_a_known_beginning_are_read_or_refused(start: bytes, content: bytes) -> None:
    read_or_refused(start + content)


WHOLE = workbook([["OF", "Livraison", "Qté"], ["7", date(2026, 11, 23), 5], ["8", None, 6.5]], adjust=None)


@settings(max_examples=150, deadline=None)
@given(st.integers(0, len(WHOLE) - 1), st.binary(min_size=1, max_size=4))
def test_any_damaged_workbook_is_read_or_refused(place: int, noise: bytes) -> None:
    read_or_refused(WHOLE[:place] + noise + WHOLE[place + len(noise) :])


@pytest.mark.filterwarnings("ignore::UserWarning:openpyxl")
@settings(max_examples=250, deadline=None)
@given(st.randoms(use_true_random=False))
def test_any_workbook_with_damage_inside_is_read_or_refused(chance: random.Random) -> None:
    def damaged(name: str, part: bytes) -> bytes:
        if chance.random() < 0.7:
            return part
        place = chance.randrange(len(part))
        noise = chance.choice([b"", b"<", b'"', b"9" * 30, b"x", b"-1", b"</c>", b"&#0;", b"\xff", b"1e999"])
        return part[:place] + noise + part[place + chance.randrange(8) :]

    read_or_refused(rezipped(WHOLE, damaged))


def read_or_refused(content: bytes) -> None:
    try:
        rows = read_rows(content)
        sheet_names(content)
    except UnreadableSheet as refusal:
        assert refusal.code in UNREADABLE_CODES
    else:
        assert rows
        assert len(rows) <= ROWS_LIMIT
        assert read_order_sheet(rows).rows_read <= len(rows)


# The sample files


def aprons(order: Order) -> dict[str, dict[str, int]]:
    read: dict[str, dict[str, int]] = {}
    for line in order.lines:
        read.setdefault(line.colour, {})[line.size] = line.quantity
    return read


@pytest.mark.parametrize(
    ("name", "header_row", "rows_read"),
    [
        ("tabliers_tailles_en_colonnes_cp1252.csv", 8, 2),
        ("tabliers_tailles_en_colonnes.xlsx", 8, 2),
        ("tabliers_lignes_utf8_bom.csv", 1, 10),
        ("tabliers_lignes.xlsx", 1, 10),
    ],
)
def test_twelve_thousand_aprons_arrive_in_any_file(name: str, header_row: int, rows_read: int) -> None:
    reading = read_order_sheet(read_rows((SAMPLES / name).read_bytes(), filename=name))
    assert reading.faults == ()
    assert (reading.header_row, reading.rows_read) == (header_row, rows_read)
    (order,) = reading.orders
    assert order.pieces == 12_000
    assert aprons(order) == APRONS
    assert (order.code, order.client, order.contract, order.style, order.due) == (
        "2026-0117",
        "Ville de Lille – cuisine centrale",
        "Marché 2026-TEX-04 lot 2",
        "Tablier à bavette T310",
        date(2026, 11, 23),
    )


def test_a_list_of_three_orders_arrives() -> None:
    reading = read_order_sheet(read_rows((SAMPLES / "trois_commandes.tsv").read_bytes()))
    assert reading.ok
    assert [(order.code, order.style, order.due, order.pieces) for order in reading.orders] == [
        ("BC-2026-045", "Blouse enfant", date(2027, 1, 15), 1400),
        ("BC-2026-046", "Sac à linge", date(2026, 12, 2), 2500),
        ("BC-2026-047", "Surblouse", date(2027, 3, 31), 750),
    ]


def test_every_fault_of_a_faulty_file_is_told_in_french() -> None:
    reading = read_order_sheet(read_rows((SAMPLES / "avec_fautes.csv").read_bytes()))
    told = [french_fault(fault.code, row=fault.row, column=fault.column, value=fault.value) for fault in reading.faults]
    assert [(fault.row, fault.code.value) for fault in reading.faults] == [
        (3, "quantity_not_whole"),
        (4, "quantity_ambiguous"),
        (5, "line_twice"),
        (6, "field_conflict"),
        (7, "date_impossible"),
        (7, "quantity_negative"),
        (8, "size_missing"),
        (9, "quantity_missing"),
        (10, "quantity_not_a_number"),
        (11, "total_differs"),
    ]
    assert told[0] == (
        "Ligne 3, colonne Quantité\u00a0: «\u00a030,5\u00a0» n’est pas un nombre entier. "
        "Corrigez le fichier, puis importez-le à nouveau."
    )


# Words


def french_fault(code: str, *, row: int, column: str, value: str) -> str:
    return texts.words("fr")(f"import_faults.{code}", row=row, column=column, value=value)


def test_every_fault_and_every_refusal_has_french_words_and_no_words_are_left_over() -> None:
    words = texts.words("fr").area("import_faults")
    assert set(words) == {*map(str, FaultCode), *UNREADABLE_CODES}


@pytest.mark.parametrize("code", [*map(str, FaultCode), *UNREADABLE_CODES])
def test_the_words_name_the_place_and_the_cure(code: str) -> None:
    told = french_fault(code, row=7, column="Qté {x}", value="{0} <b>")
    sheetwide = code in UNREADABLE_CODES or code in ("no_titles", "no_orders", "too_many_faults")
    assert ("Ligne 7" in told) is not sheetwide
    assert told.endswith(".")
    assert len(told.split(". ")) >= 2
    assert "  " not in told
    assert not any(mark in told for mark in (" :", " ;", " !", " ?", " »", "« ", "'"))


# Orders written and read back


LETTERS = st.sampled_from("abcSXL0123456789 éèçœÉ’'\"«»€;,|:=<>&-+/.()#@")
ANY_LETTERS = LETTERS | st.characters(codec="utf-8")
WINDOWS_LETTERS = LETTERS | st.characters(codec="cp1252")
DUES = st.none() | st.dates(EARLIEST_DUE, LATEST_DUE)


def text_of(limit: int, letters: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.text(letters, max_size=limit).map(lambda text: clean_text(text, limit=limit))


def is_a_name(text: str) -> bool:
    """A word that can stand for a code, a size or a colour: no column title, no label of a sum."""
    return bool(text) and field_of(text) is None and not is_total(text)


@st.composite
def orders(draw: st.DrawFn, letters: st.SearchStrategy[str]) -> list[Order]:
    codes = text_of(CODE_LIMIT, letters).filter(is_a_name)
    return [draw(one_order(code, letters)) for code in draw(st.lists(codes, min_size=1, max_size=3, unique=True))]


@st.composite
def one_order(draw: st.DrawFn, code: str, letters: st.SearchStrategy[str]) -> Order:
    names = text_of(12, letters).filter(is_a_name)
    texts_of_order = text_of(TEXT_LIMIT, letters) | st.sampled_from(["Client", "OF", "Total", "Marché", "Lille; Nord"])
    known_sizes = st.sampled_from(["XS", "S", "M", "L", "2XL", "36", "38", "40", "6 ans", "TU"])
    sizes = draw(st.lists(known_sizes | names, min_size=1, max_size=4, unique_by=likeness))
    colours = draw(st.lists(names, min_size=1, max_size=3, unique_by=likeness) | st.just([""]))
    kinds = draw(st.permutations([(size, colour) for colour in colours for size in sizes]))
    kept = sorted(kinds[: draw(st.integers(1, len(kinds)))], key=lambda kind: kind[1])
    pieces = st.integers(1, 1_000_000) | st.integers(1, 60)
    lines = tuple(OrderLine(size, colour, draw(pieces)) for size, colour in kept)
    client, contract, style = (draw(texts_of_order) for _ in range(3))
    return Order(code, client, contract, style, draw(DUES), lines)


@dataclass(frozen=True)
class Writing:
    """How somebody writes their sheet."""

    titles: tuple[str, ...]
    number: Callable[[int], object]
    day: Callable[[date], object]
    first_row_only: bool
    letterhead: bool


NUMBERS: tuple[Callable[[int], object], ...] = (
    int,
    str,
    float,
    lambda n: f"{n:,}".replace(",", "\u202f"),
    lambda n: f"{n:,}".replace(",", "\u00a0") + ",0",
    lambda n: f"{n} pcs",
)
MONTHS = ["janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "sept.", "oct.", "nov.", "déc."]
DAYS: tuple[Callable[[date], object], ...] = (
    lambda day: day,
    lambda day: day.isoformat(),
    lambda day: f"{day:%d/%m/%Y}",
    lambda day: f"{day:%d/%m/%y}",
    lambda day: f"{day.day}.{day.month}.{day.year}",
    lambda day: f"{day.day} {MONTHS[day.month - 1]} {day.year}",
    lambda day: (day - date(1899, 12, 30)).days,
)
ORDER_TITLES = ("N° OF", "Donneur d'ordre", "Marché", "Modèle", "Date de livraison")
WRITINGS = st.builds(
    Writing,
    titles=st.permutations(ORDER_TITLES).map(tuple),
    number=st.sampled_from(NUMBERS),
    day=st.sampled_from(DAYS),
    first_row_only=st.booleans(),
    letterhead=st.booleans(),
)


def order_cells(order: Order, writing: Writing, *, first: bool) -> list[object]:
    if writing.first_row_only and not first:
        return [""] * len(writing.titles)
    due = writing.day(order.due) if order.due else ""
    values = dict(zip(ORDER_TITLES, (order.code, order.client, order.contract, order.style, due), strict=True))
    return [values[title] for title in writing.titles]


def head_of(writing: Writing) -> list[list[object]]:
    return [["ATELIERS DU NORD – ESAT"], ["Édité par : M. Dupont", "", "page 1/1"], []] if writing.letterhead else []


def in_rows(written: list[Order], writing: Writing) -> list[list[object]]:
    rows: list[list[object]] = [*head_of(writing), [*writing.titles, "Coloris", "Taille", "Qté"]]
    for order in written:
        for place, line in enumerate(order.lines):
            cells = order_cells(order, writing, first=place == 0)
            rows.append([*cells, line.colour, line.size, writing.number(line.quantity)])
    return rows


def in_columns(written: list[Order], writing: Writing) -> list[list[object]]:
    sizes = list(dict.fromkeys(line.size for order in written for line in order.lines))
    rows: list[list[object]] = [*head_of(writing), [*writing.titles, "Coloris", *sizes, "Total"]]
    sums = dict.fromkeys(sizes, 0)
    for order in written:
        for place, colour in enumerate(dict.fromkeys(line.colour for line in order.lines)):
            pieces = {line.size: line.quantity for line in order.lines if line.colour == colour}
            shown = [writing.number(pieces[size]) if size in pieces else "" for size in sizes]
            cells = order_cells(order, writing, first=place == 0)
            rows.append([*cells, colour, *shown, writing.number(sum(pieces.values()))])
            sums = {size: sums[size] + pieces.get(size, 0) for size in sizes}
    filler = [""] * (len(writing.titles) - 1)
    return [*rows, ["", *filler, "TOTAL", *(writing.number(n) for n in (*sums.values(), sum(sums.values())))]]


def in_size_order(order: Order) -> Order:
    return replace(order, lines=tuple(sorted(order.lines, key=lambda line: (line.colour, line.size))))


def assert_reads_back(rows: Sequence[Sequence[Cell]], written: list[Order]) -> None:
    reading = read_order_sheet(rows)
    assert reading.faults == ()
    assert [in_size_order(order) for order in reading.orders] == [in_size_order(order) for order in written]


ROUND_TRIP = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
Layout = Callable[[list[Order], Writing], list[list[object]]]
LAYOUTS: st.SearchStrategy[Layout] = st.sampled_from([in_rows, in_columns])


ENCODINGS = ["utf-8", "utf-8-sig", "utf-16"]


@ROUND_TRIP
@given(orders(ANY_LETTERS), LAYOUTS, WRITINGS, st.sampled_from(";,\t|"), st.sampled_from(ENCODINGS))
def test_any_orders_come_back_from_a_text_file(
    written: list[Order], layout: Layout, writing: Writing, delimiter: str, encoding: str
) -> None:
    content = csv_bytes(layout(written, writing), delimiter=delimiter, encoding=encoding)
    assert_reads_back(read_rows(content), written)


@ROUND_TRIP
@given(orders(WINDOWS_LETTERS), LAYOUTS, WRITINGS, st.sampled_from(";,\t|"))
def test_any_orders_windows_letters_can_hold_come_back_from_a_text_file(
    written: list[Order], layout: Layout, writing: Writing, delimiter: str
) -> None:
    try:
        content = csv_bytes(layout(written, writing), delimiter=delimiter, encoding="cp1252")
    except UnicodeEncodeError:
        reject()
    assume(content.isascii() or not is_utf_8(content))
    assert_reads_back(read_rows(content), written)


def is_utf_8(content: bytes) -> bool:
    """« Ã© » in Windows letters has the very bytes of « é » in UTF-8: nobody can tell them apart."""
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return True


@ROUND_TRIP
@given(orders(ANY_LETTERS), LAYOUTS, WRITINGS)
def test_any_orders_come_back_from_a_workbook(written: list[Order], layout: Layout, writing: Writing) -> None:
    rows = [[None if cell == "" else cell for cell in row] for row in layout(written, writing)]
    assert_reads_back(read_rows(workbook(rows)), written)
