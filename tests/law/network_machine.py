"""Two ateliers that send each other bundles, in any order; after each step the law at both and over the network of both."""

import itertools
import random
import tempfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from floor_app.correcting import undo_count
from floor_app.cutting import CodeMaker, CutRequest, cut_lay, undo_lay
from floor_app.declaring import declare_missing
from floor_app.domain.events import Moment, PiecesDeclaredMissing
from floor_app.domain.lays import Roll
from floor_app.domain.orders import Order, OrderLine
from floor_app.domain.progress import consistent
from floor_app.domain.routings import MissingSteps, Operation, Policy, Section
from floor_app.domain.scans import Choice, Quantities
from floor_app.domain.transfers import Note
from floor_app.importing import import_orders, undo_import
from floor_app.keeping import compare_with_events
from floor_app.note_files import open_note, open_receipt
from floor_app.receiving import look_at_note, receive_note, undo_receipt
from floor_app.scanning import Home, Scan, record_scan, undo_last
from floor_app.sending import SendRequest, cancel_transfer, send_bundles
from floor_app.setting_routings import set_routing
from floor_app.settling import hear_from_centre, hear_receipt, receipt_file, settle
from floor_app.store import board, bundles, events, network_identity, order_bundles, orders, transfers
from floor_app.store.code_reserve import HighWaterMark
from floor_app.store.database import open_writer
from tests.law.floor_machine import unseen_work
from tests.network import an_identity, checking

CODES = {"LILLE": "BCDF", "LYON": "CDFG"}
STATIONS = {"coupe": "cut", "couture": "sew", "finition": "finish"}
BRANCHED = (
    Operation("cut", Section.CUT),
    Operation("front", Section.SEW, after=("cut",)),
    Operation("back", Section.SEW, after=("cut",)),
    Operation("finish", Section.FINISH, after=("front", "back")),
)
START_MS = 1_795_500_000_000
ateliers = st.sampled_from(sorted(CODES))
few = st.integers(0, 6)


@dataclass
class Road:
    """A note between the two: what people carry. `received`: by bundle, `None` while nobody took it in."""

    note: str
    sender: str
    to: str
    content: bytes
    sent: dict[str, int]
    received: dict[str, int] | None = None
    cancelled: bool = False

    @property
    def on_the_way(self) -> int:
        return 0 if self.cancelled or self.received is not None else sum(self.sent.values())

    @property
    def lost(self) -> int:
        return 0 if self.received is None else sum(self.sent.values()) - sum(self.received.values())


