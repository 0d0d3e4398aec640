from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path
from xml.etree.ElementTree import Element

import defusedxml.ElementTree
import numpy as np
import pytest

from label_templates.drawing import draw
from label_templates.label import SIZES, BundleLabel, LabelError
from label_templates.layout import Paper
from label_templates.raster import ink_image
from label_templates.render import TEMPLATES, render_label
from label_templates.template_fields import MADE_FIELDS, template_fields
from tests.label_templates.gate import faults
from tests.label_templates.labels import CODE, bundle

SVG = "{http://www.w3.org/2000/svg}"
DRAWINGS = sorted(TEMPLATES.glob("bundle.*.svg"))
PAPER = Paper(400, 240, 8.0)
FONTS = TEMPLATES / "fonts"
DOCS = TEMPLATES.parent / "docs" / "labels.md"


def raw(drawing: Path) -> Element:
    root: Element | None = defusedxml.ElementTree.parse(drawing).getroot()
    assert root is not None
    return root


def text_of(element: Element) -> str:
    return "".join(element.itertext())


def test_there_is_a_drawing_for_each_size() -> None:
    assert {drawing.stem.removeprefix("bundle.").removesuffix("-narrow") for drawing in DRAWINGS} == set(SIZES)


@pytest.mark.parametrize("drawing", DRAWINGS, ids=lambda path: path.stem)
def test_a_drawing_program_opens_the_template_and_sees_a_label(drawing: Path) -> None:
    root = raw(drawing)
    numbers = {"x", "y", "width", "height", "rx", "font-size", "stroke-width"}

    assert root.tag == f"{SVG}svg"
    assert root.get("viewBox") == f"0 0 {root.get('width')} {root.get('height')}"
    for element in root.iter():
        for name in numbers & set(element.attrib):
            assert float(element.attrib[name]) >= 0, "a place or size written in Jinja would be lost on opening"
        assert "{" not in (element.text or ""), "what is shown is a sample; what is printed is in data-text"


@pytest.mark.parametrize("drawing", DRAWINGS, ids=lambda path: path.stem)
def test_the_sample_shown_is_what_the_template_prints_for_that_bundle(drawing: Path) -> None:
    width, height = (int(raw(drawing).get(side, "0")) for side in ("width", "height"))
    printed = draw(drawing, bundle(duplicate=1, code="BCDFGHJKLNPRST"), Paper(width, height, 8.0)).svg
    shown = [text_of(text) for text in raw(drawing).iter(f"{SVG}text")]
    assert [text_of(text) for text in printed.iter("text")] == shown


@pytest.mark.parametrize("drawing", DRAWINGS, ids=lambda path: path.stem)
def test_every_field_of_a_bundle_is_on_every_label(drawing: Path) -> None:
    said = set(re.findall(r"[a-z_]+", " ".join(re.findall(r"{{(.*?)}}", drawing.read_text(encoding="utf-8")))))
    asked = (set(template_fields(bundle())) - {"code"}) | {"groups", "picture"}
    assert asked <= said


def test_the_fields_in_the_documentation_are_those_a_template_may_say() -> None:
    table = re.findall(r"^\| `([a-z_]+)` \|", DOCS.read_text(encoding="utf-8").split("## Fields")[1], re.MULTILINE)
    assert table == [field.name for field in fields(BundleLabel) if field.name != "picture_png"] + list(MADE_FIELDS)
    assert set(table) == set(template_fields(bundle()))


def test_the_sizes_and_files_in_the_documentation_are_those_of_the_tree() -> None:
    text = DOCS.read_text(encoding="utf-8")
    assert [name for name in SIZES if f"{name}" not in text] == []
    assert [drawing.name for drawing in DRAWINGS if f"`{drawing.name}`" not in text] == []


def test_each_font_stands_beside_its_licence_and_is_listed() -> None:
    listed = (FONTS / "README.md").read_text(encoding="utf-8")
    fonts = sorted(FONTS.glob("*.ttf"))
    assert fonts
    assert all(font.name in listed for font in fonts)
    assert "2.37" in listed
    assert "LICENSE-DejaVu.txt" in listed
    assert "Bitstream Vera Fonts Copyright" in (FONTS / "LICENSE-DejaVu.txt").read_text(encoding="utf-8")
    assert sum(path.stat().st_size for path in FONTS.iterdir()) < 1_500_000


