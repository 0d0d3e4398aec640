"""What each atelier declared it can take: pieces a week, from a day on. The newest word stands."""

from sqlalchemy import Connection, select

from central.domain.proposals import Capacity
from central.store.statements import insert_into
from central.store.tables import capacity


def declare(db: Connection, said: Capacity, *, at_ms: int) -> None:
    values = {"pieces_a_week": said.pieces_a_week, "from_day": said.from_day, "declared_at_ms": at_ms}
    statement = insert_into(db, capacity).values(atelier=said.atelier, **values)
    db.execute(statement.on_conflict_do_update(index_elements=["atelier"], set_=values))


def of_atelier(db: Connection, atelier: str) -> Capacity | None:
    row = db.execute(_SELECT.where(capacity.c.atelier == atelier)).first()
    return Capacity(*row) if row else None


def listed(db: Connection) -> dict[str, Capacity]:
    """By atelier; those who never said anything are not in it."""
    return {row.atelier: Capacity(*row) for row in db.execute(_SELECT)}


_SELECT = select(capacity.c.atelier, capacity.c.pieces_a_week, capacity.c.from_day)
