"""Every route of the application against everyone who could ask: allowed is what the table says, and nothing else."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from floor_app import access
from floor_app.atelier import Atelier, open_atelier
from floor_app.config import parse_config
from floor_app.store import access as access_store
from floor_app.web import create_app
from floor_app.web.roles import DEVICE_COOKIE, Role, open_to

CONTROL_TOKEN = "the token of this machine"
CONFIG = """
[atelier]
code = "A"
name = "Les Tilleuls"
site = "BCDF"
[[station]]
name = "cut-1"
operation = "cut"
[[station]]
name = "sew-1"
operation = "sew"
"""

EVERYONE = frozenset(Role)
SUPERVISORS = frozenset({Role.SUPERVISOR})
AT_STATIONS = frozenset({Role.STATION, Role.SUPERVISOR})
BEFORE_THE_BOARD = frozenset({Role.BOARD, Role.SUPERVISOR})
MACHINES = frozenset({Role.STATION, Role.BOARD, Role.CONTROL})
SCANNING_MACHINES = frozenset({Role.STATION, Role.CONTROL})
THIS_MACHINE = frozenset({Role.CONTROL})

# Screen → who may use its routes; a route of another kind stands below it with its own name.
ALLOWED = {
    "static": EVERYONE,
    "look": EVERYONE,
    "health": EVERYONE,
    "sign_in": EVERYONE,
    "pairing": EVERYONE,
    "control": THIS_MACHINE,
    "api": MACHINES,
    "api.scans": SCANNING_MACHINES,
    "board": BEFORE_THE_BOARD,
    "board.answer": SUPERVISORS,
    "station": AT_STATIONS,
    "orders": SUPERVISORS,
    "offers": SUPERVISORS,
    "lays": SUPERVISORS,
    "bundles": SUPERVISORS,
    "routings": SUPERVISORS,
    "style_pictures": SUPERVISORS,
    "style_pictures.picture": frozenset({Role.STATION, Role.BOARD, Role.SUPERVISOR}),
    "labels": SUPERVISORS,
    "label_editor": SUPERVISORS,
    "sheets": SUPERVISORS,
    "transfers": SUPERVISORS,
    "sending_bundles": SUPERVISORS,
    "receiving_notes": SUPERVISORS,
    "hours": SUPERVISORS,
    "hours_copies": SUPERVISORS,
    "network": SUPERVISORS,
    "stations": SUPERVISORS,
    "devices": SUPERVISORS,
    "scanner_test": AT_STATIONS,
    "scanner_test.choose": SUPERVISORS,
    "scanner_test.sheet": SUPERVISORS,
}

# What the parts of an address are filled with: a station's own name, so that its tablet is not refused as a stranger there.
PARTS = {
    "name": "cut-1",
    "filename": "floor.css",
    "operation": "cut",
    "hour": 9,
    "number": 1,
    "seq": 1,
    "token_id": 999,
    "person": 999,
}
TOKENS_ONLY = ("api", "control")


@dataclass(frozen=True, slots=True)
class Asker:
    """Makes a fresh browser or machine of one role, and the headers it sends."""

    client: Callable[[], FlaskClient]
    headers: dict[str, str]


@pytest.fixture(scope="module")
def atelier(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Atelier]:
    opened = open_atelier(parse_config(CONFIG), tmp_path_factory.mktemp("roles") / "data")
    opened.run(access_store.set_password, "cheffe", access.hash_password("peu importe"), at_ms=1)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def app(atelier: Atelier) -> Flask:
    """Without CSRF tokens: they are proved apart, and here a refusal must be for who asks alone."""
    made = create_app(atelier, control_token=CONTROL_TOKEN)
    made.config["WTF_CSRF_ENABLED"] = False
    made.add_url_rule("/unmarked", "unmarked", lambda: "open to nobody", methods=["GET", "POST"])
    return made


@pytest.fixture(scope="module")
def askers(app: Flask, atelier: Atelier) -> dict[Role, Asker]:
    tokens = {Role.STATION: access.new_secret(), Role.BOARD: access.new_secret()}
    for role, secret in tokens.items():
        atelier.run(
            access.give_token, secret, kind=role.value, subject="cut-1" if role == Role.STATION else "", at_ms=1
        )

    def with_cookie(role: Role) -> Callable[[], FlaskClient]:
        def made() -> FlaskClient:
            client = app.test_client()
            client.set_cookie(DEVICE_COOKIE, tokens[role])
            return client

        return made

    def supervisor() -> FlaskClient:
        client = app.test_client()
        with client.session_transaction() as session:
            session["account"], session["version"] = "cheffe", 1
        return client

    bearer = {role: {"Authorization": f"Bearer {secret}"} for role, secret in tokens.items()}
    return {
        Role.STRANGER: Asker(app.test_client, {}),
        Role.STATION: Asker(with_cookie(Role.STATION), bearer[Role.STATION]),
        Role.BOARD: Asker(with_cookie(Role.BOARD), bearer[Role.BOARD]),
        Role.SUPERVISOR: Asker(supervisor, {}),
        Role.CONTROL: Asker(app.test_client, {"Authorization": f"Bearer {CONTROL_TOKEN}"}),
    }


def _routes(app: Flask) -> list[tuple[Rule, str]]:
    """Every route with every method it takes, OPTIONS left to the framework."""
    return [
        (rule, method) for rule in app.url_map.iter_rules() for method in sorted((rule.methods or set()) - {"OPTIONS"})
    ]


def _who_may(endpoint: str) -> frozenset[Role]:
    allowed = ALLOWED.get(endpoint, ALLOWED.get(endpoint.partition(".")[0]))
    assert allowed is not None, f"{endpoint} is a new screen: write down in ALLOWED who may use it"
    return allowed


def _path(app: Flask, rule: Rule) -> str:
    parts: dict[str, Any] = {name: PARTS.get(name, "x-1") for name in rule.arguments}
    with app.test_request_context():
        return str(app.url_for(rule.endpoint, **parts))


def _ask(asker: Asker, path: str, method: str) -> tuple[str, int]:
    """(`open`, `sign_in`, `refused`), and the status. A machine's token goes where it would be sent; elsewhere its cookie."""
    by_token = path.startswith(tuple(f"/{screen}/" for screen in TOKENS_ONLY)) or "Bearer the" in str(asker.headers)
    answer = asker.client().open(path, method=method, headers=asker.headers if by_token else {})
    answer.close()
    if answer.status_code == 302 and answer.headers["Location"].startswith("/sign-in?next="):
        return "sign_in", answer.status_code
    return ("refused" if answer.status_code in (401, 403) else "open"), answer.status_code


