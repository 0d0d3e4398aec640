from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from label_templates.drawing import draw
from label_templates.label import BundleLabel
from label_templates.layout import Paper
from label_templates.render import TEMPLATES, LabelError, render_label, render_svg
from label_templates.resvg import pixels
from label_templates.svg_tree import parse, serialise
from tests.label_templates.gate import faults
from tests.label_templates.labels import CODE, PRINTERS, bundle, picture

LONG = "Veste de travail haute visibilité à manches longues œillets renforcés "
LONG_ARABIC = "قميص عمل أزرق طويل الأكمام مع جيوب كبيرة "
WIDE = "WWWW MMMM "
EDGE_DOTS = 3

HOSTILE = [
    "<script>alert(1)</script>",
    "]]>",
    "{{ 7 * 7 }}{% for x in y %}",
    "&amp;&#0;&nbsp;\"'",
    "\x00\x01\x08\x0b\x1b[31m\x7f\x85\ufffe\uffff",
    "\ud800 lone \udfff",
    "\u202eesrevne\u202c \u2066\u2067",
    "Z\u0300\u0301\u0302\u0303\u0304\u0305\u0306\u0307\u0308\u0309\u030a" * 20,
    "😀🧵👖",
    "日本語の服",
    "x" * 10_000,
    "ש" * 10_000,
    "\u0600" * 500,
    "",
    "   \n\t\r ",
    "\u200d\u200c",
]


def filled_with(text: str) -> BundleLabel:
    return bundle(order=text, style=text, colour=text, size=text, shade=text, lay=text)


def paper(size: str) -> Paper:
    width_mm, height_mm = (int(mm) for mm in size.split("x"))
    return Paper(width_mm * 8, height_mm * 8, 8.0)


@pytest.mark.parametrize("size", ["50x30", "58x40", "80x50"])
@pytest.mark.parametrize("text", [LONG * 3, LONG_ARABIC * 3, WIDE * 20, "W" * 119, "ШЖЩ" * 30, "8" * 60, "Ôgjpqy"])
@pytest.mark.parametrize("numbers", [{}, {"quantity": 1_234_567, "bundle_number": 12345, "bundle_count": 99999}])
def test_long_texts_stay_out_of_the_quiet_zones_and_off_the_edges(
    size: str, text: str, numbers: dict[str, object]
) -> None:
    label = bundle(
        order=text,
        style=text,
        colour=text,
        size=text,
        shade=text,
        lay=text,
        duplicate=9999,
        picture_png=picture(),
        ply_from=10_000,
        ply_to=99_999,
        **numbers,
    )
    drawing = draw(TEMPLATES / f"bundle.{size}.svg", label, paper(size))

    words = np.asarray(pixels(serialise(drawing.svg)).getchannel("A"))  # before the codes are laid over

    for box in drawing.layout.codes:
        assert not words[int(box.y) :, int(box.x) : int(box.x + box.width)].any()
    inner = words[EDGE_DOTS:-EDGE_DOTS, EDGE_DOTS:-EDGE_DOTS]
    assert inner.any()
    assert (words > 0).sum() == (inner > 0).sum()


def words_of(label: BundleLabel, size: str = "50x30") -> list[str]:
    return ["".join(text.itertext()) for text in parse(render_svg("bundle", label, size=size)).iter("text")]


def test_a_text_too_long_is_made_smaller_and_then_cut_where_one_sees_it() -> None:
    def style_dots(style: str) -> float:
        sizes = re.findall(
            r'font-size="([\d.]+)"[^>]*>(?:Blouse|Veste)', render_svg("bundle", bundle(style=style), size="50x30")
        )
        return float(sizes[0])

    assert style_dots("Blouse") == 25
    assert 17 < style_dots("Blouse infirmière longue") < 25
    assert style_dots(LONG) == 17
    assert [word for word in words_of(bundle(style=LONG)) if word.startswith("Veste de travail") and word.endswith("…")]


def test_a_number_is_never_cut() -> None:
    said = words_of(bundle(quantity=123_456_789, bundle_number=1_000_000, bundle_count=9_999_999, ply_to=123_456))
    assert {"123456789", "1000000\u2009/\u20099999999", "Plis 1–123456 · Mat. 12"} <= set(said)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_still_gives_a_label_that_is_read(text: str) -> None:
    label = filled_with(text)
    for size, dots_per_mm, width_dots in PRINTERS[:2]:
        image = render_label("bundle", label, size=size, dots_per_mm=dots_per_mm, width_dots=width_dots)
        assert faults(image, CODE, dots_per_mm=dots_per_mm) == []
    svg = render_svg("bundle", label, size="50x30")
    assert "<script" not in svg
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\ud800-\udfff\ufffe\uffff]", svg)
    assert "49" not in "".join(words_of(label))


@settings(max_examples=60, deadline=None)
@given(text=st.text(max_size=200), number=st.integers(0, 10**9))
def test_no_text_from_a_spreadsheet_stops_a_label(text: str, number: int) -> None:
    label = bundle(style=text, size=text, shade=text, lay=text, order=text, quantity=number, duplicate=number % 3)
    assert faults(render_label("bundle", label, size="50x30"), CODE, dots_per_mm=8.0) == []


@pytest.mark.parametrize(
    "png", [b"", b"not a picture", picture()[:200], b"\x89PNG\r\n\x1a\n" + b"\0" * 100, b"GIF89a" + b"\0" * 40]
)
def test_a_picture_that_cannot_be_read_leaves_the_label_as_without(png: bytes) -> None:
    assert pixels_of(bundle(picture_png=png)) == pixels_of(bundle())


def test_a_picture_is_printed() -> None:
    assert pixels_of(bundle(picture_png=picture())) != pixels_of(bundle())


def pixels_of(label: BundleLabel) -> bytes:
    return render_label("bundle", label, size="50x30").tobytes()


@pytest.mark.parametrize(
    ("template", "size"),
    [
        ("../bundle", "50x30"),
        ("/etc/passwd", "50x30"),
        ("", "50x30"),
        ("bundle.50x30", "50x30"),
        ("Bundle", "50x30"),
        ("nothing", "50x30"),
        ("bundle", "10x10"),
        ("bundle", "../50x30"),
    ],
)
def test_a_template_is_a_plain_name_and_a_size_one_of_ours(template: str, size: str) -> None:
    with pytest.raises(LabelError):
        render_label(template, bundle(), size=size)
    with pytest.raises(LabelError):
        render_svg(template, bundle(), size=size)
