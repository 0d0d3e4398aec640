"""Bundles between two ateliers with no network: they leave, arrive, are counted once, come back; and each way has a way back."""

import itertools
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from floor_app.cutting import undo_lay
from floor_app.declaring import declare_missing
from floor_app.domain.events import PiecesDeclaredMissing
from floor_app.domain.note_parts import parts_of
from floor_app.domain.progress import BundleStatus
from floor_app.domain.routings import Operation, Section
from floor_app.domain.scans import Answer
from floor_app.domain.transfers import MOST_BUNDLES, Note, TransferFault
from floor_app.importing import undo_import
from floor_app.keeping import compare_with_events
from floor_app.note_files import Receipt, open_note, open_receipt
from floor_app.printing import reprint
from floor_app.receiving import ReceiveAnswer, look_at_note, receive_note, undo_receipt
from floor_app.scanning import ScanAnswer
from floor_app.sending import SendAnswer, SendRequest, cancel_transfer, send_bundles
from floor_app.setting_routings import set_routing
from floor_app.settling import hear_from_centre, hear_receipt, receipt_file, settle
from floor_app.store import bundles, lays, network_identity, orders, routings, transfers
from floor_app.store.bundles import StandingBundle
from floor_app.store.orders import StandingOrder
from floor_app.store.transfers import Transfer
from tests.floor import CONFIG, Floor, a_lay, an_order
from tests.network import an_identity, checking

LYON_CONFIG = CONFIG.replace("ATL07", "LYON-2").replace("Atelier des Tilleuls", "ESAT de Lyon").replace("BCDF", "CDFG")
FIVE_STEPS = (
    Operation("cut", Section.CUT),
    Operation("overlock", Section.SEW, after=("cut",), title="Surjeter"),
    Operation("pockets", Section.SEW, after=("overlock",), title="Poches"),
    Operation("finish", Section.FINISH, after=("pockets",)),
)


