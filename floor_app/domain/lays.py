"""Lays (matelas): a marker laid on plies of one colour. Pieces per size = plies × ratio."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

MOST_PLIES = 2_000
MOST_RATIO = 500
MOST_PIECES = 100_000
MOST_ROLLS = 100
LONGEST_SHADE = 20


@dataclass(frozen=True, slots=True)
class MarkerSize:
    """`ratio` garments of one size in each ply."""

    size: str
    ratio: int


@dataclass(frozen=True, slots=True)
class Roll:
    """Plies laid from one roll, in the order they lie on the table."""

    plies: int
    shade: str = ""
    number: str = ""


@dataclass(frozen=True, slots=True)
class Lay:
    order: str
    colour: str
    marker: tuple[MarkerSize, ...]
    rolls: tuple[Roll, ...]

    @property
    def plies(self) -> int:
        return sum(roll.plies for roll in self.rolls)

    @property
    def pieces(self) -> int:
        return sum(self.pieces_per_size.values())

    @property
    def pieces_per_size(self) -> dict[str, int]:
        return {marked.size: self.plies * marked.ratio for marked in self.marker}


@dataclass(frozen=True, slots=True)
class LayFault:
    """`code`: no_marker, marker_unread, size_twice, bad_ratio, no_plies, bad_plies, too_many_rolls, too_many_pieces, shade_too_long."""

    code: str
    value: str = ""


def read_marker(text: str, sizes: Iterable[str]) -> tuple[MarkerSize, ...] | LayFault:
    """A marker as people write it, over the order's sizes: `S1 M2 L2 XL1`, `38:2 40:1`, `6 ans x 2`."""
    by_name = {size.casefold(): size for size in sizes}
    if not text.strip() or not by_name:
        return LayFault("no_marker")
    names = "|".join(re.escape(name) for name in sorted(by_name, key=len, reverse=True))
    mark = re.compile(rf"({names})(?:\s*[:=x×*]\s*|(?<=\D)\s*|\s+)(\d{{1,4}})(?:[\s,;+]+|$)")
    marker, rest = list[MarkerSize](), text.strip().casefold()
    while rest:
        found = mark.match(rest)
        if not found:
            return LayFault("marker_unread", rest[:40])
        marker.append(MarkerSize(by_name[found[1]], int(found[2])))
        rest = rest[found.end() :]
    return tuple(marker)


def lay_faults(lay: Lay) -> tuple[LayFault, ...]:
    """Everything wrong with a lay; empty when it can be cut."""
    faults = list[LayFault]()
    names = [marked.size for marked in lay.marker]
    if not names:
        faults.append(LayFault("no_marker"))
    faults += [LayFault("size_twice", size) for size in sorted({size for size in names if names.count(size) > 1})]
    faults += [LayFault("bad_ratio", marked.size) for marked in lay.marker if not 1 <= marked.ratio <= MOST_RATIO]
    if not lay.rolls:
        faults.append(LayFault("no_plies"))
    faults += [LayFault("bad_plies", str(roll.plies)) for roll in lay.rolls if not 1 <= roll.plies <= MOST_PLIES]
    faults += [LayFault("shade_too_long", roll.shade[:40]) for roll in lay.rolls if len(roll.shade) > LONGEST_SHADE]
    if len(lay.rolls) > MOST_ROLLS:
        faults.append(LayFault("too_many_rolls", str(len(lay.rolls))))
    if not faults and lay.pieces > MOST_PIECES:
        faults.append(LayFault("too_many_pieces", str(lay.pieces)))
    return tuple(faults)
