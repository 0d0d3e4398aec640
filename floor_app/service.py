"""Puts the process of one atelier together and takes it down in order: store, stations, spoolers, web."""

import contextlib
import json
import logging
import os
import secrets
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from devices.scanners.bindings import ROOT
from floor_app.atelier import Atelier, open_atelier
from floor_app.clock_watch import ClockWatch
from floor_app.config import FloorConfig
from floor_app.folder_lock import FolderLock
from floor_app.label_drawer import LabelDrawer
from floor_app.service_link import SERVICE_FILE
from floor_app.spooler import Spooler
from floor_app.stations import StationLoop
from floor_app.store import own_templates, print_jobs
from floor_app.sync.loop import SyncLoop
from floor_app.web import create_app
from groundwork.web_server import web_server

SWITCH_INTERVAL_S = 0.001  # a label being rendered gives way to a scan after 1 ms, not Python's usual 5

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Service:
    """A running atelier. `port` is the one really bound; `control_token` lets the command line of this machine in."""

    atelier: Atelier
    port: int
    control_token: str
    _closing: ExitStack = field(repr=False)
    _stopped: threading.Event = field(default_factory=threading.Event, repr=False)

    @property
    def local_url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def wait(self) -> None:
        """Until `stop`."""
        self._stopped.wait()

    def stop(self) -> None:
        """Takes no more requests, finishes what is under way, writes what was answered, lets the folder go."""
        if not self._stopped.is_set():
            self._stopped.set()
            self._closing.close()


def start_service(
    config: FloorConfig, data: Path, *, host: str = "", port: int | None = None, root: Path = ROOT
) -> Service:
    """Starts everything and returns when the port is open. FolderTaken when another process serves this folder.

    `root`: the folder that holds the machine's sys and dev, where scanners are looked up.
    """
    sys.setswitchinterval(SWITCH_INTERVAL_S)
    with ExitStack() as stack:
        stack.enter_context(FolderLock(data))
        atelier = open_atelier(config, data)
        stack.callback(atelier.close)
        atelier.run(print_jobs.distrust_interrupted, atelier.clock.now_ms())
        stack.enter_context(_devices(atelier, root))
        control_token = secrets.token_urlsafe(24)
        bound = port if port is not None else config.server.port
        app = create_app(atelier, control_token=control_token)
        app.extensions["devices"].root = root
        actual = stack.enter_context(web_server(app, host or config.server.host, bound))
        stack.enter_context(_announced(data, actual, control_token))
        return Service(atelier, actual, control_token, stack.pop_all())


@contextlib.contextmanager
def _devices(atelier: Atelier, root: Path) -> Iterator[None]:
    loops: list[StationLoop | Spooler | ClockWatch | SyncLoop] = [
        StationLoop(atelier, station, root=root) for station in atelier.config.stations if station.scanner
    ]
    drawer = LabelDrawer(own_templates.folder_in(atelier.data))
    loops += [Spooler(atelier, printer, drawer) for printer in atelier.config.printers]
    loops += [ClockWatch(atelier), SyncLoop(atelier)]
    for loop in loops:
        loop.start()
    try:
        yield
    finally:
        for loop in loops:
            loop.stop()
        for loop in loops:
            loop.join(timeout=5)
        drawer.close()


@contextlib.contextmanager
def _announced(data: Path, port: int, control_token: str) -> Iterator[None]:
    """How the `floor` command on this machine finds the service. Readable by its owner alone."""
    path = data / SERVICE_FILE
    path.unlink(missing_ok=True)
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(file, "w", encoding="ascii") as written:
        json.dump({"url": f"http://127.0.0.1:{port}", "token": control_token, "pid": os.getpid()}, written)
    try:
        yield
    finally:
        path.unlink(missing_ok=True)