@pytest.mark.parametrize("role", list(Role))
def test_every_route_is_open_to_those_the_table_names_and_to_nobody_else(
    app: Flask, askers: dict[Role, Asker], role: Role
) -> None:
    wrong = []
    for rule, method in _routes(app):
        if rule.endpoint == "unmarked":
            continue
        expected = "open" if role in _who_may(rule.endpoint) else "refused"
        if (
            expected == "refused"
            and role == Role.STRANGER
            and method in ("GET", "HEAD")
            and rule.endpoint[:4] != "api."
        ):
            expected = "sign_in"
        found = _ask(askers[role], _path(app, rule), method)
        if found[0] != expected or found[1] >= 500:
            wrong.append(f"{role} {method} {rule.rule}: {found[1]}, should be {expected}")
    assert not wrong, "\n".join(wrong)


def test_the_table_names_no_screen_that_is_gone(app: Flask) -> None:
    endpoints = {rule.endpoint for rule in app.url_map.iter_rules()}
    assert not [name for name in ALLOWED if name not in endpoints and name not in app.blueprints]


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_view_without_a_mark_answers_nobody(askers: dict[Role, Asker], role: Role, method: str) -> None:
    found = _ask(askers[role], "/unmarked", method)
    stranger = ("sign_in", 302) if method == "GET" else ("refused", 401)
    assert found == (stranger if role == Role.STRANGER else ("refused", 403))


def test_a_mark_for_nobody_opens_to_nobody(atelier: Atelier) -> None:
    app = create_app(atelier)
    app.add_url_rule("/shut", "shut", open_to()(lambda: "open to nobody"))
    assert app.test_client().get("/shut").status_code == 302


def test_a_tablet_of_one_station_is_refused_at_another(app: Flask, askers: dict[Role, Asker]) -> None:
    rules = [(rule, method) for rule, method in _routes(app) if rule.endpoint.startswith("station.")]
    assert len(rules) >= 6
    for rule, method in rules:
        with app.test_request_context():
            other = app.url_for(rule.endpoint, name="sew-1")
        assert _ask(askers[Role.STATION], other, method)[1] == 403


@pytest.mark.parametrize("name", TOKENS_ONLY)
def test_no_cookie_opens_a_route_for_tokens(app: Flask, askers: dict[Role, Asker], name: str) -> None:
    rules = [(rule, method) for rule, method in _routes(app) if rule.endpoint.startswith(f"{name}.")]
    assert rules
    for rule, method in rules:
        for role in (Role.STATION, Role.BOARD, Role.SUPERVISOR):
            assert askers[role].client().open(_path(app, rule), method=method).status_code in (401, 403)


def test_every_form_needs_its_token_and_says_so_in_words(atelier: Atelier) -> None:
    app = create_app(atelier)
    client = app.test_client()
    with client.session_transaction() as session:
        session["account"], session["version"] = "cheffe", 1
    changing = [(rule, method) for rule, method in _routes(app) if method not in ("GET", "HEAD")]
    assert len(changing) > 20
    for rule, method in changing:
        if rule.endpoint.partition(".")[0] in TOKENS_ONLY:
            continue
        answer = client.open(_path(app, rule), method=method)
        assert answer.status_code == 400, f"{method} {rule.rule}"
        assert "trop longtemps" in answer.get_data(as_text=True)


def test_the_folder_of_the_session_key_is_the_services_own(atelier: Atelier) -> None:
    key: Path = atelier.data / "session.key"
    assert key.stat().st_mode & 0o077 == 0
