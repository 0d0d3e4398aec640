"""The scanners of the Pi at a running service, through real pseudo-terminals: what is read twice, by many, and what came with it."""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from devices.scanners.simulated import SimulatedScanner
from floor_app.domain.cards import Card, Command
from floor_app.domain.events import (
    CountUndone,
    DefectFound,
    Event,
    HelpCalled,
    ReworkDone,
    StepDone,
    StepPresumed,
    StepSkipped,
)
from floor_app.keeping import compare_with_events
from floor_app.scanning import BOUNCE_MS
from tests.waiting import wait_until
from tests.wired_floor import WiredFloor, plugged

LATER_S = BOUNCE_MS / 1000 + 0.2
SCANNERS, SCANS_EACH, SCANS_A_S = 8, 25, 5


class Stations(WiredFloor):
    """Cutting stations `coupe-1`, `coupe-2`, … and what their screens show."""

    def __init__(self, folder: Path, stack: ExitStack, count: int, *, feedback: str = "") -> None:
        names = [f"coupe-{number}" for number in range(1, count + 1)]
        self.scanners = {name: SimulatedScanner(str(folder / name), feedback=feedback) for name in names}
        for scanner in self.scanners.values():
            stack.callback(scanner.close)
        option = f"?feedback={feedback}" if feedback else ""
        super().__init__(folder, {name: ("cut", f"{folder / name}{option}") for name in names})
        stack.enter_context(self)
        self.wait_for(*names)

    def scan(self, station: str, text: str, *, aim: str = "") -> dict[str, Any]:
        """What its screen shows next."""
        seen = self.screen(station).get("seen", "")
        self.scanners[station].scan(text, aim=aim)
        wait_until(lambda: self.screen(station, seen=seen), f"{station} answers")
        return self.screen(station)

    @property
    def counts(self) -> list[tuple[str, str]]:
        """(station, bundle)."""
        return [(station, event.bundle) for station, event in self.recorded(StepDone)]


Opened = Callable[..., Stations]


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Opened]:
    with ExitStack() as stack:
        yield lambda count, **said: Stations(tmp_path, stack, count, **said)


def test_a_label_read_twice_at_once_by_one_scanner_is_one_scan_ignored_in_silence_and_logged(
    opened: Opened, caplog: pytest.LogCaptureFixture
) -> None:
    floor = opened(1, feedback="honeywell")
    first, second = floor.cut(2)
    scanner = floor.scanners["coupe-1"]
    with caplog.at_level(logging.INFO):
        shown = floor.scan("coupe-1", first)
        scanner.scan(first)
        # A scanner that waits for its host is told the same again, and reads on; the screen keeps its answer.
        assert [scanner.hear(timeout_s=20), scanner.hear(timeout_s=20)] == ["good", "good"]
    assert floor.screen("coupe-1", seen=shown["seen"]) == {}
    assert (shown["answer"], floor.counts) == ("counted", [("coupe-1", first)])
    assert [record.getMessage() for record in caplog.records if record.name == "floor_app.stations"] == [
        "coupe-1: the same code again within 1500 ms is the same scan"
    ]
    assert floor.scan("coupe-1", second)["answer"] == "counted"


def test_the_same_label_at_once_by_two_scanners_is_one_count_and_already_done(opened: Opened) -> None:
    floor = opened(2)
    (code,) = floor.cut(1)
    for scanner in floor.scanners.values():
        scanner.scan(code)
    wait_until(lambda: all(floor.screen(name) for name in floor.scanners), "both stations answer")
    answers = sorted(floor.screen(name)["answer"] for name in floor.scanners)
    assert answers == ["already_done", "counted"]
    assert [bundle for _, bundle in floor.counts] == [code]


def test_the_same_label_later_is_already_done_and_a_finger_that_stays_on_the_trigger_is_one_scan(
    opened: Opened,
) -> None:
    floor = opened(1)
    (code,) = floor.cut(1)
    shown = floor.scan("coupe-1", code)
    for _ in range(3):
        time.sleep(0.7)
        floor.scanners["coupe-1"].scan(code)
    time.sleep(0.3)
    assert floor.screen("coupe-1", seen=shown["seen"]) == {}
    time.sleep(LATER_S)
    assert floor.scan("coupe-1", code)["answer"] == "already_done"
    assert len(floor.counts) == 1


