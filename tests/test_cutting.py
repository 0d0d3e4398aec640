"""Entering a lay, and taking it back."""

import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from floor_app.cutting import CutRequest, preview_lay, undo_lay
from floor_app.domain.codes import sequence_of
from floor_app.domain.lays import Roll
from floor_app.domain.scans import Answer
from floor_app.printing import print_lay
from floor_app.store import bundle_history, bundles, lays, orders, print_jobs
from tests.floor import Floor, a_lay, an_order


@pytest.fixture
def floor(tmp_path: Path) -> Iterator[Floor]:
    opened = Floor(tmp_path)
    opened.order()
    yield opened
    opened.close()


def undo(floor: Floor, number: int = 1, *, order: str = "2026-0117", event_id: str = "undo-1") -> str:
    return floor.atelier.run(undo_lay, order, number, event_id=event_id, reason="mauvais coloris", moment=floor.moment)


def pieces_cut(floor: Floor) -> dict[str, int]:
    with floor.reading() as db:
        order = orders.by_code(db, "2026-0117")
        return {line.size: line.pieces_cut for line in orders.lines(db, order.id)} if order else {}


def test_a_lay_of_thirty_plies_gives_the_pieces_its_marker_says_in_even_bundles(floor: Floor) -> None:
    answer = floor.cut()
    by_size = Counter[str]()
    for bundle in answer.bundles:
        by_size[bundle.size] += bundle.quantity
    assert by_size == {"S": 30, "M": 60, "L": 60, "XL": 30}
    assert pieces_cut(floor) == by_size
    assert all(10 <= bundle.quantity <= 22 for bundle in answer.bundles)
    assert len({bundle.code for bundle in answer.bundles}) == len(answer.bundles) == 10


def test_a_change_of_roll_ends_a_bundle_and_keeps_its_shade(floor: Floor) -> None:
    answer = floor.cut(a_lay(marker="M1", rolls=(Roll(12, "A", "R1"), Roll(9, "B", "R2"))))
    assert [(bundle.shade, bundle.roll, bundle.ply_from, bundle.ply_to) for bundle in answer.bundles] == [
        ("A", "R1", 1, 12),
        ("B", "R2", 13, 21),
    ]


def test_bundle_and_lay_numbers_run_on_through_an_order(floor: Floor) -> None:
    first, second = floor.cut(a_lay("lay-1")), floor.cut(a_lay("lay-2"))
    assert (first.lay_number, second.lay_number) == (1, 2)
    assert [bundle.number for bundle in (*first.bundles, *second.bundles)] == list(range(1, 21))
    assert second.bundles[0].bundle_count == 20


def test_a_lay_sent_twice_is_cut_once(floor: Floor) -> None:
    first = floor.cut()
    before = floor.last_seq
    assert floor.cut() == first
    assert floor.last_seq == before


@pytest.mark.parametrize(
    ("asked", "fault"),
    [
        (a_lay(order="2026-0999"), "unknown_order"),
        (a_lay(colour="Rouge"), "unknown_colour"),
        (a_lay(marker=""), "no_marker"),
        (a_lay(marker="S1 XXL2"), "marker_unread"),
        (a_lay(marker="S1 S2"), "size_twice"),
        (a_lay(marker="S0"), "bad_ratio"),
        (a_lay(rolls=()), "no_plies"),
        (a_lay(rolls=(Roll(0),)), "bad_plies"),
        (a_lay(rolls=(Roll(2_001),)), "bad_plies"),
        (a_lay(rolls=(Roll(1),) * 101), "too_many_rolls"),
        (a_lay(rolls=(Roll(30, "A" * 21),)), "shade_too_long"),
        (a_lay(marker="S500", rolls=(Roll(2_000),)), "too_many_pieces"),
        (a_lay(cap=0), "bad_cap"),
        (a_lay(cap=501), "bad_cap"),
        (a_lay(tolerance=21), "bad_cap"),
        (a_lay(tolerance=-1), "bad_cap"),
    ],
)
def test_what_cannot_be_cut_is_named_and_changes_nothing(floor: Floor, asked: CutRequest, fault: str) -> None:
    before = floor.last_seq
    assert fault in [found.code for found in floor.cut(asked).faults]
    with floor.reading() as db:
        assert fault in [found.code for found in preview_lay(db, asked)[0]]
    assert floor.last_seq == before


def test_looking_at_a_lay_stores_nothing_and_shows_what_cutting_gives(floor: Floor) -> None:
    before = floor.last_seq
    with floor.reading() as db:
        faults, drafts = preview_lay(db, a_lay())
    assert not faults
    assert floor.last_seq == before
    assert [draft.quantity for draft in drafts] == [bundle.quantity for bundle in floor.cut().bundles]