class Place(Floor):
    """An atelier of the network, with what its supervisor does about transfers."""

    def __init__(self, folder: Path, config: str, identity: network_identity.NetworkIdentity) -> None:
        super().__init__(folder, config)
        self._done = itertools.count()
        self.atelier.run(network_identity.keep_identity, identity)
        self.code = identity.atelier

    def does(self, command: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
        named = {"event_id": f"done-{next(self._done)}", **named}
        return self.atelier.run(command, *arguments, moment=self.moment, **named)

    def send(self, *codes: str, to: str = "LYON-2", order: str = "2026-0117", **changed: str) -> SendAnswer:
        asked = SendRequest(changed.get("id", f"send-{next(self._done)}"), order, to, "ESAT de Lyon", codes)
        return self.atelier.run(send_bundles, asked, dice=self.atelier.codes.random, moment=self.moment)

    def file(self, note: str) -> bytes:
        with self.reading() as db:
            content = transfers.note_file(db, note)
        assert content
        return content

    def opened(self, content: bytes) -> Note:
        with self.reading() as db:
            note = open_note(content, checking(db))
        assert isinstance(note, Note), note
        return note

    def receive(self, content: bytes, short: int = 0, **changed: int) -> ReceiveAnswer:
        """`short`: pieces that lack in the first bundle."""
        note = self.opened(content)
        taken = {bundle.code: bundle.pieces for bundle in note.bundles} | changed
        taken[note.bundles[0].code] -= short
        answer: ReceiveAnswer = self.does(receive_note, note, taken, content=content)
        return answer

    def hear(self, content: bytes) -> str:
        with self.reading() as db:
            receipt = open_receipt(content, checking(db))
        assert isinstance(receipt, Receipt)
        heard: str = self.does(hear_receipt, receipt)
        return heard

    def receipt(self, note: str) -> bytes:
        with self.reading() as db:
            content = receipt_file(db, note)
        assert content
        return content

    def note(self, note: str) -> Transfer:
        with self.reading() as db:
            found = transfers.by_note(db, note)
        assert found
        return found

    def bundle(self, code: str) -> StandingBundle:
        with self.reading() as db:
            found = bundles.standing(db, code)
        assert found
        return found

    def an_order(self, code: str = "2026-0117") -> StandingOrder:
        with self.reading() as db:
            found = orders.by_code(db, code)
        assert found
        return found

    def sound(self) -> bool:
        database = self.atelier.data / "floor.db"
        with self.reading() as db:
            codes = [order.code for order in orders.all_orders(db)]
        return all(self.law_holds(code) for code in codes) and not compare_with_events(
            database, database.with_name("derived.db")
        )


@pytest.fixture
def lille(tmp_path: Path) -> Iterator[Place]:
    place = Place(tmp_path / "lille", CONFIG, an_identity())
    yield place
    place.close()


@pytest.fixture
def lyon(tmp_path: Path) -> Iterator[Place]:
    place = Place(tmp_path / "lyon", LYON_CONFIG, an_identity("LYON-2", name="ESAT de Lyon", site="CDFG"))
    yield place
    place.close()


@pytest.fixture
def codes(lille: Place) -> list[str]:
    """Ten bundles of Lille: two of S (15 + 15), four of M, of L (20 each), two of XL."""
    lille.order()
    return [bundle.code for bundle in lille.cut().bundles]


@pytest.fixture
def sent(lille: Place, codes: list[str]) -> str:
    """Two bundles cut, one of them sewn, on their way to Lyon."""
    for code in codes[:2]:
        lille.scan(code, "cut")
    lille.scan(codes[0], "sew")
    answer = lille.send(*codes[:2])
    assert answer.faults == ()
    return answer.note


def answered(answer: ScanAnswer) -> tuple[Answer, str]:
    return answer.decision.answer, answer.decision.reason


def faults_of(answer: Any) -> list[tuple[str, str]]:
    return [(fault.code, fault.bundle) for fault in answer.faults]


def test_what_left_is_in_transit_and_out_of_what_is_in_progress(lille: Place, codes: list[str], sent: str) -> None:
    found = lille.note(sent)
    assert (found.state, found.sent, found.received, found.atelier) == ("in_transit", 30, 0, "LYON-2")
    assert sent.startswith("ATL07-")
    assert answered(lille.scan(codes[0], "finish")) == (Answer.STOP, "in_transit")
    assert lille.an_order().planned == 240 - 30
    assert lille.sound()


def test_they_arrive_with_what_was_done_to_them_and_go_on_from_there(
    lille: Place, lyon: Place, codes: list[str], sent: str
) -> None:
    assert lyon.receive(lille.file(sent)).faults == ()
    assert answered(lyon.scan(codes[0], "cut")) == (Answer.ALREADY_DONE, "already_done")
    assert lyon.scan(codes[0], "finish").decision.pieces == 15
    assert lyon.scan(codes[1], "sew").decision.pieces == 15
    order = lyon.an_order()
    assert (order.planned, order.finished, order.client, order.style) == (30, 15, "Ville de Lille", "Tablier")
    card = lyon.bundle(codes[1]).card
    assert (card.number, card.bundle_count, card.lay, card.quantity, card.note) == (2, 10, 1, 15, sent)
    assert lyon.sound()


def test_38_of_40_opens_a_discrepancy_of_2(lille: Place, lyon: Place, codes: list[str]) -> None:
    note = lille.send(*codes[2:4]).note
    assert lyon.receive(lille.file(note), short=2).faults == ()
    found = lyon.note(note)
    assert (found.state, found.sent, found.received, found.missing) == ("discrepancy", 40, 38, 2)
    assert lyon.bundle(codes[2]).state.quantity == 18
    assert lille.note(note).missing == 0, "the sender has not heard"
    assert lyon.sound()


def test_a_note_twice_is_once(lille: Place, lyon: Place, sent: str) -> None:
    lyon.receive(lille.file(sent))
    before = lyon.last_seq
    again = lyon.receive(lille.file(sent), short=3)
    assert (again.already, again.faults, lyon.last_seq) == (True, (), before)
    assert lyon.note(sent).received == 30


def test_a_form_sent_twice_sends_one_note(lille: Place, codes: list[str]) -> None:
    first, again = (lille.send(codes[0], id="one-form") for _ in range(2))
    assert first == again
    with lille.reading() as db:
        assert len(transfers.listed(db)) == 1


def test_more_than_was_sent_is_refused(lille: Place, lyon: Place, codes: list[str], sent: str) -> None:
    before = lyon.last_seq
    assert faults_of(lyon.receive(lille.file(sent), **{codes[1]: 16})) == [("too_many", codes[1])]
    assert faults_of(lyon.receive(lille.file(sent), **dict.fromkeys(codes[:2], 0) | {codes[0]: 0})) == [
        ("nothing_received", "")
    ]
    assert lyon.last_seq == before


def test_a_bundle_that_is_here_and_has_not_left_is_refused_by_name(
    lille: Place, lyon: Place, codes: list[str], sent: str
) -> None:
    """Lille cancels, sends one of the two again, and both papers arrive."""
    first = lille.file(sent)
    lille.does(cancel_transfer, sent, reason="erreur")
    second = lille.send(codes[1]).note
    lyon.receive(first)
    assert faults_of(lyon.receive(lille.file(second))) == [("already_here", codes[1])]


def test_the_sender_hears_by_the_receipt(lille: Place, lyon: Place, codes: list[str], sent: str) -> None:
    lyon.receive(lille.file(sent), short=2)
    receipt = lyon.receipt(sent)
    assert [lille.hear(receipt), lille.hear(receipt)] == ["confirmed", "unchanged"]
    found = lille.note(sent)
    assert (found.state, found.received, found.missing) == ("discrepancy", 28, 2)
    with lille.reading() as db:
        assert [bundle.received for bundle in transfers.bundles_of(db, found.id)] == [13, 15]
    assert lille.sound()


def test_the_sender_hears_by_the_centre_and_a_receipt_is_nearer(lille: Place, lyon: Place, sent: str) -> None:
    lyon.receive(lille.file(sent), short=2)

    def centre(received: int, to: str = "LYON-2", state: str = "discrepancy") -> str:
        heard: str = lille.does(hear_from_centre, sent, to=to, state=state, received=received)
        return heard

    assert [centre(31), centre(28, to="LILLE"), centre(0, state="in_transit")] == [
        "other_bundles",
        "other_receiver",
        "unchanged",
    ]
    assert [centre(27), centre(27), lille.note(sent).received] == ["confirmed", "unchanged", 27]
    lille.hear(lyon.receipt(sent))
    assert [centre(27), lille.note(sent).received] == ["unchanged", 28]
    assert lille.does(hear_from_centre, "ATL07-XXXXXX", to="LYON-2", state="received", received=1) == "unknown_note"


def test_pieces_found_after_all_join_their_bundle(lille: Place, lyon: Place, codes: list[str], sent: str) -> None:
    lyon.receive(lille.file(sent), short=2)
    early = lyon.receipt(sent)
    lyon.scan(codes[0], "finish")
    assert lyon.does(settle, sent, {codes[0]: 2}, reason="dans le camion").faults == ()
    assert (lyon.note(sent).state, lyon.note(sent).received) == ("received", 30)
    assert lyon.bundle(codes[0]).waiting["finish"] == 2
    assert lille.hear(lyon.receipt(sent)) == "confirmed"
    assert lille.hear(early) == "older"
    assert (lille.note(sent).state, lille.note(sent).received) == ("received", 30)
    assert lyon.sound() and lille.sound()


def test_a_whole_bundle_that_comes_a_day_later_joins_too(
    lille: Place, lyon: Place, codes: list[str], sent: str
) -> None:
    lyon.receive(lille.file(sent), **{codes[1]: 0})
    with lyon.reading() as db:
        assert bundles.card(db, codes[1]) is None
    assert lyon.does(settle, sent, {codes[1]: 15}, reason="sur l’autre palette").faults == ()
    assert lyon.scan(codes[1], "sew").decision.pieces == 15
    assert lyon.sound()


@pytest.mark.parametrize(
    ("arrived", "reason", "fault"),
    [({}, "", "reason_needed"), ({0: 3}, "perdues", "too_many"), ({1: 1}, "perdues", "too_many")],
)
def test_a_discrepancy_is_settled_with_a_reason_and_no_more_than_is_missing(
    lille: Place, lyon: Place, codes: list[str], sent: str, arrived: dict[int, int], reason: str, fault: str
) -> None:
    lyon.receive(lille.file(sent), short=2)
    before = lyon.last_seq
    found = {codes[place]: pieces for place, pieces in arrived.items()}
    assert [code for code, _ in faults_of(lyon.does(settle, sent, found, reason=reason))] == [fault]
    assert lyon.last_seq == before


def test_lost_pieces_are_settled_on_both_sides_and_stay_lost(lille: Place, lyon: Place, sent: str) -> None:
    lyon.receive(lille.file(sent), short=2)
    lille.hear(lyon.receipt(sent))
    for place in (lille, lyon):
        assert place.does(settle, sent, {}, reason="tombées du camion").faults == ()
        assert (place.note(sent).state, place.note(sent).missing, place.note(sent).reason) == (
            "received",
            2,
            "tombées du camion",
        )
        assert place.sound()


def test_found_pieces_cannot_join_a_bundle_that_has_gone_on(
    lille: Place, lyon: Place, codes: list[str], sent: str
) -> None:
    lyon.receive(lille.file(sent), short=2)
    lyon.send(codes[0], to="ATL07")
    answer = lyon.does(settle, sent, {codes[0]: 2}, reason="retrouvées")
    assert faults_of(answer) == [("bundle_gone", codes[0])]


def test_cancelled_bundles_are_open_again_as_they_were(lille: Place, codes: list[str], sent: str) -> None:
    lille.scan(codes[5], "cut")
    as_it_was = lille.bundle(codes[5])
    note = lille.send(codes[5]).note
    assert lille.does(cancel_transfer, note, reason="") == "reason_needed"
    assert lille.does(cancel_transfer, note, reason="camion en panne") == "cancelled"
    assert lille.does(cancel_transfer, note, reason="encore") == "already_cancelled"
    assert lille.bundle(codes[5]) == as_it_was
    assert lille.scan(codes[5], "sew").decision.pieces == 20
    assert lille.note(note).state == "cancelled"
    assert lille.sound()


def test_since_when_work_waits_is_as_it_was_after_a_cancelled_transfer(lille: Place, codes: list[str]) -> None:
    def since() -> int:
        with lille.reading() as db:
            row = db.conn.execute(
                "SELECT waiting_since_ms FROM bundle_step s JOIN bundle b ON b.id = s.bundle_id WHERE b.code = ?",
                (codes[0],),
            ).fetchone()
        return int(row[0])

    before = since()
    note = lille.send(codes[0]).note
    lille.does(cancel_transfer, note, reason="erreur")
    assert since() == before > 0


def test_what_was_received_can_no_longer_be_cancelled(lille: Place, lyon: Place, codes: list[str], sent: str) -> None:
    lyon.receive(lille.file(sent))
    back = lyon.send(codes[0], to="ATL07").note
    lille.receive(lyon.file(back))
    assert lille.does(cancel_transfer, sent, reason="erreur") == "came_back"
    lille.hear(lyon.receipt(sent))
    assert lille.does(cancel_transfer, sent, reason="erreur") == "already_received"
    assert lille.does(cancel_transfer, "ATL07-XXXXXX", reason="erreur") == "unknown_note"


def test_a_transfer_cancelled_though_it_arrived_leaves_after_all(
    lille: Place, lyon: Place, codes: list[str], sent: str
) -> None:
    lyon.receive(lille.file(sent))
    lille.does(cancel_transfer, sent, reason="je croyais")
    lille.scan(codes[1], "sew")
    assert lille.hear(lyon.receipt(sent)) == "counted_since"
    lille.undo_at("sew")
    assert lille.hear(lyon.receipt(sent)) == "confirmed"
    assert lille.bundle(codes[0]).state.status == BundleStatus.IN_TRANSIT
    assert lille.note(sent).state == "received"
    assert lille.sound()


def test_a_bundle_comes_back_to_the_atelier_that_made_it(
    lille: Place, lyon: Place, codes: list[str], sent: str
) -> None:
    lyon.receive(lille.file(sent))
    lyon.scan(codes[1], "sew", good=12, rejected=1)
    back = lyon.send(codes[1], to="ATL07").note
    assert lille.receive(lyon.file(back), short=1).faults == ()
    home = lille.bundle(codes[1])
    assert (home.state.status, home.state.quantity, home.card.note, home.card.lay) == ("open", 13, "", 1)
    assert {step: pieces for step, pieces in home.waiting.items() if pieces} == {"sew": 1, "finish": 12}
    assert lille.scan(codes[1], "finish").decision.pieces == 12
    with lille.reading() as db:
        counted = orders.step_counts(db, lille.an_order().id)
        line = lille.bundle(codes[1]).order_line_id
    assert (counted[line, "cut"].good, counted[line, "finish"].good) == (30, 12)
    assert lille.sound() and lyon.sound()


def test_a_count_from_before_it_left_is_not_undone_when_others_have_built_on_it(
    lille: Place, lyon: Place, codes: list[str], sent: str
) -> None:
    lyon.receive(lille.file(sent))
    lyon.scan(codes[1], "sew")
    lille.receive(lyon.file(lyon.send(codes[1], to="ATL07").note))
    lille.scan(codes[1], "finish")
    assert lille.undo_at("cut").decision.reason == "gone_on"
    assert lille.sound()


def test_taken_in_by_mistake_is_taken_back_and_can_be_taken_in_again(
    lille: Place, lyon: Place, codes: list[str], sent: str
) -> None:
    lyon.receive(lille.file(sent), short=1)
    assert lyon.does(undo_receipt, sent, reason="") == "reason_needed"
    assert lyon.does(undo_receipt, sent, reason="mauvais bon") == "undone"
    assert answered(lyon.scan(codes[0], "finish")) == (Answer.STOP, "cancelled")
    with lyon.reading() as db:
        assert transfers.by_note(db, sent) is None
        assert orders.by_code(db, "2026-0117") is None
    assert lyon.receive(lille.file(sent)).faults == ()
    assert lyon.scan(codes[0], "finish").decision.pieces == 15
    assert lyon.does(undo_receipt, sent, reason="mauvais bon") == "counted_since"
    lyon.undo_at("finish")
    assert lyon.does(undo_receipt, sent, reason="mauvais bon") == "undone"
    assert lyon.sound()


def test_a_receipt_is_not_undone_when_a_bundle_has_left_and_come_again(
    lille: Place, lyon: Place, codes: list[str], sent: str
) -> None:
    """It is here, and nothing was counted; but what is here came with another note."""
    lyon.receive(lille.file(sent))
    back = lyon.send(*codes[:2], to="ATL07").note
    lille.receive(lyon.file(back))
    again = lille.send(codes[0]).note
    lyon.receive(lille.file(again))
    assert lyon.does(undo_receipt, sent, reason="erreur") == "gone_since"
    assert lyon.does(undo_receipt, again, reason="erreur") == "undone"
    assert lille.sound() and lyon.sound()


def test_a_receipt_is_not_undone_when_a_bundle_has_gone_on(
    lille: Place, lyon: Place, codes: list[str], sent: str
) -> None:
    lyon.receive(lille.file(sent))
    lyon.send(codes[0], to="ATL07")
    assert lyon.does(undo_receipt, sent, reason="erreur") == "gone_since"


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"to": "ATL07"}, "to_ourselves"),
        ({"to": "pas un code"}, "bad_destination"),
        ({"to": ""}, "bad_destination"),
        ({"to": "-LYON"}, "bad_destination"),
        ({"order": "2026-9999"}, "unknown_order"),
    ],
)
def test_a_note_that_cannot_go_is_refused_whole(
    lille: Place, codes: list[str], changed: dict[str, str], fault: str
) -> None:
    before = lille.last_seq
    assert faults_of(lille.send(codes[0], **changed)) == [(fault, "")]
    assert lille.last_seq == before


