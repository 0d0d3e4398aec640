"""Processes under measure: the prototype, the real `floor serve` and `floor central serve`, each in a folder of its own."""

import http.client
import json
import os
import signal
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parent
STARTS_WITHIN_S = 60.0
STOPS_WITHIN_S = 60.0
LOOKS_EVERY_S = 0.002


@dataclass(frozen=True, slots=True)
class SlowDisk:
    """Every sync of a process lasts at least `sync_ms`, and is counted in `count_file`."""

    library: Path
    count_file: Path
    sync_ms: float

    def environment(self) -> dict[str, str]:
        return {
            "LD_PRELOAD": str(self.library),
            "SLOW_DISK_MS": str(self.sync_ms),
            "SLOW_DISK_COUNT": str(self.count_file),
        }

    def syncs(self) -> int:
        """So far."""
        with suppress(OSError, struct.error):
            return int(struct.unpack("<Q", self.count_file.read_bytes()[:8])[0])
        return 0


@dataclass(frozen=True, slots=True)
class Server:
    """A running process that answers on 127.0.0.1:`port`."""

    process: subprocess.Popen[bytes]
    port: int

    @property
    def memory_mb(self) -> float:
        """Resident, all threads and libraries included."""
        status = Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii")
        kilobytes = next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS:"))
        return int(kilobytes) / 1000


@contextmanager
def prototype(folder: Path, *, slow: SlowDisk | None = None, one_core: bool = False) -> Iterator[Server]:
    """`one_core`: kept to one, as the real service keeps itself, where by itself it would use all."""
    folder.mkdir(parents=True, exist_ok=True)
    port = free_port()
    core = ["taskset", "--cpu-list", max(os.sched_getaffinity(0))] if one_core else []
    command = [*core, sys.executable, HERE / "prototype.py", port, folder / "prototype.db"]
    with _running(command, folder, slow) as process:
        _wait_for(lambda: _listens(port), process)
        yield Server(process, port)


@contextmanager
def floor_serve(config: Path, data: Path, *, slow: SlowDisk | None = None) -> Iterator[Server]:
    """The real service, its log written to a file beside `data`."""
    options = ["--config", config, "--data", data]
    with _running([*FLOOR, "serve", *options, "--port", "0"], data.parent, slow) as process:
        _wait_for(lambda: bool(_announced_url(data)), process)
        yield Server(process, int(_announced_url(data).rpartition(":")[2]))


@contextmanager
def central_serve(folder: Path, database: str, *, proxies: int = 1) -> Iterator[Server]:
    """The real centre. Behind a proxy that is not there, who asks says itself where from, and that it came over TLS."""
    options = ["--database", database, "--data", folder, "--proxies", proxies]
    with _central([*CENTRAL, "serve", *options], folder) as server:
        yield server


@contextmanager
def central_without_limits(folder: Path) -> Iterator[Server]:
    """The real centre on SQLite, which lets everybody ask as often as they like: by its own pace it would stop what is measured."""
    with _central([*CENTRAL_WITHOUT_LIMITS, folder], folder) as server:
        yield server


@contextmanager
def _central(command: Sequence[object], folder: Path) -> Iterator[Server]:
    port = free_port()
    with _running([*command, "--port", port], folder, None) as process:
        _wait_for(lambda: _listens(port), process)
        yield Server(process, port)


CENTRAL = (sys.executable, "-c", "from central.cli import central; central()")
CENTRAL_WITHOUT_LIMITS = (sys.executable, HERE / "centre_without_limits.py")
# numpy is here for the tests only; sqlite-utils would take it along, with its 30 MB and 0.1 s, as no atelier has it.
FLOOR = (sys.executable, "-c", "import sys; sys.modules['numpy'] = None; from floor_app.cli import main; main()")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def post(port: int, path: str, *, token: str, body: str) -> int:
    """One request on a connection of its own; its status."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    try:
        connection.request("POST", path, body, headers)
        return connection.getresponse().status
    finally:
        connection.close()


@contextmanager
def _running(command: Sequence[object], folder: Path, slow: SlowDisk | None) -> Iterator[subprocess.Popen[bytes]]:
    os.sync()  # what was made before is on disk: no sync under measure waits for it
    environment = {**os.environ, "PYTHONPATH": str(ROOT), **(slow.environment() if slow else {})}
    with (folder / "log.txt").open("ab") as log:
        process = subprocess.Popen([str(part) for part in command], stdout=log, stderr=log, env=environment)
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(STOPS_WITHIN_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_for(ready: Callable[[], bool], process: subprocess.Popen[bytes]) -> None:
    give_up_at = time.monotonic() + STARTS_WITHIN_S
    while not ready():
        if process.poll() is not None or time.monotonic() > give_up_at:
            raise RuntimeError(f"{process.args!r} did not start")
        time.sleep(LOOKS_EVERY_S)


def _announced_url(data: Path) -> str:
    """ "" until the service has said it."""
    with suppress(OSError, ValueError):
        return str(json.loads((data / "service.json").read_text(encoding="ascii"))["url"])
    return ""


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
