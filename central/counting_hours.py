"""Insertion hours of a contract as its page and papers show them: by month and by atelier, against what it asks for."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from central.domain.contract_hours import Term, forecast_minutes, term_of
from central.domain.people_counts import PeopleCount, most_on_a_day, together
from central.store import ateliers, contracts
from central.store.contracts import Contract, MonthHours


@dataclass(frozen=True, slots=True)
class HoursRow:
    """Of a month (`2026-11`) or an atelier, by `key`. `people`: of each atelier the most on one day of the month; ateliers added up."""

    key: str
    name: str
    minutes: int
    people: PeopleCount


@dataclass(frozen=True, slots=True)
class ContractHours:
    """`done`: minutes within the term; `forecast`: at its end, `None` where it is not to be known. `own`: of one atelier alone."""

    contract: Contract
    term: Term | None
    done: int
    forecast: int | None
    months: tuple[HoursRow, ...]
    ateliers: tuple[HoursRow, ...]
    own: bool

    @property
    def due(self) -> int:
        return self.contract.insertion_minutes_due

    @property
    def minutes(self) -> int:
        """All that were confirmed, outside the term too."""
        return sum(row.minutes for row in self.months)


def hours_of(db: Connection, code: str, *, atelier: str | None, today: date) -> ContractHours | None:
    """`atelier`: whose alone; `None`: all. `None` for a contract nobody described or, of an atelier, without hours of its own."""
    described = contracts.find(db, code)
    rows = contracts.hours_by_month(db, code, atelier=atelier)
    if not rows and (described is None or atelier is not None):
        return None
    contract = described or Contract(code)
    term = term_of(contract.from_day, contract.until_day, contract.insertion_minutes_due)
    names = {one.atelier.code: one.atelier.name for one in ateliers.listed(db)}
    if atelier is not None:
        done = sum(row.minutes for row in rows)
        return ContractHours(contract, None, done, None, _by_month(rows), (), own=True)
    within = contracts.insertion_minutes(
        db, code, from_day=term.first if term else date.min, to_day=term.last if term else date.max
    )
    done = sum(within.values())
    forecast = forecast_minutes(done, term, today)
    return ContractHours(contract, term, done, forecast, _by_month(rows), _by_atelier(rows, names), own=False)


def hours_listed(db: Connection, *, atelier: str | None, today: date) -> list[ContractHours]:
    """Of every contract, by code, without its months and ateliers. Of an atelier: those it has hours for, and its own alone."""
    confirmed = contracts.minutes_by_contract(db, atelier=atelier)
    described = {one.contract: one for one in contracts.listed(db)}
    if atelier is not None:
        return [
            ContractHours(described.get(code, Contract(code)), None, done, None, (), (), own=True)
            for code, done in confirmed.items()
        ]
    within = contracts.minutes_within_terms(db)
    found = []
    for code in sorted({*confirmed, *described}):
        one = described.get(code, Contract(code))
        term = term_of(one.from_day, one.until_day, one.insertion_minutes_due)
        done = within[code] if term else confirmed.get(code, 0)
        found.append(ContractHours(one, term, done, forecast_minutes(done, term, today), (), (), own=False))
    return found


def _by_month(rows: Sequence[MonthHours]) -> tuple[HoursRow, ...]:
    return tuple(
        HoursRow(month, f"{month[5:]}/{month[:4]}", sum(row.minutes for row in own), _people(own))
        for month in sorted({row.month for row in rows})
        for own in [[row for row in rows if row.month == month]]
    )


def _by_atelier(rows: Sequence[MonthHours], names: dict[str, str]) -> tuple[HoursRow, ...]:
    by_code: dict[str, list[MonthHours]] = {}
    for row in rows:
        by_code.setdefault(row.atelier, []).append(row)
    return tuple(
        HoursRow(code, names.get(code, code), sum(row.minutes for row in own), most_on_a_day(row.people for row in own))
        for code, own in sorted(by_code.items())
    )


def _people(rows: Iterable[MonthHours]) -> PeopleCount:
    by_atelier: dict[str, list[str]] = {}
    for row in rows:
        by_atelier.setdefault(row.atelier, []).append(row.people)
    return together(most_on_a_day(days) for days in by_atelier.values())