def test_which_bundle_cannot_go_is_named(lille: Place, codes: list[str], sent: str) -> None:
    lille.scan(codes[2], "cut", good=17, to_rework=3)
    lille.scan(codes[3], "cut", rejected=20)
    before = lille.last_seq
    assert faults_of(lille.send(codes[0], codes[2], codes[3], codes[4], "CDFGBBBBBBBBBB")) == [
        ("not_open", codes[0]),
        ("in_rework", codes[2]),
        ("nothing_in_progress", codes[3]),
        ("unknown_bundle", "CDFGBBBBBBBBBB"),
    ]
    assert faults_of(lille.send(codes[4], codes[4])) == [("unknown_bundle", codes[4])] * 2
    assert faults_of(lille.send()) == [("no_bundle", "")]
    too_many = lille.send(*codes[4:6], *[f"X{number}" for number in range(MOST_BUNDLES)])
    assert TransferFault("too_many_bundles", most=MOST_BUNDLES) in too_many.faults
    assert lille.last_seq == before


def test_an_atelier_without_its_key_sends_nothing(lille: Place, codes: list[str]) -> None:
    lille.atelier.run(network_identity.forget_identity)
    assert faults_of(lille.send(codes[0])) == [("no_identity", "")]


def test_finished_and_lost_pieces_stay_in_the_books_of_who_counted_them(
    lille: Place, lyon: Place, codes: list[str]
) -> None:
    code = codes[2]
    lille.scan(code, "cut")
    lille.scan(code, "sew", good=15, second=1, rejected=2)
    lille.scan(code, "finish", good=4)
    note = lille.send(code).note
    lyon.receive(lille.file(note))
    assert lille.note(note).sent == 13
    there = lyon.bundle(code)
    assert (there.state.quantity, {step: n for step, n in there.waiting.items() if n}) == (13, {"sew": 2, "finish": 11})
    assert lille.sound() and lyon.sound()


