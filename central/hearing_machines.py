"""What an atelier's machine says of itself, and what it is told in return."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection

from central.store import ateliers, keys, machines
from central.store.machines import Machine


def hear_machine(db: Connection, atelier: str, said: Mapping[str, Any], *, at_ms: int) -> None:
    """`said`: a Heartbeat of the contract."""
    machines.note(
        db,
        Machine(
            atelier,
            said["version"],
            said["backlog_days"],
            said["disk_free_mb"],
            said.get("last_backup", ""),
            said["clock"],
            _ahead_s(said.get("time"), at_ms),
            _states(said.get("printers", ())),
            _states(said.get("scanners", ())),
            at_ms,
        ),
    )


def heartbeat_answer(db: Connection, atelier: str, *, at_ms: int) -> dict[str, Any]:
    """A HeartbeatAnswer of the contract: our time, the keys nobody may trust, whether it may replace what is held of its days."""
    now = datetime.fromtimestamp(at_ms / 1000, UTC)
    return {
        "time": now.isoformat(timespec="seconds").replace("+00:00", "Z"),
        "revoked_keys": keys.revoked(db, today=now.date().isoformat()),
        "may_replace": atelier in ateliers.may_replace(db, [atelier], at_ms=at_ms),
    }


def _ahead_s(time: str | None, at_ms: int) -> int | None:
    """Its clock against ours. `None` where it said none, or one that is no time."""
    try:
        said = datetime.fromisoformat(time or "")
        return round(said.timestamp()) - at_ms // 1000 if said.tzinfo else None
    except (ValueError, OverflowError):
        return None


def _states(devices: Any) -> list[dict[str, str]]:
    return [{"name": device["name"], "state": device["state"]} for device in devices]
