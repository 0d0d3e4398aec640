"""The printed note and receipt: their codes are read back by a decoder, large enough for cheap scanners, and their words are right."""

import numpy as np
import pypdfium2
import pytest
import zxingcpp
from PIL import Image, ImageFilter

from floor_app.domain.note_parts import gather, parts_of
from floor_app.domain.transfers import MOST_BUNDLES
from floor_app.note_files import Receipt, pack_note, pack_receipt
from floor_app.reports.transfer_paper import MODULE_MM, NotePaper, ReceiptPaper, code_drawing, note_pdf, receipt_pdf
from floor_app.texts import words
from tests.label_templates.gate import QR_ONLY
from tests.network import a_note, a_note_bundle, an_identity

t = words("fr")
LYON = an_identity("LYON-2", name="ESAT de Lyon", site="CDFG")
NOTE = a_note(sender=LYON, count=30, order="OF 2026/0900")
CONTENT = pack_note(NOTE, LYON)
DPI = 300
DOTS_PER_MM = DPI / 25.4
LEAST_MODULE_MM = 0.5
LARGEST_VERSION = 15


def pages(pdf: bytes, *, dpi: int = DPI) -> list[Image.Image]:
    return [page.render(scale=dpi / 72).to_pil().convert("L") for page in pypdfium2.PdfDocument(pdf)]


def read(image: Image.Image) -> list[zxingcpp.Barcode]:
    return list(zxingcpp.read_barcodes(np.asarray(image), formats=QR_ONLY))


def texts_in(pdf: bytes, *, dpi: int = DPI) -> list[str]:
    return [code.text for page in pages(pdf, dpi=dpi) for code in read(page)]


def words_in(pdf: bytes) -> str:
    """Without spaces: readers of PDF guess the gaps."""
    return "".join("".join(page.get_textpage().get_text_range().split()) for page in pypdfium2.PdfDocument(pdf))


@pytest.fixture(scope="module")
def printed() -> bytes:
    return note_pdf(NotePaper(NOTE, CONTENT))


def test_the_codes_of_a_printed_note_are_the_note(printed: bytes) -> None:
    texts = texts_in(printed)
    assert sorted(texts) == sorted(parts_of(CONTENT))
    assert gather(texts).content == CONTENT


def test_a_code_has_modules_that_cheap_scanners_see(printed: bytes) -> None:
    found = [code for page in pages(printed) for code in read(page)]
    for code in found:
        _, side = code_drawing(code.text)
        modules = side - 8
        assert (modules - 17) // 4 <= LARGEST_VERSION
        across = code.position.top_right.x - code.position.top_left.x
        assert across / modules / DOTS_PER_MM == pytest.approx(MODULE_MM, rel=0.03)
        assert code.ec_level == "M"
    assert MODULE_MM >= LEAST_MODULE_MM


@pytest.mark.parametrize("seed", range(4))
def test_an_office_printers_copy_of_a_copy_is_still_read(printed: bytes, seed: int) -> None:
    """Faint, grown, askew, blurred and grainy, in 200 dots per inch."""
    chance = np.random.default_rng(seed)
    texts = []
    for page in pages(printed, dpi=200):
        grown = Image.blend(page, page.filter(ImageFilter.MinFilter(3)), 0.3)
        askew = grown.rotate(float(chance.uniform(-4, 4)), Image.Resampling.BICUBIC, fillcolor=255)
        blurred = askew.filter(ImageFilter.GaussianBlur(0.8))
        grainy = np.asarray(blurred, dtype=np.float64) * 0.75 + 40 + chance.normal(0, 8, (page.height, page.width))
        texts += [code.text for code in read(Image.fromarray(grainy.clip(0, 255).astype(np.uint8)))]
    assert set(texts) == set(parts_of(CONTENT))


def test_the_paper_says_who_to_whom_what_and_how_many(printed: bytes) -> None:
    said = words_in(printed)
    wanted = (
        "LYON-2-BCDFGH",
        "ESATdeLyon",
        "AtelierdesTilleuls",
        "26/11/2026",
        "OF2026/0900",
        "Blouse",
        "30paquets",
        "600pièces",
    )
    assert [word for word in wanted if word not in said] == []
    assert "3sur12" in said and t("transfers.paper_received").replace(" ", "") in said


def test_words_that_mean_something_to_the_typesetter_are_printed_as_they_are() -> None:
    odd = '#panic("x") $1^2$ *gras* \\ `code` @x <y> [z]'
    note = a_note(sender=LYON, client=odd, bundles=(a_note_bundle(1, colour=odd), a_note_bundle(2, colour="أزرق")))
    pdf = note_pdf(NotePaper(note, pack_note(note, LYON)))
    assert words_in(pdf).count("".join(odd.split())) == 2


def test_a_receipt_is_read_back_too_and_says_what_was_counted() -> None:
    received = tuple((bundle.code, bundle.pieces - 2 * (bundle.number == 1)) for bundle in NOTE.bundles)
    receipt = Receipt(NOTE.code, "ATL07", received, 77)
    content = pack_receipt(receipt, an_identity())
    pdf = receipt_pdf(ReceiptPaper(receipt, NOTE, "Atelier des Tilleuls", content))
    assert gather(texts_in(pdf)).content == content
    assert "598pièces" in words_in(pdf)


def test_a_note_of_a_whole_pallet_has_all_its_codes() -> None:
    note = a_note(sender=LYON, count=MOST_BUNDLES)
    content = pack_note(note, LYON)
    assert gather(texts_in(note_pdf(NotePaper(note, content)), dpi=200)).content == content


def test_a_note_too_long_for_codes_says_to_give_the_file() -> None:
    note = a_note(sender=LYON)
    pdf = note_pdf(NotePaper(note, bytes(range(256)) * 60))
    assert texts_in(pdf) == []
    assert t("transfers.paper_no_codes").replace(" ", "").replace("\u00a0", "") in words_in(pdf)


def test_the_same_note_is_the_same_paper(printed: bytes) -> None:
    assert note_pdf(NotePaper(NOTE, CONTENT)) == printed
