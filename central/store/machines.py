"""The state of each atelier's machine, as it said last."""

from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Connection, select

from central.store.statements import insert_into, rest_of
from central.store.tables import machine


@dataclass(frozen=True, slots=True)
class Machine:
    """`last_backup`: ISO time or "". `clock`: ok, unsure; `clock_ahead_s`: against ours, `None` where it did not say.

    `printers`, `scanners`: [{"name", "state"}].
    """

    atelier: str
    version: str
    backlog_days: int
    disk_free_mb: int
    last_backup: str
    clock: str
    clock_ahead_s: int | None
    printers: list[dict[str, Any]]
    scanners: list[dict[str, Any]]
    heard_at_ms: int


def note(db: Connection, said: Machine) -> None:
    statement = insert_into(db, machine).values(asdict(said))
    db.execute(
        statement.on_conflict_do_update(
            index_elements=["atelier"], set_={name: statement.excluded[name] for name in rest_of(machine)}
        )
    )


def of_atelier(db: Connection, atelier: str) -> Machine | None:
    row = db.execute(select(machine).where(machine.c.atelier == atelier)).first()
    return Machine(*row) if row else None


def listed(db: Connection) -> dict[str, Machine]:
    """By atelier."""
    return {row.atelier: Machine(*row) for row in db.execute(select(machine))}
