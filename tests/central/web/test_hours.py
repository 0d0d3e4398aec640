"""Contracts and their hours: all of them for the office, its own alone for an atelier."""

import io
from collections.abc import Callable

import openpyxl
import pytest
from flask.testing import FlaskClient

from central.centre import Centre
from central.store import contracts
from central.store.contracts import Contract
from contract.day_sheets import InsertionHours
from tests.central.sheets import a_sheet, offered
from tests.central.test_proving import text_of

CODE = "M-2026-7"
DESCRIBED = Contract(CODE, "Masques", "Ville de Lille", "2026-11-01", "2026-11-30", 60_000)


@pytest.fixture
def described(filled: Centre) -> Centre:
    """Lille and Calais did 9 × 7 h, Lyon 5 × 7 h, each with fewer than five; Calais 20 h with twelve on the first."""
    with filled.writing() as db:
        contracts.put(db, DESCRIBED)
    hours = (InsertionHours(CODE, 1200, 12),)
    filled.take_sheet(offered(a_sheet(atelier="calais", day="2026-11-02", insertion_hours=hours)))
    return filled


def plain(page: str) -> str:
    return page.replace("\u202f", "").replace("\u00a0", " ")


def test_the_office_sees_all_hours_against_what_is_asked(described: Centre, reader: FlaskClient) -> None:
    page = plain(reader.get(f"/contracts/{CODE}").get_data(as_text=True))
    assert "181 h 00 sur 1000 h 00" in page
    assert "208 h 51" in page, "181 h × 30 / 26"
    assert "au moins 14" in page
    assert "moins de 5" in page
    assert "181 h 00 sur 1000 h 00" in plain(reader.get("/contracts").get_data(as_text=True))


def test_an_atelier_sees_its_own_hours_alone(described: Centre, atelier_account: FlaskClient) -> None:
    for path in ("/contracts", f"/contracts/{CODE}"):
        page = plain(atelier_account.get(path).get_data(as_text=True))
        assert "63 h 00" in page
        for of_others in ("181 h", "1000 h", "208 h", "Calais", "Lyon", "au moins 1", ">12<"):
            assert of_others not in page.split("<main")[1], (path, of_others)
    text = text_of(atelier_account.get(f"/contract-hours/{CODE}.pdf").data)
    assert "63 h 00" in text and "Calais" not in text and "181" not in text
    assert atelier_account.get("/contracts/M-404").status_code == 404


def test_an_atelier_without_hours_of_a_contract_does_not_see_it(
    described: Centre, atelier_account: FlaskClient
) -> None:
    hours = (InsertionHours("M-9", 60, 6),)
    described.take_sheet(offered(a_sheet(atelier="calais", day="2026-11-03", insertion_hours=hours)))
    assert "M-9" not in atelier_account.get("/contracts").get_data(as_text=True)
    assert atelier_account.get("/contracts/M-9").status_code == 404


def test_files_have_the_same_numbers(described: Centre, reader: FlaskClient) -> None:
    lines = reader.get(f"/contract-hours/{CODE}.csv").data.decode("utf-8-sig").split("\r\n")
    assert lines[1] == f"{CODE};2026-11;;10860;181,0;au moins 14"
    assert f"{CODE};;Atelier de Calais;4980;83,0;12" in lines
    book = openpyxl.load_workbook(io.BytesIO(reader.get(f"/contract-hours/{CODE}.xlsx").data))
    assert [row[1] for row in book["Par mois"].iter_rows(values_only=True)][-1] == 10860
    text = text_of(reader.get(f"/contract-hours/{CODE}.pdf").data)
    assert "181 h 00" in text and "au moins 14" in text and "Masques" in text


def test_a_coordinator_describes_a_contract(
    filled: Centre, coordinator: FlaskClient, press: Callable[..., str]
) -> None:
    assert "pas encore décrit" in coordinator.get("/contracts").get_data(as_text=True)
    form = {
        "code": CODE,
        "title": "Masques",
        "buyer": "Ville",
        "hours": "1000",
        "first": "2026-11-01",
        "last": "2026-11-30",
    }
    assert "Masques" in press(coordinator, "/contracts", **form)
    with filled.reading() as db:
        assert contracts.find(db, CODE) == Contract(CODE, "Masques", "Ville", "2026-11-01", "2026-11-30", 60_000)


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"code": ""}, "Il faut le code"),
        ({"code": "x" * 41}, "Il faut le code"),
        ({"title": "x" * 201}, "200 lettres"),
        ({"note": "a\nb"}, "200 lettres"),
        ({"first": "2026-12-01"}, "deux jours"),
        ({"last": ""}, "deux jours"),
        ({"first": "hier"}, "deux jours"),
        ({"hours": "-1"}, "nombre entier"),
        ({"hours": "10000001"}, "nombre entier"),
        ({"hours": "²"}, "nombre entier"),
    ],
)
def test_a_description_that_cannot_be_is_said_so_and_changes_nothing(
    filled: Centre, coordinator: FlaskClient, press: Callable[..., str], changed: dict[str, str], fault: str
) -> None:
    form = {"code": "M-1", "title": "Masques", "hours": "10", "first": "2026-11-01", "last": "2026-11-30"}
    assert fault in press(coordinator, "/contracts", status=422, **(form | changed))
    with filled.reading() as db:
        assert contracts.listed(db) == []
