"""Day sheets over HTTP: what an atelier sends, what it is answered, what it may compare."""

from collections.abc import Callable
from typing import Any

import pytest

from contract import schemas
from contract.canonical import digest
from contract.day_sheets import to_bytes
from tests.central.atelier_client import Answer, AtelierClient
from tests.central.sheets import DAY, a_sheet, plain, with_gap


def test_a_sheet_is_stored_and_the_same_again_changes_nothing(enrolled: Callable[..., AtelierClient]) -> None:
    lille = enrolled()
    stored = {"day": DAY, "revision": 1, "digest": digest(to_bytes(a_sheet())), "gap": False}
    assert [(answer.status, answer.said) for answer in (lille.put(a_sheet()), lille.put(a_sheet(), zipped=True))] == [
        (201, stored),
        (200, stored),
    ]
    assert lille.put(a_sheet(2)).status == 200
    assert lille.put(with_gap(a_sheet(3))).said["gap"] is True


@pytest.mark.parametrize(
    ("second", "code"),
    [
        (a_sheet(1), "older_revision"),
        (a_sheet(2, pieces=90), "other_digest"),
        (a_sheet(3, last_event=20), "older_sequence"),
    ],
)
def test_a_conflict_says_what_is_held(enrolled: Callable[..., AtelierClient], second: Any, code: str) -> None:
    lille = enrolled()
    lille.put(a_sheet(2))
    refused = lille.put(second)
    assert (refused.status, refused.code) == (409, code)
    assert refused.said["held"] == {"revision": 2, "digest": digest(to_bytes(a_sheet(2))), "last_event": 200}
    held = refused.said["held"]["digest"]
    assert lille.put(second, If_Match=f'"{held}"').code == "not_allowed"


def test_an_atelier_sees_which_days_are_held(enrolled: Callable[..., AtelierClient]) -> None:
    lille, calais = enrolled(), enrolled("calais")
    for day in ("2026-10-31", "2026-11-01", "2026-11-02"):
        lille.put(a_sheet(day=day))
    calais.put(a_sheet(atelier="calais"))
    assert [one["day"] for one in lille.ask("GET", "days").said["days"]] == ["2026-10-31", "2026-11-01", "2026-11-02"]
    between = lille.ask("GET", "days?from=2026-11-01&to=2026-11-01")
    assert [one["day"] for one in between.said["days"]] == ["2026-11-01"]
    assert schemas.field_faults("StoredSheets", between.said) == ()


@pytest.mark.parametrize("query", ["from=2026-11-31", "from=20261101", "to=yesterday", "from=", "to=2026-W48-1"])
def test_what_is_no_day_is_refused(enrolled: Callable[..., AtelierClient], query: str) -> None:
    refused = enrolled().ask("GET", f"days?{query}")
    assert (refused.status, refused.code, refused.said["errors"][0]["pointer"]) == (
        422,
        "bad_fields",
        query.split("=")[0],
    )


@pytest.mark.parametrize(
    ("changed", "pointer"),
    [
        ({"atelier": "calais"}, "/atelier"),
        ({"day": "2026-11-22"}, "/day"),
        ({"clock": "late"}, "/clock"),
        ({"revision": 0}, "/revision"),
        ({"revision": 2.5}, "/revision"),
        ({"timezone": "Europe/\x00Paris"}, "/timezone"),
        ({"events": None}, "/events"),
    ],
)
def test_the_faulty_field_of_a_sheet_is_named(
    enrolled: Callable[..., AtelierClient], changed: dict[str, Any], pointer: str
) -> None:
    refused = enrolled().ask("PUT", f"days/{DAY}", {**plain(a_sheet()), **changed})
    assert (refused.status, refused.code) == (422, "bad_fields")
    assert [fault["pointer"] for fault in refused.said["errors"]] == [pointer]
    assert schemas.field_faults("Problem", refused.said) == ()


@pytest.mark.parametrize("day", ["2026-11-29", "2099-12-31", "2019-12-31", "2000-01-01"])
def test_a_day_that_cannot_have_been_is_refused(enrolled: Callable[..., AtelierClient], day: str) -> None:
    """A Pi that woke in the wrong year; no table is made for its months."""
    assert enrolled().put(a_sheet(day=day)).said["errors"][0]["pointer"] == "/day"


def test_a_day_that_is_no_day_is_not_found(enrolled: Callable[..., AtelierClient]) -> None:
    lille = enrolled()
    assert [lille.ask("PUT", f"days/{day}", plain(a_sheet())).status for day in ("2026-11-31", "today")] == [404, 404]


@pytest.mark.parametrize("schema", [0, 2, 99])
def test_a_form_not_known_here_is_answered_with_those_that_are(
    enrolled: Callable[..., AtelierClient], schema: int
) -> None:
    refused = enrolled().ask("PUT", f"days/{DAY}", {"schema": schema, "anything": "else"})
    assert (refused.status, refused.code, refused.said["understood"]) == (422, "unknown_schema", [1])


def test_fields_of_a_newer_atelier_are_kept_and_ignored(enrolled: Callable[..., AtelierClient]) -> None:
    lille = enrolled()
    said = plain(a_sheet())
    said["counts"][0]["steam_used"] = 3
    said["water"] = {"litres": 12}
    stored = lille.ask("PUT", f"days/{DAY}", said)
    assert (stored.status, stored.said["gap"]) == (201, False)
    assert stored.said["digest"] != digest(to_bytes(a_sheet())), "its sender compares the digest of what it sent"


def test_a_number_means_the_same_however_it_is_spelled(enrolled: Callable[..., AtelierClient]) -> None:
    lille = enrolled()
    body = to_bytes(a_sheet()).replace(b'"pieces":100', b'"pieces": 1.0E2')
    assert lille.ask("PUT", f"days/{DAY}", body).said["digest"] == digest(to_bytes(a_sheet()))
    assert lille.put(a_sheet()).status == 200


def test_words_come_in_french_or_in_english(enrolled: Callable[..., AtelierClient]) -> None:
    lille = enrolled()

    def title(language: str) -> str:
        answer: Answer = lille.ask("PUT", f"days/{DAY}", {"schema": 7}, Accept_Language=language)
        return str(answer.said["title"])

    assert title("fr-FR,fr;q=0.9") == title("de") == "Cette forme de fiche n’est pas connue ici."
    assert title("en-GB") == "This form of a sheet is not known here."
