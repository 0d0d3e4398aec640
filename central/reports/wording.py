"""Days, moments, hours and head-counts as papers write them; the same in every language."""

from collections.abc import Sequence
from datetime import UTC, date, datetime

from central.domain.people_counts import PeopleCount
from central.texts import Words
from groundwork.words import grouped_number

MOST_SPANS = 8


def day(value: date | str) -> str:
    """An ISO day that is none is left as it is."""
    try:
        return f"{date.fromisoformat(str(value)):%d/%m/%Y}"
    except ValueError:
        return str(value)


def moment(ms: int) -> str:
    return f"{datetime.fromtimestamp(ms / 1000, UTC):%d/%m/%Y %H:%M} UTC"


def days(values: Sequence[date], t: Words) -> str:
    """Days that follow each other as a span; the first spans, and how many days more there are. `values`: in their order."""
    if not values:
        return t("proof.none")
    spans = _spans(values)
    shown = ", ".join(
        day(first) if first == last else f"{day(first)} – {day(last)}" for first, last in spans[:MOST_SPANS]
    )
    more = sum((last - first).days + 1 for first, last in spans[MOST_SPANS:])
    return f"{shown} {t('proof.and_more', n=more)}" if more else shown


def _spans(values: Sequence[date]) -> list[tuple[date, date]]:
    spans: list[tuple[date, date]] = []
    for value in values:
        if spans and (value - spans[-1][1]).days == 1:
            spans[-1] = (spans[-1][0], value)
        else:
            spans.append((value, value))
    return spans


def hours(minutes: int, t: Words) -> str:
    """195 → « 3 h 15 »."""
    return t("contracts.hours", h=grouped_number(minutes // 60), m=minutes % 60).replace(" ", "\u00a0")


def people(count: PeopleCount, t: Words) -> str:
    if not count.groups:
        return "0"
    if count.few:
        return t("contracts.few")
    return t("contracts.at_least" if count.open else "contracts.exactly", n=grouped_number(count.least))
