"""An order in numbers: by colour, a row for what was ordered, for what was cut, for each step; a column for each size."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from floor_app.domain.orders import OrderLine
from floor_app.domain.progress import StepCount
from floor_app.domain.routings import Routing
from floor_app.store.orders import StandingLine

Cells = tuple[int | None, ...]  # by size; None where the colour has not that size


@dataclass(frozen=True, slots=True)
class SumRow:
    """`name`: `ordered`, `cut`, or an operation's code."""

    name: str
    cells: Cells

    @property
    def total(self) -> int:
        return sum(cell or 0 for cell in self.cells)


@dataclass(frozen=True, slots=True)
class ColourSums:
    colour: str
    rows: tuple[SumRow, ...]

    @property
    def ordered(self) -> Cells:
        return self.rows[0].cells


def sizes_of(lines: Sequence[StandingLine | OrderLine]) -> list[str]:
    """In the order in which the order names them."""
    return list(dict.fromkeys(line.size for line in lines))


def ordered_by_colour(lines: Sequence[OrderLine]) -> list[ColourSums]:
    """Of an order not yet imported: only what it asks for."""
    found = {(line.colour, line.size): line.quantity for line in lines}
    colours = dict.fromkeys(line.colour for line in lines)
    sizes = sizes_of(lines)
    return [
        ColourSums(colour, (SumRow("ordered", tuple(found.get((colour, size)) for size in sizes)),))
        for colour in colours
    ]


def sums_by_colour(
    lines: Sequence[StandingLine], counts: Mapping[tuple[int, str], StepCount], routing: Routing
) -> list[ColourSums]:
    """Of a standing order: what was ordered, what is in its lays, and what each step has passed on."""
    sizes = sizes_of(lines)
    return [
        _colour_sums(colour, {line.size: line for line in lines if line.colour == colour}, sizes, counts, routing)
        for colour in dict.fromkeys(line.colour for line in lines)
    ]


def _colour_sums(
    colour: str,
    by_size: Mapping[str, StandingLine],
    sizes: list[str],
    counts: Mapping[tuple[int, str], StepCount],
    routing: Routing,
) -> ColourSums:
    lines = [by_size.get(size) for size in sizes]
    steps = [
        SumRow(
            operation.code,
            tuple(counts.get((line.id, operation.code), StepCount()).passed if line else None for line in lines),
        )
        for operation in routing.operations
    ]
    ordered = SumRow("ordered", tuple(line.quantity if line else None for line in lines))
    cut = SumRow("cut_in_lays", tuple(line.pieces_cut if line else None for line in lines))
    return ColourSums(colour, (ordered, cut, *steps))
