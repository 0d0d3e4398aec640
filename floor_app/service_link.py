"""How the `floor` command reaches an atelier: through the running service, else alone with the folder's lock."""

import http.client
import json
import os
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

from floor_app.atelier import open_atelier
from floor_app.commands import COMMANDS
from floor_app.config import FloorConfig
from floor_app.folder_lock import FolderLock, FolderTaken

SERVICE_FILE = "service.json"
ANSWER_WITHIN_S = 120


class ServiceGone(Exception):
    """The folder is taken, but nothing answers."""


class ServiceRefused(Exception):
    """The running service said no; the message is its sentence."""


def ask(config: FloorConfig, data: Path, command: str, asked: dict[str, Any]) -> dict[str, Any]:
    """Runs one of COMMANDS and returns its answer. A change made here is on disk when this returns."""
    try:
        with FolderLock(data):
            atelier = open_atelier(config, data)
            try:
                return COMMANDS[command](atelier, asked)
            finally:
                atelier.close()
    except FolderTaken:
        return _ask_service(data, command, asked)


def _ask_service(data: Path, command: str, asked: dict[str, Any]) -> dict[str, Any]:
    try:
        service = json.loads((data / SERVICE_FILE).read_text(encoding="ascii"))
        os.kill(service["pid"], 0)
    except (OSError, ValueError) as error:
        raise ServiceGone(str(data)) from error
    request = urllib.request.Request(  # noqa: S310 - our own file names the loopback address
        f"{service['url']}/control/{command}",
        json.dumps(asked).encode(),
        {"Authorization": f"Bearer {service['token']}", "Content-Type": "application/json"},
    )
    try:
        with urllib.request.urlopen(request, timeout=ANSWER_WITHIN_S) as response:  # noqa: S310 - as above
            answer: dict[str, Any] = json.load(response)
            return answer
    except urllib.error.HTTPError as error:
        raise ServiceRefused(_problem(error)) from error
    except (OSError, http.client.HTTPException) as error:  # refused, or it went away in the middle of the answer
        raise ServiceGone(str(getattr(error, "reason", error))) from error


def _problem(error: urllib.error.HTTPError) -> str:
    try:
        problem = json.load(error)
    except ValueError:
        return str(error)
    return f"{problem.get('title', error)} {problem.get('detail', '')}".strip()
