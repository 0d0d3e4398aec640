"""Does the floor say what was done, to the piece? The board, the export of the day and the conservation law, figure by figure."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from floor_app.simulating.acts import DayPlan
from floor_app.simulating.day import DayDone
from floor_app.simulating.figures import Figure, board_figures, export_figures, known_figures
from floor_app.simulating.links import FloorAddress, Link

Export = Callable[[str], bytes]


@dataclass(frozen=True, slots=True)
class Difference:
    """`figure`: its name, from the largest to the smallest: where it stands, order, size, … `known`: by what was done."""

    figure: Figure
    known: int
    said: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """`compared`: figures looked at."""

    compared: int
    differences: tuple[Difference, ...]


def compare(
    plan: DayPlan, done: DayDone, floor: FloorAddress, *, export: Export, timezone: str, day_starts: int = 0
) -> Comparison:
    """Once everybody has the answer to every read. `export`: ISO day → the CSV of that day, which begins at `day_starts`."""
    link = Link(floor.url, next(iter(floor.tokens.values())))
    board = link.get("/api/v1/board")
    link.close()
    days = _days(done.began_at, timezone, day_starts)
    known = known_figures(plan, done.acts)
    said = board_figures(plan, board) | export_figures(plan, map(export, days))
    known["labels",], said["labels",] = _labels(plan, done)
    figures = [figure for figure in sorted(known.keys() | said.keys()) if len(days) == 1 or figure[-1] != "today"]
    found = (Difference(figure, known.get(figure, 0), said.get(figure, 0)) for figure in figures)
    return Comparison(len(figures), tuple(each for each in found if each.known != each.said))


def _labels(plan: DayPlan, done: DayDone) -> tuple[int, int]:
    """(asked for, on paper). A label that was in the printer when its paper ended may come out twice, once an end."""
    asked, on_paper = done.labels
    twice = min(max(0, on_paper - asked), sum(lay.paper_ends for lay in plan.lays))
    return asked, on_paper - twice


def _days(began_at: datetime, timezone: str, day_starts: int) -> list[str]:
    """ISO, of the atelier's clock, from the first to the last: after one has ended « today » on the board is only a part."""
    zone, night = ZoneInfo(timezone), timedelta(hours=day_starts)
    first, last = ((at.astimezone(zone) - night).date() for at in (began_at, datetime.now(UTC)))
    return [(first + timedelta(days=days)).isoformat() for days in range((last - first).days + 1)]
