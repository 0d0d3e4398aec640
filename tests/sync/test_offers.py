"""Shares of orders come down, answers go up, and what is made of them is counted at the centre under the share it belongs to."""

from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from central import sharing
from central.importing_files import ImportedFile, import_file
from central.sharing import ShareDraft
from central.store import allocations, progress
from central.store.allocations import Allocation
from central.store.orders import OrderLine, SharedOrder
from central.texts import words
from floor_app.answering_offers import Outcome, accept, apply_change, note_taken_back, refuse
from floor_app.domain.offers import OfferState
from floor_app.store import offers
from floor_app.store.offers import StandingOffer
from floor_app.sync import enrolment, stick
from tests.floor import SIZES, a_lay
from tests.sync.town import Member, Town, found_town

ORDER = "R-2026-7"
SIXTY = tuple(OrderLine(size, "Bleu", 60) for size in SIZES)
WITHOUT_S = ShareDraft((OrderLine("S", "Bleu", 10), *SIXTY[1:]), note="moins de S")


def shares_out(town: Town, atelier: str = "ATL07", *, order: str = ORDER) -> None:
    with town.centre.process.writing() as db:
        said = SharedOrder(order, client="Ville de Lyon", style="Tablier", due="2027-03-12")
        sharing.keep_order(db, said, SIXTY, at_ms=1)
        assert isinstance(
            sharing.propose_share(db, order, atelier, ShareDraft(SIXTY), allocation="A-1", at_ms=1), Allocation
        )


def held(town: Town, order: str = ORDER) -> Allocation:
    with town.centre.process.reading() as db:
        found = allocations.find(db, order, "A-1")
    assert found is not None
    return found


def changes(town: Town, draft: ShareDraft | None) -> None:
    """`None`: takes it back."""
    with town.centre.process.writing() as db:
        share = allocations.find(db, ORDER, "A-1")
        assert share is not None
        done = sharing.change_share(db, share, draft, at_ms=2) if draft else sharing.withdraw_share(db, share, at_ms=2)
    assert isinstance(done, Allocation)


def answers(atelier: Member, use_case: Any, revision: int = 1, **said: Any) -> str:
    named = {"event_id": f"{use_case.__name__}-{revision}", "moment": atelier.floor.moment, **said}
    outcome: Outcome = atelier.floor.atelier.run(use_case, "A-1", revision, **named)
    return outcome.code


def offer(atelier: Member) -> StandingOffer:
    with atelier.floor.reading() as db:
        found = offers.find(db, "A-1")
    assert found is not None
    return found


def test_a_share_comes_down_with_the_talk_once(town: Town) -> None:
    atelier = town.member()
    shares_out(town)
    assert atelier.sync().attempt.offers == 1
    assert offer(atelier).state == OfferState.OPEN
    assert atelier.sync().attempt.offers == 0


def test_accepted_it_is_promised_at_the_centre_and_counted_under_its_share(town: Town) -> None:
    atelier = town.member()
    shares_out(town)
    atelier.sync()
    assert answers(atelier, accept, promised="2027-03-01") == "accepted"
    atelier.count(list(atelier.floor.cut(a_lay("lay-1", order=ORDER)).bundles)[:4], "cut", "sew", "finish")
    assert atelier.sync().attempt.outcome == "done"
    share = held(town)
    assert (str(share.state), share.promised) == ("accepted", "2027-03-01")
    given = offer(atelier).answer
    assert given and given.told and given.status == 200
    with town.centre.process.reading() as db:
        (counted,) = progress.of_atelier(db, "ATL07")
    assert (counted.order, counted.allocation, counted.figures.cut) == (ORDER, "A-1", 180)
    assert atelier.agrees_with_centre(ORDER)


def test_a_refusal_and_its_reason_reach_the_coordinator(town: Town) -> None:
    atelier = town.member()
    shares_out(town)
    atelier.sync()
    assert answers(atelier, refuse, reason="pas de machine") == "refused"
    atelier.sync()
    assert (str(held(town).state), held(town).reason) == ("refused", "pas de machine")


