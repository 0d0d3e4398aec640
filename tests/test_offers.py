"""A supervisor answers shares of the network's orders; what she decided is in the log, and what is cut stays."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from floor_app.answering_offers import NETWORK, Outcome, accept, apply_change, note_taken_back, refuse
from floor_app.cutting import undo_lay
from floor_app.domain.events import OfferAnswered, OrderImported
from floor_app.domain.offers import Answer, OfferState
from floor_app.domain.routings import DEFAULT_ROUTING, Operation, Section
from floor_app.hearing_offers import hear_offers
from floor_app.importing import undo_import
from floor_app.keeping import compare_with_events
from floor_app.receiving import receive_note
from floor_app.setting_routings import set_routing
from floor_app.store import events, network_identity, offers, orders, routings
from floor_app.store.offers import StandingOffer
from tests.floor import Floor, a_lay, an_order
from tests.network import a_note, a_share, an_identity

TWO_STEPS = [{"code": "cut", "section": "cut", "after": []}, {"code": "sew", "section": "sew", "after": ["cut"]}]
OWN_STEPS = (Operation("cut", Section.CUT), Operation("iron", Section.FINISH, after=("cut",)))


class Office:
    """The supervisor's answers; each with an id of its own unless it is said."""

    def __init__(self, floor: Floor) -> None:
        self.floor = floor
        self._answers = 0

    def hears(self, *shares: dict[str, Any]) -> int:
        return self.floor.atelier.run(hear_offers, shares, heard_at_ms=self.floor.atelier.clock.now_ms())

    def _answer(self, use_case: Any, allocation: str, revision: int, event_id: str, **said: Any) -> Outcome:
        self._answers += 1
        named = {"event_id": event_id or f"answer-{self._answers}", "moment": self.floor.moment, **said}
        outcome: Outcome = self.floor.atelier.run(use_case, allocation, revision, **named)
        return outcome

    def accepts(self, allocation: str = "A-1", revision: int = 1, *, event_id: str = "", **said: Any) -> Outcome:
        return self._answer(accept, allocation, revision, event_id, **{"promised": "", **said})

    def refuses(
        self, allocation: str = "A-1", revision: int = 1, reason: str = "trop tôt", event_id: str = ""
    ) -> Outcome:
        return self._answer(refuse, allocation, revision, event_id, reason=reason)

    def applies(self, allocation: str = "A-1", revision: int = 2, *, event_id: str = "", **said: Any) -> Outcome:
        return self._answer(apply_change, allocation, revision, event_id, **said)

    def notes(self, revision: int, *, stop_cutting: bool, allocation: str = "A-1", event_id: str = "") -> Outcome:
        return self._answer(note_taken_back, allocation, revision, event_id, stop_cutting=stop_cutting)

    def offer(self, allocation: str = "A-1") -> StandingOffer:
        with self.floor.reading() as db:
            found = offers.find(db, allocation)
        assert found is not None
        return found

    def lines(self, code: str = "R-2026-7") -> dict[str, int]:
        with self.floor.reading() as db:
            order = orders.by_code(db, code)
            return {line.size: line.quantity for line in orders.lines(db, order.id)} if order else {}

    def order(self, code: str = "R-2026-7") -> Any:
        with self.floor.reading() as db:
            return orders.by_code(db, code)

    def steps(self, code: str = "R-2026-7") -> list[str]:
        with self.floor.reading() as db:
            return [one.code for one in routings.routing(db, self.order(code).routing_id).operations]

    def cuts(self, lay: str = "lay-1", *, order: str = "R-2026-7") -> Any:
        """S 30, M 60, L 60, XL 30."""
        return self.floor.cut(a_lay(lay, order=order))

    def unsent(self) -> list[tuple[str, int, str]]:
        with self.floor.reading() as db:
            return [(one.allocation, one.revision, one.answer) for one in offers.unsent_answers(db)]


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    floor = Floor(tmp_path)
    yield Office(floor)
    assert compare_with_events(tmp_path / "data" / "floor.db", tmp_path / "scratch.db") == []
    floor.close()


