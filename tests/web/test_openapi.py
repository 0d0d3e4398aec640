"""The description of the machine interface: valid, true of the running service, and told by docs/api.md without a difference."""

import json
import re
import shlex
import subprocess
import sys
import tomllib
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from flask import Flask
from schemathesis.specs.openapi.definitions import OPENAPI_31_VALIDATOR

from floor_app import access
from floor_app.atelier import Atelier
from floor_app.store import events
from floor_app.store.bundles import BundleCard
from floor_app.web.api import openapi_document
from tests.web.serving import served

ROOT = Path(__file__).parents[2]
LEAST_CASES = 200


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(openapi_document())
    return found


@pytest.fixture(scope="module")
def docs() -> str:
    return (ROOT / "docs" / "api.md").read_text(encoding="utf-8")


def _schema(document: dict[str, Any], name: str) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{name}", "components": document["components"]}


def _described(document: dict[str, Any]) -> dict[str, set[str]]:
    """Status → problem codes the document gives for it."""
    found = dict[str, set[str]]()
    for path in document["paths"].values():
        for operation in path.values():
            for status, response in operation["responses"].items():
                name = response.get("$ref", "").rpartition("/")[2]
                told = document["components"]["responses"][name] if name else response
                assert all(f"`{code}`" in told["description"] for code in told.get("x-codes", ()))
                found.setdefault(status, set()).update(told.get("x-codes", ()))
    return {status: codes for status, codes in found.items() if status != "200"}


def _as_curl_asks(command: str, variables: dict[str, str]) -> urllib.request.Request:
    """The request of a curl line that uses -X, -H and -d: curl itself need not be there."""
    for name, value in variables.items():
        command = command.replace(name, value)
    words = shlex.split(command.replace("\\\n", " "))[1:]
    options = [(words[at], words[at + 1]) for at in range(len(words) - 1) if words[at].startswith("-")]
    (address,) = [word for word in words if word.startswith("http://")]
    body = next((value.encode() for option, value in options if option == "-d"), None)
    method = next((value for option, value in options if option == "-X"), "GET")
    headers = dict(value.split(": ", 1) for option, value in options if option == "-H")
    return urllib.request.Request(address, data=body, headers=headers, method=method)


def test_the_document_is_openapi_3_1(document: dict[str, Any]) -> None:
    OPENAPI_31_VALIDATOR.validate(document)
    for name, schema in document["components"]["schemas"].items():
        assert jsonschema_rs.validator_for({**schema, "components": document["components"]}), name


def test_the_examples_of_the_document_keep_to_it(document: dict[str, Any]) -> None:
    take_scan = document["paths"]["/api/v1/scans"]["post"]
    scan = take_scan["requestBody"]["content"]["application/json"]["example"]
    answer = take_scan["responses"]["200"]["content"]["application/json"]["example"]
    jsonschema_rs.validate(_schema(document, "Scan"), scan)
    jsonschema_rs.validate(_schema(document, "Answer"), answer)


def test_every_route_for_machines_is_described_and_nothing_else(app: Flask, document: dict[str, Any]) -> None:
    served_routes = {
        (re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule), method.lower())
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith("api.")
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert {(path, method) for path, methods in document["paths"].items() for method in methods} == served_routes


def test_every_refusal_has_words_and_every_word_a_refusal(document: dict[str, Any]) -> None:
    words = tomllib.loads((ROOT / "floor_app" / "texts" / "fr" / "api.toml").read_text(encoding="utf-8"))
    told = {key.removesuffix("_title") for key in words if key.endswith("_title")}
    assert {key.removesuffix("_detail") for key in words if key.endswith("_detail")} == told
    described = set().union(*_described(document).values())
    from_every_screen = {"store_full", "stopping"}  # worded with the other faults
    wrong_method = {"bad_request"}  # no operation of the document
    assert told == described - from_every_screen | wrong_method


