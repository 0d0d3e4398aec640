"""How the simulator speaks with the floor: HTTP as any machine does, with the tokens it was given."""

import http.client
import json
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

PATIENCE_S = 60.0
PAUSE_S = 0.02
SERVICE_FILE = "service.json"  # docs/operations.md: address and token of the running service


class FloorGone(Exception):
    """The floor does not answer any more, or answers what no floor answers."""


@dataclass(frozen=True, slots=True)
class FloorAddress:
    """Where a running floor is. `control_token` opens what the `floor` command does; `tokens`: station → its own."""

    url: str
    control_token: str
    tokens: Mapping[str, str]


class Link:
    """One connection of one machine, made anew when it breaks. Used by one thread."""

    def __init__(self, url: str, token: str) -> None:
        self._host = urlsplit(url).netloc
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        self._open: http.client.HTTPConnection | None = None

    def get(self, path: str) -> dict[str, Any]:
        """{} where there is nothing new (204)."""
        return self._insist("GET", path, None)

    def post(self, path: str, said: Mapping[str, Any]) -> dict[str, Any]:
        """A scan and a lay have ids of their own, so that sending them again after a lost answer changes nothing."""
        return self._insist("POST", path, json.dumps(said))

    def post_and_hang_up(self, path: str, said: Mapping[str, Any]) -> None:
        """The answer is lost: sent, and the connection closed before anything comes back."""
        self.close()
        line = self._connection()
        try:
            line.request("POST", path, json.dumps(said), self._headers)
        except OSError:
            pass  # it may be lost on the way too: the same is sent again anyhow
        finally:
            self.close()

    def close(self) -> None:
        if self._open:
            self._open.close()
        self._open = None

    def _insist(self, method: str, path: str, body: str | None) -> dict[str, Any]:
        """Until there is an answer. FloorGone when there is none in PATIENCE_S, or when it is a refusal."""
        give_up_at_s = time.monotonic() + PATIENCE_S
        while True:
            try:
                return self._ask(method, path, body)
            except (OSError, http.client.HTTPException) as error:
                self.close()
                if time.monotonic() > give_up_at_s:
                    raise FloorGone(f"{method} {path}: {error}") from error
                time.sleep(PAUSE_S)

    def _ask(self, method: str, path: str, body: str | None) -> dict[str, Any]:
        line = self._connection()
        line.request(method, path, body, self._headers)
        answer = line.getresponse()
        content = answer.read()
        if answer.status in (503, 507):
            raise http.client.HTTPException(f"status {answer.status}")
        if answer.status == 204:
            return {}
        if answer.status != 200:
            raise FloorGone(f"{method} {path}: status {answer.status}, {content[:200]!r}")
        document: dict[str, Any] = json.loads(content)
        return document

    def _connection(self) -> http.client.HTTPConnection:
        if self._open is None:
            self._open = http.client.HTTPConnection(self._host, timeout=PATIENCE_S)
        return self._open


def announced(data: Path) -> tuple[str, str] | None:
    """(address, control token) of the service that runs on `data`; `None` while none has said them."""
    try:
        service = json.loads((data / SERVICE_FILE).read_text(encoding="ascii"))
        return str(service["url"]), str(service["token"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def running_floor(data: Path, stations: list[str]) -> FloorAddress:
    """The floor that runs on `data`, with a new token for each of `stations`. FloorGone when none answers."""
    found = announced(data)
    if found is None:
        raise FloorGone(str(data))
    link = Link(*found)
    try:
        asked = {name: {"station": name, "label": "simulation"} for name in stations}
        tokens = {name: str(link.post("/control/station_token", said)["token"]) for name, said in asked.items()}
    finally:
        link.close()
    return FloorAddress(*found, tokens)


def wait_for(holds: Callable[[], bool], *, stopping: threading.Event, pause_s: float = PAUSE_S) -> bool:
    """Whether `holds()` came true in PATIENCE_S and before `stopping`."""
    give_up_at_s = time.monotonic() + PATIENCE_S
    while not holds():
        if time.monotonic() > give_up_at_s or stopping.wait(pause_s):
            return False
    return True