def test_an_offer_is_heard_once_and_an_older_one_never_replaces_a_newer(office: Office) -> None:
    assert office.hears(a_share(), a_share("A-2", order="autre")) == 2
    assert office.hears(a_share()) == 0
    assert office.hears(a_share(revision=2, note="plus vite")) == 1
    assert office.hears(a_share(revision=1)) == 0
    assert office.offer().said.note == "plus vite"


def test_what_the_centre_says_changes_nothing_on_the_floor(office: Office) -> None:
    office.hears(a_share())
    assert office.floor.last_seq == 0
    assert office.offer().state == OfferState.OPEN


def test_the_echo_of_an_answer_is_no_news(office: Office) -> None:
    office.hears(a_share())
    office.accepts()
    assert office.hears(a_share(state="accepted")) == 0
    assert office.offer().state == OfferState.ACCEPTED


def test_accepting_makes_the_order_with_its_share_and_tells_the_centre(office: Office) -> None:
    office.floor.atelier.run(network_identity.keep_identity, an_identity())
    office.hears(a_share(routing=TWO_STEPS))
    assert office.accepts(promised="2027-03-01") == Outcome("accepted", "R-2026-7")
    order = office.order()
    assert (order.client, order.contract, order.due, order.pieces) == (
        "Région Hauts-de-France",
        "M-2026-09",
        "2027-03-12",
        240,
    )
    assert order.source == "Réseau"
    assert office.steps() == ["cut", "sew"]
    with office.floor.reading() as db:
        sharing, stored = orders.sharing(db, "R-2026-7"), events.find(db, "answer-1")
        (unsent,) = offers.unsent_answers(db)
    assert sharing and sharing.shared and sharing.allocation == "A-1"
    assert stored and isinstance(stored.event, OrderImported) and stored.event.allocation == "A-1"
    assert (unsent.answer, unsent.promised, unsent.reason) == ("accepted", "2027-03-01", "")


def test_accepting_twice_is_once_and_two_browsers_at_once_too(office: Office) -> None:
    office.hears(a_share())
    outcomes = dict[str, Outcome]()

    def accept(browser: str) -> None:
        outcomes[browser] = office.accepts(event_id=browser)

    browsers = [threading.Thread(target=accept, args=(f"browser-{n}",)) for n in range(4)]
    for browser in browsers:
        browser.start()
    for browser in browsers:
        browser.join()
    assert sorted(one.code for one in outcomes.values()) == ["accepted", "already", "already", "already"]
    assert {one.order for one in outcomes.values()} == {"R-2026-7"}
    before = office.floor.last_seq
    first = next(browser for browser, one in outcomes.items() if one.code == "accepted")
    assert office.accepts(event_id=first) == Outcome("accepted", "R-2026-7"), "sent again by a slow line"
    assert office.floor.last_seq == before == 2


def test_an_answer_to_what_changed_meanwhile_does_nothing(office: Office) -> None:
    office.hears(a_share(revision=2))
    assert office.accepts(revision=1).code == "changed_meanwhile"
    assert office.refuses(revision=1).code == "changed_meanwhile"
    assert office.accepts(revision=2, seen="what an older page showed").code == "changed_meanwhile"
    assert office.accepts("A-9").code == "unknown_offer"
    assert office.floor.last_seq == 0


def test_a_refusal_needs_a_reason_and_may_be_thought_over(office: Office) -> None:
    office.hears(a_share())
    assert office.refuses(reason="  ").code == "no_reason"
    assert office.refuses().code == "refused"
    assert office.refuses().code == "already"
    assert office.unsent() == [("A-1", 1, "refused")]
    assert office.offer().state == OfferState.REFUSED
    assert office.accepts().code == "accepted"
    assert office.unsent() == [("A-1", 1, "accepted")]