def test_cutting_more_than_ordered_is_allowed_and_said(floor: Floor) -> None:
    assert floor.cut(a_lay("lay-1")).over_cut == ()
    assert floor.cut(a_lay("lay-2")).over_cut == (("M", 60), ("L", 60))


def test_a_colour_is_found_however_it_is_capitalised(floor: Floor) -> None:
    assert not floor.cut(a_lay(colour=" bleu ")).faults


def test_a_lay_undone_before_any_scan_gives_its_pieces_back(floor: Floor) -> None:
    floor.cut()
    assert undo(floor) == "undone"
    assert set(pieces_cut(floor).values()) == {0}
    assert floor.law_holds()
    with floor.reading() as db:
        lay = lays.by_number(db, "2026-0117", 1)
    assert lay is not None
    assert lay.undone


@pytest.mark.parametrize("does", ["cut", "sew", "finish"])
def test_a_label_of_an_undone_lay_answers_stop_at_every_station(floor: Floor, does: str) -> None:
    code = floor.cut().bundles[0].code
    undo(floor)
    decision = floor.scan(code, does).decision
    assert (decision.answer, decision.reason) == (Answer.STOP, "cancelled")


def test_codes_and_numbers_of_an_undone_lay_are_never_given_again(floor: Floor) -> None:
    first = floor.cut(a_lay("lay-1"))
    undo(floor)
    second = floor.cut(a_lay("lay-2"))
    assert second.lay_number == 2
    assert second.bundles[0].number == 11
    assert not {bundle.code for bundle in first.bundles} & {bundle.code for bundle in second.bundles}


def test_a_lay_with_a_counted_bundle_is_not_undone(floor: Floor) -> None:
    code = floor.cut().bundles[0].code
    floor.scan(code, "cut")
    before = floor.last_seq
    assert undo(floor) == "scanned"
    assert floor.last_seq == before


def test_a_lay_whose_only_count_was_taken_back_can_be_undone(floor: Floor) -> None:
    floor.scan(floor.cut().bundles[0].code, "cut")
    floor.undo_at("cut")
    assert undo(floor) == "undone"


def test_undoing_a_lay_twice_or_one_that_never_was_changes_nothing(floor: Floor) -> None:
    floor.cut()
    assert undo(floor, 2) == "unknown_lay"
    assert undo(floor, order="2026-0999") == "unknown_lay"
    assert undo(floor) == "undone"
    before = floor.last_seq
    assert undo(floor) == undo(floor, event_id="undo-2") == "already_undone"
    assert floor.last_seq == before


def test_labels_not_yet_printed_of_an_undone_lay_are_not_printed(floor: Floor) -> None:
    code = floor.cut().bundles[0].code
    place = floor.atelier.label_place()
    assert place
    floor.atelier.run(print_lay, "2026-0117", 1, place=place, moment=floor.moment)
    undo(floor)
    with floor.reading() as db:
        assert {job.state for job in print_jobs.of_bundle(db, code)} == {"cancelled"}
        assert print_jobs.waiting_count(db, place.printer) == 0
    assert floor.atelier.run(print_lay, "2026-0117", 1, place=place, moment=floor.moment) is None


def test_a_bundle_remembers_the_lay_that_made_it(floor: Floor) -> None:
    code = floor.cut().bundles[3].code
    with floor.reading() as db:
        assert [stored.event.type for stored in bundle_history.history(db, code)] == ["lay_cut"]


def test_an_older_copy_of_the_database_never_makes_a_code_twice(tmp_path: Path) -> None:
    """The numbers given are also in a file beside the database, which a restored copy leaves as it is."""
    floor = Floor(tmp_path)
    floor.order(an_order())
    floor.close()
    database = tmp_path / "data" / "floor.db"
    shutil.copy(database, tmp_path / "copy.db")
    floor = Floor(tmp_path)
    lost = floor.cut(a_lay("lay-lost")).bundles
    floor.close()
    for beside in database.parent.glob("floor.db-*"):
        beside.unlink()
    shutil.copy(tmp_path / "copy.db", database)
    floor = Floor(tmp_path)
    made = floor.cut(a_lay("lay-new")).bundles
    with floor.reading() as db:
        assert bundles.card(db, lost[0].code) is None
    floor.close()
    assert min(sequence_of(bundle.code) for bundle in made) > max(sequence_of(bundle.code) for bundle in lost)
