"""Correcting what a station's screen shows: both the undo and the new count, or neither."""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from floor_app.atelier import Atelier, open_atelier
from floor_app.config import parse_config
from floor_app.cutting import CutRequest, cut_lay
from floor_app.domain.lays import Roll
from floor_app.domain.orders import Order, OrderLine
from floor_app.domain.progress import StepCount
from floor_app.domain.scans import Answer, Choice, Quantities
from floor_app.importing import import_orders
from floor_app.recounting import recount, undo_shown
from floor_app.scanning import Scan, ScanAnswer
from floor_app.store import bundles as stored_bundles
from floor_app.store import events

CONFIG = '[atelier]\ncode = "ATL07"\nname = "Atelier"\nsite = "BCDF"\n[[station]]\nname = "cut-1"\noperation = "cut"\n'


@pytest.fixture
def atelier(tmp_path: Path) -> Iterator[Atelier]:
    opened = open_atelier(parse_config(CONFIG), tmp_path / "data")
    yield opened
    opened.close()


@pytest.fixture
def codes(atelier: Atelier) -> list[str]:
    """Three bundles of 20 pieces, cut but not yet counted at the cutting station."""
    order = Order("2026-0117", "Ville de Lille", "", "Tablier", date(2026, 12, 18), (OrderLine("M", "Bleu", 60),))
    moment = atelier.clock.moment()
    atelier.run(import_orders, (order,), import_id="import-1", source="c.csv", moment=moment)
    request = CutRequest("lay-1", order.code, "Bleu", "M1", (Roll(60, "A"),), cap=20, tolerance=0)
    return [card.code for card in atelier.run(cut_lay, request, codes=atelier.codes, moment=moment).bundles]


@pytest.fixture
def count(atelier: Atelier) -> Callable[..., ScanAnswer]:
    def scanned(scan_id: str, code: str, *, does: str = "cut", choice: Choice | None = None) -> ScanAnswer:
        return atelier.take_scan(Scan(scan_id, code, f"{does}-1", does, choice=choice))

    return scanned


def _recount(atelier: Atelier, new_id: str, shown: str, *, does: str = "cut", **pieces: int) -> ScanAnswer:
    scan = Scan(new_id, "", f"{does}-1", does, Quantities(**pieces))
    return atelier.run(recount, scan, shown=shown, moment=atelier.clock.moment(), home=atelier.home)


def _undo(atelier: Atelier, new_id: str, shown: str) -> ScanAnswer:
    return atelier.run(undo_shown, Scan(new_id, "", "cut-1", "cut"), shown=shown, moment=atelier.clock.moment())


def _step(atelier: Atelier, code: str, operation: str = "cut") -> StepCount:
    with atelier.reading() as db:
        standing = stored_bundles.standing(db, code)
    assert standing is not None
    return standing.state.at(operation)


def _log_length(atelier: Atelier) -> int:
    with atelier.reading() as db:
        return events.last_seq(db)


@pytest.mark.parametrize(
    ("pieces", "expected"),
    [
        ({"good": 18}, (18, 0, 0, 0)),
        ({"good": 18, "to_rework": 2}, (18, 0, 0, 2)),
        ({"good": 17, "rejected": 3}, (17, 0, 3, 0)),
        ({"good": 0, "second": 20}, (0, 20, 0, 0)),
        ({"good": 20}, (20, 0, 0, 0)),
    ],
)
def test_another_quantity_takes_the_place_of_the_first(
    atelier: Atelier,
    codes: list[str],
    count: Callable[..., ScanAnswer],
    pieces: dict[str, int],
    expected: tuple[int, int, int, int],
) -> None:
    count("scan-1", codes[0])
    answer = _recount(atelier, "new-1", "scan-1", **pieces)
    assert answer.decision.answer == Answer.COUNTED
    step = _step(atelier, codes[0])
    assert (step.good, step.second, step.rejected, step.in_rework) == expected