@pytest.mark.parametrize(
    ("own", "said", "wanted", "followed", "versions"),
    [
        (False, [], "", ["cut", "sew", "finish"], []),
        (False, TWO_STEPS, "", ["cut", "sew"], [1]),
        (True, TWO_STEPS, "", ["cut", "iron"], [1]),
        (True, TWO_STEPS, NETWORK, ["cut", "sew"], [1]),  # for this order alone
        (True, [TWO_STEPS[1]], NETWORK, ["cut", "iron"], [1]),  # no routing at all
    ],
)
def test_the_order_follows_the_ateliers_own_routing_unless_she_takes_the_networks(
    office: Office, own: bool, said: list[dict[str, Any]], wanted: str, followed: list[str], versions: list[int]
) -> None:
    if own:
        office.floor.atelier.run(set_routing, "Tunique", OWN_STEPS, event_id="own", moment=office.floor.moment)
    office.hears(a_share(routing=said))
    office.accepts(routing=wanted)
    assert office.steps() == followed
    with office.floor.reading() as db:
        assert [version for _, version, _ in routings.all_newest(db)] == versions


def test_a_routing_without_a_style_is_nobody_elses(office: Office) -> None:
    office.hears(a_share(style="", routing=TWO_STEPS))
    office.accepts()
    assert office.steps() == ["cut", "sew"]
    with office.floor.reading() as db:
        assert routings.newest_for_style(db, "") == (routings.DEFAULT_ROUTING_ID, 0)
        assert routings.routing(db, 0) == DEFAULT_ROUTING


def test_a_change_is_let_in_and_what_is_cut_stays(office: Office) -> None:
    office.hears(a_share())
    office.accepts()
    office.cuts()
    office.hears(
        a_share(
            revision=2,
            due="2027-05-02",
            routing=TWO_STEPS,
            lines=[("S", "Bleu", 10), ("M", "Bleu", 90), ("XS", "Bleu", 5)],
        )
    )
    assert office.offer().state == OfferState.CHANGED
    assert office.lines() == {"S": 60, "M": 60, "L": 60, "XL": 60}, "nothing before she says so"
    assert office.applies(promised="2027-05-01") == Outcome("applied", "R-2026-7")
    assert office.lines() == {"S": 30, "M": 90, "L": 60, "XL": 30, "XS": 5}
    order = office.order()
    assert (order.due, order.planned, order.pieces_cut) == ("2027-05-02", 215, 180)
    assert office.steps() == ["cut", "sew", "finish"], "a running order keeps its routing"
    assert office.floor.law_holds("R-2026-7")
    assert office.applies().code == "already"
    with office.floor.reading() as db:
        assert offers.unsent_answers(db)[0].promised == "2027-05-01"


def test_a_line_not_cut_goes_and_comes_back(office: Office) -> None:
    office.hears(a_share())
    office.accepts()
    office.hears(a_share(revision=2, lines=[("S", "Bleu", 60)]))
    office.applies()
    assert office.lines() == {"S": 60}
    office.hears(a_share(revision=3))
    office.applies(revision=3)
    assert office.lines() == {"S": 60, "M": 60, "L": 60, "XL": 60}
    office.cuts()
    assert office.floor.law_holds("R-2026-7")


def test_a_line_whose_lay_was_taken_back_stays_at_nothing(office: Office) -> None:
    """Its labels may still be on the table: they answer « annulé », and for that they need their line."""
    office.hears(a_share())
    office.accepts()
    bundle = office.cuts().bundles[0]
    assert (
        office.floor.atelier.run(undo_lay, "R-2026-7", 1, event_id="undo", reason="", moment=office.floor.moment)
        == "undone"
    )
    office.hears(a_share(revision=2, lines=[("3XL", "Bleu", 40)]))
    office.applies()
    assert office.lines() == {"S": 0, "M": 0, "L": 0, "XL": 0, "3XL": 40}
    assert office.floor.scan(bundle.code, "cut").event_seq is None


