"""What proves an order: the sheets' own numbers, where and when, what was checked; on paper, in a spreadsheet and as EPCIS."""

import io
import json
from dataclasses import replace
from datetime import date
from urllib.parse import unquote

import jsonschema_rs
import openpyxl
import pypdfium2
import pytest

from central import proving, sharing
from central.centre import Centre
from central.proving import Proof
from central.reports import epcis, proof_paper, wording
from central.store.orders import OrderLine, SharedOrder
from central.texts import words
from contract.day_sheets import DaySheet
from tests.central.conftest import NOW_MS
from tests.central.epcis_rules import DOCUMENT
from tests.central.sheets import a_note, a_sheet, offered, with_gap

ORDER = SharedOrder("OF-1", "Ville de Lille", "M-2026-7", "Tablier <b>", "2026-12-18")
LINES = [OrderLine("M", "Écru", 300), OrderLine("L", "Bleu nuit", 100)]


def unsure(sheet: DaySheet) -> DaySheet:
    return replace(sheet, clock="unsure")


@pytest.fixture
def proof(centre: Centre) -> Proof:
    """Lille on Monday, Tuesday (a gap) and Thursday; Calais on Tuesday, with an unsure clock."""
    with centre.writing() as db:
        sharing.keep_order(db, ORDER, LINES, at_ms=NOW_MS)
    for sheet in (
        a_sheet(day="2026-11-16", transfers=(a_note(to="calais", sent=40),)),
        with_gap(a_sheet(day="2026-11-17")),
        a_sheet(day="2026-11-19", transfers=(a_note("LILLE-2", to="calais", sent=7),)),
        unsure(a_sheet(atelier="calais", day="2026-11-17", transfers=(a_note(of="lille", received=38),))),
        a_sheet(atelier="lyon", order="OF-9"),
    ):
        centre.take_sheet(offered(sheet))
    return proved(centre)


def proved(centre: Centre) -> Proof:
    with centre.reading() as db:
        found = proving.prove(db, "OF-1", at_ms=NOW_MS)
    assert found is not None
    return found


def test_quantities_are_those_of_sheets_that_agree(proof: Proof) -> None:
    medium, large = proof.lines
    assert (medium.ordered, medium.figures.cut, medium.figures.sewn, medium.figures.finished) == (300, 300, 180, 120)
    assert (large.colour, large.ordered, large.figures.cut) == ("Bleu nuit", 100, 0)
    assert (proof.ordered, proof.total.shipped, proof.total.received) == (400, 47, 38)
    assert proof.law_holds


def test_each_section_says_where_and_when(proof: Proof) -> None:
    places = [(one.section, one.atelier, one.first_day.day, one.last_day.day, one.pieces) for one in proof.places]
    assert places == [
        ("cut", "calais", 17, 17, 100),
        ("cut", "lille", 16, 19, 200),
        ("sew", "calais", 17, 17, 60),
        ("sew", "lille", 16, 19, 120),
        ("finish", "calais", 17, 17, 40),
        ("finish", "lille", 16, 19, 80),
    ]


def test_notes_say_what_each_side_said(proof: Proof) -> None:
    t = words("fr")
    notes = [(note.note, note.sent, note.received, proof_paper.state_of(note, t)) for note in proof.notes]
    assert notes == [("LILLE-1", 40, 38, "écart de 2"), ("LILLE-2", 7, 0, "en route")]


def test_checks_list_gaps_missing_days_and_unsure_clocks(proof: Proof) -> None:
    calais, lille = proof.checks
    assert (lille.agreeing, lille.gaps, lille.missing, lille.unsure) == (
        2,
        (date(2026, 11, 17),),
        (date(2026, 11, 18),),
        (),
    )
    assert (calais.agreeing, calais.gaps, calais.unsure) == (1, (), (date(2026, 11, 17),))
    assert not lille.clean and not calais.clean


def test_an_order_nobody_speaks_of_has_a_proof_that_says_so(centre: Centre) -> None:
    with centre.writing() as db:
        sharing.keep_order(db, ORDER, LINES, at_ms=NOW_MS)
        assert proving.prove(db, "OF-404", at_ms=NOW_MS) is None
    proof = proved(centre)
    assert (proof.places, proof.notes, proof.checks, proof.total.cut) == ((), (), (), 0)
    assert "Aucune pièce n’est encore comptée." in text_of(proof_paper.proof_pdf(proof, "Réseau", words("fr")))
    assert epcis.epcis_document(proof)["epcisBody"]["eventList"] == []


