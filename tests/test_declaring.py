"""Declaring pieces missing, and finding them again."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from floor_app.cutting import undo_lay
from floor_app.declaring import MissingAnswer, declare_missing, take_back_missing
from floor_app.domain.events import PiecesDeclaredMissing
from floor_app.domain.progress import waiting
from floor_app.store import bundles, events
from tests.floor import Floor


@pytest.fixture
def floor(tmp_path: Path) -> Iterator[Floor]:
    opened = Floor(tmp_path)
    opened.order()
    yield opened
    opened.close()


@pytest.fixture
def code(floor: Floor) -> str:
    """A bundle of 15 that was cut and waits to be sewn."""
    found = floor.cut().bundles[0]
    assert found.quantity == 15
    floor.scan(found.code, "cut")
    return found.code


def declare(
    floor: Floor, code: str, pieces: int, *, step: str = "sew", reason: str = "tombées", event_id: str = "missing-1"
) -> MissingAnswer:
    declared = PiecesDeclaredMissing(code, step, pieces, reason)
    return floor.atelier.run(declare_missing, declared, event_id=event_id, moment=floor.moment)


def waits(floor: Floor, code: str, step: str) -> int:
    with floor.reading() as db:
        standing = bundles.standing(db, code)
        operation = standing.routing.operation(step) if standing else None
        return waiting(standing.state, standing.routing, operation) if standing and operation else -1


def test_missing_pieces_no_longer_wait_and_the_rest_goes_on(floor: Floor, code: str) -> None:
    assert declare(floor, code, 3) == MissingAnswer("declared", 15)
    assert waits(floor, code, "sew") == 12
    assert floor.law_holds()
    with floor.reading() as db:
        stored = events.find(db, "missing-1")
    assert stored is not None
    assert stored.event == PiecesDeclaredMissing(code, "sew", 3, "tombées")


def test_a_declaration_sent_twice_is_made_once(floor: Floor, code: str) -> None:
    declare(floor, code, 3)
    assert declare(floor, code, 3).outcome == "declared"
    assert waits(floor, code, "sew") == 12


@pytest.mark.parametrize(
    ("pieces", "step", "reason", "outcome"),
    [
        (16, "sew", "perdues", "too_many"),
        (0, "sew", "perdues", "too_many"),
        (-1, "sew", "perdues", "too_many"),
        (1, "cut", "perdues", "nothing_waits"),
        (1, "finish", "perdues", "nothing_waits"),
        (1, "repasser", "perdues", "nothing_waits"),
        (1, "sew", "  ", "reason_needed"),
    ],
)
def test_only_pieces_that_wait_can_be_missing(
    floor: Floor, code: str, pieces: int, step: str, reason: str, outcome: str
) -> None:
    before = floor.last_seq
    assert declare(floor, code, pieces, step=step, reason=reason).outcome == outcome
    assert floor.last_seq == before


def test_a_bundle_that_is_unknown_or_cancelled_loses_nothing(floor: Floor) -> None:
    code = floor.cut().bundles[0].code
    floor.atelier.run(undo_lay, "2026-0117", 1, event_id="undo-1", reason="erreur", moment=floor.moment)
    assert declare(floor, code, 1, step="cut").outcome == "not_open"
    assert declare(floor, "BCDFBBBBBBBBBB", 1).outcome == "unknown_bundle"


def test_pieces_found_again_wait_again_where_they_were(floor: Floor, code: str) -> None:
    declare(floor, code, 3)
    seq = floor.last_seq

    def found(reason: str, event_id: str) -> str:
        return floor.atelier.run(take_back_missing, seq, event_id=event_id, reason=reason, moment=floor.moment).reason

    assert found(" ", "found-0") == "reason_needed"
    assert found("sous la table", "found-1") == "undone"
    assert waits(floor, code, "sew") == 15
    assert floor.law_holds()
    assert found("sous la table", "found-1") == "nothing_to_undo"
    assert found("sous la table", "found-2") == "nothing_to_undo"


def test_only_a_declaration_of_missing_pieces_is_taken_back_as_one(floor: Floor, code: str) -> None:
    done = floor.atelier.run(
        take_back_missing, floor.last_seq, event_id="found-1", reason="retrouvées", moment=floor.moment
    )
    assert done.reason == "nothing_to_undo"
