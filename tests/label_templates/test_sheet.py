"""A4 sheets: a page turned into dots is read like paper; shapes are shapes and words are words."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from io import BytesIO

import numpy as np
import pypdfium2
import pytest
from PIL import Image
from pypdfium2 import raw

from label_templates.label import LabelError
from label_templates.sheet import Sheet, SheetGrid, SheetItem, sheet_pdf, sheet_picture, size_for
from tests.label_templates.gate import read_codes, symbols
from tests.label_templates.labels import bundle, picture, random_code
from tests.label_templates.papers import PAPERS

THREE_BY_EIGHT = SheetGrid(3, 8, top_mm=0.5)
CARDS = SheetGrid(2, 5, side_mm=15.0, top_mm=13.5, gap_mm=10.0)
DOTS_PER_MM = 12


def bundles(count: int) -> tuple[SheetItem, ...]:
    return tuple(
        SheetItem("bundle", bundle(code=random_code(n), bundle_number=n, bundle_count=count), f"Paquet {n}")
        for n in range(1, count + 1)
    )


def pages(pdf: bytes) -> list[Image.Image]:
    """Each page as it would come out of a printer of 305 dpi."""
    document = pypdfium2.PdfDocument(pdf)
    return [page.render(scale=DOTS_PER_MM * 25.4 / 72).to_pil().convert("L") for page in document]


def texts(pdf: bytes) -> str:
    """Every letter in drawing order, without spaces: letters stand one by one, and readers of PDF guess the gaps."""
    return "".join("".join(page.get_textpage().get_text_range().split()) for page in pypdfium2.PdfDocument(pdf))


def kinds_of_objects(pdf: bytes) -> Counter[int]:
    return Counter(found.type for page in pypdfium2.PdfDocument(pdf) for found in page.get_objects(max_depth=15))


def test_a_lay_fills_its_pages_and_every_code_is_read_twice() -> None:
    items = bundles(30)
    found = pages(sheet_pdf(Sheet("Matelas 1", items, THREE_BY_EIGHT)))
    assert [len(read_codes(page)) for page in found] == [48, 12]
    read = Counter(code for page in found for code in read_codes(page))
    assert read == Counter({item.label.code: 2 for item in items})


def test_a_page_is_a4_and_a_label_keeps_its_true_size() -> None:
    document = pypdfium2.PdfDocument(sheet_pdf(Sheet("Matelas 1", bundles(1), THREE_BY_EIGHT)))
    assert [round(points * 25.4 / 72) for points in document[0].get_size()] == [210, 297]
    page = pages(sheet_pdf(Sheet("Matelas 1", bundles(1), THREE_BY_EIGHT)))[0]
    sides = [symbol.right - symbol.left for symbol in symbols(page)]
    assert [round(side / DOTS_PER_MM, 1) for side in sides] == [10.5, 10.5], "21 modules of 4 dots, 8 dots a mm"


def test_modules_are_exact_squares() -> None:
    """Each module of a code covers 6 × 6 dots here: all of one colour but the outermost, which a fraction may touch."""
    page = pages(sheet_pdf(Sheet("Matelas 1", bundles(1), SheetGrid(3, 8))))[0]
    ink = np.asarray(page) < 128
    for symbol in symbols(page):
        code = ink[symbol.top : symbol.bottom, symbol.left : symbol.right]
        assert code.shape == (126, 126)
        blocks = code.reshape(21, 6, 21, 6)[:, 1:-1, :, 1:-1]
        assert (blocks == blocks[:, :1, :, :1]).all()


@pytest.mark.parametrize(("grid", "template"), [(CARDS, "command_card"), (SheetGrid(2, 2), "station_card")])
def test_cards_are_read_too(grid: SheetGrid, template: str) -> None:
    item = SheetItem(template, PAPERS[template], "Carte")
    page = pages(sheet_pdf(Sheet("Cartes", (item,) * grid.cells, grid, cut_lines=True)))[0]
    assert Counter(read_codes(page)) == {PAPERS[template].code: 2 * grid.cells}


@pytest.mark.parametrize("template", list(PAPERS))
def test_every_paper_can_be_on_a_sheet(template: str) -> None:
    pdf = sheet_pdf(Sheet("Feuille", (SheetItem(template, PAPERS[template], "Feuille"),), SheetGrid(1, 1)))
    read = {code for page in pages(pdf) for code in read_codes(page)}
    assert read == set(PAPERS[template].codes)


def test_words_are_words_and_shapes_are_shapes() -> None:
    label = bundle(style="Blouse œuvre à façon", colour="قميص عمل أزرق")
    pdf = sheet_pdf(Sheet("Matelas 1", (SheetItem("bundle", label, "Paquet 3"),), THREE_BY_EIGHT))
    assert "Blouseœuvreàfaçon" in texts(pdf)
    assert "OF-2026-0117" in texts(pdf)
    found = kinds_of_objects(pdf)
    assert found[raw.FPDF_PAGEOBJ_IMAGE] == 0
    assert found[raw.FPDF_PAGEOBJ_PATH] > 0
    assert found[raw.FPDF_PAGEOBJ_TEXT] > 5


def test_only_a_picture_is_made_of_dots() -> None:
    item = SheetItem("bundle", bundle(picture_png=picture()), "Paquet 3")
    assert kinds_of_objects(sheet_pdf(Sheet("Matelas 1", (item,), THREE_BY_EIGHT)))[raw.FPDF_PAGEOBJ_IMAGE] == 1


def test_the_fonts_of_the_tree_are_in_the_file_and_no_others() -> None:
    pdf = sheet_pdf(Sheet("Matelas 1", bundles(2), THREE_BY_EIGHT))
    document = pypdfium2.PdfDocument(pdf)
    fonts = {
        found.get_font().get_base_name()
        for found in document[0].get_objects(max_depth=15)
        if found.type == raw.FPDF_PAGEOBJ_TEXT
    }
    assert {re.sub(r"^[A-Z]{6}\+", "", name) for name in fonts} == {"DejaVuSansCondensed-Bold", "DejaVuSansMono-Bold"}


def test_used_stickers_are_left_free() -> None:
    sheet = Sheet("Matelas 1", bundles(3), THREE_BY_EIGHT, skipped=23)
    found = pages(sheet_pdf(sheet))
    assert (sheet.pages, [len(read_codes(page)) for page in found]) == (2, [2, 4])
    last_cell = np.asarray(found[0])[: -37 * DOTS_PER_MM]
    assert (last_cell == 255).all()


@pytest.mark.parametrize(
    ("grid", "size"),
    [(THREE_BY_EIGHT, "50x30"), (SheetGrid(2, 6), "58x40"), (SheetGrid(2, 4), "80x50"), (SheetGrid(4, 10), None)],
)
def test_a_label_takes_the_largest_size_that_fits(grid: SheetGrid, size: str | None) -> None:
    found = size_for("bundle", grid)
    assert (found.name if found else None) == size


def test_a_label_larger_than_its_cell_is_refused_in_words() -> None:
    item = SheetItem("station_card", PAPERS["station_card"], "Carte")
    with pytest.raises(LabelError, match=r"station_card has no drawing small enough for a cell of 70\.0 × 37\.0 mm"):
        sheet_pdf(Sheet("Cartes", (item,), THREE_BY_EIGHT))


def test_the_same_sheet_gives_the_same_file() -> None:
    sheet = Sheet("Matelas 1", bundles(4), THREE_BY_EIGHT)
    assert sheet_pdf(sheet) == sheet_pdf(sheet)


@pytest.mark.parametrize("title", ['"]) #panic("x")', "\\", "a\n#b", "$x$ *é* `y` <z> @w", "\x00\u202e"])
def test_what_a_title_says_is_only_said(title: str) -> None:
    items = tuple(replace(item, about=title) for item in bundles(1))
    pdf = sheet_pdf(Sheet(title, items, THREE_BY_EIGHT))
    assert len(read_codes(pages(pdf)[0])) == 2
    assert "panic" not in texts(pdf)


def test_the_picture_for_the_screen_is_the_first_page() -> None:
    shown = Image.open(BytesIO(sheet_picture(Sheet("Matelas 1", bundles(30), THREE_BY_EIGHT))))
    assert (shown.format, shown.width, shown.height) == ("PNG", 794, 1123)
    large = shown.convert("L").resize((3 * shown.width, 3 * shown.height), Image.Resampling.BICUBIC)
    assert set(read_codes(large)) <= {item.label.code for item in bundles(24)}
    assert (np.asarray(shown.convert("L")) < 128).mean() > 0.02