def text_of(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    try:
        return " ".join(" ".join(page.get_textpage().get_text_bounded().split()) for page in document)
    finally:
        document.close()


ON_SQLITE = pytest.mark.parametrize("address", ["sqlite"], indirect=True)


@ON_SQLITE
@pytest.mark.parametrize(("language", "says"), [("fr", "ne certifie pas"), ("en", "does not certify")])
def test_the_paper_says_the_numbers_and_what_it_does_not_certify(proof: Proof, language: str, says: str) -> None:
    text = text_of(proof_paper.proof_pdf(proof, "Réseau du Nord", words(language)))
    for part in ("OF-1", "Réseau du Nord", "Tablier <b>", "ESAT de Lille", "LILLE-2", "18/11/2026", says):
        assert part in text
    assert "Écru 300 300 180 120" in text


@ON_SQLITE
def test_the_spreadsheet_has_the_same_numbers_as_numbers(proof: Proof) -> None:
    book = openpyxl.load_workbook(io.BytesIO(proof_paper.proof_xlsx(proof, "Réseau", words("fr"))))
    quantities = list(book["Quantités"].iter_rows(values_only=True))
    assert quantities[1][:6] == ("M", "Écru", 300, 300, 180, 120)
    assert quantities[-1][2] == 400
    assert len(list(book["Jour"].iter_rows())) == 1 + len(proof.rows)


@ON_SQLITE
def test_epcis_is_as_the_standard_asks(proof: Proof) -> None:
    document = json.loads(epcis.epcis_json(proof))
    jsonschema_rs.validator_for(DOCUMENT).validate(document)
    assert epcis.epcis_json(proof) == epcis.epcis_json(proof)
    events = document["epcisBody"]["eventList"]
    assert len({event["eventID"] for event in events}) == len(events)


@ON_SQLITE
def test_epcis_says_the_pieces_of_the_sheets_and_nothing_of_a_day_with_a_gap(proof: Proof) -> None:
    events = epcis.epcis_document(proof)["epcisBody"]["eventList"]
    made: dict[str, int] = {}
    for event in events:
        for one in event.get("outputQuantityList", event.get("quantityList", [])):
            key = f"{event['bizStep']} {one['epcClass'].rpartition(':')[2]}"
            made[key] = made.get(key, 0) + one["quantity"]
    assert made == {
        "creating_class_instance cut": 300,
        "assembling sew": 180,
        "creating_class_instance finish": 120,
        "shipping any": 47,
        "receiving any": 38,
    }
    assert {event["eventTime"] for event in events} == {f"2026-11-{day}T23:59:59+01:00" for day in (16, 17, 19)}
    lille_on_17 = [one for one in events if "-17T" in one["eventTime"] and one["readPoint"]["id"].endswith(":lille")]
    assert lille_on_17 == []


@ON_SQLITE
def test_epcis_has_private_names_made_of_the_networks_codes(proof: Proof) -> None:
    written = epcis.epcis_json(proof).decode()
    assert "urn:x-floor:class:OF-1:M:%C3%89cru:sew" in written
    assert "urn:epc:" not in written and "id.gs1.org" not in written
    assert "urn:x-floor:class:OF-1:M:Écru:sew" in unquote(written)


@pytest.mark.parametrize(
    ("numbers", "said"),
    [
        ([], "aucun"),
        ([3], "03/11/2026"),
        ([3, 4, 5, 9], "03/11/2026 – 05/11/2026, 09/11/2026"),
        (
            [1, 3, 5, 7, 9, 11, 13, 15, 17, 18, 20],
            ", ".join(f"{number:02d}/11/2026" for number in range(1, 16, 2)) + " et 3 de plus",
        ),
    ],
)
def test_days_that_follow_each_other_are_said_as_one(numbers: list[int], said: str) -> None:
    assert wording.days([date(2026, 11, number) for number in numbers], words("fr")) == said
