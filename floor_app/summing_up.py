"""The atelier's day sheets brought up to date: which days the events since the last time touch, and what those days now say.

Read beside the scans and kept between them, day by day: it may end anywhere, and goes on from there.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Concatenate, ParamSpec, Protocol, TypeVar

import sqlite_utils

from contract import day_sheets
from contract.canonical import digest
from floor_app.drawing_up import SheetSettings, draw_up
from floor_app.store import day_events, events
from floor_app.store import day_sheets as kept_sheets
from floor_app.store.day_sheets import KeptSheet
from groundwork.giving_way import Turn

EVENTS_A_STEP = 20_000
MOST_DAYS_OF_SILENCE = 366
"""An atelier that recorded nothing for longer was not at rest: its clock was wrong, and no sheet says that nothing was done."""
EARLIEST, LATEST = "2020-01-01", "2099-12-31"
"""A day outside is a clock that was wrong. The centre takes no sheet of it."""

P = ParamSpec("P")
R = TypeVar("R")
Going = Callable[[int, int], None]
"""Told before each day how many are done, of how many. What it raises ends the work, which goes on from there the next time."""


@dataclass(frozen=True, slots=True)
class SheetsChanged:
    """ISO days whose sheet has a new revision, in order."""

    days: tuple[str, ...] = ()


class Floor(Protocol):
    """Read beside the scans, written by the one writer: an atelier that runs."""

    def reading(self) -> AbstractContextManager[sqlite_utils.Database]: ...

    def run(
        self, command: Callable[Concatenate[sqlite_utils.Database, P], R], /, *args: P.args, **kwargs: P.kwargs
    ) -> R: ...


def sum_up(
    floor: Floor, settings: SheetSettings, *, today: str, at_ms: int, going: Going = lambda done, of: None
) -> SheetsChanged:
    """Every day from the first event to `today` then has a sheet that says what is known now. Without news, nothing is written."""
    while _mark_some(floor, settings):
        pass
    _mark_silent_days(floor, settings, today)
    changed, done = set[str](), 0
    while waiting := _days_left(floor):
        going(done, done + waiting)
        for sheet, before in _next_day(floor, settings, at_ms):
            kept = floor.run(kept_sheets.keep, sheet, before=before)
            if kept and sheet.revision != (before.revision if before else 0):
                changed.add(sheet.day)
            done += kept
    return SheetsChanged(tuple(sorted(changed)))


def _mark_some(floor: Floor, settings: SheetSettings) -> bool:
    """The days touched by the next stretch of the log are marked; False at its end. Other settings: every day, from the beginning."""
    with floor.reading() as db:
        so_far, end = kept_sheets.summed_up(db), events.last_seq(db)
        last = min(end, so_far.last_seq + EVENTS_A_STEP)
        others = so_far.settings != settings.text
        days = set[str]()
        if not others and last > so_far.last_seq:
            days = day_events.days_touched(db, so_far.last_seq + 1, last, starts=settings.day_starts)
    if others:
        floor.run(kept_sheets.begin_again, settings.text)
        return True
    if last == so_far.last_seq:
        return False
    floor.run(kept_sheets.mark, sorted(filter(_plausible, days)), after=so_far, last_seq=last)
    return True


def _mark_silent_days(floor: Floor, settings: SheetSettings, today: str) -> None:
    """A day with nothing done has a sheet too: from the first event on, or a year back where the first is older than its clock."""
    with floor.reading() as db:
        first, so_far = day_events.first_day(db, starts=settings.day_starts), kept_sheets.summed_up(db)
        known = {*kept_sheets.every_day(db), *kept_sheets.days_to_sum_up(db, limit=1_000_000)}
    if not first or not _plausible(today):
        return
    begins = max(first, EARLIEST, (date.fromisoformat(today) - timedelta(days=MOST_DAYS_OF_SILENCE)).isoformat())
    silent = [day for day in _days(begins, today) if day not in known]
    if silent:
        floor.run(kept_sheets.mark, silent, after=so_far, last_seq=so_far.last_seq)


def _days(first: str, last: str) -> Iterator[str]:
    day = date.fromisoformat(first)
    while day.isoformat() <= last:
        yield day.isoformat()
        day += timedelta(days=1)


def _plausible(day: str) -> bool:
    return EARLIEST <= day <= LATEST


def _days_left(floor: Floor) -> int:
    with floor.reading() as db:
        return kept_sheets.count_to_sum_up(db)


def _next_day(floor: Floor, settings: SheetSettings, at_ms: int) -> list[tuple[KeptSheet, KeptSheet | None]]:
    """The oldest marked day as it is now, with the sheet kept of it so far; none where another run was quicker."""
    with floor.reading() as db:
        as_of, days = events.last_seq(db), kept_sheets.days_to_sum_up(db, limit=1)
        return [_worked_out(db, day, settings, as_of=as_of, at_ms=at_ms) for day in days]


def _worked_out(
    db: sqlite_utils.Database, day: str, settings: SheetSettings, *, as_of: int, at_ms: int
) -> tuple[KeptSheet, KeptSheet | None]:
    """A new revision only where the figures differ from those kept."""
    turn = Turn()
    before, sheet = kept_sheets.sheet(db, day), draw_up(db, day, settings)
    turn.give_way()
    figures = day_sheets.figures_digest(sheet)
    turn.give_way()
    if before and before.figures_digest == figures:
        return replace(before, as_of=as_of), before
    revision = before.revision + 1 if before else 1
    body = day_sheets.to_bytes(replace(sheet, revision=revision))
    last_event = max(sheet.events.last, before.last_event if before else 0)
    return KeptSheet(day, revision, digest(body), figures, body, as_of, last_event, at_ms), before