def test_eight_scanners_at_five_scans_a_second_are_never_mixed(opened: Opened) -> None:
    """Each bundle is counted once, at the station that read it, in the order it was read; no screen shows another's."""
    floor = opened(SCANNERS)
    codes = floor.cut(SCANNERS * SCANS_EACH)
    read = {name: codes[place::SCANNERS] for place, name in enumerate(floor.scanners)}
    shown: dict[str, list[str]] = {name: [] for name in read}
    gate = threading.Barrier(2 * SCANNERS)

    def scan_all(name: str) -> None:
        gate.wait()
        begun_at_s = time.monotonic()
        for turn, code in enumerate(read[name]):
            time.sleep(max(0.0, begun_at_s + turn / SCANS_A_S - time.monotonic()))
            floor.scanners[name].scan(code)

    def watch(name: str) -> None:
        """As its tablet does, until the last bundle is on the screen."""
        link, seen, end = floor.link(name), "", time.monotonic() + 60
        gate.wait()
        while shown[name][-1:] != read[name][-1:] and time.monotonic() < end:
            if told := link.get(f"/station/{name}/now?seen={seen}"):
                seen = told["seen"]
                shown[name].append(told["bundle"]["code"])
            time.sleep(0.05)
        link.close()

    people = [threading.Thread(target=does, args=(name,)) for name in read for does in (scan_all, watch)]
    for person in people:
        person.start()
    for person in people:
        person.join()
    wait_until(lambda: len(floor.counts) >= len(codes), "all are counted")
    assert {name: [bundle for station, bundle in floor.counts if station == name] for name in read} == read
    for name, seen_there in shown.items():
        assert seen_there == [code for code in read[name] if code in seen_there]
        assert seen_there[-1] == read[name][-1]


@pytest.mark.parametrize("aim", ["Q1", "Q0", "I0", "X9", "z0", ""])
def test_what_the_scanner_says_of_the_kind_of_code_is_kept_with_the_count(opened: Opened, aim: str) -> None:
    """Whatever it says: the check letters decide what counts."""
    floor = opened(1)
    (code,) = floor.cut(1)
    assert floor.scan("coupe-1", code, aim=aim)["answer"] == "counted"
    assert [event.symbology for _, event in floor.recorded(StepDone)] == [aim]
    with floor.service.atelier.reading() as db:
        (body,) = db.conn.execute("SELECT body FROM event WHERE type = 'step_done'").fetchone()
    assert ("symbology" in body) is bool(aim)
    said = floor.page(f"/bundles/{code}")
    assert ("et pas comme un QR" in said) is (aim[:1] not in ("", "Q"))
    assert (f"]{aim}" in said) is (aim[:1] not in ("", "Q"))


def test_it_is_kept_with_everything_a_scanner_records_and_the_tables_are_what_the_events_say(
    tmp_path: Path,
) -> None:
    with ExitStack() as stack:
        scanners = {does: plugged(stack, tmp_path / does) for does in ("cut", "sew", "finish")}
        floor = stack.enter_context(WiredFloor(tmp_path, {does: (does, str(tmp_path / does)) for does in scanners}))
        floor.wait_for(*scanners)
        code, other = floor.cut(2)

        def reads(station: str, text: str, aim: str, reason: str) -> None:
            seen = floor.screen(station).get("seen", "")
            scanners[station].scan(text, aim=aim)
            wait_until(lambda: floor.screen(station, seen=seen), f"{station} answers")
            assert floor.screen(station)["reason"] == reason

        reads("cut", code, "d1", "counted")
        reads("cut", Card(Command.DEFECT, 4).code, "d2", "defect_noted")
        reads("cut", Card(Command.HELP).code, "C0", "help_called")
        reads("cut", Card(Command.UNDO).code, "A0", "undone")
        reads("cut", other, "", "counted")
        reads("sew", Card(Command.REWORK, 1).code, "Q1", "scan_the_bundle")
        reads("sew", other, "Q2", "confirm_quantity")
        reads("sew", Card(Command.YES).code, "Q3", "counted")
        time.sleep(LATER_S)
        reads("sew", other, "E0", "in_rework")
        time.sleep(LATER_S)
        reads("sew", Card(Command.YES).code, "L2", "repaired")
        reads("finish", code, "I0", "step_missing")
        reads("finish", Card(Command.YES).code, "z0", "counted")
        kinds: tuple[type[Event], ...] = (StepDone, DefectFound, HelpCalled, CountUndone, ReworkDone)
        assert [(event.type, event.symbology) for _, event in floor.recorded(*kinds)] == [
            ("step_done", "d1"),
            ("defect_found", "d2"),
            ("help_called", "C0"),
            ("count_undone", "A0"),
            ("step_done", ""),
            ("step_done", "Q3"),
            ("rework_done", "L2"),
            ("step_done", "z0"),
        ]
        assert len(floor.recorded(StepPresumed, StepSkipped)) == 2, "what nobody read has no kind of code"
        assert compare_with_events(floor.service.atelier.data / "floor.db", tmp_path / "derived.db") == []
