"""Asking for the labels of a whole lay."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from floor_app.cutting import undo_lay
from floor_app.printing_lays import print_lay_once
from floor_app.store import bundles, lays, print_jobs
from tests.floor import Floor


@pytest.fixture
def floor(tmp_path: Path) -> Iterator[Floor]:
    opened = Floor(tmp_path)
    opened.order()
    opened.cut()
    yield opened
    opened.close()


def ask(floor: Floor, *, sent_id: str = "print-1", number: int = 1) -> str:
    place = floor.atelier.label_place()
    assert place
    return floor.atelier.run(print_lay_once, "2026-0117", number, place=place, sent_id=sent_id, moment=floor.moment)


def states(floor: Floor) -> Counter[str]:
    with floor.reading() as db:
        lay = lays.by_number(db, "2026-0117", 1)
        return Counter(lays.label_states(db, lay.id).values() if lay else ())


def print_all(floor: Floor, *, as_state: str) -> None:
    place = floor.atelier.label_place()
    assert place
    while job := floor.atelier.run(print_jobs.claim_next, place.printer, 1):
        floor.atelier.run(print_jobs.note, job.id, state=as_state, sent=(9, 9), rung="", fault="", at_ms=1)


def test_the_labels_of_a_lay_wait_for_the_printer_once_however_often_they_are_asked_for(floor: Floor) -> None:
    assert ask(floor) == "queued"
    assert ask(floor) == ask(floor, sent_id="print-2") == "waiting"
    assert states(floor) == {"queued": 10}


def test_labels_asked_for_again_after_printing_are_marked_and_counted_as_duplicates(floor: Floor) -> None:
    ask(floor)
    print_all(floor, as_state="confirmed")
    assert ask(floor, sent_id="print-2") == "queued_again"
    with floor.reading() as db:
        assert {card.duplicates for card in bundles.cards_of_lay(db, "2026-0117", 1)} == {1}
    assert ask(floor, sent_id="print-2") == "waiting"


def test_labels_that_never_reached_paper_are_asked_for_again_as_they_were(floor: Floor) -> None:
    ask(floor)
    print_all(floor, as_state="failed")
    assert ask(floor, sent_id="print-2") == "queued"
    with floor.reading() as db:
        assert {card.duplicates for card in bundles.cards_of_lay(db, "2026-0117", 1)} == {0}


def test_an_undone_or_unknown_lay_has_nothing_to_print(floor: Floor) -> None:
    floor.atelier.run(undo_lay, "2026-0117", 1, event_id="undo-1", reason="erreur", moment=floor.moment)
    assert ask(floor) == ask(floor, number=7) == "nothing"
