"""Sheets that were refused because two machines speak for one atelier: alarms for a coordinator, each once."""

from dataclasses import asdict, dataclass
from datetime import date

from sqlalchemy import Connection, func, select, update

from central.store.statements import insert_into
from central.store.tables import conflict


@dataclass(frozen=True, slots=True)
class Conflict:
    """`code`: other_digest, older_sequence. `revision`, `digest`, `last_event`: of the sheet refused; `held_…`: of the one held."""

    atelier: str
    day: date
    digest: str
    code: str
    revision: int
    last_event: int
    held_revision: int
    held_digest: str
    held_last_event: int
    found_at_ms: int
    settled_at_ms: int = 0


def raise_once(db: Connection, found: Conflict) -> bool:
    """False for one that is known: the same sheet was refused before."""
    statement = insert_into(db, conflict).values(asdict(found)).on_conflict_do_nothing()
    return db.execute(statement.returning(conflict.c.digest)).first() is not None


def open_ones(db: Connection, *, atelier: str | None = None, limit: int = 500) -> list[Conflict]:
    """Not settled, the newest first; of one atelier or of all."""
    chosen = select(conflict).where(conflict.c.settled_at_ms == 0)
    if atelier is not None:
        chosen = chosen.where(conflict.c.atelier == atelier)
    rows = db.execute(chosen.order_by(conflict.c.found_at_ms.desc(), conflict.c.day.desc()).limit(limit))
    return [Conflict(*row) for row in rows]


def open_by_atelier(db: Connection) -> dict[str, int]:
    rows = db.execute(
        select(conflict.c.atelier, func.count()).where(conflict.c.settled_at_ms == 0).group_by(conflict.c.atelier)
    )
    return {row[0]: row[1] for row in rows}


def settle(db: Connection, atelier: str, *, day: date | None = None, at_ms: int) -> None:
    """All of an atelier, or of one of its days."""
    chosen = update(conflict).where(conflict.c.atelier == atelier, conflict.c.settled_at_ms == 0)
    if day is not None:
        chosen = chosen.where(conflict.c.day == day)
    db.execute(chosen.values(settled_at_ms=at_ms))
