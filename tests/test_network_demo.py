"""`floor demo --network`: a centre and three ateliers a newcomer can look at, talking with each other."""

import http.cookiejar
import os
import re
import signal
import sqlite3
import subprocess
import sys
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.waiting import wait_until

CENTRE = re.compile(r"Le centre : (http://127\.0\.0\.1:\d+)")
ATELIERS = re.compile(r"Réseau : (http://127\.0\.0\.1:\d+)/network")
PASSWORD = re.compile(r"Mot de passe : (\S+)")


class Demo:
    def __init__(self, process: subprocess.Popen[bytes], said: Path, temporary: Path) -> None:
        self.process, self._said, self.temporary = process, said, temporary

    @property
    def text(self) -> str:
        return self._said.read_text(encoding="utf-8")

    def asked_of_the_centre(self, sql: str) -> list[tuple[object, ...]]:
        (file,) = self.temporary.glob("floor-demo-*/centre/central.db")
        with closing(sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True)) as centre:
            return centre.execute(sql).fetchall()


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Demo]:
    said, temporary = tmp_path / "said", tmp_path / "tmp"
    temporary.mkdir()
    with said.open("wb") as output:
        command = [str(Path(sys.executable).with_name("floor")), "demo", "--network", "--port", "0"]
        process = subprocess.Popen(command, stdout=output, stderr=output, env={**os.environ, "TMPDIR": str(temporary)})
        yield Demo(process, said, temporary)
        if process.poll() is None:
            process.kill()
        process.wait()


def signed_in(url: str, name: str, password: str) -> urllib.request.OpenerDirector:
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
    page = browser.open(f"{url}/sign-in").read().decode()
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert token
    form = urllib.parse.urlencode({"csrf_token": token[1], "name": name, "password": password})
    browser.open(f"{url}/sign-in", form.encode())
    return browser


def test_a_newcomer_sees_an_order_made_in_three_places(demo: Demo) -> None:
    wait_until(lambda: "Ctrl-C" in demo.text or demo.process.poll() is not None, "the demo tells how to stop it")
    centre, password, ateliers = CENTRE.search(demo.text), PASSWORD.search(demo.text), ATELIERS.findall(demo.text)
    assert centre and password and len(ateliers) == 3, demo.text
    finished = "SELECT atelier, cut, finished FROM progress WHERE order_code = 'TABLIERS-2026' ORDER BY atelier"
    places = demo.asked_of_the_centre(finished)
    assert [place for place, *_ in places] == ["LOIRE", "RHONE", "TILLEULS"]
    assert all(cut and done for _, cut, done in places)
    assert demo.asked_of_the_centre("SELECT sent - received FROM transfer WHERE atelier = 'RHONE'") == [(2,)]
    assert demo.asked_of_the_centre("SELECT DISTINCT state FROM allocation") == [("accepted",)]
    supervisor = signed_in(ateliers[0], "demo", password[1])
    assert "Tout est passé." in supervisor.open(f"{ateliers[0]}/network").read().decode()
    assert "TABLIERS-2026" in supervisor.open(f"{ateliers[0]}/board").read().decode()
    wait_until(lambda: demo.asked_of_the_centre(finished) != places, "the ateliers go on, and the centre hears of it")
    demo.process.send_signal(signal.SIGINT)
    assert demo.process.wait(timeout=60) == 0
    assert "Démonstration terminée" in demo.text and "Traceback" not in demo.text
    assert list(demo.temporary.iterdir()) == [], "nothing is left behind"
