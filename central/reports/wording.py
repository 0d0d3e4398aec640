"""Days, moments, hours and head-counts as papers write them; the same in every language."""

from collections.abc import Sequence
from datetime import UTC, date, datetime

from central.domain.people_counts import PeopleCount
from central.texts import Words
from groundwork.words import grouped_number

MOST_DAYS = 12


def day(value: date | str) -> str:
    """An ISO day that is none is left as it is."""
    try:
        return f"{date.fromisoformat(str(value)):%d/%m/%Y}"
    except ValueError:
        return str(value)


def moment(ms: int) -> str:
    return f"{datetime.fromtimestamp(ms / 1000, UTC):%d/%m/%Y %H:%M} UTC"


def days(values: Sequence[date], t: Words) -> str:
    """The first of them, and how many more there are."""
    if not values:
        return t("proof.none")
    shown = ", ".join(day(value) for value in values[:MOST_DAYS])
    more = len(values) - MOST_DAYS
    return f"{shown} {t('proof.and_more', n=more)}" if more > 0 else shown


def hours(minutes: int, t: Words) -> str:
    """195 → « 3 h 15 »."""
    return t("contracts.hours", h=grouped_number(minutes // 60), m=minutes % 60).replace(" ", "\u00a0")


def people(count: PeopleCount, t: Words) -> str:
    if not count.groups:
        return "0"
    if count.few:
        return t("contracts.few")
    return t("contracts.at_least" if count.open else "contracts.exactly", n=grouped_number(count.least))
