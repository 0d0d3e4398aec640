"""Which scanner serves which station, and when a person is told that it is another one than before."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from floor_app.domain.scanner_moves import (
    GUESS_WITHIN_MS,
    MOST_KEPT,
    Places,
    PluggedScanner,
    move_told,
    moved_from,
    scanner_came,
    scanner_left,
    serving,
)

STATIONS = {"1.1": "cut", "1.2": "sew", "1.3": "finish", "1.4": "iron"}
A, B = "A1", "B2"
NONE, ZEROS, CLONE = "", "0000", "12345"


@dataclass
class Bench:
    """Four sockets, each a station, as the machine sees them: a number is its own when only one has it just now."""

    places: Places = ()
    in_socket: dict[str, tuple[str, str]] = field(default_factory=dict)  # socket → (model, serial)
    clock_ms: int = 1_000_000
    by_socket: bool = True

    def plug(self, socket: str, serial: str, *, model: str = "0901") -> None:
        self.in_socket[socket] = (model, serial)
        self.found(socket)

    def found(self, socket: str) -> None:
        """The loop of a station opens what is in its socket: at the start, and after each plugging in."""
        model, serial = self.in_socket[socket]
        own = bool(serial.strip("0")) and [*self.in_socket.values()].count((model, serial)) == 1
        now = PluggedScanner(STATIONS[socket], socket, "0c2e", model, serial, "Xenon", own)
        self.clock_ms += 1000
        self.places = scanner_came(
            self.places, now, plugged={*self.in_socket}, by_socket=self.by_socket, at_ms=self.clock_ms
        )

    def unplug(self, socket: str) -> None:
        del self.in_socket[socket]
        self.clock_ms += 1000
        self.places = scanner_left(self.places, STATIONS[socket], at_ms=self.clock_ms)

    def told(self) -> dict[str, tuple[str, bool]]:
        """What stands on the page: station → (where its scanner served before, whether that is sure)."""
        at = {station: serving(self.places, station) for station in STATIONS.values()}
        return {
            station: (place.moved.from_station, place.is_sure) for station, place in at.items() if place and place.moved
        }


def played(*acts: tuple[str, ...]) -> Bench:
    """`("+", socket, serial[, model])` plugs in, `("-", socket)` pulls out, `"vu"`: told, `"later"`: a quarter of an hour."""
    bench = Bench()
    for act, socket, *what in acts:
        if act == "+":
            bench.plug(socket, what[0], model=what[1] if len(what) > 1 else "0901")
        elif act == "-":
            bench.unplug(socket)
        elif act == "vu":
            bench.places = move_told(bench.places, STATIONS[socket])
        elif act == "later":
            bench.clock_ms += GUESS_WITHIN_MS
    return bench


BOTH = (("+", "1.1", A), ("+", "1.2", B))
NAMELESS = (("+", "1.1", NONE), ("+", "1.2", NONE))
TOLD = [
    pytest.param([*BOTH], {}, id="the first ones"),
    pytest.param([*BOTH, ("-", "1.1"), ("+", "1.1", A)], {}, id="the same one again"),
    pytest.param([*BOTH, ("-", "1.1"), ("+", "1.3", A)], {"finish": ("cut", True)}, id="moved to an empty socket"),
    pytest.param(
        [*BOTH, ("-", "1.1"), ("-", "1.2"), ("+", "1.2", A)], {"sew": ("cut", True)}, id="in another's socket"
    ),
    pytest.param(
        [*BOTH, ("-", "1.1"), ("-", "1.2"), ("+", "1.2", A), ("+", "1.1", B)],
        {"sew": ("cut", True), "cut": ("sew", True)},
        id="two that changed places",
    ),
    pytest.param(
        [*BOTH, ("-", "1.1"), ("+", "1.3", A), ("-", "1.3"), ("+", "1.1", A)], {}, id="put back before anyone was told"
    ),
    pytest.param(
        [*BOTH, ("-", "1.1"), ("+", "1.3", A), ("vu", "1.3"), ("-", "1.3"), ("+", "1.1", A)],
        {"cut": ("finish", True)},
        id="once told, its new place is its place",
    ),
    pytest.param([*BOTH, ("-", "1.1"), ("+", "1.3", A), ("-", "1.3")], {}, id="moved, and gone again"),
    pytest.param(
        [*BOTH, ("-", "1.1"), ("+", "1.3", A), ("-", "1.3"), ("+", "1.3", A)],
        {"finish": ("cut", True)},
        id="moved, pulled, and there again",
    ),
    pytest.param([*BOTH, ("-", "1.1"), ("+", "1.1", "NEW")], {}, id="a new one at a socket: nobody moved a cable"),
    pytest.param([*NAMELESS], {}, id="two without a number"),
    pytest.param([*NAMELESS, ("-", "1.1"), ("+", "1.1", NONE)], {}, id="one without a number, again"),
    pytest.param(
        [*NAMELESS, ("-", "1.1"), ("+", "1.3", NONE)], {"finish": ("cut", False)}, id="one went here and one came there"
    ),
    pytest.param(
        [*NAMELESS, ("-", "1.2"), ("-", "1.1"), ("+", "1.2", NONE)],
        {"sew": ("cut", False)},
        id="the one that went last came first",
    ),
    pytest.param(
        [*NAMELESS, ("-", "1.1"), ("+", "1.3", NONE), ("+", "1.1", NONE)], {}, id="the guess falls: one is back there"
    ),
    pytest.param(
        [*NAMELESS, ("-", "1.1"), ("-", "1.2"), ("+", "1.2", NONE), ("+", "1.1", NONE)],
        {},
        id="a hub without power: all come back",
    ),
    pytest.param(
        [*NAMELESS, ("-", "1.1"), ("-", "1.2"), ("+", "1.1", NONE), ("+", "1.2", NONE)],
        {},
        id="the same, in the other order",
    ),
    pytest.param([*NAMELESS, ("-", "1.1"), ("later", "1.1"), ("+", "1.3", NONE)], {}, id="another day: no guess"),
    pytest.param(
        [("+", "1.1", NONE), ("-", "1.1"), ("+", "1.3", NONE, "4204")], {}, id="another model is another scanner"
    ),
    pytest.param([("+", "1.1", A), ("-", "1.1"), ("+", "1.3", NONE)], {}, id="a known one went, a nameless one came"),
    pytest.param(
        [("+", "1.1", ZEROS), ("-", "1.1"), ("+", "1.3", ZEROS)], {"finish": ("cut", False)}, id="zeros are no number"
    ),
    pytest.param(
        [("+", "1.1", CLONE), ("+", "1.2", CLONE), ("-", "1.1"), ("-", "1.2"), ("+", "1.2", CLONE)],
        {},
        id="clones of one number are not told apart, nor when one is alone",
    ),
    pytest.param(
        [("+", "1.1", CLONE), ("+", "1.2", CLONE), ("-", "1.1"), ("+", "1.3", CLONE)],
        {"finish": ("cut", False)},
        id="a clone's move is a guess",
    ),
    pytest.param(
        [("+", "1.1", CLONE), ("+", "1.2", CLONE), ("-", "1.1"), ("-", "1.2"), ("+", "1.3", CLONE)],
        {"finish": ("sew", False)},
        id="also while the other clone is away",
    ),
    pytest.param(
        [*NAMELESS, ("-", "1.1"), ("+", "1.3", NONE), ("+", "1.4", NONE)],
        {"finish": ("cut", False)},
        id="one that went is not two that came",
    ),
]


@pytest.mark.parametrize(("acts", "told"), TOLD)
def test_a_person_is_told_which_scanner_serves_another_station_and_how_sure_that_is(
    acts: Sequence[tuple[str, ...]], told: dict[str, tuple[str, bool]]
) -> None:
    assert played(*acts).told() == told


@pytest.mark.parametrize(("serial", "sure"), [(A, True), (NONE, False)])
@pytest.mark.parametrize("first", ["1.1", "1.3"])
def test_what_was_moved_while_the_service_was_stopped_is_told_at_its_start(serial: str, sure: bool, first: str) -> None:
    """The stations look in any order: that a socket is empty is seen by whoever looks first."""
    bench = played(("+", "1.1", serial), ("+", "1.2", B))
    bench.in_socket["1.3"] = bench.in_socket.pop("1.1")
    for socket in ("1.3", "1.2"):
        if first == "1.1":
            bench.places = scanner_left(bench.places, "cut", at_ms=bench.clock_ms)
        bench.found(socket)
    assert bench.told() == {"finish": ("cut", sure)}


@pytest.mark.parametrize("order", [("1.1", "1.2"), ("1.2", "1.1")])
def test_two_that_changed_places_while_the_service_was_stopped_are_both_told(order: tuple[str, str]) -> None:
    bench = played(*BOTH)
    bench.in_socket = {"1.1": ("0901", B), "1.2": ("0901", A)}
    for socket in order:
        bench.found(socket)
    assert bench.told() == {"sew": ("cut", True), "cut": ("sew", True)}


@pytest.mark.parametrize("order", [("1.1", "1.2"), ("1.2", "1.1")])
def test_scanners_without_a_number_that_all_went_at_once_are_back_in_whatever_order(order: tuple[str, str]) -> None:
    """As at the start of a machine whose hub wakes up late."""
    bench = played(*NAMELESS)
    bench.in_socket.clear()
    bench.plug("1.3", B)
    for socket in order:
        bench.plug(socket, NONE)
        assert bench.told() == {}


def test_a_scanner_bound_by_its_number_keeps_its_station_in_any_socket_and_its_place_is_known() -> None:
    now = PluggedScanner("cut", "1.1", "0c2e", "0901", A, numbered=True)
    places = scanner_came((), now, plugged={"1.1"}, by_socket=False, at_ms=1)
    places = scanner_came(
        scanner_left(places, "cut", at_ms=2), replace(now, port="1.4"), plugged={"1.4"}, by_socket=False, at_ms=3
    )
    place = serving(places, "cut")
    assert place and (place.scanner.port, place.moved) == ("1.4", None)


def test_settings_changed_on_purpose_move_nothing() -> None:
    """The station of a socket has another name; a scanner bound by its number was given to another station."""
    now = PluggedScanner("cut", "1.1", "0c2e", "0901", A, numbered=True)
    for by_socket, after in ((True, replace(now, station="cut-1")), (False, replace(now, station="sew", port="1.2"))):
        places = scanner_came((), now, plugged={"1.1"}, by_socket=by_socket, at_ms=1)
        places = scanner_came(places, after, plugged={after.port}, by_socket=by_socket, at_ms=2)
        assert [place.moved for place in places] == [None]


def test_the_station_it_left_knows_where_it_is() -> None:
    place = moved_from(played(*BOTH, ("-", "1.1"), ("+", "1.3", A)).places, "cut")
    assert place and place.scanner.station == "finish"
    assert moved_from(played(*BOTH, ("-", "1.1")).places, "cut") is None


def test_scanners_that_make_up_a_new_number_each_time_fill_nothing() -> None:
    bench = Bench()
    for number in range(1, 3 * MOST_KEPT):
        bench.plug("1.1", f"S{number}")
        bench.unplug("1.1")
    assert len(bench.places) == MOST_KEPT
    assert {place.scanner.serial for place in bench.places} == {f"S{number}" for number in range(128, 192)}


moves = st.lists(
    st.tuples(st.sampled_from([A, B, "C3"]), st.sampled_from(["1.1", "1.2", "1.3", "", "vu"])), max_size=30
)


@given(moves)
def test_a_scanner_with_a_number_is_told_exactly_while_it_is_not_where_it_belongs(acts: list[tuple[str, str]]) -> None:
    """It belongs where it was first, then where a person has seen it."""
    bench, home, now = Bench(), dict[str, str](), dict[str, str]()
    for serial, socket in acts:
        if socket == "vu" and serial in now:
            bench.places = move_told(bench.places, STATIONS[now[serial]])
            home[serial] = now[serial]
        elif socket != "vu" and now.get(serial) != socket and socket not in now.values():
            if serial in now:
                bench.unplug(now.pop(serial))
            if socket:
                now[serial] = socket
                home.setdefault(serial, socket)
                bench.plug(socket, serial)
    away = {serial: socket for serial, socket in now.items() if home[serial] != socket}
    assert bench.told() == {STATIONS[socket]: (STATIONS[home[serial]], True) for serial, socket in away.items()}
