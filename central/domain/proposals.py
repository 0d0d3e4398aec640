"""An order shared out by what ateliers said they can take: sums are exact to the piece, nobody gets more than he said. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

DAYS_A_WEEK = 7


@dataclass(frozen=True, slots=True)
class Capacity:
    """What an atelier declared: pieces a week, from a day on (ISO, or "" for now)."""

    atelier: str
    pieces_a_week: int
    from_day: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """`pieces` of one size and colour that are still nobody's."""

    size: str
    colour: str
    pieces: int


@dataclass(frozen=True, slots=True)
class Proposal:
    """`shares`: atelier → pieces of each line, in the order of the lines. `unplaced`: pieces for which nobody has room, by line."""

    shares: Mapping[str, tuple[int, ...]]
    unplaced: tuple[int, ...]


def room(capacity: Capacity, *, taken: int, today: date, due: str) -> int:
    """Pieces an atelier can still take until the due day: whole weeks' worth of days, less what it has accepted and not finished.

    Without a due day: four weeks.
    """
    begins = max(today, date.fromisoformat(capacity.from_day)) if capacity.from_day else today
    days = (date.fromisoformat(due) - begins).days if due else 4 * DAYS_A_WEEK
    return max(0, capacity.pieces_a_week * max(0, days) // DAYS_A_WEEK - taken)


def propose(lines: Sequence[Line], rooms: Mapping[str, int]) -> Proposal:
    """Each line spread over all in proportion to their room (largest remainder), so that whoever has twice the room gets twice as much."""
    left = {atelier: space for atelier, space in sorted(rooms.items()) if space > 0}
    shares = {atelier: [0] * len(lines) for atelier in left}
    unplaced = []
    total_room = sum(left.values())
    for place, line in enumerate(lines):
        wanted = min(line.pieces, total_room)
        for atelier, pieces in _spread(wanted, left).items():
            shares[atelier][place] = pieces
            left[atelier] -= pieces
        total_room -= wanted
        unplaced.append(line.pieces - wanted)
    given = {atelier: tuple(pieces) for atelier, pieces in shares.items() if any(pieces)}
    return Proposal(given, tuple(unplaced))


def _spread(pieces: int, weights: Mapping[str, int]) -> dict[str, int]:
    """Whole pieces in proportion to the weights; never more than a weight, where together they are enough."""
    total = sum(weights.values())
    if not total or not pieces:
        return {}
    exact = {name: divmod(pieces * weight, total) for name, weight in weights.items()}
    found = {name: whole for name, (whole, _) in exact.items()}
    short = pieces - sum(found.values())
    for name in sorted(exact, key=lambda one: (-exact[one][1], one))[:short]:
        found[name] += 1
    return found
