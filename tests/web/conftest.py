"""A real atelier on a fresh folder, its application, and people who use it."""

import re
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from floor_app import access
from floor_app.atelier import Atelier, open_atelier
from floor_app.config import parse_config
from floor_app.cutting import CutRequest, cut_lay
from floor_app.domain.lays import Roll
from floor_app.domain.orders import Order, OrderLine
from floor_app.importing import import_orders
from floor_app.store import access as access_store
from floor_app.store.bundles import BundleCard
from floor_app.web import create_app
from floor_app.web.roles import DEVICE_COOKIE

PASSWORD = "une longue phrase de passe"
CONFIG = """
[atelier]
code = "ATL07"
name = "Atelier des Tilleuls"
site = "BCDF"
[[station]]
name = "cut-1"
operation = "cut"
title = "Coupe 1"
[[station]]
name = "sew-1"
operation = "sew"
title = "Couture 1"
[[station]]
name = "sew-2"
operation = "sew"
title = "Couture 2"
[[station]]
name = "finish-1"
operation = "finish"
title = "Finition 1"
"""


@pytest.fixture
def atelier(tmp_path: Path) -> Iterator[Atelier]:
    opened = open_atelier(parse_config(CONFIG), tmp_path / "data")
    yield opened
    opened.close()


@pytest.fixture
def app(atelier: Atelier) -> Flask:
    """Its board is drawn anew whenever something changed: what a test does next is on it."""
    made = create_app(atelier)
    made.extensions["board"].pace.every_s = 0.0
    return made


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A stranger."""
    return app.test_client()


@pytest.fixture
def supervisor(app: Flask, atelier: Atelier) -> FlaskClient:
    """Signed in, as after the sign-in page."""
    atelier.run(access_store.set_password, "cheffe", access.hash_password(PASSWORD), at_ms=atelier.clock.now_ms())
    signed_in = app.test_client()
    with signed_in.session_transaction() as session:
        session["account"], session["version"] = "cheffe", 1
    return signed_in


@pytest.fixture
def station_client(app: Flask, atelier: Atelier) -> Callable[[str], FlaskClient]:
    """A tablet paired with a station."""

    def pair(station: str) -> FlaskClient:
        token = access.new_secret()
        atelier.run(access.give_token, token, kind="station", subject=station, at_ms=atelier.clock.now_ms())
        tablet = app.test_client()
        tablet.set_cookie(DEVICE_COOKIE, token)
        return tablet

    return pair


@pytest.fixture
def csrf() -> Callable[[FlaskClient, str], str]:
    """The token a page gives its forms."""

    def token(client: FlaskClient, path: str) -> str:
        page = client.get(path).get_data(as_text=True)
        found = re.search(r'X-CSRFToken": "([^"]+)"|name="csrf_token" value="([^"]+)"|data-csrf="([^"]+)"', page)
        assert found, f"{path} gives no CSRF token"
        return next(group for group in found.groups() if group)

    return token


@pytest.fixture
def order(atelier: Atelier) -> Callable[..., str]:
    """Imports an order of 60 each of S, M, L, XL in « Bleu marine »."""

    def imported(code: str = "2026-0117", *, quantity: int = 60) -> str:
        lines = tuple(OrderLine(size, "Bleu marine", quantity) for size in ("S", "M", "L", "XL"))
        found = Order(code, "Ville de Lille", "M-2026-04", "Tablier", date(2026, 12, 18), lines)
        answer = atelier.run(
            import_orders, (found,), import_id=f"import-{code}", source="commande.csv", moment=atelier.clock.moment()
        )
        assert answer.imported == (code,)
        return code

    return imported


@pytest.fixture
def bundles(atelier: Atelier) -> Callable[..., tuple[BundleCard, ...]]:
    """Cuts S1 M2 L2 XL1 × 30 plies of an order: 180 pieces in 10 bundles."""

    def cut(order: str, *, lay: str = "lay-1") -> tuple[BundleCard, ...]:
        request = CutRequest(
            f"{order}-{lay}", order, "Bleu marine", "S1 M2 L2 XL1", (Roll(30, "A"),), cap=20, tolerance=2
        )
        answer = atelier.run(cut_lay, request, codes=atelier.codes, moment=atelier.clock.moment())
        assert not answer.faults
        return answer.bundles

    return cut
