"""« Heures d’insertion »: a sheet proposed and confirmed, reports with names for who may see them, and no name anywhere else."""

import io
import json
import stat
from collections.abc import Callable
from datetime import date

import openpyxl
import pypdfium2
import pytest
from flask.testing import FlaskClient

from floor_app.atelier import Atelier
from floor_app.scanning import Scan
from floor_app.store import insertion_hours, people
from floor_app.store.backup import copy_to
from floor_app.store.bundles import BundleCard

Csrf = Callable[[FlaskClient, str], str]
NAMES = ("Zélie Planté", "Örjan Secret", "=HYPERLINK(1)", "Fatou Discrète", "Ahmed Réservé")
CONTRACT = "M-2026-04"


@pytest.fixture
def press(supervisor: FlaskClient, csrf: Csrf) -> Callable[..., str]:
    def pressed(path: str, **fields: object) -> str:
        form = {"csrf_token": csrf(supervisor, "/hours"), **fields}
        answer = supervisor.post(path, data=form, follow_redirects=True)
        assert answer.status_code == 200, answer.get_data(as_text=True)
        return answer.get_data(as_text=True)

    return pressed


@pytest.fixture
def worked(
    atelier: Atelier,
    press: Callable[..., str],
    order: Callable[..., str],
    bundles: Callable[..., tuple[BundleCard, ...]],
) -> Atelier:
    """Five people, and a bundle cut today for the contract."""
    for name in NAMES:
        press("/hours/people", name=name, minutes="210")
    (first, *_) = bundles(order())
    atelier.take_scan(Scan("s-1", first.code, "cut-1", "cut"))
    return atelier


def confirm(press: Callable[..., str], atelier: Atelier, form_id: str, **changed: str) -> str:
    here = atelier.people.run(people.people_on, atelier.clock.today())
    fields = {}
    for person in here:
        for half in ("morning", "afternoon"):
            fields[f"contract-{person.id}-{half}"] = CONTRACT
            fields[f"minutes-{person.id}-{half}"] = "210"
    return press("/hours", id=form_id, day=atelier.clock.today(), **(fields | changed))


def totals_of_today(atelier: Atelier) -> list[tuple[str, int, int | str]]:
    with atelier.reading() as db:
        return [(row.contract, row.minutes, row.people) for row in insertion_hours.of_day(db, atelier.clock.today())]


def test_an_empty_page_says_what_to_do(supervisor: FlaskClient) -> None:
    page = supervisor.get("/hours").get_data(as_text=True)
    assert "Personne n’est inscrit." in page and "/hours/people" in page


def test_the_sheet_is_proposed_from_the_orders_worked_on_and_one_press_confirms_it(
    worked: Atelier, supervisor: FlaskClient, press: Callable[..., str]
) -> None:
    page = supervisor.get("/hours").get_data(as_text=True)
    assert "Proposition" in page
    assert page.count(f"<option selected>{CONTRACT}</option>") == len(NAMES)  # of the half-day that has run
    said = confirm(press, worked, "form-00000001")
    assert "Feuille confirmée" in said
    assert totals_of_today(worked) == [(CONTRACT, 2_100, 5)]


def test_confirmed_again_the_later_word_counts_and_few_people_are_not_counted_out(
    worked: Atelier, press: Callable[..., str]
) -> None:
    confirm(press, worked, "form-00000001")
    here = worked.people.run(people.people_on, worked.clock.today())
    gone = {f"contract-{here[0].id}-{half}": "" for half in ("morning", "afternoon")}
    confirm(press, worked, "form-00000002", **gone)
    assert totals_of_today(worked) == [(CONTRACT, 1_680, "<5")]


@pytest.mark.parametrize("minutes", ["-1", "301", "abc", ""])
def test_minutes_that_cannot_be_change_nothing(
    worked: Atelier, supervisor: FlaskClient, csrf: Csrf, minutes: str
) -> None:
    (first, *_) = worked.people.run(people.people_on, worked.clock.today())
    fields = {f"contract-{first.id}-morning": CONTRACT, f"minutes-{first.id}-morning": minutes}
    form = {"csrf_token": csrf(supervisor, "/hours"), "id": "form-00000001", "day": worked.clock.today(), **fields}
    assert supervisor.post("/hours", data=form).status_code == 422
    assert totals_of_today(worked) == []


