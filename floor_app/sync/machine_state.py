"""How the machine is, for the network's technician: a Heartbeat of the contract. Devices by number: a name somebody gave stays here."""

import json
import shutil
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any

from floor_app.atelier import Atelier
from floor_app.keeping import LAST_BACKUP
from floor_app.store import day_sheets


def heartbeat(atelier: Atelier) -> dict[str, Any]:
    clock = atelier.clock
    with atelier.reading() as db:
        backlog = day_sheets.backlog_days(db)
    return {
        "version": version("floor"),
        "backlog_days": backlog,
        "disk_free_mb": min(shutil.disk_usage(atelier.data).free // 1_000_000, 10_000_000),
        "last_backup": _last_backup(atelier),
        "clock": "ok" if clock.trusted else "unsure",
        "time": _time(clock.now_ms()),
        "printers": _states(atelier, "printer", [one.name for one in atelier.config.printers]),
        "scanners": _states(atelier, "scanner", [one.name for one in atelier.config.stations if one.scanner]),
    }


def _states(atelier: Atelier, kind: str, names: list[str]) -> list[dict[str, str]]:
    heard = {one.serves or one.name: one.state for one in atelier.devices.states(kind)}
    return [
        {"name": f"{kind} {number}", "state": heard.get(name, "unknown")} for number, name in enumerate(names, start=1)
    ]


def _last_backup(atelier: Atelier) -> str:
    try:
        return _time(json.loads((atelier.data / LAST_BACKUP).read_text(encoding="utf-8"))["at_ms"])
    except (OSError, ValueError, KeyError, TypeError, OverflowError):
        return ""


def _time(at_ms: int) -> str:
    return datetime.fromtimestamp(at_ms / 1000, UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
