"""A database that is away: whoever asks is told to come back, nothing is lost, and all goes on when it is back."""

import sqlite3
import threading
import time
from collections.abc import Callable

import psycopg
import pytest

from central.centre import Centre
from central.store.database import Unavailable
from tests.central.atelier_client import AtelierClient
from tests.central.postgres import PostgresServer
from tests.central.sheets import a_sheet, offered


@pytest.mark.parametrize("address", ["postgresql"], indirect=True)
def test_a_database_that_goes_away_and_comes_back(
    enrolled: Callable[..., AtelierClient], address: str, postgres: PostgresServer
) -> None:
    lille = enrolled()
    assert lille.put(a_sheet()).status == 201
    name = address.rpartition("/")[2]
    with psycopg.connect(postgres.address("postgres"), autocommit=True) as other:
        other.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
        other.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])
        refused = [lille.put(a_sheet(2)), lille.plain("GET", "/healthz")]
        other.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
    for answer in refused:
        assert (answer.status, answer.code) == (503, "unavailable")
        assert int(answer.headers["Retry-After"]) > 0
    assert lille.put(a_sheet(2)).status == 200
    assert lille.plain("GET", "/healthz").status == 200


@pytest.mark.parametrize("address", ["sqlite"], indirect=True)
def test_a_database_held_by_another_program_is_waited_for(
    enrolled: Callable[..., AtelierClient], centre: Centre, address: str
) -> None:
    """One that writes past us, as a person with a database browser does."""
    lille = enrolled()
    other = sqlite3.connect(address.removeprefix("sqlite:///"), isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    release = threading.Timer(0.5, other.rollback)
    release.start()
    started = time.monotonic()
    assert lille.put(a_sheet()).status == 201
    assert time.monotonic() - started > 0.3, "it waited"
    release.join()
    other.close()


def test_who_asks_a_centre_that_stops_is_told_to_come_back(centre: Centre) -> None:
    centre.close()
    with pytest.raises(Unavailable):
        centre.take_sheet(offered(a_sheet()))
