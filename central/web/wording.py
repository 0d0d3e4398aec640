"""Numbers, days and times as each language writes them: filters of every template."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from flask import Flask

from central.web.language import language, t
from groundwork.words import grouped_number

PARIS = ZoneInfo("Europe/Paris")  # the network's own time; each atelier's days are its own
NOTHING = "–"
ENGLISH_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def add_to(app: Flask) -> None:
    for name in (number, day, moment, age):
        app.jinja_env.filters[name.__name__] = name


def number(value: int | None) -> str:
    """12 000, 12,000; « – » for what nobody measured."""
    if value is None:
        return NOTHING
    return grouped_number(value) if language() == "fr" else f"{value:,}"


def day(value: date | str | None) -> str:
    """26/11/2026, 26 Nov 2026. `value`: a day, or ISO; « – » for none."""
    if not value:
        return NOTHING
    found = date.fromisoformat(value) if isinstance(value, str) else value
    return f"{found:%d/%m/%Y}" if language() == "fr" else f"{found.day} {ENGLISH_MONTHS[found.month - 1]} {found.year}"


def moment(at_ms: int) -> str:
    """A day and a time of the network; « – » for 0."""
    if not at_ms:
        return NOTHING
    local = datetime.fromtimestamp(at_ms / 1000, UTC).astimezone(PARIS)
    return f"{day(local.date())} {local:%H:%M}"


def age(since_ms: int, now_ms: int) -> str:
    """« il y a 3 heures »; the words for never where `since_ms` is 0."""
    if not since_ms:
        return t("common.never")
    minutes = max(0, now_ms - since_ms) // 60_000
    if minutes < 60:
        return t("common.ago_minutes", count=minutes)
    return (
        t("common.ago_hours", count=minutes // 60) if minutes < 48 * 60 else t("common.ago_days", count=minutes // 1440)
    )
