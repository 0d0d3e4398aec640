"""Where each scanner of the Pi serves, and when a person must be told that it is another station than before.

A socket is a station, so a scanner plugged in elsewhere serves elsewhere. One with a number of its own is known again
anywhere. One without is known by its socket alone: that it moved is a guess, from one that went and one that came.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

GUESS_WITHIN_MS = 15 * 60_000  # a cable carried to another table, not a scanner that broke last week
MOST_KEPT = 64


@dataclass(frozen=True, slots=True)
class PluggedScanner:
    """A scanner in a socket that serves a station. `port`: the socket's by-path name. `called`: maker and model, as it says.

    `vendor`, `product`: USB numbers, four hexadecimal digits. `numbered`: its serial number is no other's.
    """

    station: str
    port: str
    vendor: str
    product: str
    serial: str = ""
    called: str = ""
    numbered: bool = False

    def is_of_the_model_of(self, other: "PluggedScanner") -> bool:
        return (self.vendor, self.product) == (other.vendor, other.product)

    def has_the_number_of(self, other: "PluggedScanner") -> bool:
        return self.is_of_the_model_of(other) and bool(self.serial) and self.serial == other.serial

    def is_known_as(self, other: "PluggedScanner") -> bool:
        """So far as anything tells: by its number, else by its socket."""
        if self.numbered or other.numbered:
            return self.numbered and other.numbered and self.has_the_number_of(other)
        return self.is_of_the_model_of(other) and self.port == other.port


@dataclass(frozen=True, slots=True)
class Move:
    """Where a scanner served before; `at_ms`: when it was found where it is."""

    from_station: str
    from_port: str
    at_ms: int


@dataclass(frozen=True, slots=True)
class Place:
    """A scanner where it is, or was last: `left_at_ms` 0 while it is there. `moved`: what a person has still to be told."""

    scanner: PluggedScanner
    left_at_ms: int = 0
    moved: Move | None = None

    @property
    def is_sure(self) -> bool:
        """Whether the move is known, and not guessed."""
        return self.scanner.numbered


Places = tuple[Place, ...]


def scanner_came(
    places: Places, now: PluggedScanner, *, plugged: Collection[str], by_socket: bool, at_ms: int
) -> Places:
    """`plugged`: the sockets in use now, `now.port` among them. `by_socket` False: its station follows it, nothing to tell."""
    places, now = _without_shared_numbers(places, now)
    places = tuple(_looked_at(place, now, plugged, at_ms) for place in places)
    before = _itself(places, now) or _perhaps_itself(places, now, at_ms)
    here = Place(now, moved=_move(before, now, at_ms) if by_socket else None)
    others = (_explained(place, now) for place in places if place is not before and not place.scanner.is_known_as(now))
    return (here, *_newest(others))


def scanner_left(places: Places, station: str, *, at_ms: int) -> Places:
    return tuple(_left(place, at_ms) if place.scanner.station == station else place for place in places)


def move_told(places: Places, station: str) -> Places:
    """A person has seen it: where the scanner is now is its place."""
    return tuple(replace(place, moved=None) if place.scanner.station == station else place for place in places)


def serving(places: Places, station: str) -> Place | None:
    """The scanner that is plugged in for the station."""
    return next((place for place in places if place.scanner.station == station and not place.left_at_ms), None)


def moved_from(places: Places, station: str) -> Place | None:
    """Where the scanner of a station is now, until a person has seen it."""
    return next(
        (place for place in places if place.moved and place.moved.from_station == station and not place.left_at_ms),
        None,
    )


def _without_shared_numbers(places: Places, now: PluggedScanner) -> tuple[Places, PluggedScanner]:
    """A number that two were ever seen with at once tells neither, also while one of them is away."""
    alike = [place.scanner for place in places if place.scanner.has_the_number_of(now)]
    if now.numbered and all(scanner.numbered for scanner in alike):
        return places, now
    return tuple(
        replace(place, scanner=replace(place.scanner, numbered=False)) if place.scanner in alike else place
        for place in places
    ), replace(now, numbered=False)


def _looked_at(place: Place, now: PluggedScanner, plugged: Collection[str], at_ms: int) -> Place:
    """Gone, when its socket is empty or has another in it, whether its station has noticed yet or not."""
    is_there = place.scanner.port in plugged
    is_replaced = place.scanner.port == now.port or place.scanner.station == now.station
    return _left(place, at_ms) if not is_there or (is_replaced and not place.scanner.is_known_as(now)) else place


def _left(place: Place, at_ms: int) -> Place:
    return place if place.left_at_ms else replace(place, left_at_ms=at_ms)


def _itself(places: Places, now: PluggedScanner) -> Place | None:
    return next(
        (place for place in places if place.scanner.is_known_as(now) and (now.numbered or not place.left_at_ms)), None
    )


def _perhaps_itself(places: Places, now: PluggedScanner, at_ms: int) -> Place | None:
    """The one of its model that went last; its own socket's, when two went at once."""
    if now.numbered:
        return None
    gone = [
        place
        for place in places
        if place.left_at_ms
        and at_ms - place.left_at_ms <= GUESS_WITHIN_MS
        and not place.scanner.numbered
        and place.scanner.is_of_the_model_of(now)
    ]
    return max(gone, key=lambda place: (place.left_at_ms, place.scanner.port == now.port), default=None)


def _move(before: Place | None, now: PluggedScanner, at_ms: int) -> Move | None:
    """Put back before anyone was told, it never moved."""
    if before is None or before.scanner.port == now.port:
        return before.moved if before else None
    came = before.moved or Move(before.scanner.station, before.scanner.port, at_ms)
    is_back = came.from_port == now.port or came.from_station == now.station
    return None if is_back else replace(came, at_ms=at_ms)


def _explained(place: Place, now: PluggedScanner) -> Place:
    """A guess that one went from a socket falls when one of its model is in that socket."""
    move = place.moved
    if move is None or place.is_sure or now.numbered or move.from_port != now.port:
        return place
    return replace(place, moved=None) if place.scanner.is_of_the_model_of(now) else place


def _newest(places: Iterable[Place]) -> Places:
    """Those that are there, then those that went last: a clone that makes up a new number each time fills no disk."""
    return tuple(sorted(places, key=lambda place: (bool(place.left_at_ms), -place.left_at_ms))[: MOST_KEPT - 1])
