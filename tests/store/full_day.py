"""A day with every kind of event in it, at hours that a summer evening in France puts on two days."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from floor_app.answering_offers import accept, apply_change, note_taken_back, refuse
from floor_app.clock_correcting import put_clock_right
from floor_app.closing import close_order, reopen_order
from floor_app.confirming_hours import record_totals
from floor_app.correcting import undo_count
from floor_app.cutting import cut_lay, undo_lay
from floor_app.declaring import declare_missing, take_back_missing
from floor_app.domain.cards import Card, Command
from floor_app.domain.events import Moment, PiecesDeclaredMissing
from floor_app.domain.insertion import Assignment, HalfDay
from floor_app.domain.lays import Roll
from floor_app.domain.routings import MissingSteps, Operation, Policy, Section
from floor_app.domain.scans import WHOLE, Answer, Choice, Quantities
from floor_app.hearing_offers import hear_offers
from floor_app.importing import import_orders, undo_import
from floor_app.picturing import Place, put_picture
from floor_app.printing import reprint
from floor_app.receiving import receive_note, undo_receipt
from floor_app.scanning import Home, Scan, ScanAnswer, answer_help, record_scan, undo_last
from floor_app.sending import SendRequest, cancel_transfer, send_bundles
from floor_app.setting_routings import set_routing
from floor_app.settling import hear_from_centre, settle
from floor_app.sharing import share_order
from floor_app.store import network_identity
from floor_app.store.bundles import BundleCard
from groundwork.pictures import Picture
from tests.floor import Floor, a_lay, an_order
from tests.network import a_note, a_share, an_identity

SITE = "BCDF"
EVENING_MS = 1_785_001_200_000  # 2026-07-25 19:40 in Paris: the day after begins while people work
MINUTE_MS = 60_000
WARN, ALLOW, FILL = Policy(), Policy(MissingSteps.ALLOW), Policy(MissingSteps.FILL, 3)
TWO_SIDES = (
    Operation("cut", Section.CUT),
    Operation("front", Section.SEW, after=("cut",)),
    Operation("back", Section.SEW, after=("cut",)),
    Operation("finish", Section.FINISH, after=("front", "back")),
)


class Day:
    """Each thing a person does takes seven minutes and has an id of its own."""

    def __init__(self, floor: Floor) -> None:
        self.floor = floor
        self._done = 0

    def does(self, command: Callable[..., Any], *args: Any, **named: Any) -> Any:
        return self.floor.atelier.run(command, *args, moment=self._moment(), **named)

    @property
    def done(self) -> int:
        return self._done

    @property
    def id(self) -> str:
        return f"done-{self._done}"

    def scan(
        self,
        text: str,
        does: str,
        *,
        policy: Policy = WARN,
        quantities: Quantities = WHOLE,
        choice: Choice | None = None,
        take: Callable[..., ScanAnswer] = record_scan,
    ) -> ScanAnswer:
        scan = Scan(self.id, text, f"{does}-1", does, quantities, choice)
        named = {"home": Home(SITE, policy)} if take is record_scan else {}
        answer: ScanAnswer = self.does(take, scan, **named)
        return answer

    def _moment(self) -> Moment:
        self._done += 1
        at_ms = EVENING_MS + self._done * 7 * MINUTE_MS
        return Moment(at_ms, at_ms, 120, "boot-1", at_ms, clock_trusted=True)


def live_a_full_day(floor: Floor) -> None:
    day = Day(floor)
    day.does(set_routing, "Veste", TWO_SIDES, event_id=day.id)
    orders = (an_order("tabliers"), an_order("vestes", style="Veste"), an_order("par erreur", style="Robe"))
    day.does(import_orders, orders[:2], import_id="import-1", source="commande.csv")
    day.does(import_orders, orders[2:], import_id="import-2", source="commande.csv")
    aprons, jackets = _cut(day, "tabliers"), _cut(day, "vestes")
    _work_on_aprons(day, [bundle.code for bundle in aprons])
    _work_on_jackets(day, [bundle.code for bundle in jackets])
    _call_and_declare(day, [bundle.code for bundle in aprons])
    _send_and_receive(day, [bundle.code for bundle in aprons])
    _confirm_hours(day)
    _put_pictures(day)
    _share(day)
    _answer_offers(day)
    _wake_in_the_past(day, [bundle.code for bundle in aprons])
    _take_things_back(day)


def _confirm_hours(day: Day) -> None:
    """Confirmed, then corrected: the later word counts."""
    morning = [Assignment(person, HalfDay.MORNING, "M-2026-04", 210) for person in range(6)]
    for minutes in (210, 180):
        assigned = (*morning, Assignment(9, HalfDay.AFTERNOON, "M-2026-07", minutes))
        day.does(record_totals, "2026-07-25", assigned, event_id=day.id)


def _put_pictures(day: Day) -> None:
    """One stays, one is changed, one is taken away; one is a step's."""
    one, other = (Picture(letter.encode(), letter * 64, 1, 1) for letter in "ab")
    for place, picture in (("Tablier", one), ("Veste", one), ("Veste", other), ("Robe", one), ("Robe", None)):
        assert day.does(put_picture, Place(place), picture, event_id=day.id) == "done"
    assert day.does(put_picture, Place("Veste", "front"), one, event_id=day.id) == "done"
    assert day.does(put_picture, Place("Veste", "nowhere"), one, event_id=day.id) == "no_such_step"


