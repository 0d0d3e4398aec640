"""A real service in a process of its own, and tablets that scan at it over HTTP."""

import base64
import contextlib
import http.client
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from floor_app.config import FloorConfig, parse_config
from floor_app.service_link import SERVICE_FILE, ask
from tests.waiting import wait_until

ROOT = Path(__file__).parents[2]
STEPS = ("cut", "sew", "finish")
ORDER = "2026-0117"
COLOUR = "Bleu marine"
SIZES = ("S", "M", "L", "XL")
CONFIG = """
[atelier]
code = "ATL07"
name = "Atelier des Tilleuls"
site = "BCDF"
""" + "".join(f'[[station]]\nname = "{step}-1"\noperation = "{step}"\n' for step in STEPS)
PATIENCE_S = 60


class FloorProcess:
    """`floor serve` on a folder. `environment` is added to that of the process; `code` is the tree it runs from."""

    def __init__(
        self, folder: Path, *, config: str = CONFIG, environment: dict[str, str] | None = None, code: Path = ROOT
    ) -> None:
        self.data = folder / "data"
        self.data.mkdir(parents=True, exist_ok=True)
        self.config: FloorConfig = parse_config(config)
        self._config_file = folder / "floor.toml"
        self._config_file.write_text(config, encoding="utf-8")
        self._log = folder / "service.log"
        self._code = code
        self._environment = {**os.environ, **(environment or {}), "PYTHONPATH": str(code)}
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Returns when it answers."""
        command = ["serve", "--config", str(self._config_file), "--data", str(self.data), "--port", "0"]
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-c", "from floor_app.cli import main; main()", *command],
                cwd=self._code,
                env=self._environment,
                stdout=log,
                stderr=log,
            )
        wait_until(self._answers, f"the service answers; it said:\n{self._log.read_text()[-2000:]}")

    def kill(self) -> None:
        """As if the plug of the process alone was pulled."""
        assert self._process
        self._process.kill()
        self._process.wait()

    def stop(self) -> None:
        """In order."""
        if self._process and self._process.poll() is None:
            self._process.terminate()
            assert self._process.wait(timeout=PATIENCE_S) == 0, self._log.read_text()[-2000:]

    @property
    def port(self) -> int:
        """Of the service that runs now; ConnectionError while none does."""
        return int(self._announced()["url"].rpartition(":")[2])

    @property
    def control_token(self) -> str:
        """What the `floor` command shows at the door."""
        return str(self._announced()["token"])

    def asks(self, command: str, **asked: Any) -> dict[str, Any]:
        """As the `floor` command does."""
        return ask(self.config, self.data, command, asked)

    def imports_an_order(self) -> None:
        lines = [f"{ORDER};Ville de Lille;Tablier;{COLOUR};{size};5000" for size in SIZES]
        sheet = "\n".join(["OF;Client;Modèle;Coloris;Taille;Quantité", *lines])
        content = base64.b64encode(sheet.encode()).decode()
        assert self.asks("import_file", filename="commande.csv", content=content)["imported"] == [ORDER]

    def cuts(self, *, plies: int, cap: int = 1) -> list[str]:
        """A lay; the codes of its bundles."""
        answer = self.asks("cut", order=ORDER, colour=COLOUR, marker="S1 M1", plies=plies, cap=cap, tolerance=0)
        assert not answer["faults"]
        return [bundle["code"] for bundle in answer["bundles"]]

    def token(self, step: str) -> str:
        token: str = self.asks("station_token", station=f"{step}-1")["token"]
        return token

    def _announced(self) -> dict[str, Any]:
        try:
            service: dict[str, Any] = json.loads((self.data / SERVICE_FILE).read_text(encoding="ascii"))
        except (FileNotFoundError, ValueError) as error:
            raise ConnectionError("no service is announced") from error
        if not self._process or service["pid"] != self._process.pid:
            raise ConnectionError("this service is gone")
        return service

    def _answers(self) -> bool:
        assert self._process
        assert self._process.poll() is None, f"the service ended:\n{self._log.read_text()[-4000:]}"
        try:
            with Line(self) as line:
                return bool(line.gets("/healthz") == {"status": "ok"})
        except OSError:
            return False


class Line:
    """One connection of one tablet, made anew when it breaks."""

    def __init__(self, floor: FloorProcess, token: str = "") -> None:
        self._floor = floor
        self._headers = {"Content-Type": "application/json", "Accept": "application/json"}
        if token:
            self._headers["Authorization"] = f"Bearer {token}"
        self._open: http.client.HTTPConnection | None = None

    def __enter__(self) -> "Line":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        if self._open:
            self._open.close()
        self._open = None

    def gets(self, path: str) -> Any:
        return self._say("GET", path, None)[1]

    def posts(self, path: str, **said: Any) -> tuple[int, Any]:
        """Status and document. ConnectionError when there was no whole answer."""
        return self._say("POST", path, json.dumps(said))

    def _say(self, method: str, path: str, body: str | None) -> tuple[int, Any]:
        try:
            if self._open is None:
                self._open = http.client.HTTPConnection("127.0.0.1", self._floor.port, timeout=PATIENCE_S)
            self._open.request(method, path, body, self._headers)
            answer = self._open.getresponse()
            return answer.status, json.loads(answer.read() or b"null")
        except (OSError, http.client.HTTPException) as error:
            self.close()
            raise ConnectionError(str(error)) from error


@dataclass(frozen=True, slots=True)
class ScanToSend:
    id: str
    code: str
    step: str


@dataclass(eq=False)
class Tablet(threading.Thread):
    """Sends its scans one after the other, each until it is answered, with the id it had at first. `seqs`: id → event.

    A refusal ends its day, unless it `insists`.
    """

    floor: FloorProcess
    tokens: dict[str, str]
    scans: list[ScanToSend]
    seqs: dict[str, int] = field(default_factory=dict)
    insists: bool = False
    tries: int = 0
    refusals: int = 0
    refusal: Any = None

    def __post_init__(self) -> None:
        super().__init__(daemon=True)

    def run(self) -> None:
        lines = {step: Line(self.floor, token) for step, token in self.tokens.items()}
        for scan in self.scans:
            while scan.id not in self.seqs and self.refusal is None:
                self._send(lines[scan.step], scan)
        for line in lines.values():
            line.close()

    def _send(self, line: Line, scan: ScanToSend) -> None:
        self.tries += 1
        try:
            status, said = line.posts("/api/v1/scans", id=scan.id, code=scan.code)
        except ConnectionError:
            time.sleep(0.02)
            return
        if status == 200 and said["event_seq"] is not None:
            self.seqs[scan.id] = said["event_seq"]
        elif status == 507 and self.insists:
            self.refusals += 1
            time.sleep(0.02)
        elif status != 503:
            self.refusal = (status, said)


def scans_of(codes: list[str], *, steps: tuple[str, ...] = STEPS) -> list[ScanToSend]:
    """Each bundle through each step, in the order of the work."""
    return [ScanToSend(f"{step}-{code}", code, step) for code in codes for step in steps]


def tablets(floor: FloorProcess, codes: list[str], *, count: int, steps: tuple[str, ...] = STEPS) -> list[Tablet]:
    """`count` people, who share the bundles out."""
    tokens = {step: floor.token(step) for step in steps}
    return [Tablet(floor, tokens, scans_of(codes[first::count], steps=steps)) for first in range(count)]


def let_scan(working: list[Tablet], *, meanwhile: Callable[[], None] = lambda: None) -> dict[str, int]:
    """All scans of all tablets, answered: id → event."""
    for tablet in working:
        tablet.start()
    meanwhile()
    for tablet in working:
        tablet.join()
    assert [tablet.refusal for tablet in working if tablet.refusal] == []
    return {scan_id: seq for tablet in working for scan_id, seq in tablet.seqs.items()}


@contextlib.contextmanager
def running(floor: FloorProcess) -> Iterator[FloorProcess]:
    """Killed at the end, however it ends."""
    floor.start()
    try:
        yield floor
    finally:
        floor.kill()
