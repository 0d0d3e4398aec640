from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from PIL import Image

from label_templates.render import SIZES, render_label, render_svg
from label_templates.resvg import pixels
from tests.label_templates.gate import read_codes
from tests.label_templates.labels import CODE, PRINTERS, bundle, picture

FRENCH = "àâäæçéèêëîïôöœùûüÿÀÂÄÆÇÉÈÊËÎÏÔÖŒÙÛÜŸ’«»–—…€°²·№×"
OTHERS = "їієґЇІЄҐабвгдежзий" + "ابتثجحخدذرزسشصضطظعغفقكلمنهويپچژگٹډړښې" + "ğışİŞĞãõçñ"
NO_LETTER = "\ue000"  # private use: no font of the tree has it


def drawn(text: str, *, mono: bool = False) -> bytes:
    family = "DejaVu Sans Mono" if mono else "DejaVu Sans"
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{60 * len(text) + 60}" height="100"><text x="20" y="60" '
        f'font-family="{family}" font-stretch="condensed" font-weight="700" font-size="40">{text}</text></svg>'
    )
    return pixels(svg).getchannel("A").tobytes()


@pytest.mark.parametrize("mono", [False, True])
def test_every_french_letter_has_its_own_shape_in_both_fonts(mono: bool) -> None:
    shapes = {letter: drawn(letter, mono=mono) for letter in FRENCH}
    no_letter = drawn(NO_LETTER, mono=mono)
    assert any(no_letter), "a missing letter is drawn as a box, so that its lack is seen"
    assert [letter for letter, shape in shapes.items() if shape == no_letter or not any(shape)] == []
    assert len({shape for letter, shape in shapes.items() if letter.isalpha()}) == sum(map(str.isalpha, FRENCH))


def test_ukrainian_turkish_arabic_dari_and_pashto_letters_are_there() -> None:
    no_letter = drawn(NO_LETTER)
    assert [letter for letter in OTHERS if drawn(letter) in {no_letter, drawn(" ")}] == []


def test_arabic_letters_are_joined_and_run_right_to_left() -> None:
    joined, apart = (np.frombuffer(drawn(text), np.uint8) for text in ("قميص", "ق\u200cم\u200cي\u200cص"))
    assert joined.sum() != apart.sum()
    assert ink_columns("ب ا")[0] == ink_columns("ا")[0], "the last letter of the line stands first from the left"


def ink_columns(text: str) -> list[int]:
    image = Image.frombytes("L", (60 * len(text) + 60, 100), drawn(text))
    columns = np.flatnonzero(np.asarray(image).any(axis=0))
    runs = np.split(columns, np.flatnonzero(np.diff(columns) > 1) + 1)
    return [len(run) for run in runs]


def test_no_font_of_the_machine_is_used() -> None:
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="100" height="40"><text y="30" font-family="{}">Abc</text></svg>'
    )
    for family in ("Liberation Sans", "Arial", "sans-serif", "serif"):
        assert not any(pixels(svg.format(family)).tobytes())
    assert any(pixels(svg.format("DejaVu Sans")).tobytes())


def test_the_same_bundle_gives_the_same_dots_in_another_process() -> None:
    program = (
        "import sys; from label_templates.render import render_label; from tests.label_templates.labels import bundle;"
        "sys.stdout.buffer.write(render_label('bundle', bundle(), size='58x40').tobytes())"
    )
    elsewhere = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True).stdout
    assert elsewhere == render_label("bundle", bundle(), size="58x40").tobytes()


@pytest.mark.parametrize("size", list(SIZES))
@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"duplicate": 3},
        {"picture_png": picture()},
        {"style": "قميص عمل أزرق", "colour": "Синьо-жовтий", "size": "آ"},
    ],
)
def test_the_label_on_the_screen_is_the_label_on_the_paper(size: str, changes: dict[str, object]) -> None:
    label = bundle(**changes)
    svg = render_svg("bundle", label, size=size)
    width, height = (round(mm * 8) for mm in (SIZES[size].width_mm, SIZES[size].height_mm))
    svg = svg.replace(
        f'width="{SIZES[size].width_mm:g}mm" height="{SIZES[size].height_mm:g}mm"', f'width="{width}" height="{height}"'
    )
    screen = Image.new("RGBA", (width, height), "white")
    screen.alpha_composite(pixels(svg))
    shown = np.asarray(screen.convert("L")) >= 128
    printed = np.asarray(render_label("bundle", label, size=size))
    assert shown.shape == printed.shape
    assert (shown != printed).sum() <= 2, "where two texts touch, half-covered dots may add up"


@pytest.mark.parametrize(("size", "dots_per_mm", "width_dots"), PRINTERS)
def test_a_duplicate_is_marked_and_keeps_its_code(size: str, dots_per_mm: float, width_dots: int | None) -> None:
    def printed(duplicate: int) -> Image.Image:
        return render_label(
            "bundle", bundle(duplicate=duplicate), size=size, dots_per_mm=dots_per_mm, width_dots=width_dots
        )

    first, second, third = (np.asarray(printed(duplicate)) for duplicate in (0, 1, 2))
    assert (first != second).sum() > 200
    assert (second != third).any()
    assert read_codes(printed(1)) == [CODE, CODE]


def test_nothing_heavy_is_loaded_before_the_first_label() -> None:
    heavy = ("PIL", "resvg_py", "jinja2", "qrcode", "defusedxml", "xml.etree.ElementTree")
    program = f"import sys; import label_templates.render; print([name for name in {heavy} if name in sys.modules])"
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True, text=True).stdout
    assert loaded.strip() == "[]"
