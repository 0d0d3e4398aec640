"""A supervisor takes a count back, with a reason."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from floor_app.correcting import undo_count
from floor_app.domain.scans import Decision
from floor_app.store import bundle_history, bundles
from tests.floor import Floor


@pytest.fixture
def floor(tmp_path: Path) -> Iterator[Floor]:
    opened = Floor(tmp_path)
    opened.order()
    yield opened
    opened.close()


def undo(floor: Floor, seq: int | None, *, reason: str = "scanné par erreur", event_id: str = "undo-1") -> Decision:
    assert seq is not None
    return floor.atelier.run(undo_count, seq, event_id=event_id, reason=reason, moment=floor.moment)


def good_at(floor: Floor, code: str, step: str) -> int:
    with floor.reading() as db:
        standing = bundles.standing(db, code)
        return standing.state.at(step).good if standing else -1


def test_a_count_taken_back_no_longer_counts_and_the_bundle_can_be_scanned_again(floor: Floor) -> None:
    code = floor.cut().bundles[0].code
    seq = floor.scan(code, "cut").event_seq
    assert undo(floor, seq).reason == "undone"
    assert good_at(floor, code, "cut") == 0
    assert floor.law_holds()
    assert floor.scan(code, "cut").decision.answer == "counted"


def test_a_count_is_not_taken_back_without_a_reason(floor: Floor) -> None:
    seq = floor.scan(floor.cut().bundles[0].code, "cut").event_seq
    before = floor.last_seq
    assert undo(floor, seq, reason="   ").reason == "reason_needed"
    assert floor.last_seq == before


def test_a_count_the_bundle_has_left_behind_is_not_taken_back(floor: Floor) -> None:
    code = floor.cut().bundles[0].code
    first = floor.scan(code, "cut").event_seq
    second = floor.scan(code, "sew").event_seq
    assert undo(floor, first).reason == "gone_on"
    assert undo(floor, second, event_id="undo-2").reason == "undone"
    assert undo(floor, first, event_id="undo-3").reason == "undone"
    assert floor.law_holds()


def test_a_correction_sent_twice_is_made_once(floor: Floor) -> None:
    seq = floor.scan(floor.cut().bundles[0].code, "cut").event_seq
    undo(floor, seq)
    before = floor.last_seq
    assert undo(floor, seq).reason == "nothing_to_undo"
    assert floor.last_seq == before


def test_what_is_no_count_is_not_taken_back(floor: Floor) -> None:
    floor.cut()
    assert undo(floor, 1).reason == "nothing_to_undo"
    assert undo(floor, 999).reason == "nothing_to_undo"


def test_nothing_is_deleted_by_a_correction(floor: Floor) -> None:
    code = floor.cut().bundles[0].code
    seq = floor.scan(code, "cut").event_seq
    undo(floor, seq)
    with floor.reading() as db:
        assert [stored.event.type for stored in bundle_history.history(db, code)] == [
            "lay_cut",
            "step_done",
            "count_undone",
        ]
        assert bundle_history.undone_seqs(db, code) == {seq}
