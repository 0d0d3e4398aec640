"""Anything that can happen on a floor, in any order; after each step the conservation law, at the end rebuild equals live."""

import itertools
import json
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import fields
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import sqlite_utils
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, multiple, rule

from contract.day_sheets import Control, control_gaps, figures_digest
from floor_app.answering_offers import accept, apply_change, note_taken_back, refuse
from floor_app.correcting import undo_count
from floor_app.cutting import CodeMaker, CutRequest, cut_lay, undo_lay
from floor_app.declaring import declare_missing
from floor_app.domain.cards import Card, Command
from floor_app.domain.events import Moment, PiecesDeclaredMissing
from floor_app.domain.lays import Roll
from floor_app.domain.measures import wip
from floor_app.domain.offers import OfferState
from floor_app.domain.orders import Order, OrderLine
from floor_app.domain.progress import consistent
from floor_app.domain.quality import Conservation
from floor_app.domain.routings import MissingSteps, Operation, Policy, Section
from floor_app.domain.scans import Answer, Choice, Quantities
from floor_app.drawing_up import SheetSettings, draw_up
from floor_app.hearing_offers import hear_offers
from floor_app.importing import import_orders, undo_import
from floor_app.keeping import compare_with_events
from floor_app.printing import reprint
from floor_app.scanning import Home, Scan, ScanAnswer, record_scan, undo_last
from floor_app.setting_routings import set_routing
from floor_app.sharing import share_order
from floor_app.store import board, bundles, day_sheets, events, offers, orders
from floor_app.store.code_reserve import HighWaterMark
from floor_app.store.database import open_writer
from floor_app.summing_up import sum_up
from tests.network import a_share

SITE = "BCDF"
STATIONS = {"coupe": "cut", "couture": "sew", "couture-2": "sew", "finition": "finish"}
BRANCHED = (
    Operation("cut", Section.CUT),
    Operation("front", Section.SEW, after=("cut",)),
    Operation("back", Section.SEW, after=("cut",)),
    Operation("finish", Section.FINISH, after=("front", "back")),
)
START_MS = 1_795_500_000_000
stations = st.sampled_from(sorted(STATIONS))
policies = st.sampled_from(
    [Policy(), Policy(MissingSteps.ALLOW), Policy(MissingSteps.FILL, 1), Policy(MissingSteps.FILL, 2)]
)
few = st.integers(0, 9)


def unseen_work(db: sqlite_utils.Database) -> list[tuple[str, str]]:
    """(bundle, step) where pieces wait of a bundle that counts as done with."""
    rows = db.conn.execute(
        "SELECT b.code, s.operation FROM bundle_step s JOIN bundle b ON b.id = s.bundle_id WHERE s.waiting > 0 AND b.in_progress = 0"
    )
    return [(code, operation) for code, operation in rows]


