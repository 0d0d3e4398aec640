"""Public contracts (marchés) that orders belong to, and the insertion hours they ask for."""

from dataclasses import asdict, dataclass
from datetime import date

from sqlalchemy import Connection, func, select

from central.store.statements import insert_into, rest_of
from central.store.tables import contract, sheet_hours


@dataclass(frozen=True, slots=True)
class Contract:
    """`from_day`, `until_day`: ISO days or "". `insertion_minutes_due`: 0 where none are asked for."""

    contract: str
    title: str = ""
    buyer: str = ""
    from_day: str = ""
    until_day: str = ""
    insertion_minutes_due: int = 0
    note: str = ""


def put(db: Connection, new: Contract) -> None:
    """New, or in place of the one of that code."""
    statement = insert_into(db, contract).values(asdict(new))
    db.execute(
        statement.on_conflict_do_update(
            index_elements=["contract"], set_={name: statement.excluded[name] for name in rest_of(contract)}
        )
    )


def find(db: Connection, code: str) -> Contract | None:
    row = db.execute(select(contract).where(contract.c.contract == code)).first()
    return Contract(*row) if row else None


def listed(db: Connection) -> list[Contract]:
    return [Contract(*row) for row in db.execute(select(contract).order_by(contract.c.contract))]


def insertion_minutes(
    db: Connection, code: str, *, from_day: date = date.min, to_day: date = date.max
) -> dict[str, int]:
    """Confirmed minutes for a contract by atelier; both ends included."""
    table = sheet_hours
    rows = db.execute(
        select(table.c.atelier, func.sum(table.c.minutes))
        .where(table.c.contract == code, table.c.counted, table.c.day.between(from_day, to_day))
        .group_by(table.c.atelier)
        .order_by(table.c.atelier)
    )
    return {atelier: int(minutes) for atelier, minutes in rows}
