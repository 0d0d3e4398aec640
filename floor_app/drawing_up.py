"""One day's sheet drawn up from what the floor knows now: its counts from the tables, its control totals from the events."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, field, replace

import sqlite_utils

from contract.canonical import canonical
from contract.day_sheets import Control, Count, Cut, DaySheet, EventRange
from floor_app.domain.day_law import DayFact, law_of_day
from floor_app.domain.events import LayCut
from floor_app.domain.production_days import ProductionDay
from floor_app.domain.quality import Conservation, added_up
from floor_app.domain.routings import Operation, Routing
from floor_app.store import day_events, day_figures, insertion_hours, routings, transfers
from floor_app.store.day_events import PieceOfDay, SharedOrder

LONGEST_SIZE, LONGEST_COLOUR = 40, 60
UNSURE, OK = "unsure", "ok"


@dataclass(frozen=True, slots=True)
class SheetSettings:
    """What a sheet says of itself. `day_starts`: the hour at which the production day begins."""

    atelier: str
    timezone: str
    day_starts: int

    @property
    def text(self) -> str:
        """Another text: every sheet is to be drawn up anew."""
        said = {"atelier": self.atelier, "timezone": self.timezone, "day_starts": self.day_starts}
        return canonical(said).decode("utf-8")


def draw_up(db: sqlite_utils.Database, day: str, settings: SheetSettings) -> DaySheet:
    """`day`: ISO, a production day. Without a revision (0): whether it says anything new is the caller's to find out.

    A new kind of figure is one more line here. Of orders that are not shared nothing is in it, not even how many events they had.
    """
    production_day = ProductionDay(day, settings.day_starts)
    happened = _happened(db, production_day)
    orders = happened.orders
    allocations = {one.order.code: one.order.allocation for one in orders.values()}
    return DaySheet(
        atelier=settings.atelier,
        day=day,
        revision=0,
        timezone=settings.timezone,
        clock=UNSURE if happened.unsure else OK,
        events=_range(happened.seqs),
        cut=_cut(db, happened.lays, orders),
        counts=_counts(db, production_day, orders),
        transfers=transfers.of_day(db, day, allocations=allocations, day_starts=settings.day_starts),
        insertion_hours=insertion_hours.of_day(db, day),
        control=_control(happened.law),
    )


@dataclass(frozen=True, slots=True)
class _Shared:
    order: SharedOrder
    routing: Routing

    def place(self, code: str) -> int:
        return next(place for place, operation in enumerate(self.routing.operations) if operation.code == code)

    def ends_section(self, step: Operation) -> bool:
        """The last of its section in the routing: of branches that end side by side, one."""
        return step == [each for each in self.routing.operations if each.section == step.section][-1]


@dataclass(slots=True)
class _Happened:
    """What the events of a day say together. `orders`: by id; `lays`: the events that cut them; `law`: what became of pieces."""

    orders: dict[int, _Shared] = field(default_factory=dict)
    seqs: set[int] = field(default_factory=set)
    lays: list[int] = field(default_factory=list)
    unsure: bool = False
    law: Conservation = field(default_factory=Conservation)


def _happened(db: sqlite_utils.Database, day: ProductionDay) -> _Happened:
    """A few events at a time, kept no longer than that: there are thousands, and while they all wait, memory is searched for garbage."""
    whole = _Happened()
    for piece in day_events.of_day(db, day):
        unknown = {one.order_id for one in piece.events} - whole.orders.keys()
        for order in day_events.shared_orders(db, unknown) if unknown else ():
            whole.orders[order.id] = _Shared(order, routings.routing(db, order.routing_id))
        whole.seqs |= piece.seqs
        whole.lays += [one.seq for one in piece.events if isinstance(one.event, LayCut)]
        whole.unsure = whole.unsure or piece.unsure
        whole.law = added_up((whole.law, law_of_day(_facts(piece, whole.orders))))
    return whole


def _facts(piece: PieceOfDay, orders: Mapping[int, _Shared]) -> Iterator[DayFact]:
    return (DayFact(one.event, orders[one.order_id].routing.last.code, one.corrections) for one in piece.events)


def _range(seqs: Set[int]) -> EventRange:
    return EventRange(min(seqs), max(seqs), len(seqs)) if seqs else EventRange()


def _cut(db: sqlite_utils.Database, lays: list[int], orders: Mapping[int, _Shared]) -> tuple[Cut, ...]:
    pieces = defaultdict[tuple[str, str, str, str], int](int)
    for found in day_figures.pieces_cut(db, lays):
        order = orders[found.order_id].order
        pieces[order.code, order.allocation, *_line(found.size, found.colour)] += found.pieces
    return tuple(Cut(*line, pieces[line]) for line in sorted(pieces))


def _counts(db: sqlite_utils.Database, day: ProductionDay, orders: Mapping[int, _Shared]) -> tuple[Count, ...]:
    """By order, size and colour, the steps as the routing has them."""
    found = dict[tuple[str, str, str, str, int], Count]()
    for figure in day_figures.steps_counted(db, day, orders.keys()):
        order, place = orders[figure.order_id], orders[figure.order_id].place(figure.operation)
        step = order.routing.operations[place]
        count = Count(
            order.order.code,
            order.order.allocation,
            *_line(figure.size, figure.colour),
            operation=step.code,
            section=step.section.value,
            last=step == order.routing.last,
            section_last=order.ends_section(step),
            good=figure.good,
            second=figure.second,
            rejected=figure.rejected,
            to_rework=figure.to_rework,
            from_rework=figure.from_rework,
            presumed=figure.presumed,
            declared_missing=figure.missing,
            defects=figure.defects,
        )
        key = (count.order, count.allocation, count.size, count.colour, place)
        found[key] = _together(found[key], count) if key in found else count
    return tuple(found[key] for key in sorted(found))


def _line(size: str, colour: str) -> tuple[str, str]:
    """As the contract takes them; two colours that begin with the same 59 letters are one there."""
    return _short(size, LONGEST_SIZE), _short(colour, LONGEST_COLOUR)


def _short(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def _together(one: Count, other: Count) -> Count:
    """Two lines of the order that the contract cannot tell apart."""
    return replace(one, **{name: getattr(one, name) + getattr(other, name) for name in _PIECES})


_PIECES = ("good", "second", "rejected", "to_rework", "from_rework", "presumed", "declared_missing", "defects")


def _control(law: Conservation) -> Control:
    return Control(
        pieces_cut=law.cut,
        pieces_received=law.received,
        pieces_finished=law.finished_good,
        pieces_second=law.second,
        pieces_rejected=law.rejected,
        pieces_missing=law.missing,
        pieces_sent=law.sent,
        pieces_in_rework=law.in_rework,
        pieces_in_progress=law.in_progress,
    )
