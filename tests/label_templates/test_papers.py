"""Labels other than the bundle's: each is drawn, its codes are read back, and what does not fit its template is refused."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import fields, replace
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

import defusedxml.ElementTree
import numpy as np
import pytest

from label_templates.cards import CommandCard, ScannerSheet
from label_templates.drawing import draw
from label_templates.kinds import KINDS
from label_templates.label import Label, LabelError
from label_templates.layout import Paper
from label_templates.notes import DeliveryNote
from label_templates.render import TEMPLATES, render_label, render_svg, sizes_drawn
from label_templates.resvg import pixels
from label_templates.svg_tree import serialise
from label_templates.template_fields import template_fields
from tests.label_templates.gate import code_faults, read_codes
from tests.label_templates.labels import bundle
from tests.label_templates.papers import PAPERS, SQUARE

SVG = "{http://www.w3.org/2000/svg}"
DOCS = TEMPLATES.parent / "docs" / "sheets.md"
LONG = "Veste de travail haute visibilité à manches longues œillets renforcés " * 3

papers = pytest.mark.parametrize("template", list(PAPERS))


def size_of(template: str) -> str:
    return sizes_drawn(template)[0].name


def drawing_of(template: str) -> Path:
    return TEMPLATES / f"{template}.{size_of(template)}.svg"


def raw(template: str) -> Element:
    root: Element | None = defusedxml.ElementTree.parse(drawing_of(template)).getroot()
    assert root is not None
    return root


def codes_drawn(template: str) -> Counter[str]:
    """What its squares must say: one code a square, a square without a code left white."""
    codes = PAPERS[template].codes
    squares = [int(rect.get("data-says", "0")) for rect in raw(template).iter() if rect.get("data-slot") == "code"]
    return Counter(codes[says] for says in squares if says < len(codes))


def test_every_kind_but_the_bundle_has_one_drawing_and_a_sample() -> None:
    assert set(PAPERS) == set(KINDS) - {"bundle"}
    assert [template for template in PAPERS if len(list(TEMPLATES.glob(f"{template}.*.svg"))) != 1] == []


@papers
@pytest.mark.parametrize("dots_per_mm", [8.0, 7.087, 11.8])
def test_every_code_is_whole_dots_in_a_full_quiet_zone(template: str, dots_per_mm: float) -> None:
    size = sizes_drawn(template)[0]
    image = render_label(template, PAPERS[template], size=size.name, dots_per_mm=dots_per_mm)
    assert image.size == (round(size.width_mm * dots_per_mm), round(size.height_mm * dots_per_mm))
    assert image.mode == "1"
    assert Counter(read_codes(image)) == codes_drawn(template)
    assert code_faults(image, dots_per_mm=dots_per_mm) == []


@papers
def test_a_drawing_program_sees_what_is_printed(template: str) -> None:
    root = raw(template)
    assert root.get("viewBox") == f"0 0 {root.get('width')} {root.get('height')}"
    assert not [element.text for element in root.iter() if "{" in (element.text or "")]
    width, height = (int(root.get(side, "0")) for side in ("width", "height"))
    printed = draw(drawing_of(template), PAPERS[template], Paper(width, height, 8.0)).svg
    shown = ["".join(text.itertext()) for text in root.iter(f"{SVG}text")]
    assert ["".join(text.itertext()) for text in printed.iter("text")] == shown


@papers
def test_every_field_is_on_the_paper_and_in_the_documentation(template: str) -> None:
    written = " ".join(re.findall(r"{{(.*?)}}", drawing_of(template).read_text(encoding="utf-8")))
    said = set(re.findall(r"[a-z_]+", written))
    asked = set(template_fields(PAPERS[template])) - {"code", "groups", "picture"}
    assert asked <= said
    documented = set(
        re.findall(r"`([a-z_]+)`", DOCS.read_text(encoding="utf-8").split(f"| `{template}` |")[1].split("\n")[0])
    )
    assert documented == asked


@papers
def test_long_words_stay_out_of_the_codes_and_off_the_edges(template: str) -> None:
    size = sizes_drawn(template)[0]
    paper = Paper(round(size.width_mm * 8), round(size.height_mm * 8), 8.0)
    drawing = draw(drawing_of(template), crowded(PAPERS[template]), paper)
    for group in drawing.svg.iter("g"):
        for frame in [rect for rect in group if rect.tag == "rect" and rect.get("fill") == "none"]:
            group.remove(frame)
    words = np.asarray(pixels(serialise(drawing.svg)).getchannel("A")) > 0
    for code in drawing.layout.codes:
        assert not words[code.y : code.y + code.height, code.x : code.x + code.width].any()
    assert words.any()
    assert words[3:-3, 3:-3].sum() == words.sum()


def crowded(label: Label) -> Label:
    """Every text too long, every number large; codes, drawings and lists stay."""
    worst: dict[type, Any] = {str: LONG, int: 99_999}
    kept = ("code", "picture_svg")
    values = {field.name: getattr(label, field.name) for field in fields(label) if field.name not in kept}
    return replace(label, **{name: worst.get(type(value), value) for name, value in values.items()})


def test_a_picture_is_drawn_as_shapes_and_left_out_where_there_is_none() -> None:
    card = PAPERS["command_card"]
    assert isinstance(card, CommandCard)
    with_picture = render_svg("command_card", card, size="85x54")
    without = render_svg("command_card", replace(card, picture_svg=""), size="85x54")
    assert "M8 8h48v48H8z" in with_picture
    assert "M8 8h48v48H8z" not in without
    ink = [
        np.asarray(render_label("command_card", made, size="85x54")) for made in (card, replace(card, picture_svg=""))
    ]
    assert (ink[0] != ink[1]).sum() > 10_000


@pytest.mark.parametrize("svg", ["not an svg", "<svg/>", SQUARE.replace("viewBox", "viewbox")])
def test_a_picture_that_is_no_drawing_is_said(svg: str) -> None:
    card = PAPERS["command_card"]
    assert isinstance(card, CommandCard)
    with pytest.raises(LabelError, match="command_card"):
        render_svg("command_card", replace(card, picture_svg=svg), size="85x54")


def test_the_fields_of_another_template_are_refused() -> None:
    with pytest.raises(LabelError, match="lay is drawn from a LayLabel, not from a BundleLabel"):
        render_label("lay", bundle(), size="80x50")
    with pytest.raises(LabelError, match="bundle is drawn from a BundleLabel"):
        render_label("bundle", PAPERS["lay"], size="50x30")


@pytest.mark.parametrize("code", ["", "x" * 700])
def test_a_code_that_says_nothing_or_too_much_is_refused(code: str) -> None:
    with pytest.raises(LabelError, match="a code says 1 to"):
        render_label("lay", replace(PAPERS["lay"], code=code), size="80x50")


def test_a_code_too_long_for_its_square_is_refused_rather_than_made_too_small() -> None:
    with pytest.raises(LabelError, match=r"lay\.80x50\.svg: a code of \d+ modules needs a square of \d+ dots"):
        render_label("lay", replace(PAPERS["lay"], code="http://192.168.1.20/" + "x" * 200), size="80x50")


def test_a_code_without_a_square_is_refused(tmp_path: Path) -> None:
    text = drawing_of("scanner_sheet").read_text(encoding="utf-8")
    template = tmp_path / "scanner_sheet.210x297.svg"
    template.write_text(text.replace('data-says="1"', 'data-says="7"'), encoding="utf-8")
    with pytest.raises(LabelError, match="each of 2 codes needs a square"):
        draw(template, PAPERS["scanner_sheet"], Paper(1680, 2376, 8.0))


def test_a_paper_holds_as_many_lines_as_it_has_and_says_so() -> None:
    note, sheet = PAPERS["delivery_note"], PAPERS["scanner_sheet"]
    assert isinstance(note, DeliveryNote)
    assert isinstance(sheet, ScannerSheet)
    full = replace(note, lines=tuple((f"Article {n}", "M", "Bleu", n) for n in range(1, 13)))
    written = render_svg("delivery_note", full, size="148x210")
    assert all(f">Article {n}<" in written for n in range(1, 13))
    with pytest.raises(LabelError, match="at most 12 lines"):
        replace(note, lines=note.lines * 7)
    with pytest.raises(LabelError, match="1 to 4 checks"):
        replace(sheet, checks=())
    with pytest.raises(LabelError, match="at most 6 steps"):
        replace(sheet, steps=("Une étape.",) * 7)