def template_in(folder: Path, old: str = "", new: str = "") -> Path:
    """The 50 × 30 template with one thing changed, in a folder of its own."""
    text = (TEMPLATES / "bundle.50x30.svg").read_text(encoding="utf-8")
    assert old in text
    changed = folder / "bundle.50x30.svg"
    changed.write_text(text.replace(old, new), encoding="utf-8")
    return changed


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('<rect data-slot="code" x="284"', '<rect x="284"', "lower corners"),
        ('y="124" width="116" height="116"', 'y="125" width="115" height="115"', "lower corners"),
        ("{{ style }}", "{{ stile }}", "'stile' is undefined"),
        ("{{ style }}", "{{ style ", "Jinja"),
        ("{{ style }}", "{{ 1 / 0 }}", "division by zero"),
        ("{{ style }}", "{% include 'x' %}", "Jinja"),
        ("</svg>", "", "no element found"),
        ('font-size="25"', 'font-size="3mm"', "3mm"),
        ("<svg ", "<!DOCTYPE svg [<!ENTITY a 'b'>]><svg ", "DTD"),
    ],
)
def test_a_faulty_template_says_its_name_and_what_to_mend(tmp_path: Path, old: str, new: str, said: str) -> None:
    template = template_in(tmp_path, old, new)
    with pytest.raises(LabelError, match=r"bundle\.50x30\.svg") as refused:
        draw(template, bundle(), PAPER)
    assert said in str(refused.value)


def test_a_template_saved_by_inkscape_prints_as_before(tmp_path: Path) -> None:
    """Inkscape adds its own elements, moves properties into `style`, wraps texts in lines and writes `px`."""
    template = template_in(tmp_path)
    text = template.read_text(encoding="utf-8")
    text = text.replace(
        "<svg ",
        '<svg xmlns:inkscape="http://www.inkscape.org/namespaces/inkscape" inkscape:version="1.3" '
        'xmlns:sodipodi="http://sodipodi.sourceforge.net/DTD/sodipodi-0.dtd" ',
    )
    text = text.replace('<g data-place="above">', '<sodipodi:namedview id="n1"/><g data-place="above" id="g1">')
    text = text.replace('font-size="25"', 'style="font-size:25px;line-height:1.2"')
    text = text.replace(">Bleu pétrole<", '><tspan sodipodi:role="line" x="8" y="116">Bleu pétrole</tspan><')
    template.write_text(text, encoding="utf-8")

    saved = ink_image(draw(template, bundle(), PAPER))

    assert (np.asarray(saved) == np.asarray(render_label("bundle", bundle(), size="50x30"))).all()


def test_a_text_moved_and_turned_in_a_drawing_program_is_printed_there(tmp_path: Path) -> None:
    template = template_in(tmp_path, '<text x="8" y="93"', '<text transform="rotate(2) translate(3 -4)" x="8" y="93"')
    moved = ink_image(draw(template, bundle(), PAPER))
    assert faults(moved, CODE, dots_per_mm=8.0) == []
    assert (np.asarray(moved) != np.asarray(render_label("bundle", bundle(), size="50x30"))).sum() > 300


def test_a_template_changed_on_disk_is_printed_changed_at_once(tmp_path: Path) -> None:
    template = template_in(tmp_path)
    before = ink_image(draw(template, bundle(), PAPER)).tobytes()
    template.write_text(template.read_text(encoding="utf-8").replace("Bain {{", "Lot {{"), encoding="utf-8")
    assert ink_image(draw(template, bundle(), PAPER)).tobytes() != before


@pytest.mark.parametrize("drawing", DRAWINGS, ids=lambda path: path.stem)
def test_a_bundle_without_a_dye_bath_has_no_empty_word_for_it(drawing: Path) -> None:
    for shade, said in (("B3", ["Bain B3"]), ("", [])):
        printed = draw(drawing, bundle(shade=shade), PAPER).svg
        assert [text_of(text) for text in printed.iter("text") if "Bain" in text_of(text)] == said


@pytest.mark.parametrize("drawing", DRAWINGS, ids=lambda path: path.stem)
def test_a_size_in_words_is_cut_before_it_is_too_small_to_read(drawing: Path) -> None:
    width, height = (int(raw(drawing).get(side, "0")) for side in ("width", "height"))
    printed = draw(drawing, bundle(size="Très grand, six ans, 118 cm de tour"), Paper(width, height, 8.0)).svg
    (size,) = [text for text in printed.iter("text") if text_of(text).startswith("Très grand")]
    assert text_of(size).endswith("…")
    assert float(size.get("font-size", "0")) >= 11  # dots: 1.4 mm
