"""A centre with three ateliers, two shared orders and a week of day sheets, and the people who look at it."""

import re
import shutil
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from central import letting_in, sharing
from central.centre import Centre, open_centre
from central.reading_sheets import SheetOffer
from central.settings import Limits, Settings
from central.sharing import ShareDraft
from central.store import accounts
from central.store.orders import OrderLine, SharedOrder
from central.web.app import create_app
from tests.central.conftest import NOW_MS
from tests.central.sheets import a_note, a_sheet, offered

PASSWORD = "une longue phrase de passe"
ACCOUNTS = {"camille": ("coordinator", ""), "lectrice": ("reader", ""), "lille": ("atelier", "lille")}
MANY = Limits(by_atelier=100_000, by_address=1_000_000, enrolments_by_address=100_000, sign_ins_by_address=100_000)
DAYS = tuple(date(2026, 11, 16) + timedelta(days=n) for n in range(11))  # a Monday, to the Thursday that is today


@pytest.fixture(scope="session")
def filled_file(empty_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The database of such a centre, made once."""
    folder = tmp_path_factory.mktemp("filled")
    file = folder / "central.db"
    shutil.copy(empty_sqlite, file)
    centre = open_centre(Settings(folder, f"sqlite:///{file}"), clock=lambda: NOW_MS)
    fill(centre)
    centre.close()
    shutil.rmtree(folder / "centre", ignore_errors=True)
    return file


def fill(centre: Centre) -> None:
    """OF-1 is shared by lille and calais, OF-2 is lyon's; lyon was last heard four days ago."""
    with centre.writing() as db:
        for code, due, quantity in (("OF-1", "2026-12-18", 3000), ("OF-2", "2026-11-27", 900)):
            order = SharedOrder(code, "Ville de Lille", "M-2026-7", "Tablier", due)
            lines = (OrderLine("M", "Écru", quantity // 3), OrderLine("L", "Écru", quantity - quantity // 3))
            sharing.keep_order(db, order, lines, at_ms=NOW_MS)
        for order_code, atelier, pieces in (("OF-1", "lille", 1500), ("OF-1", "calais", 900), ("OF-2", "lyon", 900)):
            draft = ShareDraft((OrderLine("M", "Écru", pieces),))
            sharing.propose_share(db, order_code, atelier, draft, allocation=f"{order_code}-{atelier}", at_ms=NOW_MS)
        hashed = letting_in.hash_password(PASSWORD)
        for name, (role, atelier) in ACCOUNTS.items():
            accounts.put(db, name, role=role, atelier=atelier, at_ms=NOW_MS)
            accounts.set_password(db, name, hashed)
    for offer in _offers():
        centre.take_sheet(offer)


def _offers() -> Iterator[SheetOffer]:
    for day in DAYS:
        if day.weekday() < 5:
            note = a_note(f"N-{day}", to="calais", sent=5)
            yield offered(a_sheet(atelier="lille", day=day.isoformat(), transfers=(note,)))
            yield offered(a_sheet(atelier="calais", day=day.isoformat(), pieces=80))
            if day < date(2026, 11, 23):
                yield offered(a_sheet(atelier="lyon", day=day.isoformat(), order="OF-2"))


@pytest.fixture
def filled(filled_file: Path, tmp_path: Path) -> Iterator[Centre]:
    """A copy of it for one test."""
    shutil.copy(filled_file, tmp_path / "central.db")
    shutil.copy(filled_file.with_name("centre.key"), tmp_path / "centre.key")
    settings = Settings(tmp_path, f"sqlite:///{tmp_path / 'central.db'}", network="Réseau du Nord", limits=MANY)
    centre = open_centre(settings, clock=lambda: NOW_MS)
    yield centre
    centre.close()


@pytest.fixture
def app(filled: Centre) -> Flask:
    return create_app(filled)


@pytest.fixture
def stranger(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def signed_in(app: Flask, filled: Centre) -> Callable[..., FlaskClient]:
    """Whose account it is, as after the sign-in page; in French, unless said."""

    def sign_in(name: str, language: str = "fr") -> FlaskClient:
        with filled.reading() as db:
            account = accounts.find(db, name)
        assert account is not None
        client = app.test_client()
        with client.session_transaction() as session:
            session["account"], session["version"], session["language"] = name, account.session_version, language
        return client

    return sign_in


@pytest.fixture
def coordinator(signed_in: Callable[..., FlaskClient]) -> FlaskClient:
    return signed_in("camille")


@pytest.fixture
def reader(signed_in: Callable[..., FlaskClient]) -> FlaskClient:
    return signed_in("lectrice")


@pytest.fixture
def atelier_account(signed_in: Callable[..., FlaskClient]) -> FlaskClient:
    """Of lille."""
    return signed_in("lille")


@pytest.fixture
def press() -> Callable[..., str]:
    """Posts a form as its page would, and follows to where it leads."""

    def post(client: FlaskClient, path: str, /, *, status: int = 200, **fields: object) -> str:
        kind = "multipart/form-data" if any(isinstance(value, tuple) for value in fields.values()) else None
        data = {"csrf_token": csrf_of(client), **fields}
        answer = client.post(path, data=data, follow_redirects=True, content_type=kind)
        assert answer.status_code == status, answer.get_data(as_text=True)
        return answer.get_data(as_text=True)

    return post


def csrf_of(client: FlaskClient) -> str:
    page = client.get("/password", follow_redirects=True).get_data(as_text=True)
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found, "every page has a form with a token"
    return found[1]