def _share(day: Day) -> None:
    """An order of the atelier's own goes into the day sheets, and another does not stay there."""
    assert day.does(share_order, "tabliers", True, event_id=day.id) == "done"
    assert day.does(share_order, "vestes", True, event_id=day.id) == "done"
    assert day.does(share_order, "vestes", False, event_id=day.id) == "done"


def _answer_offers(day: Day) -> None:
    """One is refused; one is taken, cut, made smaller and larger, and taken back at last; an order of the atelier's own becomes a share."""
    heard = day.floor.atelier.run

    def hears(*shares: dict[str, Any]) -> None:
        heard(hear_offers, shares, heard_at_ms=EVENING_MS)

    hears(a_share("A-1"), a_share("A-2", order="blouses"), a_share("A-3", order="tabliers"))
    assert day.does(refuse, "A-2", 1, reason="trop tôt", event_id=day.id).code == "refused"
    assert day.does(accept, "A-1", 1, promised="2026-09-01", event_id=day.id).code == "accepted"
    assert day.does(accept, "A-3", 1, promised="", same_order=True, event_id=day.id).code == "accepted"
    _cut(day, "R-2026-7")
    _cut(day, "R-2026-7", "lay-2")
    assert day.does(undo_lay, "R-2026-7", 2, event_id=day.id, reason="erreur") == "undone"
    hears(a_share("A-1", revision=2, lines=[("S", "Bleu", 10), ("M", "Bleu", 90), ("XXL", "Bleu", 5)]))
    assert day.does(apply_change, "A-1", 2, event_id=day.id).code == "applied"
    hears(a_share("A-1", revision=3, state="withdrawn"))
    assert day.does(note_taken_back, "A-1", 3, stop_cutting=True, event_id=day.id).code == "noted"


def _wake_in_the_past(day: Day, codes: list[str]) -> None:
    """The power was gone: bundles are counted by a clock that stands a week back, one of them wrongly, until it is put right."""
    for number, code in enumerate(codes[6:8]):
        past_ms = EVENING_MS - 7 * 24 * 60 * MINUTE_MS + number * MINUTE_MS
        moment = Moment(past_ms, past_ms, 120, "boot-1", past_ms, clock_trusted=False)
        scan = Scan(f"past-{number}", code, "cut-1", "cut")
        answer = day.floor.atelier.run(record_scan, scan, moment=moment, home=Home(SITE, Policy(MissingSteps.WARN)))
        assert answer.decision.answer == Answer.COUNTED
    monotonic_ms = past_ms + 30 * MINUTE_MS
    now = Moment(EVENING_MS, EVENING_MS, 120, "boot-1", monotonic_ms, clock_trusted=True)
    assert day.floor.atelier.run(put_clock_right, moment=now, event_id="clock-1")
    assert not day.floor.atelier.run(put_clock_right, moment=now, event_id="clock-2")
    _counts(day.scan("", "cut", take=undo_last))


def _cut(day: Day, order: str, lay: str = "lay-1") -> list[BundleCard]:
    asked = replace(a_lay(f"{order}-{lay}", order=order), rolls=(Roll(18, "A", "R1"), Roll(12, "B", "R2")))
    return list(day.does(cut_lay, asked, codes=day.floor.atelier.codes).bundles)


