"""`floor demo`: what a newcomer starts first."""

import http.cookiejar
import os
import re
import signal
import subprocess
import sys
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.waiting import wait_until

ADDRESS = re.compile(r"(http://127\.0\.0\.1:\d+)$", re.MULTILINE)
PASSWORD = re.compile(r"Mot de passe : (\S+)")


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[bytes], Path, Path]]:
    said, temporary = tmp_path / "said", tmp_path / "tmp"
    temporary.mkdir()
    with said.open("wb") as output:
        command = [str(Path(sys.executable).with_name("floor")), "demo", "--port", "0"]
        process = subprocess.Popen(command, stdout=output, stderr=output, env={**os.environ, "TMPDIR": str(temporary)})
        yield process, said, temporary
        if process.poll() is None:
            process.kill()
        process.wait()


def test_a_newcomer_signs_in_sees_the_board_move_and_stops_it_cleanly(
    demo: tuple[subprocess.Popen[bytes], Path, Path],
) -> None:
    process, said, temporary = demo
    wait_until(lambda: "Ctrl-C" in said.read_text(encoding="utf-8"), "the demo tells how to stop it")
    text = said.read_text(encoding="utf-8")
    address, password = ADDRESS.search(text), PASSWORD.search(text)
    assert address and password, text
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
    page = browser.open(f"{address[1]}/sign-in").read().decode()
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert token
    form = urllib.parse.urlencode({"csrf_token": token[1], "name": "demo", "password": password[1]})
    board = browser.open(f"{address[1]}/sign-in", form.encode())
    assert board.url == f"{address[1]}/board"
    before = board.read()
    assert b"2026-0117" in before
    wait_until(lambda: browser.open(f"{address[1]}/board").read() != before, "the board moves")
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=30) == 0
    assert "Démonstration terminée" in said.read_text(encoding="utf-8")
    assert "Traceback" not in said.read_text(encoding="utf-8")
    assert list(temporary.iterdir()) == [], "nothing is left behind"
