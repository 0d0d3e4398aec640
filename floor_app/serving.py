"""`floor serve` in a terminal or under systemd: starts, says where to look, stops in order at a signal."""

import gc
import json
import logging
import signal
import sqlite3
from collections.abc import Callable
from pathlib import Path

from floor_app.commands import supervisor_link
from floor_app.config import FloorConfig
from floor_app.folder_lock import FolderTaken
from floor_app.one_core import keep_to_one_core
from floor_app.service import Service, start_service
from floor_app.service_link import SERVICE_FILE
from floor_app.store import access
from floor_app.store.writer import StoreFull
from floor_app.texts import words
from floor_app.web.addresses import own_address
from groundwork.web_server import PortTaken

Say = Callable[[str], None]


def serve_until_stopped(config: FloorConfig, data: Path, *, port: int | None, say: Say) -> int:
    """Blocks until SIGINT or SIGTERM; the exit code."""
    t = words()
    hold_signals()
    keep_to_one_core()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(threadName)s %(message)s")
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # "task queue depth" at every burst says nothing
    try:
        service = start_service(config, data, port=port)
    except FolderTaken:
        say(t("cli.folder_taken", folder=data))
        return 1
    except PortTaken as error:
        say(t("cli.port_taken", port=error))
        return 1
    except (sqlite3.Error, OSError, StoreFull) as error:
        say(t("cli.cannot_start", folder=data, reason=error))
        return 1
    gc.freeze()
    gc.enable()
    url = address_of(config, data)
    say(t("cli.serving", name=config.atelier.name, url=url))
    _invite_first_supervisor(service, url, say)
    say(t("cli.stop_hint"))
    stop_at_signal(service)
    say(t("cli.stopped"))
    return 0


_STOPPING = {signal.SIGINT, signal.SIGTERM}


def hold_signals() -> None:
    """Before any thread starts, so that all of them leave the signals to `stop_at_signal`."""
    signal.pthread_sigmask(signal.SIG_BLOCK, _STOPPING)


def stop_at_signal(service: Service) -> None:
    """Waits for SIGINT or SIGTERM, then stops the service. Another signal while stopping changes nothing."""
    signal.sigwait(_STOPPING)
    service.stop()


def address_of(config: FloorConfig, data: Path) -> str:
    """The address to open from another machine; of the running service if there is one, else as configured."""
    if config.server.public_url:
        return config.server.public_url
    try:
        local = str(json.loads((data / SERVICE_FILE).read_text(encoding="ascii"))["url"])
        port = int(local.rpartition(":")[2])
    except (OSError, ValueError):
        port = config.server.port
    host = own_address() if config.server.host in ("0.0.0.0", "") else config.server.host  # noqa: S104 - compared, not bound
    return f"http://{host}:{port}"


def _invite_first_supervisor(service: Service, url: str, say: Say) -> None:
    with service.atelier.reading() as db:
        known = access.has_accounts(db)
    if not known:
        path = supervisor_link(service.atelier, {"name": "atelier"})["path"]
        say(words()("cli.first_supervisor", url=url + path))