def test_the_report_names_hours_done_asked_and_foreseen_and_is_noted(
    worked: Atelier, supervisor: FlaskClient, press: Callable[..., str]
) -> None:
    confirm(press, worked, "form-00000001")
    year = worked.clock.today()[:4]
    press("/hours/contracts", contract=CONTRACT, hours="100", begins=f"{year}-01-01", ends=f"{year}-12-31")
    asked = f"?contract={CONTRACT}&month={worked.clock.today()[:7]}"
    pdf = supervisor.get(f"/hours/report.pdf{asked}")
    assert pdf.mimetype == "application/pdf"
    text = "".join(page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(pdf.get_data()))
    for said in (*NAMES, "35 h 00", "100 h 00", "7 h 00", CONTRACT):
        assert said in text.replace("\u00a0", " ")
    book = openpyxl.load_workbook(io.BytesIO(supervisor.get(f"/hours/report.xlsx{asked}").get_data()))
    rows = [row for row in book.active.iter_rows(values_only=True) if row[0] in NAMES]  # type: ignore[union-attr]
    assert {row[0]: row[3] for row in rows} == dict.fromkeys(NAMES, 7)
    assert {cell.data_type for cell in book.active["A"] if cell.value == "=HYPERLINK(1)"} == {"s"}  # type: ignore[union-attr]
    looked = [look.what for look in worked.people.run(people.looks)]
    assert f"report_pdf {CONTRACT} {worked.clock.today()[:7]}" in looked
    assert any(what.startswith("report_xlsx") for what in looked)
    assert "Rapport PDF" in supervisor.get("/hours/people").get_data(as_text=True)


def test_no_name_is_in_the_log_the_backup_or_the_board(
    worked: Atelier, supervisor: FlaskClient, press: Callable[..., str], caplog: pytest.LogCaptureFixture
) -> None:
    confirm(press, worked, "form-00000001")
    with worked.reading() as db:
        log = json.dumps([row[0] for row in db.conn.execute("SELECT body FROM event")], ensure_ascii=False)
    copy = worked.data / "copy.db"
    copy_to(worked.data / "floor.db", copy)
    places = {
        "log": log,
        "backup": copy.read_bytes().decode("latin-1"),
        "board": supervisor.get("/board").get_data(as_text=True),
        "program log": caplog.text,
    }
    for place, content in places.items():
        for name in NAMES:
            assert name not in content and name.encode().decode("latin-1") not in content, place
    assert stat.S_IMODE((worked.data / people.FILE).stat().st_mode) == 0o600


def test_who_left_is_not_proposed_any_more_and_after_five_years_is_forgotten(
    worked: Atelier, press: Callable[..., str]
) -> None:
    confirm(press, worked, "form-00000001")
    gone = worked.people.run(people.people_on, worked.clock.today())[0]
    assert "n’est plus proposée" in press(f"/hours/people/{gone.id}", left="1")
    later = date.fromisoformat(worked.clock.today()).replace(year=2090).isoformat()
    assert gone not in worked.people.run(people.people_on, later)
    assert worked.people.run(people.forget_before, later) == 2 * len(NAMES)
    worked.people.close()
    content = b"".join(path.read_bytes() for path in worked.data.glob(f"{people.FILE}*"))
    assert gone.name.encode() not in content


@pytest.mark.parametrize(
    "fields",
    [
        {"contract": "", "hours": "10", "begins": "2026-01-01", "ends": "2026-12-31"},
        {"contract": "C", "hours": "0", "begins": "2026-01-01", "ends": "2026-12-31"},
        {"contract": "C", "hours": "10", "begins": "2026-12-31", "ends": "2026-01-01"},
        {"contract": "C", "hours": "10", "begins": "never", "ends": "2026-01-01"},
    ],
)
def test_a_target_that_cannot_be_is_refused_in_words(
    atelier: Atelier, press: Callable[..., str], fields: dict[str, str]
) -> None:
    assert "Rien n’a changé" in press("/hours/contracts", **fields)
    assert atelier.people.run(people.targets) == []
