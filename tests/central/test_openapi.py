"""The running centre does what the contract's document says: every operation, well-formed and malformed, signed as an atelier signs."""

import os
import re
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from schemathesis.specs.openapi.definitions import OPENAPI_31_VALIDATOR

from central.centre import Centre
from central.store import sheets
from central.web.app import create_app
from contract import schemas
from contract.keys import key_id, public_of
from tests.central.atelier_client import AtelierClient
from tests.central.test_sharing import share_out

ROOT = Path(__file__).parents[2]
LEAST_CASES = 1_000
# Beside what it expects by itself: a list longer than the contract allows may make a body larger than it allows.
EXPECTED = """
[checks]
negative_data_rejection.expected-statuses = ["400", "401", "403", "404", "405", "409", "413", "415", "422"]
"""
ON_ONE_DATABASE = pytest.mark.parametrize("address", ["sqlite"], indirect=True)


def routes(app: Flask) -> set[tuple[str, str]]:
    return {
        (re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule), method.lower())
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/") or rule.rule == "/healthz"
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }


def test_the_document_is_openapi_3_1() -> None:
    OPENAPI_31_VALIDATOR.validate(schemas.document())


@ON_ONE_DATABASE
def test_every_route_for_machines_is_described_and_nothing_else(centre: Centre) -> None:
    described = {(path, method) for path, methods in schemas.document()["paths"].items() for method in methods}
    assert routes(create_app(centre)) == described


@ON_ONE_DATABASE
def test_the_centre_serves_the_contract(url: str) -> None:
    assert AtelierClient(url, "x").plain("GET", "/api/v1/openapi.json").said == schemas.document()


@ON_ONE_DATABASE
def test_the_running_centre_does_what_the_contract_says(
    centre: Centre, enrolled: Callable[..., AtelierClient], tmp_path: Path
) -> None:
    old, lille = enrolled(), enrolled()
    share_out(centre)
    (tmp_path / "schemathesis.toml").write_text(EXPECTED, encoding="utf-8")
    command = [str(Path(sys.executable).parent / "schemathesis"), "run", str(ROOT / "contract" / "openapi.json")]
    command += ["--url", lille.url, "--checks", "all", "--phases", "coverage,fuzzing", "--max-examples", "25"]
    command += ["--seed", "20261123", "--suppress-health-check", "all", "--no-color", "--continue-on-failure"]
    own = {"CENTRE": lille.url, "ATELIER": "lille", "ATELIER_KEY": lille.key, "SHARE": "A1"}
    own["DROPPED_KEY"] = key_id(public_of(old.key))
    hooks = {"SCHEMATHESIS_HOOKS": "tests.central.signing_hooks", "PYTHONPATH": str(ROOT)}
    environment = {**os.environ, **own, **hooks}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    cases = re.search(r"(\d+) generated", done.stdout)
    assert cases and int(cases[1]) >= LEAST_CASES, done.stdout[-1500:]
    assert "Authentication failed" not in done.stdout, "its signatures were those of an atelier"
    with centre.reading() as db:
        assert len(sheets.of_atelier(db, "lille", from_day=date.min, to_day=date.max, limit=100)) > 3