def test_an_answer_to_what_the_centre_changed_meanwhile_is_asked_for_anew(town: Town) -> None:
    atelier = town.member()
    shares_out(town)
    atelier.sync()
    changes(town, WITHOUT_S)
    assert answers(atelier, accept, promised="") == "accepted"
    assert atelier.sync().attempt.outcome == "done"
    assert str(held(town).state) == "proposed"
    assert offer(atelier).state == OfferState.CHANGED
    assert answers(atelier, apply_change, 2) == "applied"
    atelier.sync()
    assert str(held(town).state) == "accepted"


def test_taken_back_what_was_made_stays_counted_on_both_sides(town: Town) -> None:
    atelier = town.member()
    shares_out(town)
    atelier.sync()
    answers(atelier, accept, promised="")
    bundles = list(atelier.floor.cut(a_lay("lay-1", order=ORDER)).bundles)
    atelier.sync()
    changes(town, None)
    atelier.sync()
    assert answers(atelier, note_taken_back, 2, stop_cutting=True) == "noted"
    atelier.count(bundles, "cut", "sew", "finish")
    assert atelier.sync().attempt.outcome == "done"
    assert town.centre.figures("ATL07")[ORDER]["finished"] == 180
    assert atelier.agrees_with_centre(ORDER)


@pytest.mark.parametrize("shared", [False, True])
def test_an_order_of_the_ateliers_own_that_becomes_a_share_is_counted_once_past_days_too(
    town: Town, shared: bool
) -> None:
    atelier = town.member()
    atelier.count(atelier.begin_order(ORDER, shared=shared)[:3], "cut", "sew")
    atelier.sync()
    shares_out(town)
    atelier.sync()
    assert answers(atelier, accept, promised="", same_order=True) == "accepted"
    assert atelier.sync().attempt.outcome == "done"
    with town.centre.process.reading() as db:
        assert [(one.allocation, one.figures.cut) for one in progress.of_atelier(db, "ATL07")] == [("A-1", 180)]
    assert atelier.agrees_with_centre(ORDER)


def test_by_a_stick_it_is_the_same_and_what_was_thought_over_is_not_lost(town: Town) -> None:
    atelier = town.member()
    shares_out(town)
    receipts = []

    def carried() -> bytes:
        found = import_file(town.centre.process, stick.write_file(atelier.floor.atelier).content, t=words())
        assert isinstance(found, ImportedFile)
        return found.receipt

    assert stick.read_receipt(atelier.floor.atelier, carried()).offers == 1
    assert answers(atelier, refuse, reason="trop") == "refused"
    receipts.append(carried())
    assert answers(atelier, accept, promised="2027-02-01") == "accepted"
    stick.read_receipt(atelier.floor.atelier, receipts[0])
    assert str(held(town).state) == "refused"
    stick.read_receipt(atelier.floor.atelier, carried())
    assert (str(held(town).state), held(town).promised) == ("accepted", "2027-02-01")
    with atelier.floor.reading() as db:
        assert offers.unsent_answers(db) == []


def test_who_comes_back_finds_the_offers_there_and_who_joins_another_network_does_not(
    town: Town, tmp_path: Path
) -> None:
    atelier = town.member()
    shares_out(town)
    atelier.sync()
    assert enrolment.leave(atelier.floor.atelier)
    assert atelier.join().code == "joined"
    assert offer(atelier).state == OfferState.OPEN
    with ExitStack() as closing:
        (tmp_path / "elsewhere").mkdir()
        other = found_town(tmp_path / "elsewhere", closing)
        other.member(enrolled=False)
        assert enrolment.leave(atelier.floor.atelier)
        assert atelier.join(url=other.centre.url, code=other.centre.enrolment_code("ATL07")).code == "joined"
        atelier.sync()
        with atelier.floor.reading() as db:
            assert offers.every_offer(db) == []