def test_a_change_refused_leaves_the_order_and_may_be_let_in_later(office: Office) -> None:
    office.hears(a_share())
    office.accepts()
    office.hears(a_share(revision=2, lines=[("S", "Bleu", 900)]))
    assert office.refuses(revision=2, reason="trop").code == "refused"
    assert office.offer().state == OfferState.CHANGE_REFUSED
    assert office.lines()["S"] == 60
    assert office.unsent() == [("A-1", 2, "refused")]
    assert office.applies().code == "applied"
    assert office.lines() == {"S": 900}


def test_what_the_whole_order_says_may_change_without_a_new_revision(office: Office) -> None:
    office.hears(a_share())
    office.accepts()
    assert office.hears(a_share(state="accepted", client="Ville de Lille")) == 1
    assert office.offer().state == OfferState.CHANGED
    assert office.applies(revision=1).code == "applied"
    assert office.order().client == "Ville de Lille"
    assert office.offer().state == OfferState.ACCEPTED


def test_taken_back_the_order_stays_with_what_is_cut_and_no_more_is_cut(office: Office) -> None:
    office.hears(a_share())
    office.accepts()
    office.cuts()
    office.hears(a_share(revision=2, state="withdrawn"))
    assert office.offer().state == OfferState.TAKEN_BACK
    assert office.notes(2, stop_cutting=True) == Outcome("noted", "R-2026-7")
    assert office.lines() == {"S": 30, "M": 60, "L": 60, "XL": 30}
    order = office.order()
    assert (order.planned, order.closed, order.running) == (180, False, True)
    assert [fault.code for fault in office.cuts("lay-2").faults] == ["cut_over"]
    assert office.unsent() == [], "the centre knows"
    assert office.offer().state == OfferState.GONE
    assert office.notes(2, stop_cutting=True).code == "already"


def test_taken_back_before_anything_was_cut_the_order_is_closed(office: Office) -> None:
    office.hears(a_share())
    office.accepts()
    office.hears(a_share(revision=2, state="withdrawn"))
    office.notes(2, stop_cutting=True)
    assert office.order().closed
    assert office.lines() == {"S": 60, "M": 60, "L": 60, "XL": 60}


def test_taken_back_she_may_go_on_all_the_same(office: Office) -> None:
    office.hears(a_share())
    office.accepts()
    office.hears(a_share(revision=2, state="withdrawn"))
    office.notes(2, stop_cutting=False)
    assert office.cuts().bundles
    assert office.offer().state == OfferState.GONE


def test_wanted_again_after_all_it_is_cut_again(office: Office) -> None:
    office.hears(a_share())
    office.accepts()
    office.cuts()
    office.hears(a_share(revision=2, state="withdrawn"))
    office.notes(2, stop_cutting=True)
    office.hears(a_share(revision=3))
    assert office.applies(revision=3).code == "applied"
    assert office.cuts("lay-2").bundles


def test_taken_back_before_an_answer_there_is_nothing_to_do(office: Office) -> None:
    office.hears(a_share())
    office.hears(a_share(revision=2, state="withdrawn"))
    assert office.offer().state == OfferState.GONE
    assert office.accepts(revision=2).code == "already"
    assert office.floor.last_seq == 0


def test_an_import_taken_back_leaves_the_offer_open_again(office: Office) -> None:
    office.hears(a_share())
    office.accepts()
    assert office.floor.atelier.run(undo_import, "answer-1", event_id="undo", moment=office.floor.moment) == "undone"
    assert office.offer().state == OfferState.OPEN
    assert office.accepts().code == "accepted"
    assert office.lines()["S"] == 60


def test_an_order_of_the_ateliers_own_with_that_code_is_left_alone_unless_it_is_the_same(office: Office) -> None:
    office.floor.order(an_order("R-2026-7", quantity=40))
    bundles = office.cuts().bundles
    office.floor.scan(bundles[0].code, "cut")
    office.hears(a_share())
    assert office.accepts() == Outcome("taken", "R-2026-7")
    assert office.lines()["S"] == 40
    assert office.accepts(same_order=True) == Outcome("accepted", "R-2026-7")
    assert office.lines() == {"S": 60, "M": 60, "L": 60, "XL": 60}
    with office.floor.reading() as db:
        sharing = orders.sharing(db, "R-2026-7")
    assert sharing and sharing.allocation == "A-1" and sharing.shared
    assert office.floor.law_holds("R-2026-7")