def test_the_steps_of_the_style_travel_with_the_note(lille: Place, lyon: Place) -> None:
    lille.atelier.run(set_routing, "Tablier", FIVE_STEPS, event_id="routing-1", moment=lille.moment)
    lille.order()
    code = lille.cut().bundles[0].code
    lille.scan(code, "cut")
    lyon.receive(lille.file(lille.send(code).note))
    assert [step.title for step in lyon.bundle(code).routing.operations] == ["", "Surjeter", "Poches", ""]
    with lyon.reading() as db:
        assert routings.newest_for_style(db, "Tablier") == (0, 0), "a new order of that style here is not bound by it"
        assert routings.all_newest(db) == []
    assert lyon.sound()


def test_another_order_of_the_same_number_is_left_alone(lille: Place, lyon: Place, codes: list[str], sent: str) -> None:
    lyon.order(an_order(style="Blouse"))
    content = lille.file(sent)
    with lyon.reading() as db:
        looked = look_at_note(db, lyon.opened(content))
    assert (looked.order_here, looked.joins_order) == ("2026-0117 ATL07", False)
    lyon.receive(content)
    assert lyon.bundle(codes[0]).card.order == "2026-0117 ATL07"
    assert (lyon.an_order().planned, lyon.an_order("2026-0117 ATL07").planned) == (240, 30)
    assert lyon.receive(lille.file(lille.send(codes[3]).note)).faults == ()
    assert lyon.bundle(codes[3]).card.order == "2026-0117 ATL07"
    assert lyon.sound()


