"""Two processes of the centre on PostgreSQL behind nginx, as deploy/centre has it: one night, and one of the two is killed in it."""

import os
import signal
import subprocess
import threading
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from floor_app.sync.run import Ended
from tests.central.central_process import serving
from tests.central.postgres import postgres_server
from tests.sync.nginx import Front, nginx_before, trusting
from tests.sync.town import SITES, Member, Town, found_town


@dataclass(frozen=True, slots=True)
class FrontedTown:
    town: Town
    front: Front
    processes: "list[subprocess.Popen[str]]"


@pytest.fixture
def fronted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FrontedTown]:
    with ExitStack() as closing:
        address = closing.enter_context(postgres_server()).new_database()
        options = ("--database", address, "--proxies", "1")
        served = [closing.enter_context(serving(tmp_path / "centre", *options)) for _ in range(2)]
        ports = [urlsplit(url).port or 0 for url, _ in served]
        front = closing.enter_context(nginx_before(ports, tmp_path / "nginx"))
        monkeypatch.setenv("SSL_CERT_FILE", str(front.authority))  # the ateliers believe this one as any other
        town = found_town(tmp_path, closing, address=address, url=front.url)
        yield FrontedTown(town, front, [process for _, process in served])


def test_a_night_goes_through_both_and_ends_in_the_same_numbers_though_one_is_killed(fronted: FrontedTown) -> None:
    members = [fronted.town.member(code) for code in SITES]
    for place, member in enumerate(members):
        member.count(member.begin_order()[: 3 + place], "cut", "sew", "finish")
    assert all(ended.attempt.outcome == "done" for ended in _at_once(members))
    assert all(member.agrees_with_centre() for member in members)
    assert len(fronted.front.answered_by()) == 2, "both answer"

    killed = threading.Timer(0.05, os.kill, (fronted.processes[0].pid, signal.SIGKILL))
    killed.start()
    for member in members:
        member.count(member.bundles()[6:], "cut")
        member.forgets_what_was_confirmed()
    assert all(ended.attempt.outcome == "done" for ended in _at_once(members))
    killed.join()
    assert fronted.processes[0].wait() == -signal.SIGKILL
    for member in members:
        member.forgets_what_was_confirmed()
        before = fronted.town.centre.figures(member.code)
        assert member.sync().attempt.outcome == "done", "the other goes on alone"
        assert fronted.town.centre.figures(member.code) == before, "and a sheet sent again changes nothing"
        assert member.agrees_with_centre()


def test_pages_come_over_tls_from_both_whatever_a_client_says_of_itself(fronted: FrontedTown) -> None:
    """The page's cookie is then for TLS alone."""
    lying = {"X-Forwarded-Proto": "http", "X-Forwarded-For": "10.0.0.9"}
    for headers in ({}, lying, {}, lying):
        asked = urllib.request.Request(f"{fronted.front.url}/sign-in", headers=headers)
        with urllib.request.urlopen(asked, context=trusting(fronted.front)) as answer:
            assert answer.status == 200
            assert "Strict-Transport-Security" in answer.headers
            assert "; Secure;" in answer.headers["Set-Cookie"]
    assert len(fronted.front.answered_by()) == 2


def _at_once(members: list[Member]) -> list[Ended]:
    with ThreadPoolExecutor(len(members)) as pool:
        return list(pool.map(lambda member: member.sync("night"), members))