def test_the_same_request_twice_counts_once(
    atelier: Atelier, codes: list[str], count: Callable[..., ScanAnswer]
) -> None:
    count("scan-1", codes[0])
    first = _recount(atelier, "new-1", "scan-1", good=18)
    length = _log_length(atelier)
    again = _recount(atelier, "new-1", "scan-1", good=18)
    assert again.replayed and again.event_seq == first.event_seq and again.decision.pieces == 18
    assert _log_length(atelier) == length
    assert _step(atelier, codes[0]).good == 18


def test_too_many_pieces_leave_the_first_count_as_it_was(
    atelier: Atelier, codes: list[str], count: Callable[..., ScanAnswer]
) -> None:
    count("scan-1", codes[0])
    length = _log_length(atelier)
    refused = _recount(atelier, "new-1", "scan-1", good=21)
    assert (refused.decision.reason, refused.event_seq) == ("too_many", None)
    assert _log_length(atelier) == length
    assert _step(atelier, codes[0]).good == 20
    assert _recount(atelier, "new-2", "scan-1", good=19).decision.answer == Answer.COUNTED


def test_a_bundle_that_has_gone_on_keeps_its_first_count(
    atelier: Atelier, codes: list[str], count: Callable[..., ScanAnswer]
) -> None:
    count("scan-1", codes[0])
    count("scan-2", codes[0], does="sew")
    length = _log_length(atelier)
    assert _recount(atelier, "new-1", "scan-1", good=18).decision.reason == "gone_on"
    assert _log_length(atelier) == length
    assert _step(atelier, codes[0]).good == 20


def test_a_bundle_that_came_between_is_never_changed_by_mistake(
    atelier: Atelier, codes: list[str], count: Callable[..., ScanAnswer]
) -> None:
    count("scan-1", codes[0])
    count("scan-2", codes[1])
    assert _recount(atelier, "new-1", "scan-1", good=1).decision.reason == "not_the_last"
    assert _undo(atelier, "undo-1", "scan-1").decision.reason == "not_the_last"
    assert (_step(atelier, codes[0]).good, _step(atelier, codes[1]).good) == (20, 20)


def test_undo_of_what_is_shown_takes_it_back_once(
    atelier: Atelier, codes: list[str], count: Callable[..., ScanAnswer]
) -> None:
    count("scan-1", codes[0])
    assert _undo(atelier, "undo-1", "scan-1").decision.reason == "undone"
    assert _undo(atelier, "undo-1", "scan-1").replayed
    assert _undo(atelier, "undo-2", "scan-1").decision.reason == "nothing_to_undo"
    assert _step(atelier, codes[0]).good == 0


def test_without_a_count_there_is_nothing_to_change(atelier: Atelier) -> None:
    assert _recount(atelier, "new-1", "scan-1", good=18).decision.reason == "not_the_last"
    assert _undo(atelier, "undo-1", "").decision.reason == "nothing_to_undo"


def test_a_count_that_presumed_a_step_before_is_recounted_with_it(
    atelier: Atelier, codes: list[str], count: Callable[..., ScanAnswer]
) -> None:
    count("scan-1", codes[0], does="sew", choice=Choice.COUNT_ANYWAY)
    answer = _recount(atelier, "new-1", "scan-1", does="sew", good=18)
    assert answer.decision.answer == Answer.COUNTED
    assert _step(atelier, codes[0], "sew").good == 18
    assert _step(atelier, codes[0], "cut").presumed == 20


def test_a_late_scan_of_a_presumed_step_can_only_be_counted_whole(
    atelier: Atelier, codes: list[str], count: Callable[..., ScanAnswer]
) -> None:
    count("scan-1", codes[0], does="sew", choice=Choice.COUNT_ANYWAY)
    count("scan-2", codes[0])
    length = _log_length(atelier)
    assert _recount(atelier, "new-1", "scan-2", good=18).decision.reason == "whole_only"
    assert _recount(atelier, "new-2", "scan-2", good=20, to_rework=1).decision.reason == "whole_only"
    assert _log_length(atelier) == length