def test_bundles_come_back_to_their_order_whatever_it_was_called_elsewhere(
    lille: Place, lyon: Place, codes: list[str], sent: str
) -> None:
    lyon.order(an_order(style="Blouse"))
    lyon.receive(lille.file(sent))
    back = lyon.send(*codes[:2], to="ATL07", order="2026-0117 ATL07").note
    content = lyon.file(back)
    with lille.reading() as db:
        looked = look_at_note(db, lille.opened(content))
    assert (looked.order_here, looked.joins_order) == ("2026-0117", True)
    lille.receive(content)
    assert (lille.note(back).order, lille.bundle(codes[0]).card.order) == ("2026-0117", "2026-0117")
    with lille.reading() as db:
        assert [order.code for order in orders.all_orders(db)] == ["2026-0117"]
    assert lille.an_order().planned == 240
    assert lille.sound()


def test_a_part_of_a_note_scanned_at_a_station_changes_nothing(lille: Place, codes: list[str], sent: str) -> None:
    before = lille.last_seq
    for part in parts_of(lille.file(sent)):
        assert answered(lille.scan(part, "cut")) == (Answer.NOT_A_LABEL, "note_part")
    assert lille.last_seq == before


def test_a_share_of_the_same_order_takes_them_in(lille: Place, lyon: Place, codes: list[str], sent: str) -> None:
    lyon.order()
    lyon.cut(a_lay("lay-of-lyon"))
    lyon.receive(lille.file(sent))
    assert lyon.bundle(codes[0]).order_id == lyon.an_order().id
    assert (lyon.an_order().pieces, lyon.an_order().planned, lyon.an_order().pieces_cut) == (240, 270, 180)
    with lyon.reading() as db:
        assert [lay.number for lay in lays.of_order(db, "2026-0117")] == [1]
    assert lyon.cut(a_lay("next-lay-of-lyon")).lay_number == 2
    assert lyon.sound()


