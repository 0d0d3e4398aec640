"""Insertion hours: half-days that people on a pathway work for a contract's social clause. From assignments, never from scans.

A contract may ask for hours worked by people far from employment (articles L2112-2 and L2112-4 of the French public procurement
code); who worked is a supervisor's word on a sheet of half-days.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

MOST_MINUTES_A_HALF_DAY = 300
USUAL_MINUTES = 210
FEWEST_COUNTED_OUT = 5  # fewer people than this could be known by their number
KEPT_YEARS = 5


class HalfDay(StrEnum):
    MORNING = "morning"
    AFTERNOON = "afternoon"


@dataclass(frozen=True, slots=True)
class Person:
    """Someone on a pathway, known to this atelier alone. `minutes`: of a usual half-day."""

    id: int
    name: str
    minutes: int = USUAL_MINUTES


@dataclass(frozen=True, slots=True)
class Assignment:
    """A half-day of one person. `contract` "": not there, or on no contract."""

    person: int
    half_day: HalfDay
    contract: str
    minutes: int


@dataclass(frozen=True, slots=True)
class ContractTotal:
    """A day's confirmed minutes of one contract. `people`: how many, 0 for fewer than five."""

    contract: str
    minutes: int
    people: int


@dataclass(frozen=True, slots=True)
class Target:
    """Hours a contract asks for, between two days, both included."""

    contract: str
    minutes: int
    begins: date
    ends: date


def proposed(
    people: Iterable[Person], ran: Mapping[HalfDay, Counter[str]], before: Mapping[tuple[int, HalfDay], str]
) -> tuple[Assignment, ...]:
    """A sheet to confirm or change. `ran`: pieces counted by contract; `before`: contracts of the last confirmed sheet.

    Somebody stays on the contract of last time while it ran; else the contract with most pieces of that half-day.
    """
    found = []
    for person in people:
        for half_day in HalfDay:
            contracts = ran.get(half_day, Counter())
            usual = before.get((person.id, half_day), "")
            most = min(contracts, key=lambda name: (-contracts[name], name), default="")
            found.append(Assignment(person.id, half_day, usual if usual in contracts else most, person.minutes))
    return tuple(found)


def totals(assignments: Iterable[Assignment]) -> tuple[ContractTotal, ...]:
    """By contract, in the order of their names."""
    minutes, people = Counter[str](), dict[str, set[int]]()
    for assigned in assignments:
        if assigned.contract and assigned.minutes:
            minutes[assigned.contract] += assigned.minutes
            people.setdefault(assigned.contract, set()).add(assigned.person)
    return tuple(ContractTotal(name, minutes[name], _counted_out(len(people[name]))) for name in sorted(minutes))


def forecast_minutes(done: int, target: Target, today: date) -> int | None:
    """Minutes there will be at the end at the pace so far; `None` before the first day is over."""
    days = (min(today, target.ends) - target.begins).days + 1
    whole = (target.ends - target.begins).days + 1
    if days < 1 or whole < 1:
        return None
    return round(done * whole / days)


def kept_since(today: date) -> date:
    """Half-days before this day are forgotten: five years, as long as the hours of a contract may be checked."""
    try:
        return today.replace(year=today.year - KEPT_YEARS)
    except ValueError:  # 29 February
        return today.replace(year=today.year - KEPT_YEARS, day=28)


def _counted_out(people: int) -> int:
    return people if people >= FEWEST_COUNTED_OUT else 0