def test_an_order_that_came_with_a_delivery_note_becomes_the_share(office: Office) -> None:
    office.floor.atelier.run(network_identity.keep_identity, an_identity())
    note = a_note(order="R-2026-7")
    counted = {bundle.code: bundle.pieces for bundle in note.bundles}
    received = office.floor.atelier.run(
        receive_note, note, counted, content=b"", event_id="note", moment=office.floor.moment
    )
    assert not received.faults
    office.hears(a_share(lines=[("M", "Écru", 100)]))
    assert office.accepts(same_order=True).code == "accepted"
    order = office.order()
    assert (order.pieces, order.planned) == (100, 140), "40 more come from elsewhere and are finished here"
    assert office.floor.law_holds("R-2026-7")


def test_a_second_share_of_the_same_order_cannot_have_its_code(office: Office) -> None:
    office.hears(a_share(), a_share("A-2"))
    office.accepts()
    assert office.accepts("A-2", same_order=True) == Outcome("taken", "R-2026-7")
    assert office.offer("A-2").state == OfferState.OPEN


def test_what_cannot_be_an_order_can_only_be_refused(office: Office) -> None:
    office.hears(a_share(lines=[("S", "Bleu", 5), ("s", "bleu", 6)]))
    assert office.accepts().code == "unusable"
    assert office.refuses(reason="une taille y est deux fois").code == "refused"


@pytest.mark.parametrize(
    ("status", "waits"), [(200, False), (404, False), (409, False), (422, False), (0, True), (429, True), (503, True)]
)
def test_an_answer_waits_until_the_centre_has_heard_it(office: Office, status: int, waits: bool) -> None:
    office.hears(a_share())
    office.accepts()
    office.floor.atelier.run(offers.note_answer_sent, "A-1", 1, status, "")
    assert bool(office.unsent()) == waits


def test_what_was_thought_over_while_the_centre_listened_is_said_again(office: Office) -> None:
    office.hears(a_share())
    office.refuses()
    with office.floor.reading() as db:
        (sent,) = offers.unsent_answers(db)
    office.accepts()
    office.floor.atelier.run(offers.note_answer_sent, "A-1", 1, 200, "", given=sent.given)
    assert office.unsent() == [("A-1", 1, "accepted")]


def test_an_answer_to_what_the_centre_has_changed_since_is_not_sent(office: Office) -> None:
    office.hears(a_share())
    office.refuses()
    office.hears(a_share(revision=2))
    assert office.unsent() == []


def test_every_decision_is_in_the_log(office: Office) -> None:
    office.hears(a_share(), a_share("A-2", order="autre"))
    office.accepts(promised="2027-03-01", event_id="yes")
    office.refuses("A-2", event_id="no")
    with office.floor.reading() as db:
        found = [events.find(db, one) for one in ("yes#answer", "no")]
    assert [one.event for one in found if one] == [
        OfferAnswered("A-1", 1, Answer.ACCEPTED, promised="2027-03-01"),
        OfferAnswered("A-2", 1, Answer.REFUSED, reason="trop tôt"),
    ]


def test_those_that_wait_come_first_by_the_day_they_are_due(office: Office) -> None:
    shares = [
        a_share(f"A-{n}", order=f"R-{n}", due=due)
        for n, due in enumerate(["2027-09-01", "", "2027-02-01", "2027-01-01"])
    ]
    office.hears(*shares)
    office.accepts("A-3")
    with office.floor.reading() as db:
        assert [one.said.order for one in offers.every_offer(db)] == ["R-2", "R-0", "R-1", "R-3"]
        assert offers.waiting(db) == 3