def _work_on_aprons(day: Day, codes: list[str]) -> None:
    for code in codes[:6]:
        _counts(day.scan(code, "cut"))
    _counts(day.scan(codes[0], "sew", quantities=Quantities(second=1, rejected=2, to_rework=3), choice=Choice.CONFIRM))
    assert day.scan(codes[0], "sew").decision.reason == "in_rework"
    repaired = Quantities(good=2, rejected=1)
    _counts(day.scan(codes[0], "sew", quantities=repaired, choice=Choice.CONFIRM))
    _counts(day.scan(codes[0], "finish", choice=Choice.CONFIRM))
    _counts(day.scan(codes[1], "finish", policy=FILL))
    _counts(day.scan(codes[1], "sew"))
    _counts(day.scan(codes[2], "finish", policy=ALLOW))
    _counts(day.scan(codes[3], "finish", policy=FILL))
    _counts(day.scan("", "finish", take=undo_last))
    _counts(day.scan(codes[4], "sew", quantities=Quantities(good=5), choice=Choice.CONFIRM))
    _counts(day.scan(Card(Command.DEFECT, 4).code, "sew"))
    corrected = _counts(day.scan(codes[4], "sew", choice=Choice.COUNT_REST))
    assert day.does(undo_count, corrected, event_id=day.id, reason="mal compté").answer == Answer.COUNTED


def _work_on_jackets(day: Day, codes: list[str]) -> None:
    for code in codes[:3]:
        _counts(day.scan(code, "cut"))
        _counts(day.scan(code, "front"))
    _counts(day.scan(codes[0], "back"))
    _counts(day.scan(codes[0], "finish"))
    _counts(day.scan(codes[1], "finish", policy=FILL))
    _counts(day.scan(Card(Command.UNDO).code, "finish"))


def _call_and_declare(day: Day, codes: list[str]) -> None:
    _counts(day.scan(Card(Command.HELP).code, "sew"))
    _counts(day.scan(Card(Command.HELP).code, "cut"))
    assert day.does(answer_help, "sew-1", event_id=day.id)
    assert day.does(reprint, codes[7], place=None, event_id=day.id) == 1
    assert day.does(reprint, codes[7], place=day.floor.atelier.label_place(), event_id=day.id) == 2
    for code in codes[5:7]:
        lost = PiecesDeclaredMissing(code, "sew" if code == codes[5] else "cut", 2, "tombées derrière la table")
        assert day.does(declare_missing, lost, event_id=day.id).outcome == "declared"
    last = day.floor.last_seq
    assert day.does(take_back_missing, last, event_id=day.id, reason="retrouvées").answer == Answer.COUNTED


def _send_and_receive(day: Day, codes: list[str]) -> None:
    """Two notes leave, one stays after all; one arrives short, by mistake and then in earnest; what was missing turns up."""
    day.floor.atelier.run(network_identity.keep_identity, an_identity())
    notes = [
        day.does(
            send_bundles, SendRequest(day.id, "tabliers", "LYON-2", "ESAT de Lyon", sent), dice=lambda: day.done
        ).note
        for sent in (tuple(codes[8:10]), tuple(codes[4:5]))
    ]
    assert day.does(cancel_transfer, notes[0], reason="camion en panne", event_id=day.id) == "cancelled"
    named = {"to": "LYON-2", "state": "discrepancy", "received": 1}
    assert day.does(hear_from_centre, notes[1], **named, event_id=day.id) == "confirmed"
    note = a_note()
    for taken in ((20, 20), (18, 0)):
        counted = {bundle.code: pieces for bundle, pieces in zip(note.bundles, taken, strict=True)}
        assert not day.does(receive_note, note, counted, content=b"", event_id=day.id).faults
        if taken == (20, 20):
            assert day.does(undo_receipt, note.code, reason="mauvais bon", event_id=day.id) == "undone"
    _counts(day.scan(note.bundles[0].code, "sew", choice=Choice.COUNT_REST))
    arrived = {note.bundles[1].code: 20}
    assert not day.does(settle, note.code, arrived, reason="dans l’autre camion", event_id=day.id).faults


def _take_things_back(day: Day) -> None:
    _cut(day, "tabliers", "lay-2")
    assert day.does(undo_lay, "tabliers", 2, event_id=day.id, reason="mauvais coloris") == "undone"
    _cut(day, "par erreur")
    assert day.does(undo_import, "import-2", event_id=day.id) == "undone"
    for order in ("tabliers", "vestes"):
        assert day.does(close_order, order, reason="livrée", event_id=day.id) == "closed"
    assert day.does(reopen_order, "tabliers", event_id=day.id) == "reopened"


def _counts(answer: ScanAnswer) -> int:
    assert answer.event_seq is not None, answer.decision
    return answer.event_seq