class _Alone:
    """A connection by itself, to sum up days with no thread."""

    def __init__(self, db: sqlite_utils.Database) -> None:
        self._db = db

    @contextmanager
    def reading(self) -> Iterator[sqlite_utils.Database]:
        yield self._db

    def run(self, command: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
        return command(self._db, *arguments, **named)


class FloorMachine(RuleBasedStateMachine):
    """One atelier, through its use cases and its real database; no thread, so that a failure shrinks."""

    codes_made = Bundle("codes_made")

    def __init__(self) -> None:
        super().__init__()
        self._folder = tempfile.TemporaryDirectory(dir="/dev/shm" if Path("/dev/shm").is_dir() else None)
        self._path = Path(self._folder.name) / "floor.db"
        self._db = open_writer(self._path)
        self._db.conn.execute("PRAGMA synchronous=off")
        self._codes = CodeMaker(SITE, HighWaterMark(Path(self._folder.name) / "given"), lambda: 7)
        self._now_ms, self._offset, self._numbers = START_MS, 60, itertools.count()
        self._branched = False
        self._scans: list[tuple[Scan, Home]] = []

    def teardown(self) -> None:
        self._sum_up(0)
        different = compare_with_events(self._path, self._path.with_name("derived.db"))
        self._db.conn.close()
        self._folder.cleanup()
        assert different == [], f"rebuilt from the events, these tables differ: {different}"

    @initialize(branched=st.booleans())
    def style(self, branched: bool) -> None:
        self._branched = branched
        if branched:
            self._do(set_routing, "Tablier", BRANCHED, event_id=self._id(), moment=self._moment())

    @rule(quantity=st.integers(1, 60), shared=st.booleans())
    def import_order(self, quantity: int, shared: bool) -> None:
        code = f"OF-{next(self._numbers)}"
        lines = tuple(OrderLine(size, "Bleu", quantity) for size in ("S", "M"))
        found = Order(code, "Ville", "", "Tablier", date(2026, 12, 18), lines)
        self._do(import_orders, (found,), import_id=f"import-{code}", source="x.csv", moment=self._moment())
        if shared:
            self._do(share_order, code, True, event_id=self._id(), moment=self._moment())

    @rule(which=few, said=st.dictionaries(st.sampled_from(["S", "M", "L"]), st.integers(1, 60), min_size=1), gone=few)
    def the_centre_offers_or_changes_a_share(self, which: int, said: dict[str, int], gone: int) -> None:
        """One in ten times it takes it back. Its order may have a code that is here already."""
        allocation = f"A-{which % 4}"
        held = offers.find(self._db, allocation)
        state = "withdrawn" if held and gone == 0 else "proposed"
        lines = [(size, "Bleu", quantity) for size, quantity in said.items()]
        share = a_share(
            allocation,
            order=held.said.order if held else self._order(which) or f"R-{which}",
            revision=held.said.revision + 1 if held else 1,
            state=state,
            lines=lines,
            style="Tablier",
        )
        assert self._do(hear_offers, [share], heard_at_ms=self._now_ms) == 1

    @rule(which=few, same_order=st.booleans())
    def a_share_is_taken_or_its_change_let_in(self, which: int, same_order: bool) -> None:
        held = offers.find(self._db, f"A-{which % 4}")
        if held is None:
            return
        said: dict[str, Any] = {"event_id": self._id(), "moment": self._moment()}
        asked: Callable[..., Any]
        if held.order_here and held.state == OfferState.TAKEN_BACK:
            asked, said = note_taken_back, said | {"stop_cutting": same_order}
        elif held.order_here:
            asked = apply_change
        else:
            asked, said = accept, said | {"promised": "", "same_order": same_order}
        lines = offers.lines_here(self._db, held.said.order)
        outcome = self._do(asked, held.said.allocation, held.said.revision, **said)
        left = {(line.size, line.colour): line.quantity for line in offers.lines_here(self._db, held.said.order)}
        for line in lines:
            if line.cut:
                kept = left.get((line.size, line.colour), 0)
                assert kept >= min(line.cut, line.quantity), "what is cut is still of the order"
        before = events.last_seq(self._db)
        again = self._do(asked, held.said.allocation, held.said.revision, **said)
        assert events.last_seq(self._db) == before, "an answer is given once"
        assert again == outcome or outcome.code in ("taken", "already")

    @rule(which=few, plies=st.integers(1, 20), wanted=st.integers(1, 10))
    def a_share_becomes_smaller_than_what_is_cut_of_it(self, which: int, plies: int, wanted: int) -> None:
        self.the_centre_offers_or_changes_a_share(which, {"S": 60, "M": 60}, 1)
        self.a_share_is_taken_or_its_change_let_in(which, same_order=True)
        held = offers.find(self._db, f"A-{which % 4}")
        if held is None or not held.order_here:
            return
        request = CutRequest(self._id(), held.order_here, "bleu", "S1 M1", (Roll(plies, "A"),), 20, 2)
        self._do(cut_lay, request, codes=self._codes, moment=self._moment())
        self.the_centre_offers_or_changes_a_share(which, {"S": wanted, "M": wanted}, 1)
        self.a_share_is_taken_or_its_change_let_in(which, same_order=True)

    @rule(which=few)
    def a_share_is_refused(self, which: int) -> None:
        held = offers.find(self._db, f"A-{which % 4}")
        if held:
            said = {"reason": "trop", "event_id": self._id(), "moment": self._moment()}
            self._do(refuse, held.said.allocation, held.said.revision, **said)

    @rule(target=codes_made, plies=st.integers(1, 30), ratio=st.integers(1, 3), cap=st.integers(5, 25), which=few)
    def cut(self, plies: int, ratio: int, cap: int, which: int) -> Any:
        order = self._order(which)
        if order is None:
            return multiple()
        request = CutRequest(self._id(), order, "bleu", f"S1 M{ratio}", (Roll(plies, "A"), Roll(2, "B")), cap, 2)
        answer = self._do(cut_lay, request, codes=self._codes, moment=self._moment())
        if answer.faults:
            assert self._may_lack_a_size(order), answer.faults
            return multiple()
        assert sum(bundle.quantity for bundle in answer.bundles) == (plies + 2) * (1 + ratio)
        return multiple(*(bundle.code for bundle in answer.bundles[:4]))

    @rule(code=codes_made, station=stations, policy=policies, choice=st.sampled_from([None, *Choice]))
    def scan(self, code: str, station: str, policy: Policy, choice: Choice | None) -> None:
        self._scan(code, station, policy, choice=choice)

    @rule(code=codes_made, station=stations, policy=policies)
    def scan_plainly(self, code: str, station: str, policy: Policy) -> None:
        self._scan(code, station, policy)

    @rule(code=codes_made, station=stations, good=st.none() | few, second=few, rejected=few, to_rework=few)
    def scan_quantities(
        self, code: str, station: str, good: int | None, second: int, rejected: int, to_rework: int
    ) -> None:
        said = Quantities(good, second, rejected, to_rework)
        asked = self._scan(code, station, Policy(MissingSteps.FILL, 2), quantities=said)
        answer = self._scan(code, station, Policy(MissingSteps.FILL, 2), quantities=said, choice=Choice.CONFIRM)
        if answer.decision.answer == Answer.COUNTED:
            assert asked.decision.answer in (Answer.COUNTED, Answer.LOOK), "old and new were shown first"

    @rule(code=codes_made, station=stations, to_rework=st.integers(1, 4))
    def some_go_to_rework_and_come_back(self, code: str, station: str, to_rework: int) -> None:
        said = Quantities(to_rework=to_rework)
        self._scan(code, station, Policy(MissingSteps.FILL, 3), quantities=said, choice=Choice.CONFIRM)
        self._scan(code, station, Policy(), choice=Choice.REPAIRED)

    @rule(code=codes_made, station=stations)
    def a_scan_taken_back_is_sent_again(self, code: str, station: str) -> None:
        self._scan(code, station, Policy(MissingSteps.FILL, 3))
        self.undo(station)
        self.the_same_scan_comes_again(0)

    @rule(code=codes_made, later=st.sampled_from(["couture", "finition"]))
    def a_forgotten_scan_is_made_at_last(self, code: str, later: str) -> None:
        self._scan(code, later, Policy(MissingSteps.FILL, 3))
        self._scan(code, "coupe", Policy())

    @rule(code=codes_made)
    def a_bundle_has_gone_on_when_undo_comes(self, code: str) -> None:
        self._scan(code, "coupe", Policy())
        self._scan(code, "couture", Policy())
        self.undo("coupe")

    @rule(plies=st.integers(1, 5), which=few)
    def a_lay_entered_by_mistake_is_taken_back(self, plies: int, which: int) -> None:
        order = self._order(which)
        if order:
            request = CutRequest(self._id(), order, "Bleu", "S1", (Roll(plies),), 20, 0)
            answer = self._do(cut_lay, request, codes=self._codes, moment=self._moment())
            if answer.faults:
                assert self._may_lack_a_size(order), answer.faults
                return
            lay = answer.lay_number
            undone = self._do(undo_lay, order, lay, event_id=self._id(), reason="erreur", moment=self._moment())
            assert undone == "undone"

    @rule(station=stations, command=st.sampled_from(list(Command)), parameter=few)
    def card(self, station: str, command: Command, parameter: int) -> None:
        self._scan(Card(command, parameter).code, station, Policy())

    @rule(station=stations)
    def undo(self, station: str) -> None:
        self._do(undo_last, Scan(self._id(), "", station, STATIONS[station]), moment=self._moment())

    @rule(back=st.integers(0, 12))
    def supervisor_undoes(self, back: int) -> None:
        seq = events.last_seq(self._db) - back
        self._do(undo_count, seq, event_id=self._id(), reason="erreur", moment=self._moment())

    @rule(back=st.integers(0, 20))
    def the_same_scan_comes_again(self, back: int) -> None:
        if back >= len(self._scans):
            return
        scan, home = self._scans[-1 - back]
        before = events.last_seq(self._db) if events.find(self._db, scan.id) else None
        self._do(record_scan, scan, moment=self._moment(), home=home)
        assert before is None or events.last_seq(self._db) == before, "an id that counted counts once"

    @rule(code=codes_made)
    def reprint_label(self, code: str) -> None:
        self._do(reprint, code, place=None, event_id=self._id(), moment=self._moment())

    @rule(code=codes_made, operation=st.sampled_from(["cut", "sew", "front", "back", "finish"]), pieces=few)
    def declare(self, code: str, operation: str, pieces: int) -> None:
        gone = PiecesDeclaredMissing(code, operation, pieces, "perdues")
        self._do(declare_missing, gone, event_id=self._id(), moment=self._moment())

    @rule(which=few)
    def undo_an_import(self, which: int) -> None:
        order = self._order(which)
        if order:
            self._do(undo_import, f"import-{order}", event_id=self._id(), moment=self._moment())

    @rule(which=few, number=st.integers(1, 3))
    def undo_a_lay(self, which: int, number: int) -> None:
        order = self._order(which)
        if order:
            self._do(undo_lay, order, number, event_id=self._id(), reason="erreur", moment=self._moment())

    @rule(hours=st.sampled_from([-30 * 24, -24, -1, 1, 9, 24]))
    def the_clock_jumps(self, hours: int) -> None:
        self._now_ms += hours * 3_600_000

    @rule()
    def summer_time_comes_or_goes(self) -> None:
        self._offset = 180 - self._offset

    @rule(which=few, shared=st.booleans(), starts=st.sampled_from([0, 0, 5]))
    def share_and_sum_up(self, which: int, shared: bool, starts: int) -> None:
        order = self._order(which)
        if order:
            self._do(share_order, order, shared, event_id=self._id(), moment=self._moment())
        self._sum_up(starts)

    def _sum_up(self, starts: int) -> None:
        """All sheets together say what the floor says; each agrees with itself, and is the same when it is drawn up anew."""
        local = datetime.fromtimestamp((self._now_ms + self._offset * 60_000) / 1000, UTC)
        settings = SheetSettings("A", "Europe/Paris", starts)
        self._do(lambda db: sum_up(_Alone(db), settings, today=local.date().isoformat(), at_ms=self._now_ms))
        kept = [found for day in day_sheets.every_day(self._db) if (found := day_sheets.sheet(self._db, day))]
        sheets = [json.loads(found.body) for found in kept]
        assert [control_gaps(sheet) for sheet in sheets] == [()] * len(sheets)
        assert [figures_digest(draw_up(self._db, found.day, settings)) for found in kept] == [
            found.figures_digest for found in kept
        ]
        assert self._controls(sheets) == self._law_of_shared_orders()
        assert self._counted(sheets) == self._exported()

    def _counted(self, sheets: list[dict[str, Any]]) -> list[int]:
        names = ("good", "second", "rejected", "to_rework", "from_rework", "presumed", "declared_missing", "defects")
        return [sum(row[name] for sheet in sheets for row in sheet["counts"]) for name in names]

    def _exported(self) -> list[int]:
        """What every export of the shared orders says."""
        names = ("good", "second", "rejected", "to_rework", "from_rework", "presumed", "missing", "defects")
        sums = ", ".join(f"coalesce(sum(c.{name}), 0)" for name in names)
        shared = "JOIN order_line l ON l.id = c.order_line_id JOIN orders o ON o.id = l.order_id AND o.shared = 1 AND o.undone = 0"
        return list(self._db.conn.execute(f"SELECT {sums} FROM count_hour c {shared}").fetchone())

    def _controls(self, sheets: list[dict[str, Any]]) -> Conservation:
        names = [name.name for name in fields(Control)]
        sums = {name: sum(sheet["control"][name] for sheet in sheets) for name in names}
        return Conservation(
            sums["pieces_cut"],
            sums["pieces_received"],
            sums["pieces_finished"],
            sums["pieces_second"],
            sums["pieces_rejected"],
            sums["pieces_in_rework"],
            sums["pieces_in_progress"],
            sums["pieces_missing"],
            sums["pieces_sent"],
        )

    def _law_of_shared_orders(self) -> Conservation:
        codes = self._db.conn.execute("SELECT code FROM orders WHERE shared = 1 AND undone = 0").fetchall()
        every = [found for (code,) in codes if (found := board.order_by_code(self._db, code))]
        lines = [line.pieces for line in board.conservation(self._db, every)]
        return Conservation(*(sum(getattr(line, one.name) for line in lines) for one in fields(Conservation)))

    @invariant()
    def nothing_is_lost(self) -> None:
        every = [found for order in orders.all_orders(self._db) if (found := board.order_by_code(self._db, order.code))]
        for line in board.conservation(self._db, every):
            assert line.pieces.holds, line

    @invariant()
    def an_order_expects_what_its_lines_say(self) -> None:
        """And every bundle still has its line."""
        sums = (
            "SELECT o.code FROM orders o JOIN order_line l ON l.order_id = o.id WHERE o.undone = 0 GROUP BY o.id"
            " HAVING o.planned <> sum(l.quantity)"
        )
        assert self._db.conn.execute(sums).fetchall() == []
        lost = "SELECT count(*) FROM bundle WHERE order_line_id NOT IN (SELECT id FROM order_line)"
        assert self._db.conn.execute(lost).fetchone() == (0,)

    @invariant()
    def what_waits_is_in_progress(self) -> None:
        """Work that waits is looked for among the bundles in progress."""
        assert unseen_work(self._db) == []

    @invariant()
    def the_log_has_no_gap(self) -> None:
        count, last = self._db.conn.execute("SELECT count(*), coalesce(max(seq), 0) FROM event").fetchone()
        assert count == last

    @invariant()
    def bundles_add_up(self) -> None:
        for (code,) in self._db.conn.execute("SELECT code FROM bundle WHERE status = 'open'").fetchall():
            standing = bundles.standing(self._db, code)
            assert standing is not None
            assert consistent(standing.state, standing.routing), standing.state

    @invariant()
    def hours_and_totals_agree(self) -> None:
        """What the day's hours say and what the lines say, from the same events by two roads."""
        hours = "SELECT operation, sum(good), sum(second), sum(rejected), sum(presumed), sum(missing) FROM count_hour GROUP BY 1"
        lines = "SELECT operation, sum(good), sum(second), sum(rejected), sum(presumed), sum(missing) FROM line_step GROUP BY 1"
        counted = [{row[0]: row[1:] for row in self._db.conn.execute(sql) if any(row[1:])} for sql in (hours, lines)]
        assert counted[0] == counted[1]

    @invariant()
    def waiting_work_is_what_the_formula_says(self) -> None:
        """WIP of a step = done(previous) − done(step) − rejected(step), where the routing is a line and nobody skipped."""
        rows = self._db.conn.execute(
            "SELECT operation, sum(good + presumed + skipped), sum(second + rejected + in_rework + missing) FROM line_step GROUP BY 1"
        )
        passed = {operation: (done, lost) for operation, done, lost in rows}
        if self._branched:
            return  # what reaches a joining step is the least of its branches, bundle by bundle: no sum says it
        waits = {step.operation: step.pieces for step in board.work_waiting(self._db)}
        for before, step in (("cut", "sew"), ("sew", "finish")):
            done, lost = passed.get(step, (0, 0))
            assert waits.get(step, 0) == wip(done_before=passed.get(before, (0, 0))[0], done=done, rejected=lost)

    def _scan(self, text: str, station: str, policy: Policy, **said: Any) -> ScanAnswer:
        scan, home = Scan(self._id(), text, station, STATIONS[station], **said), Home(SITE, policy)
        self._scans.append((scan, home))
        before = events.last_seq(self._db)
        answer: ScanAnswer = self._do(record_scan, scan, moment=self._moment(), home=home)
        assert (answer.event_seq is None) == (events.last_seq(self._db) == before), (
            "an event is told, and only an event"
        )
        return answer

    def _do(self, use_case: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
        self._db.conn.execute("BEGIN IMMEDIATE")
        answer = use_case(self._db, *arguments, **named)
        self._db.conn.execute("COMMIT")
        return answer

    def _may_lack_a_size(self, code: str) -> bool:
        """An order of the network is of the sizes the network says, and is cut no more once it is taken back."""
        sharing = orders.sharing(self._db, code)
        return sharing is not None and sharing.allocation != ""

    def _order(self, which: int) -> str | None:
        known = [order.code for order in orders.all_orders(self._db)]
        return known[which % len(known)] if known else None

    def _moment(self) -> Moment:
        self._now_ms += 2_000
        return Moment(self._now_ms, self._now_ms, self._offset, "boot", self._now_ms - START_MS, True)

    def _id(self) -> str:
        return f"id-{next(self._numbers)}"