def test_an_import_or_a_lay_that_moved_is_not_undone(lille: Place, lyon: Place, codes: list[str]) -> None:
    lyon.order()
    note = lille.send(codes[0]).note
    assert lille.does(undo_lay, "2026-0117", 1, reason="erreur") == "scanned"
    assert lille.does(undo_import, "import-1") == "scanned"
    lyon.receive(lille.file(note))
    assert lyon.does(undo_import, "import-1") == "scanned"
    assert lyon.sound() and lille.sound()


def test_nothing_is_declared_missing_or_printed_of_what_has_left(lille: Place, codes: list[str], sent: str) -> None:
    gone = PiecesDeclaredMissing(codes[1], "sew", 2, "perdues")
    assert lille.does(declare_missing, gone).outcome == "not_open"
    assert lille.does(reprint, codes[0], place=None) is None


def test_a_label_is_printed_again_where_the_bundle_is(lille: Place, lyon: Place, codes: list[str], sent: str) -> None:
    lyon.receive(lille.file(sent))
    assert lyon.does(reprint, codes[0], place=None) == 1
    assert lyon.bundle(codes[0]).card.duplicates == 1


def test_the_day_sheet_has_a_line_for_each_size_and_colour(
    lille: Place, lyon: Place, codes: list[str], sent: str
) -> None:
    lille.send(codes[2], codes[5])
    cancelled = lille.send(codes[3]).note
    lille.does(cancel_transfer, cancelled, reason="erreur")
    lyon.receive(lille.file(sent), short=2)
    lille.hear(lyon.receipt(sent))
    today = lille.atelier.clock.today()
    with lille.reading() as db:
        left = [(line.size, line.sent, line.received, line.state) for line in transfers.of_day(db, today)]
        assert transfers.days_of_note(db, sent) == (today,)
        assert transfers.days_of_note(db, "ATL07-XXXXXX") == ()
        assert transfers.of_day(db, "2020-01-01") == () == transfers.of_day(db, today, allocations={})
        shared = transfers.of_day(db, today, allocations={"2026-0117": "A-7"})
    with lyon.reading() as db:
        came = [
            (line.note, line.direction, line.atelier, line.size, line.sent, line.received, line.state)
            for line in transfers.of_day(db, lyon.atelier.clock.today())
        ]
    assert left == [
        ("S", 30, 28, "discrepancy"),
        ("M", 20, 0, "in_transit"),
        ("L", 20, 0, "in_transit"),
        ("M", 0, 0, "cancelled"),
    ]
    assert {line.allocation for line in shared} == {"A-7"}
    assert came == [(sent, "received", "ATL07", "S", 30, 28, "discrepancy")]


