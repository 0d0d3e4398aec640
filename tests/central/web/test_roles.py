"""Every route of the centre against everyone who could ask: allowed is what the table says, and nothing else."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from central.web.roles import EVERYBODY, STATIC, Role

EVERYONE = frozenset(EVERYBODY)
COORDINATORS = frozenset({Role.COORDINATOR})
OFFICE = frozenset({Role.COORDINATOR, Role.READER})
PEOPLE = frozenset({Role.COORDINATOR, Role.READER, Role.ATELIER})
MACHINES = frozenset({Role.MACHINE})

# Screen → who may use its routes; a route of another kind stands below it with its own name.
ALLOWED = {
    "static": EVERYONE,
    "look": EVERYONE,
    "health": EVERYONE,
    "sign_in": EVERYONE,
    "sign_in.own_password": PEOPLE,
    "sign_in.change_password": PEOPLE,
    "buyer": OFFICE,
    "buyer.followed": EVERYONE,
    "buyer.style_picture": EVERYONE,
    "buyer.make_link": COORDINATORS,
    "buyer.revoke_link": COORDINATORS,
    "proof": OFFICE,
    "contracts": PEOPLE,
    "contracts.keep": COORDINATORS,
    "alerts": OFFICE,
    "ateliers": COORDINATORS,
    "ateliers.ateliers": PEOPLE,
    "ateliers.atelier": PEOPLE,
    "ateliers.declare": frozenset({Role.COORDINATOR, Role.ATELIER}),
    "board": PEOPLE,
    "board.table": OFFICE,
    "orders": OFFICE,
    "orders.new": COORDINATORS,
    "orders.add": COORDINATORS,
    "orders.change_page": COORDINATORS,
    "orders.change": COORDINATORS,
    "orders.close": COORDINATORS,
    "orders.reopen": COORDINATORS,
    "making": OFFICE,
    "making.keep": COORDINATORS,
    "shares": COORDINATORS,
    "shares.shares": OFFICE,
    "conflicts": COORDINATORS,
    "fleet": OFFICE,
    "transfers": PEOPLE,
    "accounts": COORDINATORS,
    "stick_files": COORDINATORS,
    "api_openapi": EVERYONE,
    "api_enrolments": EVERYONE,
    "api_days": MACHINES,
    "api_shares": MACHINES,
    "api_transfers": MACHINES,
    "api_heartbeats": MACHINES,
    "api_keys": MACHINES,
}
PLACEHOLDERS = {"atelier": "calais", "order": "OF-1", "code": "OF-1", "day": "2026-11-23"}


def allowed(endpoint: str) -> frozenset[Role]:
    found = ALLOWED.get(endpoint, ALLOWED.get(endpoint.split(".")[0]))
    assert found is not None, f"{endpoint}: say in ALLOWED who may use it"
    return found


def test_each_route_says_who_may_use_it_and_the_table_agrees(app: Flask) -> None:
    for rule in app.url_map.iter_rules():
        if rule.endpoint in STATIC:
            continue
        view = app.view_functions[rule.endpoint]
        said = getattr(view, "open_to", None)
        assert said is not None, f"{rule.endpoint} answers nobody: mark it with @open_to"
        assert said == allowed(rule.endpoint), rule.endpoint


def test_the_table_names_no_screen_that_is_gone(app: Flask) -> None:
    endpoints = {rule.endpoint for rule in app.url_map.iter_rules()}
    screens = {endpoint.split(".")[0] for endpoint in endpoints}
    assert [name for name in ALLOWED if name not in endpoints and name not in screens] == []


@pytest.mark.parametrize(
    ("role", "name"),
    [(Role.STRANGER, ""), (Role.COORDINATOR, "camille"), (Role.READER, "lectrice"), (Role.ATELIER, "lille")],
)
def test_whoever_may_not_is_refused_by_every_route(
    app: Flask, signed_in: Callable[..., FlaskClient], role: Role, name: str
) -> None:
    client = signed_in(name) if name else app.test_client()
    app.config["WTF_CSRF_ENABLED"] = False  # a refusal for want of a token would hide that nobody asked who it is
    refused = [rule for rule in app.url_map.iter_rules() if role not in allowed(rule.endpoint)]
    assert refused
    for rule in refused:
        for method in sorted(rule.methods & {"GET", "POST", "PUT", "DELETE"} if rule.methods else ()):
            answer = client.open(_path(app, rule), method=method)
            led_to_the_door = answer.status_code == 302 and answer.headers["Location"].startswith("/sign-in")
            assert led_to_the_door or answer.status_code in (401, 403), (rule.endpoint, method, answer.status_code)


def _path(app: Flask, rule: Rule) -> str:
    values = {name: PLACEHOLDERS.get(name, "1") for name in rule.arguments}
    with app.test_request_context():
        return str(app.url_map.bind("localhost").build(rule.endpoint, values, append_unknown=False))