def test_the_docs_name_every_address_field_answer_and_refusal(document: dict[str, Any], docs: str) -> None:
    for path, methods in document["paths"].items():
        for method in methods:
            assert f"`{method.upper()} {path}`" in docs
    schemas = document["components"]["schemas"]
    for field in (*schemas["Scan"]["properties"], *schemas["Answer"]["properties"]["answer"]["enum"]):
        assert f"| `{field}` |" in docs
    refusals = re.findall(r"^\| (\d{3}) \| (.*?) \|", docs, re.MULTILINE)
    told = dict[str, set[str]]()
    for status, codes in refusals:
        told.setdefault(status, set()).update(re.findall(r"`(\w+)`", codes))
    assert told == _described(document)


def test_the_examples_of_the_docs_keep_to_the_document(document: dict[str, Any], docs: str) -> None:
    answers = re.findall(r"```json\n(.*?)```", docs, re.DOTALL)
    problems = re.findall(r"```json problem\n(.*?)```", docs, re.DOTALL)
    sent = re.findall(r"-d '(.*?)'", docs)
    assert (len(answers), len(problems), len(sent)) == (1, 1, 1)
    jsonschema_rs.validate(_schema(document, "Answer"), json.loads(answers[0]))
    jsonschema_rs.validate(_schema(document, "Problem"), json.loads(problems[0]))
    jsonschema_rs.validate(_schema(document, "Scan"), json.loads(sent[0]))
    assert set(json.loads(answers[0])) == set(document["components"]["schemas"]["Answer"]["properties"])


def test_the_curl_lines_of_the_docs_are_answered(
    app: Flask, atelier: Atelier, document: dict[str, Any], docs: str,
    order: Callable[..., str], bundles: Callable[..., tuple[BundleCard, ...]],
) -> None:  # fmt: skip
    bundle = bundles(order())[0]
    token = access.new_secret()
    atelier.run(access.give_token, token, kind="station", subject="cut-1", at_ms=1)
    example = "BCDFBBBBBFHPBS"
    commands = re.findall(r"^curl (?:.*\\\n)*.*$", docs, re.MULTILINE)
    assert len(commands) == len(document["paths"])
    with served(app) as url:
        for command in commands:
            real = command.replace(example, bundle.code).replace("BCDF BBBB BFHP BS", bundle.code)
            with urllib.request.urlopen(_as_curl_asks(real, {"$FLOOR": url, "$TOKEN": token}), timeout=20) as answer:
                assert json.load(answer)
    with atelier.reading() as db:
        assert events.find(db, "7f3a2c1e-0001"), "the scan of the docs was counted"


def test_the_running_service_does_what_the_document_says(
    app: Flask, atelier: Atelier, tmp_path: Path, document: dict[str, Any],
    order: Callable[..., str], bundles: Callable[..., tuple[BundleCard, ...]],
) -> None:  # fmt: skip
    bundle = bundles(order())[0]
    token = access.new_secret()
    atelier.run(access.give_token, token, kind="station", subject="cut-1", at_ms=1)
    atelier.devices.tell("scanner", "/dev/floor/a", "lost", at_ms=atelier.clock.now_ms(), serves="cut-1")
    written = json.dumps(document).replace("BCDFBBBBBFHPBS", bundle.code).replace("BCDF BBBB BFHP BS", bundle.code)
    described = tmp_path / "openapi.json"
    described.write_text(written, encoding="utf-8")
    with served(app) as url:
        command = [str(Path(sys.executable).parent / "schemathesis"), "run", str(described), "--url", url]
        command += ["-H", f"Authorization: Bearer {token}", "--checks", "all", "--max-examples", "120"]
        command += ["--seed", "20261123", "--suppress-health-check", "all", "--no-color", "--continue-on-failure"]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    cases = re.search(r"(\d+) generated", done.stdout)
    assert cases and int(cases[1]) >= LEAST_CASES, done.stdout[-1500:]
    with atelier.reading() as db:
        assert events.last_seq(db) == 3, "order, lay and the one scan that had a real code: nothing else was counted"
