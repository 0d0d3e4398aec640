"""Label templates: seen as they print, taken home, replaced, given back. What is faulty changes nothing."""

import io
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from PIL import Image
from werkzeug.test import TestResponse

from floor_app import access
from floor_app.atelier import Atelier, open_atelier
from floor_app.config import parse_config
from floor_app.store import access as access_store
from floor_app.store import own_templates
from floor_app.texts import words
from floor_app.web import create_app
from label_templates.render import render_label
from label_templates.samples import SAMPLES
from label_templates.template_files import template_files
from tests.label_templates.gate import read_codes
from tests.label_templates.hostile_svgs import HARMLESS, NAME, OURS, REFUSED, last, says
from tests.pages import send, text_of

t = words("fr")
LIST, PAGE = "/labels/templates", f"/labels/templates/{NAME}"
OWN, OTHER = says("Atelier {{ style }}"), says("Chez nous {{ style }}")
PRINTERS = """
[atelier]
code = "A"
name = "A"
site = "BCDF"
[[station]]
name = "cut-1"
operation = "cut"
[[printer]]
name = "large"
address = "socket://127.0.0.1:9"
language = "escpos"
width_dots = 576
dots_per_mm = 7.087
label = "50x30"
[[printer]]
name = "étroite"
address = "socket://127.0.0.1:10"
language = "escpos"
width_dots = 384
dots_per_mm = 8
label = "58x40"
"""


def upload(client: FlaskClient, svg: str | bytes) -> TestResponse:
    content = svg.encode("utf-8") if isinstance(svg, str) else svg
    return send(client, text_of(client.get(PAGE)), f"{PAGE}/upload", file=(io.BytesIO(content), "dessin.svg"))


def downloaded(client: FlaskClient, of: str = "") -> str:
    return text_of(client.get(f"{PAGE}/drawing.svg", query_string={"of": of}))


def image(client: FlaskClient, path: str, **asked: str) -> Image.Image:
    return Image.open(io.BytesIO(client.get(f"{path}/preview.png", query_string=asked).data))


def files(atelier: Atelier) -> dict[str, str]:
    folder = own_templates.folder_in(atelier.data)
    return {path.name: path.read_text(encoding="utf-8") for path in folder.glob("*")}


@pytest.fixture
def with_printers(tmp_path: Path) -> Iterator[FlaskClient]:
    atelier = open_atelier(parse_config(PRINTERS), tmp_path / "printers")
    atelier.run(access_store.set_password, "cheffe", access.hash_password("peu importe"), at_ms=1)
    client = create_app(atelier).test_client()
    with client.session_transaction() as session:
        session["account"], session["version"] = "cheffe", 1
    yield client
    atelier.close()


@pytest.mark.parametrize("path", [LIST, PAGE, f"{PAGE}/preview.png", f"{PAGE}/drawing.svg"])
def test_templates_are_for_supervisors_only(
    client: FlaskClient, station_client: Callable[[str], FlaskClient], path: str
) -> None:
    assert "/sign-in" in client.get(path).headers["Location"]
    assert station_client("cut-1").get(path).status_code == 403


def test_every_drawing_is_listed_and_has_its_page(supervisor: FlaskClient) -> None:
    page = text_of(supervisor.get(LIST))
    for name, file in template_files().items():
        assert f'href="{LIST}/{name}"' in page
        answer = supervisor.get(f"{LIST}/{name}")
        assert answer.status_code == 200
        assert t(f"label_editor.kind_{file.template}") in text_of(answer)


@pytest.mark.parametrize("name", ["bundle.99x99", "bundle", "..%2F..%2Ffloor", "bundle.58x40.svg", "bundle.58x40%00"])
def test_there_is_no_drawing_of_another_name(supervisor: FlaskClient, name: str) -> None:
    for path in ("", "/preview.png", "/drawing.svg"):
        assert supervisor.get(f"{LIST}/{name}{path}").status_code == 404


