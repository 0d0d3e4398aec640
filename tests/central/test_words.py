"""Every refusal has words, and every route says who may use it."""

import re
from pathlib import Path

import pytest
from flask import Flask

from central.centre import Centre
from central.domain.share_rules import AnswerOutcome
from central.domain.sheet_rules import TAKEN, Outcome
from central.texts import LANGUAGES, words
from central.web.app import create_app
from central.web.errors import CODES
from central.web.roles import EVERYBODY, STATIC, Role

WEB = Path(__file__).parents[2] / "central" / "web"
ON_ONE_DATABASE = pytest.mark.parametrize("address", ["sqlite"], indirect=True)


@pytest.fixture
def app(centre: Centre) -> Flask:
    return create_app(centre)


def codes() -> set[str]:
    """All that the machine interface may say."""
    raised = {
        code
        for file in WEB.rglob("*.py")
        for code in re.findall(r'Problem\(\s*\d+,\s*"(\w+)"', file.read_text(encoding="utf-8"))
    }
    refused = {str(outcome) for outcome in set(Outcome) - TAKEN - {Outcome.SAME}}
    unanswered = {str(outcome) for outcome in (AnswerOutcome.OTHER_REVISION, AnswerOutcome.WITHDRAWN)}
    others = {
        "unknown_schema",
        "bad_fields",
        "two_keys",
        "last_key",
        "dropped_key",
        "key_dropped",
        "unsigned",
        "our_fault",
    }
    return raised | refused | unanswered | others | set(CODES.values()) | {"bad_request"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_refusal_has_words_and_every_word_a_refusal(language: str) -> None:
    told = {key.rpartition("_")[0] for key in words(language).area("faults") if key != "language"}
    assert told == codes()
    assert all(words(language).has(f"faults.{code}_{part}") for code in told for part in ("title", "detail"))


@ON_ONE_DATABASE
def test_every_route_says_who_may_use_it(app: Flask) -> None:
    for rule in app.url_map.iter_rules():
        allowed = getattr(app.view_functions[rule.endpoint], "open_to", None)
        if rule.endpoint in STATIC:
            continue
        assert allowed, rule
        if "<atelier>" in rule.rule and rule.rule.startswith("/api/"):
            assert allowed == {Role.MACHINE}, rule
        elif rule.rule.startswith("/api/"):
            assert allowed == set(EVERYBODY), rule


@ON_ONE_DATABASE
def test_a_fault_is_a_page_to_people_and_a_document_to_machines(app: Flask) -> None:
    client = app.test_client()
    page = client.get("/nowhere", headers={"Accept-Language": "en"})
    assert (page.status_code, page.mimetype, "There is no such thing here." in page.text) == (404, "text/html", True)
    document = client.get("/api/v1/nowhere")
    assert (document.status_code, document.mimetype) == (404, "application/problem+json")
    assert document.json is not None
    assert (document.json["code"], document.json["title"]) == ("not_found", "Cela n’existe pas ici.")
    wrong = client.post("/api/v1/nonce")
    assert (wrong.status_code, set(wrong.headers["Allow"].split(", "))) == (405, {"GET", "HEAD"})
    for answer in (page, document, wrong):
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert answer.headers["Cache-Control"] == "no-store"
