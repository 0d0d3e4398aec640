"""Templates drawn by others: what is hostile or faulty is named and drawn by nobody; what is only odd is drawn."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from floor_app.domain.codes import Found, read_code
from label_templates.kinds import KINDS
from label_templates.label import BundleLabel
from label_templates.own_templates import template_faults
from label_templates.render import render_label, render_svg
from label_templates.samples import SAMPLES, trials
from label_templates.template_fault import TemplateFault
from label_templates.template_files import template_files
from label_templates.trial import trial_faults
from tests.label_templates.gate import faults
from tests.label_templates.hostile_svgs import HARMLESS, NAME, OURS, REFUSED, last, says, swapped, within
from tests.label_templates.labels import CODE, bundle

FILE = template_files()[NAME]


def found_in(svg: str | bytes) -> tuple[TemplateFault, ...]:
    return template_faults(svg.encode("utf-8") if isinstance(svg, str) else svg, FILE)


@pytest.fixture
def listening() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        yield server


@pytest.mark.parametrize("name", list(REFUSED))
def test_what_is_hostile_or_faulty_is_refused_with_its_own_reason(name: str) -> None:
    svg, code = REFUSED[name]
    found = found_in(svg)
    assert found
    assert found[0].code == code, found


@pytest.mark.parametrize("name", list(HARMLESS))
def test_what_is_only_odd_is_drawn_with_both_codes_readable(name: str, tmp_path: Path) -> None:
    svg = HARMLESS[name]
    assert found_in(svg) == ()
    (tmp_path / FILE.filename).write_text(svg, encoding="utf-8")
    image = render_label("bundle", bundle(), size="58x40", own=tmp_path)
    assert faults(image, CODE, dots_per_mm=8.0) == []


@pytest.mark.parametrize("name", list(template_files()))
def test_every_drawing_of_ours_would_be_taken(name: str) -> None:
    file = template_files()[name]
    assert template_faults(file.ours.read_bytes(), file) == ()


def test_what_draws_without_end_ends_and_takes_nothing_along() -> None:
    layers = within('<g opacity="0.01"><rect x="0" y="0" width="400" height="150" fill="#fff"/></g>' * 1900)
    assert trial_faults(layers, FILE, most_cpu_s=2) == [TemplateFault("too_heavy")]
    assert found_in(OURS) == ()


def test_nothing_is_fetched_while_a_template_is_looked_at(listening: socket.socket) -> None:
    address = f"http://127.0.0.1:{listening.getsockname()[1]}/x.svg"
    for drawn in (f'<image href="{address}" width="9" height="9"/>', f'<use href="{address}#a"/>', f"<g>{address}</g>"):
        found_in(last(drawn))
    with pytest.raises(BlockingIOError):
        listening.accept()


def test_a_fault_says_the_line_the_element_and_what_exactly() -> None:
    found = found_in(swapped("<rect x=", '<rect id="cadre" onclick="x" x='))
    assert found[0] == TemplateFault("event", 6, '<rect id="cadre">', "onclick=x")


def test_every_fault_of_one_look_is_named_but_never_more_than_a_person_reads() -> None:
    both = last("<script/><a/>")
    assert [fault.code for fault in found_in(both)] == ["script", "element"]
    assert len(found_in(last("<script/>" * 90))) == 8


def test_words_under_a_code_are_named() -> None:
    found = found_in(REFUSED["a text under a code"][0])
    assert found[0].detail.startswith("OF-2026-0117")


def test_an_own_drawing_is_taken_and_ours_where_there_is_none(tmp_path: Path) -> None:
    own = says("Atelier {{ style }}")
    (tmp_path / FILE.filename).write_text(own, encoding="utf-8")
    assert "Atelier Blouse infirmière" in render_svg("bundle", bundle(), size="58x40", own=tmp_path)
    assert "Atelier Blouse" not in render_svg("bundle", bundle(), size="58x40")
    narrow = {"size": "58x40", "width_dots": 384}
    assert render_label("bundle", bundle(), own=tmp_path, **narrow) == render_label("bundle", bundle(), **narrow)  # type: ignore[arg-type]
    assert render_label("bundle", bundle(), size="80x50", own=tmp_path) == render_label(
        "bundle", bundle(), size="80x50"
    )


def test_there_is_a_drawing_and_a_sample_for_each_kind() -> None:
    assert {file.template for file in template_files().values()} == set(KINDS) == set(SAMPLES)
    assert [name for name, sample in SAMPLES.items() if not isinstance(sample, KINDS[name])] == []
    assert all(len({repr(label) for label in trials(name)}) > 1 for name in SAMPLES if name != "scanner_sheet")


def test_the_code_of_a_sample_is_no_bundle_and_no_card() -> None:
    texts = {text for sample in SAMPLES.values() for text in sample.codes}
    assert not [text for text in texts if read_code(text, home_site=text[:4]).found in (Found.BUNDLE, Found.CARD)]
    assert isinstance(SAMPLES["bundle"], BundleLabel)


def test_ours_is_left_as_it_is() -> None:
    assert FILE.ours.read_text(encoding="utf-8") == OURS
