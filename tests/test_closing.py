"""Closing an order that will not be finished, and opening it again."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from floor_app.closing import close_order, reopen_order
from floor_app.domain.events import OrderClosed
from floor_app.store import events, orders
from tests.floor import Floor


@pytest.fixture
def floor(tmp_path: Path) -> Iterator[Floor]:
    opened = Floor(tmp_path)
    opened.order()
    yield opened
    opened.close()


def close(floor: Floor, code: str = "2026-0117", *, event_id: str = "close-1", reason: str = "") -> str:
    return floor.atelier.run(close_order, code, reason=reason, event_id=event_id, moment=floor.moment)


def reopen(floor: Floor, code: str = "2026-0117", *, event_id: str = "reopen-1") -> str:
    return floor.atelier.run(reopen_order, code, event_id=event_id, moment=floor.moment)


def running(floor: Floor) -> list[str]:
    with floor.reading() as db:
        return [order.code for order in orders.listed(db, running=True)]


def test_a_closed_order_is_no_longer_running_and_its_reason_is_kept(floor: Floor) -> None:
    assert close(floor, reason="  tissu abîmé ") == "closed"
    assert running(floor) == []
    with floor.reading() as db:
        assert orders.counts(db) == (0, 1)
        stored = events.find(db, "close-1")
    assert stored is not None
    assert stored.event == OrderClosed("2026-0117", "tissu abîmé")


def test_an_order_opened_again_runs_again(floor: Floor) -> None:
    close(floor)
    assert reopen(floor) == "reopened"
    assert running(floor) == ["2026-0117"]


def test_a_form_sent_twice_closes_once_even_after_the_order_was_reopened(floor: Floor) -> None:
    close(floor)
    reopen(floor)
    before = floor.last_seq
    assert close(floor) == "closed"
    assert reopen(floor) == "reopened"
    assert running(floor) == ["2026-0117"]
    assert floor.last_seq == before


def test_closing_what_is_closed_and_opening_what_is_open_change_nothing(floor: Floor) -> None:
    assert reopen(floor) == "not_closed"
    close(floor)
    before = floor.last_seq
    assert close(floor, event_id="close-2") == "already_closed"
    assert close(floor, "2026-0999", event_id="close-3") == reopen(floor, "2026-0999") == "unknown_order"
    assert floor.last_seq == before


def test_pieces_of_a_closed_order_still_count_and_the_law_holds(floor: Floor) -> None:
    code = floor.cut().bundles[0].code
    close(floor)
    assert floor.scan(code, "cut").event_seq is not None
    assert floor.law_holds()
