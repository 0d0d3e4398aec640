"""Every test of the store runs on both databases; the schema is made once for each and copied."""

import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from central import enrolling
from central.centre import Centre, open_centre
from central.settings import Limits, Settings
from central.store import ateliers
from central.store.ateliers import Atelier
from central.store.database import Database, open_database
from central.store.migrations import upgrade
from central.web.app import create_app
from groundwork.web_server import web_server
from tests.central.atelier_client import AtelierClient
from tests.central.postgres import PostgresServer, postgres_server

NOW_MS = 1_795_690_800_000  # 2026-11-26 11:00 UTC
ATELIERS = (
    Atelier("lille", "ESAT de Lille", "BCDF"),
    Atelier("calais", "Atelier de Calais", "GHJK"),
    Atelier("lyon", "EI de Lyon", "LNPR"),
)
MANY = Limits(by_atelier=100_000, by_address=1_000_000, enrolments_by_address=100_000)


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    with postgres_server() as server:
        yield server


@pytest.fixture(scope="session")
def empty_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with the newest schema and three ateliers."""
    file = tmp_path_factory.mktemp("sqlite") / "central.db"
    _prepare(f"sqlite:///{file}")
    return file


@pytest.fixture(scope="session")
def empty_postgres(postgres: PostgresServer) -> str:
    """Name of a database with the newest schema and three ateliers."""
    address = postgres.new_database()
    _prepare(address)
    return address.rpartition("/")[2]


def _prepare(address: str) -> None:
    database = open_database(address)
    upgrade(database)
    with database.writing() as db:
        for one in ATELIERS:
            ateliers.add(db, one, at_ms=NOW_MS)
    database.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Of a fresh database with the newest schema and three ateliers."""
    if request.param == "sqlite":
        file = tmp_path / "central.db"
        shutil.copy(request.getfixturevalue("empty_sqlite"), file)
        return f"sqlite:///{file}"
    template: str = request.getfixturevalue("empty_postgres")
    server: PostgresServer = request.getfixturevalue("postgres")
    return server.new_database(template=template)


@pytest.fixture
def database(address: str) -> Iterator[Database]:
    opened = open_database(address)
    yield opened
    opened.close()


@pytest.fixture
def open_a_centre(tmp_path: Path) -> Iterator[Callable[[str], Centre]]:
    """A process of the centre on a database: several may be opened on one."""
    opened: list[Centre] = []

    def open_one(
        address: str, *, limits: Limits = MANY, proxies: int = 0, clock: Callable[[], int] = lambda: NOW_MS
    ) -> Centre:
        settings = Settings(tmp_path / "centre", address, network="Réseau du Nord", proxies=proxies, limits=limits)
        opened.append(open_centre(settings, clock=clock))
        return opened[-1]

    yield open_one
    for centre in opened:
        centre.close()


@pytest.fixture
def centre(address: str, open_a_centre: Callable[[str], Centre]) -> Centre:
    return open_a_centre(address)


@pytest.fixture
def serve() -> Iterator[Callable[[Centre], str]]:
    """A centre behind the real web server on a free loopback port: its address."""
    with ExitStack() as stack:
        yield lambda centre: _url(
            stack.enter_context(web_server(create_app(centre), "127.0.0.1", 0, threads=16, behind_proxy=True))
        )


def _url(port: int) -> str:
    return f"http://127.0.0.1:{port}"


@pytest.fixture
def url(centre: Centre, serve: Callable[[Centre], str]) -> str:
    return serve(centre)


@pytest.fixture
def enrolled(centre: Centre, url: str) -> Callable[..., AtelierClient]:
    """An atelier that has given its key to the centre."""

    def enrol(code: str = "lille") -> AtelierClient:
        client = AtelierClient(url, code)
        assert client.enrol(an_enrolment_code(centre, code)).status == 201
        return client

    return enrol


def an_enrolment_code(centre: Centre, atelier: str) -> str:
    with centre.writing() as db:
        return enrolling.give_code(db, atelier, secrets.token_bytes(10), at_ms=centre.now_ms())