@pytest.mark.parametrize(("day_starts", "left_on"), [(0, 0), (24, -1)], ids=["at midnight", "later than now"])
def test_a_day_that_begins_later_than_midnight_takes_the_night_with_it(
    lille: Place, codes: list[str], sent: str, day_starts: int, left_on: int
) -> None:
    today = date.fromisoformat(lille.atelier.clock.today())
    day = (today + timedelta(days=left_on)).isoformat()
    with lille.reading() as db:
        assert transfers.days_of_note(db, sent, day_starts=day_starts) == (day,)
        found = {
            shift: len(transfers.of_day(db, (today + timedelta(days=shift)).isoformat(), day_starts=day_starts))
            for shift in (-2, -1, 0, 1)
        }
    assert found == {shift: int(shift == left_on) for shift in (-2, -1, 0, 1)}


def test_known_ateliers_and_orders_are_offered(lille: Place, lyon: Place, codes: list[str], sent: str) -> None:
    with lille.reading() as db:
        assert transfers.known_ateliers(db) == [("LYON-2", "ESAT de Lyon")]
        assert [(order.code, order.bundles, order.pieces) for order in transfers.orders_on_the_floor(db)] == [
            ("2026-0117", 8, 150)
        ]
    lyon.receive(lille.file(sent))
    with lyon.reading() as db:
        assert transfers.known_ateliers(db) == [("ATL07", "Atelier des Tilleuls")]
