"""Public contracts (marchés) that orders belong to, and the insertion hours they ask for."""

from dataclasses import asdict, dataclass
from datetime import date

from sqlalchemy import Connection, Text, cast, func, select

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


@dataclass(frozen=True, slots=True)
class MonthHours:
    """Confirmed minutes of an atelier's days in a month (`2026-11`) on which its sheets say `people`: a number from five on, or "<5"."""

    contract: str
    atelier: str
    month: str
    people: str
    minutes: int


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


def hours_by_month(db: Connection, code: str, *, atelier: str | None = None) -> list[MonthHours]:
    """Of sheets that agree with themselves: of an atelier or all; by atelier and month."""
    table = sheet_hours
    month = func.substr(cast(table.c.day, Text), 1, 7)
    chosen = select(table.c.contract, table.c.atelier, month, table.c.people, func.sum(table.c.minutes)).where(
        table.c.contract == code, table.c.counted, table.c.minutes > 0
    )
    if atelier is not None:
        chosen = chosen.where(table.c.atelier == atelier)
    grouped = chosen.group_by(table.c.contract, table.c.atelier, month, table.c.people)
    rows = db.execute(grouped.order_by(table.c.atelier, month))
    return [MonthHours(row[0], row[1], row[2], row[3], int(row[4])) for row in rows]


def minutes_by_contract(db: Connection, *, atelier: str | None = None) -> dict[str, int]:
    """All that were ever confirmed, by one atelier or all; of contracts that nobody described here, too."""
    table = sheet_hours
    chosen = select(table.c.contract, func.sum(table.c.minutes)).where(table.c.counted, table.c.minutes > 0)
    if atelier is not None:
        chosen = chosen.where(table.c.atelier == atelier)
    rows = db.execute(chosen.group_by(table.c.contract).order_by(table.c.contract))
    return {code: int(minutes) for code, minutes in rows}


def minutes_within_terms(db: Connection) -> dict[str, int]:
    """By contract described here: those of all ateliers from its first day to its last, where it has such."""
    table = sheet_hours
    day = cast(table.c.day, Text)
    rows = db.execute(
        select(contract.c.contract, func.coalesce(func.sum(table.c.minutes), 0))
        .select_from(
            contract.outerjoin(
                table,
                (table.c.contract == contract.c.contract)
                & table.c.counted
                & ((contract.c.from_day == "") | (day >= contract.c.from_day))
                & ((contract.c.until_day == "") | (day <= contract.c.until_day)),
            )
        )
        .group_by(contract.c.contract)
    )
    return {code: int(minutes) for code, minutes in rows}