class NetworkMachine(RuleBasedStateMachine):
    """Both through their use cases and their real databases, with the notes as signed files; no thread."""

    def __init__(self) -> None:
        super().__init__()
        self._folder = tempfile.TemporaryDirectory(dir="/dev/shm" if Path("/dev/shm").is_dir() else None)
        self._now_ms, self._numbers, self._chance = START_MS, itertools.count(), random.Random(0)
        self._roads: list[Road] = []
        self._paths = {atelier: Path(self._folder.name) / atelier / "floor.db" for atelier in CODES}
        self._dbs, self._makers = {}, {}
        for atelier, path in self._paths.items():
            path.parent.mkdir()
            self._dbs[atelier] = open_writer(path)
            self._dbs[atelier].conn.execute("PRAGMA synchronous=off")
            self._makers[atelier] = CodeMaker(CODES[atelier], HighWaterMark(path.with_name("given")), lambda: 7)
            identity = an_identity(atelier, name=f"Atelier de {atelier.title()}", site=CODES[atelier])
            self._do(atelier, network_identity.keep_identity, identity)

    def teardown(self) -> None:
        different = {}
        for atelier, path in self._paths.items():
            different[atelier] = compare_with_events(path, path.with_name("derived.db"))
            self._dbs[atelier].conn.close()
        self._folder.cleanup()
        assert not any(different.values()), f"rebuilt from the events, these tables differ: {different}"

    @initialize(branched=st.booleans(), known_to_both=st.booleans())
    def two_ateliers_at_work(self, branched: bool, known_to_both: bool) -> None:
        self._branched = branched
        for atelier in CODES:
            if branched and (known_to_both or atelier == "LILLE"):
                named = {"event_id": self._id(), "moment": self._moment()}
                self._do(atelier, set_routing, "Tablier", BRANCHED, **named)
        self.an_order_is_cut("LILLE", 12, 2, known_to_both)

    @rule(atelier=ateliers, plies=st.integers(1, 12), ratio=st.integers(1, 2), known_to_both=st.booleans())
    def an_order_is_cut(self, atelier: str, plies: int, ratio: int, known_to_both: bool) -> None:
        """`known_to_both`: the centre gave both a share of it, or both gave their own orders one number."""
        code = f"OF-{next(self._numbers) % 3}"
        for one in CODES if known_to_both else (atelier,):
            if orders.by_code(self._dbs[one], code) is None:
                self._import(one, code, "Bleu")
        found = orders.by_code(self._dbs[atelier], code)
        if found and ("S", "Bleu") in [(line.size, line.colour) for line in orders.lines(self._dbs[atelier], found.id)]:
            asked = CutRequest(self._id(), code, "Bleu", f"S{ratio}", (Roll(plies, "A"),), 10, 2)
            self._do(atelier, cut_lay, asked, codes=self._makers[atelier], moment=self._moment())

    @rule(atelier=ateliers, which=few, station=st.sampled_from(sorted(STATIONS)))
    def scan(self, atelier: str, which: int, station: str) -> None:
        self._scan(atelier, which, station, policy=Policy(MissingSteps.FILL, 3))

    @rule(atelier=ateliers, which=few, station=st.sampled_from(sorted(STATIONS)), choice=st.sampled_from(list(Choice)))
    def scan_strictly(self, atelier: str, which: int, station: str, choice: Choice) -> None:
        self._scan(atelier, which, station, policy=Policy(), choice=choice)

    @rule(
        atelier=ateliers,
        which=few,
        station=st.sampled_from(sorted(STATIONS)),
        good=st.none() | few,
        lost=st.tuples(st.integers(0, 2), st.integers(0, 2), st.integers(0, 2)),
    )
    def scan_quantities(
        self, atelier: str, which: int, station: str, good: int | None, lost: tuple[int, int, int]
    ) -> None:
        said = Quantities(good, *lost)
        self._scan(atelier, which, station, policy=Policy(MissingSteps.ALLOW), quantities=said, choice=Choice.CONFIRM)

    @rule(atelier=ateliers, which=few)
    def repaired(self, atelier: str, which: int) -> None:
        for station in STATIONS:
            self._scan(atelier, which, station, policy=Policy(), choice=Choice.REPAIRED)

    @rule(atelier=ateliers, station=st.sampled_from(sorted(STATIONS)))
    def undo(self, atelier: str, station: str) -> None:
        self._do(atelier, undo_last, Scan(self._id(), "", station, STATIONS[station]), moment=self._moment())

    @rule(atelier=ateliers, back=st.integers(0, 15))
    def supervisor_undoes(self, atelier: str, back: int) -> None:
        seq = events.last_seq(self._dbs[atelier]) - back
        self._do(atelier, undo_count, seq, event_id=self._id(), reason="erreur", moment=self._moment())

    @rule(atelier=ateliers, which=few, operation=st.sampled_from(["cut", "sew", "front", "finish"]), pieces=few)
    def declare(self, atelier: str, which: int, operation: str, pieces: int) -> None:
        code = self._bundle(atelier, which)
        if code:
            gone = PiecesDeclaredMissing(code, operation, pieces, "perdues")
            self._do(atelier, declare_missing, gone, event_id=self._id(), moment=self._moment())

    @rule(atelier=ateliers, which=few)
    def take_back_a_lay_or_an_import(self, atelier: str, which: int) -> None:
        known = [order.code for order in orders.all_orders(self._dbs[atelier])]
        if known and which == 0:
            named = {"event_id": self._id(), "moment": self._moment()}
            self._do(atelier, undo_lay, known[0], 1, reason="erreur", **named)
        elif known and which == 1:
            named = {"event_id": self._id(), "moment": self._moment()}
            self._do(atelier, undo_import, f"import-{known[0]}-{atelier}", **named)

    @rule(atelier=ateliers, which=few, how_many=st.integers(1, 3))
    def send(self, atelier: str, which: int, how_many: int) -> None:
        codes = [code for place in range(how_many) if (code := self._bundle(atelier, which + place))]
        standing = [bundles.standing(self._dbs[atelier], code) for code in dict.fromkeys(codes)]
        chosen = [found for found in standing if found and found.card.order == standing[0].card.order]  # type: ignore[union-attr]  # the first is one
        if not chosen:
            return
        to = next(code for code in CODES if code != atelier)
        asked = SendRequest(self._id(), chosen[0].card.order, to, "En face", tuple(found.card.code for found in chosen))
        before = events.last_seq(self._dbs[atelier])
        answer = self._do(atelier, send_bundles, asked, dice=lambda: self._chance.randrange(256), moment=self._moment())
        assert bool(answer.note) != bool(answer.faults)
        assert events.last_seq(self._dbs[atelier]) == before + bool(answer.note)
        if answer.note:
            content = transfers.note_file(self._dbs[atelier], answer.note)
            assert content
            sent = {found.card.code: self._sent(atelier, answer.note, found.card.code) for found in chosen}
            self._roads.append(Road(answer.note, atelier, to, content, sent))

    @precondition(lambda self: self._roads)
    @rule(which=few, short=st.lists(st.integers(0, 3), min_size=3, max_size=3))
    def receive(self, which: int, short: list[int]) -> None:
        road = self._roads[-1 - which % len(self._roads)]
        note = self._open(road)
        taken = {
            bundle.code: max(0, bundle.pieces - fewer) for bundle, fewer in itertools.zip_longest(note.bundles, short)
            if bundle is not None
        }  # fmt: skip
        before = events.last_seq(self._dbs[road.to])
        looked = self._do(road.to, look_at_note, note)
        answer = self._do(
            road.to, receive_note, note, taken, content=road.content, event_id=self._id(), moment=self._moment()
        )
        recorded = events.last_seq(self._dbs[road.to]) - before
        assert recorded == (not answer.already and not answer.faults)
        assert answer.already == (looked.earlier is not None) == (road.received is not None), "a note twice is once"
        if recorded and not road.cancelled:
            road.received = taken
        elif recorded:
            road.received = taken  # a cancelled note that people carried all the same: given back at once
            self._undo_receipt(road)
            assert road.received is None

    @rule(
        atelier=ateliers,
        which=few,
        how_many=st.integers(1, 3),
        short=st.lists(st.integers(0, 2), min_size=3, max_size=3),
    )
    def a_delivery(self, atelier: str, which: int, how_many: int, short: list[int]) -> None:
        before = len(self._roads)
        self.send(atelier, which, how_many)
        if len(self._roads) > before:
            self.receive(0, short)

    @rule(atelier=ateliers, which=few, station=st.sampled_from(sorted(STATIONS)), good=st.none() | few)
    def there_and_back(self, atelier: str, which: int, station: str, good: int | None) -> None:
        """What is newest at the other atelier is what arrived there last."""
        other = next(code for code in CODES if code != atelier)
        self.a_delivery(atelier, which, 1, [0, 0, 0])
        self.scan_quantities(other, 0, station, good, (0, 1, 0))
        self.a_delivery(other, 0, 1, [1, 0, 0])
        self._scan(atelier, which, station, policy=Policy(MissingSteps.FILL, 3), choice=Choice.COUNT_REST)

    @precondition(lambda self: self._roads)
    @rule(which=few)
    def more_than_was_sent_is_refused(self, which: int) -> None:
        road = self._roads[-1 - which % len(self._roads)]
        note = self._open(road)
        taken = {bundle.code: bundle.pieces + 1 for bundle in note.bundles}
        named = {"content": road.content, "event_id": self._id(), "moment": self._moment()}
        answer = self._do(road.to, receive_note, note, taken, **named)
        assert answer.already or answer.faults

    @precondition(lambda self: self._roads)
    @rule(which=few)
    def cancel(self, which: int) -> None:
        road = self._roads[-1 - which % len(self._roads)]
        if road.received is not None:
            return
        done = self._do(
            road.sender, cancel_transfer, road.note, reason="pas parti", event_id=self._id(), moment=self._moment()
        )
        assert done == ("already_cancelled" if road.cancelled else "cancelled")
        road.cancelled = True

    @precondition(lambda self: self._roads)
    @rule(which=few)
    def cancelled_though_it_had_arrived(self, which: int) -> None:
        """The sender does not know; the receipt puts it right."""
        road = self._roads[-1 - which % len(self._roads)]
        if road.received is None:
            return
        named = {"reason": "erreur", "event_id": self._id(), "moment": self._moment()}
        done = self._do(road.sender, cancel_transfer, road.note, **named)
        assert done in ("cancelled", "already_received", "came_back")
        heard = self._hear(road)
        assert heard == ("confirmed" if done == "cancelled" else heard)

    @precondition(lambda self: self._roads)
    @rule(which=few)
    def the_receipt_comes(self, which: int) -> None:
        road = self._roads[-1 - which % len(self._roads)]
        if road.received is not None and not road.cancelled:
            assert self._hear(road) in ("confirmed", "unchanged")
            found = transfers.by_note(self._dbs[road.sender], road.note)
            assert found and found.received == sum(road.received.values())

    @precondition(lambda self: self._roads)
    @rule(which=few)
    def the_centre_tells(self, which: int) -> None:
        road = self._roads[-1 - which % len(self._roads)]
        if road.received is not None and not road.cancelled:
            received = sum(road.received.values())
            state = "received" if received == sum(road.sent.values()) else "discrepancy"
            named = {"to": road.to, "state": state, "received": received, "event_id": self._id()}
            self._do(road.sender, hear_from_centre, road.note, **named, moment=self._moment())

    @precondition(lambda self: self._roads)
    @rule(which=few)
    def taken_in_by_mistake(self, which: int) -> None:
        road = self._roads[-1 - which % len(self._roads)]
        known = transfers.by_note(self._dbs[road.sender], road.note)
        if road.received is not None and known and known.state == "in_transit":
            self._undo_receipt(road)

    @precondition(lambda self: self._roads)
    @rule(which=few, found_again=st.booleans())
    def settle(self, which: int, found_again: bool) -> None:
        road = self._roads[-1 - which % len(self._roads)]
        if road.received is None or road.cancelled:
            return
        short = {code: pieces - road.received[code] for code, pieces in road.sent.items()}
        arrived = {code: pieces for code, pieces in short.items() if pieces} if found_again else {}
        named = {"reason": "recomptées", "event_id": self._id(), "moment": self._moment()}
        answer = self._do(road.to, settle, road.note, arrived, **named)
        if not answer.faults:
            road.received = {code: pieces + arrived.get(code, 0) for code, pieces in road.received.items()}
        else:
            assert not any(short.values()) or {fault.code for fault in answer.faults} == {"bundle_gone"}
        self._do(road.sender, settle, road.note, {}, **{**named, "event_id": self._id()})

    @invariant()
    def the_law_holds_at_both(self) -> None:
        for db in self._dbs.values():
            for line in board.conservation(db, self._orders(db)):
                assert line.pieces.holds, line

    @invariant()
    def every_bundle_adds_up(self) -> None:
        for db in self._dbs.values():
            for order in self._orders(db):
                for bundle in order_bundles.bundles_of_order(db, order):
                    assert bundle.pieces.holds, bundle
            assert unseen_work(db) == []
            gone_or_here = "SELECT code FROM bundle WHERE status IN ('open', 'in_transit')"
            for (code,) in db.conn.execute(gone_or_here).fetchall():
                standing = bundles.standing(db, code)
                assert standing is not None
                assert consistent(standing.state, standing.routing), standing.state

    @invariant()
    def nothing_is_lost_between_them(self) -> None:
        """Sent = received + in transit + discrepancy; cut anywhere = somewhere."""
        every = [line.pieces for db in self._dbs.values() for line in board.conservation(db, self._orders(db))]
        sent, received = sum(pieces.sent for pieces in every), sum(pieces.received for pieces in every)
        on_the_way, lost = sum(road.on_the_way for road in self._roads), sum(road.lost for road in self._roads)
        assert sent == received + on_the_way + lost
        here = sum(
            pieces.finished_good
            + pieces.second
            + pieces.rejected
            + pieces.in_rework
            + pieces.in_progress
            + pieces.missing
            for pieces in every
        )
        assert sum(pieces.cut for pieces in every) == here + on_the_way + lost

    @invariant()
    def both_say_the_same_of_a_discrepancy(self) -> None:
        for road in self._roads:
            found = transfers.by_note(self._dbs[road.to], road.note)
            assert (found.missing if found else 0) == road.lost

    @invariant()
    def no_step_counts_a_piece_twice(self) -> None:
        """Over both ateliers, no step has more pieces than the bundle was made with; a bundle is in one place."""
        counted, made, places = Counter[tuple[str, str]](), dict[str, int](), Counter[str]()
        for db in self._dbs.values():
            for code, step, pieces in db.conn.execute(
                "SELECT b.code, s.operation, s.good + s.presumed + s.skipped + s.second + s.rejected + s.in_rework + s.missing"
                " FROM bundle_step s JOIN bundle b ON b.id = s.bundle_id"
            ):
                counted[code, step] += pieces
            for code, quantity, here in db.conn.execute("SELECT code, quantity, status = 'open' FROM bundle"):
                assert made.setdefault(code, quantity) == quantity, "a label never changes"
                places[code] += here
        assert all(pieces <= made[code] for (code, _), pieces in counted.items())
        assert all(here <= 1 for here in places.values())

    @invariant()
    def hours_and_totals_agree(self) -> None:
        hours = "SELECT operation, sum(good), sum(second), sum(rejected), sum(presumed), sum(missing) FROM count_hour GROUP BY 1"
        lines = "SELECT operation, sum(good), sum(second), sum(rejected), sum(presumed), sum(missing) FROM line_step GROUP BY 1"
        for db in self._dbs.values():
            counted = [{row[0]: row[1:] for row in db.conn.execute(sql) if any(row[1:])} for sql in (hours, lines)]
            assert counted[0] == counted[1]

    @invariant()
    def the_day_sheets_say_what_moved(self) -> None:
        for db in self._dbs.values():
            days = [day for (day,) in db.conn.execute("SELECT DISTINCT day FROM transfer")]
            lines = [line for day in days for line in transfers.of_day(db, day)]
            every = [line.pieces for line in board.conservation(db, self._orders(db))]
            assert sum(line.sent for line in lines if line.direction == "sent") == sum(one.sent for one in every)
            assert sum(line.received for line in lines if line.direction == "received") == sum(
                one.received for one in every
            )

    def _undo_receipt(self, road: Road) -> None:
        named = {"reason": "erreur", "event_id": self._id(), "moment": self._moment()}
        if self._do(road.to, undo_receipt, road.note, **named) == "undone":
            road.received = None

    def _hear(self, road: Road) -> str:
        content = receipt_file(self._dbs[road.to], road.note)
        assert content
        receipt = open_receipt(content, checking(self._dbs[road.sender]))
        heard: str = self._do(road.sender, hear_receipt, receipt, event_id=self._id(), moment=self._moment())
        return heard

    def _open(self, road: Road) -> Note:
        note = open_note(road.content, checking(self._dbs[road.to]))
        assert isinstance(note, Note), note
        return note

    def _sent(self, atelier: str, note: str, code: str) -> int:
        found = transfers.by_note(self._dbs[atelier], note)
        assert found
        return next(bundle.sent for bundle in transfers.bundles_of(self._dbs[atelier], found.id) if bundle.code == code)

    def _scan(self, atelier: str, which: int, station: str, *, policy: Policy, **said: Any) -> None:
        code = self._bundle(atelier, which)
        if code:
            scan = Scan(self._id(), code, station, STATIONS[station], **said)
            self._do(atelier, record_scan, scan, moment=self._moment(), home=Home(CODES[atelier], policy))

    def _import(self, atelier: str, code: str, colour: str) -> None:
        found = Order(code, "Ville", "", "Tablier", date(2026, 12, 18), (OrderLine("S", colour, 40),))
        named = {"import_id": f"import-{code}-{atelier}", "source": "x.csv", "moment": self._moment()}
        self._do(atelier, import_orders, (found,), **named)

    def _bundle(self, atelier: str, which: int) -> str | None:
        """One that is there, the newest first; now and then one that has left."""
        rows = self._dbs[atelier].conn.execute("SELECT code FROM bundle ORDER BY in_progress = 0, id DESC").fetchall()
        return rows[which % len(rows)][0] if rows else None

    def _orders(self, db: Any) -> list[board.BoardOrder]:
        return [found for order in orders.all_orders(db) if (found := board.order_by_code(db, order.code))]

    def _do(self, atelier: str, use_case: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
        db = self._dbs[atelier]
        db.conn.execute("BEGIN IMMEDIATE")
        answer = use_case(db, *arguments, **named)
        db.conn.execute("COMMIT")
        return answer

    def _moment(self) -> Moment:
        self._now_ms += 2_000_000
        return Moment(self._now_ms, self._now_ms, 60, "boot", self._now_ms - START_MS, True)

    def _id(self) -> str:
        return f"id-{next(self._numbers)}"
