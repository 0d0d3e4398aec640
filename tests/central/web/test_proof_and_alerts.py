"""The proof's page and its files; the page of what somebody should hear of."""

import json
from collections.abc import Callable
from dataclasses import replace

import pytest
from flask.testing import FlaskClient

from central import alerting
from central.centre import Centre
from central.store import alerts
from central.store.alerts import Alert
from tests.central.conftest import NOW_MS
from tests.central.sheets import a_sheet, offered, with_gap


@pytest.mark.parametrize(
    ("language", "parts"),
    [("fr", ("ne certifie pas", "26/11/2026", "1\u202f620")), ("en", ("does not certify", "26 Nov 2026", "1,620"))],
)
def test_the_proof_is_a_page_in_each_language(
    signed_in: Callable[..., FlaskClient], language: str, parts: tuple[str, ...]
) -> None:
    page = signed_in("lectrice", language).get("/orders/OF-1/proof").get_data(as_text=True)
    for part in ("ESAT de Lille", *parts):
        assert part in page


@pytest.mark.parametrize(
    ("ending", "media_type", "begins"),
    [
        ("pdf", "application/pdf", b"%PDF-"),
        ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", b"PK"),
        ("jsonld", "application/ld+json", b"{"),
    ],
)
def test_the_proof_is_a_file_to_keep(reader: FlaskClient, ending: str, media_type: str, begins: bytes) -> None:
    answer = reader.get(f"/orders/OF-1/proof.{ending}")
    assert (answer.status_code, answer.mimetype) == (200, media_type)
    assert answer.data.startswith(begins)
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=")
    assert f"OF-1.{ending}" in answer.headers["Content-Disposition"]
    assert reader.get(f"/orders/OF-404/proof.{ending}").status_code == 404


def test_epcis_of_the_page_is_json(reader: FlaskClient) -> None:
    assert json.loads(reader.get("/orders/OF-1/proof.jsonld").data)["type"] == "EPCISDocument"


def test_an_atelier_does_not_see_what_others_did(atelier_account: FlaskClient) -> None:
    for path in ("/orders/OF-1/proof", "/orders/OF-1/proof.pdf", "/alerts", "/orders/OF-1/links"):
        assert atelier_account.get(path).status_code == 403, path


def test_open_alerts_are_in_words_and_a_quiet_centre_says_so(filled: Centre, reader: FlaskClient) -> None:
    assert "Rien à signaler." in reader.get("/alerts").get_data(as_text=True)
    filled.take_sheet(offered(with_gap(a_sheet(2, atelier="calais"))))
    with filled.writing() as db:
        later = NOW_MS + 27 * 3_600_000
        alerting.note(db, alerting.look(db, at_ms=later), at_ms=later)
        refused = Alert("lyon", alerts.SHARE_REFUSED, "OF-2-lyon", {"revision": 1, "reason": "<trop tôt>"}, NOW_MS)
        alerts.raise_once(db, refused)
        alerts.raise_once(
            db,
            Alert(
                "lille",
                "late_share",
                "OF-1 A",
                {"order": "OF-1", "due": "2026-11-01", "finished": 5, "pieces": 9},
                NOW_MS,
            ),
        )
        alerts.raise_once(
            db,
            Alert(
                "lille",
                "discrepancy",
                "N calais",
                {"note": "N", "receiver": "calais", "sent": 4, "received": 3},
                NOW_MS,
            ),
        )
        alerts.raise_once(db, Alert("", "hours", "M 80", {"contract": "M", "step": 80, "due": 100}, NOW_MS))
        alerts.raise_once(db, Alert("lille", "conflict", "2026-11-20", {"code": "other_digest"}, NOW_MS))
    page = reader.get("/alerts").get_data(as_text=True)
    for part in (
        "Atelier de Calais\u00a0: les comptes du 23/11/2026",
        "sans nouvelles depuis le 26/11/2026 11:00",
        "&lt;trop tôt&gt;",
        "devait être terminée le 01/11/2026\u00a0; 5 pièces sur 9",
        "vers Atelier de Calais, 4 pièces parties, 3 arrivées",
        "80 sur 100 des heures",
        "deux machines",
        "Personne n’est prévenu",
    ):
        assert part in page, part


@pytest.mark.parametrize(
    ("to", "says"),
    [
        ("moi@exemple.fr", "part vers\u00a0: moi@exemple.fr."),
        ("https://exemple.fr", "vers le programme à l’adresse https://exemple.fr."),
    ],
)
def test_the_page_says_who_is_told(filled: Centre, reader: FlaskClient, to: str, says: str) -> None:
    filled.settings = replace(filled.settings, alerts_told_to=to)
    filled.take_sheet(offered(with_gap(a_sheet(2, atelier="calais"))))
    page = reader.get("/alerts").get_data(as_text=True)
    assert says in page
    assert "sera dans le prochain message" in page