@pytest.mark.parametrize("name", list(template_files()))
def test_the_preview_is_the_label_in_black_and_white_dots(supervisor: FlaskClient, name: str) -> None:
    file = template_files()[name]
    seen = image(supervisor, f"{LIST}/{name}")
    assert seen.mode == "1"
    assert set(read_codes(seen)) == set(SAMPLES[file.template].codes) - {""}
    for sample in ("long", "bare"):
        assert image(supervisor, f"{LIST}/{name}", sample=sample).size == seen.size


@pytest.mark.parametrize(
    ("name", "printer", "paper"),
    [
        ("bundle.58x40", "large", {"size": "58x40", "dots_per_mm": 7.087, "width_dots": 576}),
        ("bundle.58x40-narrow", "étroite", {"size": "58x40", "dots_per_mm": 8.0, "width_dots": 384}),
        ("bundle.50x30", "étroite", {"size": "50x30", "dots_per_mm": 8.0, "width_dots": 384}),
    ],
)
def test_the_preview_for_a_printer_is_what_it_is_sent(
    with_printers: FlaskClient, name: str, printer: str, paper: dict[str, float]
) -> None:
    sent = render_label("bundle", SAMPLES["bundle"], **paper)  # type: ignore[arg-type]
    assert image(with_printers, f"{LIST}/{name}", printer=printer).tobytes() == sent.tobytes()
    assert f'value="{printer}" selected' in text_of(
        with_printers.get(f"{LIST}/{name}", query_string={"printer": printer})
    )


def test_a_printer_is_offered_only_where_it_prints_that_drawing(with_printers: FlaskClient) -> None:
    wide, narrow = (text_of(with_printers.get(f"{LIST}/{name}")) for name in (NAME, f"{NAME}-narrow"))
    assert ("large" in wide, "étroite" in wide.partition("</select>")[0]) == (True, False)
    assert ('value="large"' in narrow, 'value="étroite"' in narrow) == (False, True)


def test_a_browser_that_has_the_preview_is_sent_none(supervisor: FlaskClient) -> None:
    tag = supervisor.get(f"{PAGE}/preview.png").headers["ETag"]
    again = {"If-None-Match": tag}
    assert supervisor.get(f"{PAGE}/preview.png", headers=again).status_code == 304
    upload(supervisor, OWN)
    assert supervisor.get(f"{PAGE}/preview.png", headers=again).status_code == 200


def test_the_svg_is_taken_home_as_a_file_that_no_browser_runs(supervisor: FlaskClient) -> None:
    answer = supervisor.get(f"{PAGE}/drawing.svg")
    assert text_of(answer) == OURS
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{NAME}.svg"'
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


def test_an_own_drawing_is_used_kept_in_the_data_folder_and_shown(supervisor: FlaskClient, atelier: Atelier) -> None:
    before = image(supervisor, PAGE).tobytes()
    answer = upload(supervisor, OWN)
    assert t("label_editor.uploaded") in text_of(answer)
    assert t("label_editor.is_own") in text_of(answer)
    assert files(atelier) == {f"{NAME}.svg": OWN}
    assert downloaded(supervisor) == OWN
    assert downloaded(supervisor, "ours") == OURS
    assert image(supervisor, PAGE).tobytes() != before
    assert text_of(supervisor.get(LIST)).count(t("label_editor.is_own")) == 1


def test_ours_comes_back_and_the_own_one_can_be_taken_back(supervisor: FlaskClient, atelier: Atelier) -> None:
    page = text_of(upload(supervisor, OWN))
    page = text_of(send(supervisor, page, f"{PAGE}/restore"))
    assert t("label_editor.restored") in page
    assert downloaded(supervisor) == OURS
    assert downloaded(supervisor, "aside") == OWN
    assert t("label_editor.taken_back") in text_of(send(supervisor, page, f"{PAGE}/take-back"))
    assert files(atelier) == {f"{NAME}.svg": OWN}


def test_a_newer_own_drawing_puts_the_one_before_aside_and_they_can_be_swapped(
    supervisor: FlaskClient, atelier: Atelier
) -> None:
    upload(supervisor, OWN)
    page = text_of(upload(supervisor, OTHER))
    assert files(atelier) == {f"{NAME}.svg": OTHER, f"{NAME}.svg.aside": OWN}
    send(supervisor, page, f"{PAGE}/take-back")
    assert files(atelier) == {f"{NAME}.svg": OWN, f"{NAME}.svg.aside": OTHER}


def test_the_same_drawing_sent_twice_leaves_the_one_before_aside(supervisor: FlaskClient, atelier: Atelier) -> None:
    for svg in (OWN, OTHER, OTHER):
        upload(supervisor, svg)
    assert files(atelier) == {f"{NAME}.svg": OTHER, f"{NAME}.svg.aside": OWN}


@pytest.mark.parametrize("what", ["restore", "take-back"])
def test_what_was_already_done_is_told(supervisor: FlaskClient, csrf: Callable[..., str], what: str) -> None:
    token = csrf(supervisor, PAGE)
    answer = supervisor.post(f"{PAGE}/{what}", data={"csrf_token": token}, follow_redirects=True)
    assert t("label_editor.nothing_done") in text_of(answer)


@pytest.mark.parametrize("name", [name for name, (_, code) in REFUSED.items() if code != "cannot_draw"])
def test_a_refused_drawing_changes_nothing_and_the_page_says_what_to_do(
    supervisor: FlaskClient, atelier: Atelier, name: str
) -> None:
    svg, code = REFUSED[name]
    answer = upload(supervisor, svg)
    page = text_of(answer)
    if name == "10 MB":
        assert answer.status_code == 413
    else:
        assert answer.status_code == 422
        assert t("label_editor.refused_says") in page
    assert 'evil.test/x.js"' not in page
    assert "<script>alert" not in page
    assert t.has(f"label_editor.fault_{code}_cure")
    assert files(atelier) == {}
    answer.close()


def test_a_refused_drawing_leaves_the_own_one_in_use(supervisor: FlaskClient, atelier: Atelier) -> None:
    upload(supervisor, OWN)
    upload(supervisor, last("<script/>"))
    assert files(atelier) == {f"{NAME}.svg": OWN}


def test_a_form_without_a_file_is_told(supervisor: FlaskClient, csrf: Callable[..., str]) -> None:
    answer = supervisor.post(f"{PAGE}/upload", data={"csrf_token": csrf(supervisor, PAGE)})
    assert answer.status_code == 422
    assert t("label_editor.fault_empty") in text_of(answer)


def test_a_drawing_put_aside_that_was_spoilt_since_is_not_taken_back(supervisor: FlaskClient, atelier: Atelier) -> None:
    page = text_of(send(supervisor, text_of(upload(supervisor, OWN)), f"{PAGE}/restore"))
    aside = own_templates.aside(own_templates.folder_in(atelier.data), f"{NAME}.svg")
    aside.write_text(last("<script/>"), encoding="utf-8")
    assert t("label_editor.fault_script") in text_of(send(supervisor, page, f"{PAGE}/take-back"))
    assert downloaded(supervisor) == OURS


def test_an_own_drawing_spoilt_on_the_disk_is_told_and_ours_can_come_back(
    supervisor: FlaskClient, atelier: Atelier
) -> None:
    page = text_of(upload(supervisor, OWN))
    (own_templates.folder_in(atelier.data) / f"{NAME}.svg").write_text("half a file", encoding="utf-8")
    assert supervisor.get(f"{PAGE}/preview.png").status_code == 422
    send(supervisor, page, f"{PAGE}/restore")
    assert read_codes(image(supervisor, PAGE)) == ["BCDFGHJKLNPRST"] * 2


def test_a_disk_that_refuses_is_told_in_words(supervisor: FlaskClient, atelier: Atelier) -> None:
    own_templates.folder_in(atelier.data).write_text("a file where the folder should be", encoding="utf-8")
    answer = upload(supervisor, OWN)
    assert answer.status_code == 507
    assert t("faults.store_full_title") in text_of(answer)
    assert downloaded(supervisor) == OURS


def test_every_fault_has_its_words() -> None:
    codes = {code for _, code in REFUSED.values()} | {"too_heavy"}
    missing = [code for code in codes for end in ("", "_cure") if not t.has(f"label_editor.fault_{code}{end}")]
    assert not missing
    said = {
        key.removeprefix("fault_").removesuffix("_cure") for key in t.area("label_editor") if key.startswith("fault_")
    }
    assert said == codes
    assert HARMLESS
