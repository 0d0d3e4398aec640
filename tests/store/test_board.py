"""What the board reads: the figures of a day told by hand, and how little of the past it looks at."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import sqlite_utils

from floor_app.atelier import Atelier, open_atelier
from floor_app.config import parse_config
from floor_app.cutting import CutRequest, cut_lay
from floor_app.domain.events import CountUndone, Moment, OrderClosed, RoutingSet
from floor_app.domain.lays import Roll
from floor_app.domain.orders import Order, OrderLine
from floor_app.domain.production_days import ProductionDay
from floor_app.domain.quality import Conservation
from floor_app.domain.routings import Operation, Section
from floor_app.domain.scans import Choice, Quantities
from floor_app.importing import import_orders
from floor_app.scanning import Scan, record_scan
from floor_app.store import board, events, order_bundles, projections, routings, stations
from floor_app.store.board import HourOutput
from floor_app.store.bundles import BundleCard
from floor_app.web.tiles import TILES

CONFIG = '[atelier]\ncode = "ATL07"\nname = "Atelier des Tilleuls"\nsite = "BCDF"\n'
STATIONS = {"cut": "cut-1", "sew": "sew-1", "finish": "finish-1"}
DAY = ProductionDay("2026-11-23")
TEN_O_CLOCK_MS = 1_795_424_400_000  # 2026-11-23 10:00 in Paris
HOUR_MS = 3_600_000


def at(ms: int) -> Moment:
    return Moment(ms, ms, 60, "boot", ms, clock_trusted=True)


@pytest.fixture
def atelier(tmp_path: Path) -> Iterator[Atelier]:
    opened = open_atelier(parse_config(CONFIG), tmp_path)
    yield opened
    opened.close()


def imported(atelier: Atelier, code: str, *, style: str = "Tablier", pieces: int = 60, due: date | None = None) -> None:
    lines = (OrderLine("S", "Bleu marine", pieces), OrderLine("M", "Bleu marine", pieces))
    order = Order(code, "Ville de Lille", "", style, due, lines)
    atelier.run(import_orders, (order,), import_id=f"import-{code}", source="", moment=at(TEN_O_CLOCK_MS))


def cut(atelier: Atelier, order: str, *, plies: int = 20, cap: int = 10, marker: str = "S1 M1") -> list[BundleCard]:
    request = CutRequest(f"lay-{order}", order, "Bleu marine", marker, (Roll(plies, "A"),), cap=cap, tolerance=0)
    answer = atelier.run(cut_lay, request, codes=atelier.codes, moment=at(TEN_O_CLOCK_MS))
    assert not answer.faults
    return list(answer.bundles)


def scan(
    atelier: Atelier, code: str, step: str, ms: int, *, said: Quantities | None = None, presume: bool = False
) -> int:
    choice = Choice.CONFIRM if said else Choice.COUNT_ANYWAY if presume else None
    reading = Scan(f"{code}-{step}-{ms}", code, STATIONS[step], step, said or Quantities(), choice)
    answer = atelier.run(record_scan, reading, moment=at(ms), home=atelier.home)
    assert answer.event_seq, answer.decision
    return answer.event_seq


def test_the_figures_of_a_day_are_those_counted_by_hand(atelier: Atelier) -> None:
    imported(atelier, "A")
    first, second, third, fourth = cut(atelier, "A")  # two of 10 S, two of 10 M
    for bundle in (first, second, third):
        scan(atelier, bundle.code, "cut", TEN_O_CLOCK_MS + HOUR_MS)
    scan(atelier, first.code, "sew", TEN_O_CLOCK_MS + HOUR_MS, said=Quantities(second=1, rejected=2, to_rework=3))
    scan(atelier, first.code, "finish", TEN_O_CLOCK_MS + HOUR_MS)  # 4 left
    scan(atelier, third.code, "finish", TEN_O_CLOCK_MS + 2 * HOUR_MS, presume=True)  # sewing presumed
    with atelier.reading() as db:
        orders = board.orders_on_board(db, DAY)
        small, medium = board.conservation(db, orders)
        assert [(order.code, order.planned) for order in orders] == [("A", 120)]
        assert small.pieces == Conservation(cut=20, finished_good=4, second=1, rejected=2, in_rework=3, in_progress=10)
        assert medium.pieces == Conservation(cut=20, finished_good=10, in_progress=10)
        order_id = orders[0].id
        assert board.output_of_day(db, DAY, orders) == [HourOutput(11, order_id, 4), HourOutput(12, order_id, 10)]
        waiting = {step.operation: (step.bundles, step.pieces, step.oldest_bundle) for step in board.work_waiting(db)}
        assert waiting == {"cut": (1, 10, fourth.code), "sew": (1, 10, second.code)}
        assert [found.code for found in board.bundles_waiting(db, "sew")] == [second.code]
        assert board.last_scan_at_ms(db) == TEN_O_CLOCK_MS + 2 * HOUR_MS


def test_an_undo_takes_its_pieces_off_the_day_but_was_a_sign_of_life(atelier: Atelier) -> None:
    imported(atelier, "A")
    bundle = cut(atelier, "A")[0]
    seq = scan(atelier, bundle.code, "cut", TEN_O_CLOCK_MS)
    later = at(TEN_O_CLOCK_MS + HOUR_MS)
    atelier.run(projections.record, CountUndone((seq,)), event_id="undo-1", moment=later, station="cut-1")
    with atelier.reading() as db:
        assert board.output_of_day(db, DAY, board.orders_on_board(db, DAY)) == []
        assert board.last_scan_at_ms(db) == later.happened_at_ms
        assert {step.operation: step.pieces for step in board.work_waiting(db)} == {"cut": 40}


def test_the_last_scan_is_found_behind_much_that_was_none(atelier: Atelier) -> None:
    imported(atelier, "A")
    bundle = cut(atelier, "A")[0]
    scan(atelier, bundle.code, "cut", TEN_O_CLOCK_MS)
    atelier.run(add_calls_of_no_station, 300)
    with atelier.reading() as db:
        assert board.last_scan_at_ms(db) == TEN_O_CLOCK_MS
        assert stations.last_count(db, "cut-1") is not None
    atelier.run(add_calls_of_no_station, 20_000)
    with atelier.reading() as db:
        assert board.last_scan_at_ms(db) == 0
        assert stations.last_count(db, "cut-1") is None, "long ago"


def add_calls_of_no_station(db: sqlite_utils.Database, count: int) -> None:
    """To the log alone."""
    db.conn.execute(
        "INSERT INTO event SELECT l.seq + n.value, 'call-' || (l.seq + n.value), 'help_answered', l.happened_at_ms, l.recorded_at_ms,"
        " l.utc_offset_minutes, l.boot, l.monotonic_ms, l.clock_trusted, '', '{}' FROM (SELECT * FROM event ORDER BY seq DESC LIMIT 1) l"
        " CROSS JOIN (WITH RECURSIVE counted(value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM counted WHERE value < ?)"
        " SELECT value FROM counted) n",
        (count,),
    )


def test_before_the_first_scan_there_is_no_last_one(atelier: Atelier) -> None:
    imported(atelier, "A")
    cut(atelier, "A")
    with atelier.reading() as db:
        assert board.last_scan_at_ms(db) == 0


def test_the_first_due_comes_first_and_no_date_last(atelier: Atelier) -> None:
    for code, due in (("later", date(2027, 1, 5)), ("never", None), ("sooner", date(2026, 12, 1))):
        imported(atelier, code, due=due)
    with atelier.reading() as db:
        assert [order.code for order in board.orders_on_board(db, DAY)] == ["sooner", "later", "never"]


def test_a_closed_order_leaves_the_board_and_nothing_of_it_waits(atelier: Atelier) -> None:
    imported(atelier, "A")
    imported(atelier, "B")
    cut(atelier, "A")
    kept = cut(atelier, "B")
    atelier.run(projections.record, OrderClosed("A"), event_id="close-1", moment=at(TEN_O_CLOCK_MS))
    with atelier.reading() as db:
        assert [order.code for order in board.orders_on_board(db, DAY)] == ["B"]
        assert [(step.operation, step.pieces) for step in board.work_waiting(db)] == [("cut", 40)]
        assert {bundle.code for bundle in board.bundles_waiting(db, "cut")} == {bundle.code for bundle in kept}


def test_an_order_that_is_done_stays_while_its_last_pieces_are_on_the_floor(atelier: Atelier) -> None:
    imported(atelier, "A", pieces=10)
    first, *others = cut(atelier, "A")  # cut 40 of the 20 planned
    last = others[-1]
    for bundle in (first, last):
        for step in STATIONS:
            scan(atelier, bundle.code, step, TEN_O_CLOCK_MS)
    with atelier.reading() as db:
        assert [order.code for order in board.orders_on_board(db, ProductionDay("2026-12-24"))] == ["A"]


def test_output_is_what_the_last_step_of_the_orders_own_routing_made(atelier: Atelier) -> None:
    steps = (Operation("cut", Section.CUT), Operation("sew", Section.SEW, after=("cut",), title="Montage"))
    style = RoutingSet("Sac", 1, tuple(routings.to_plain(step) for step in steps))
    atelier.run(projections.record, style, event_id="routing-1", moment=at(TEN_O_CLOCK_MS))
    imported(atelier, "A", style="Sac")
    bundle = cut(atelier, "A")[0]
    scan(atelier, bundle.code, "cut", TEN_O_CLOCK_MS)
    scan(atelier, bundle.code, "sew", TEN_O_CLOCK_MS)
    with atelier.reading() as db:
        orders = board.orders_on_board(db, DAY)
        assert [count.good for count in board.output_of_day(db, DAY, orders)] == [10]
        assert board.conservation(db, orders)[0].pieces.finished_good == 10


def test_the_bundles_of_an_order_add_up_to_its_lines(atelier: Atelier) -> None:
    imported(atelier, "A")
    made = cut(atelier, "A")
    scan(atelier, made[0].code, "cut", TEN_O_CLOCK_MS, said=Quantities(rejected=2))
    with atelier.reading() as db:
        order = board.order_by_code(db, "A")
        assert order
        found = order_bundles.bundles_of_order(db, order)
        lines = board.conservation(db, [order])
        assert order_bundles.steps_of_lines(db, order.id)[0].good == 8
    assert [bundle.code for bundle in found] == [bundle.code for bundle in made]
    assert found[0].waits_at == (("sew", 8, TEN_O_CLOCK_MS),)
    assert found[0].pieces == Conservation(cut=10, rejected=2, in_progress=8)
    for line in lines:
        own = [bundle.pieces for bundle in found if bundle.line_id == line.line_id]
        assert sum(pieces.cut for pieces in own) == line.pieces.cut
        assert sum(pieces.in_progress for pieces in own) == line.pieces.in_progress


def test_an_order_nobody_has_is_none(atelier: Atelier) -> None:
    with atelier.reading() as db:
        assert board.order_by_code(db, "A") is None
        assert not board.any_order(db)


def finish_everything(db: sqlite_utils.Database, codes: list[str], atelier: Atelier, ms: int) -> None:
    """Every bundle through every step, long ago; one command of the writer."""
    for number, code in enumerate(codes):
        for step, station in STATIONS.items():
            reading = Scan(f"old-{number}-{step}", code, station, step)
            record_scan(db, reading, moment=at(ms + number), home=atelier.home)


def add_history(atelier: Atelier, *, bundles: int) -> None:
    """`bundles` finished bundles of one piece each, all of a month ago."""
    codes = list[str]()
    for order in ("OLD-1", "OLD-2"):
        imported(atelier, order, pieces=bundles // 4)
        codes += [bundle.code for bundle in cut(atelier, order, plies=bundles // 4, cap=1)]
    atelier.run(finish_everything, codes, atelier, TEN_O_CLOCK_MS - 30 * 24 * HOUR_MS)


@contextmanager
def work_counted(db: sqlite_utils.Database) -> Iterator[Callable[[], int]]:
    """Steps of SQLite's virtual machine, in tens: what a query costs on any machine."""
    tens = [0]

    def count() -> int:
        tens[0] += 1
        return 0

    db.conn.set_progress_handler(count, 10)
    yield lambda: tens[0]
    db.conn.set_progress_handler(None, 10)


def work_of_board(atelier: Atelier) -> int:
    with atelier.reading() as db, work_counted(db) as counted:
        orders = board.orders_on_board(db, DAY)
        board.conservation(db, orders)
        board.output_of_day(db, DAY, orders)
        board.work_waiting(db)
        board.bundles_waiting(db, "sew")
        board.last_scan_at_ms(db)
        return counted()


def test_three_thousand_finished_bundles_cost_the_board_nothing(atelier: Atelier) -> None:
    imported(atelier, "A")
    for bundle in cut(atelier, "A")[:2]:
        scan(atelier, bundle.code, "cut", TEN_O_CLOCK_MS)
    before = work_of_board(atelier)
    add_history(atelier, bundles=3_000)
    with atelier.reading() as db:
        assert events.last_seq(db) > 9_000
        assert [order.code for order in board.orders_on_board(db, DAY)] == ["A"]
    assert work_of_board(atelier) < before + 300  # the tail of the log, 200 events at most, is all that grew


def test_the_board_reads_by_index_alone(atelier: Atelier) -> None:
    imported(atelier, "A")
    bundle = cut(atelier, "A")[0]
    scan(atelier, bundle.code, "cut", TEN_O_CLOCK_MS)
    scans = [step for statement in statements_of_board(atelier) for step in full_scans(atelier, statement)]
    assert scans == []


def statements_of_board(atelier: Atelier) -> list[str]:
    """Every statement a drawing of the board runs, as it was run."""
    seen = list[str]()
    with atelier.reading() as db:
        db.conn.set_trace_callback(seen.append)
        for load in TILES.values():
            load(db, atelier, at_ms=TEN_O_CLOCK_MS)
        db.conn.set_trace_callback(None)
    selects = [statement for statement in seen if statement.startswith(("SELECT", "WITH"))]
    assert len(selects) > 5
    return selects


# Small by nature: a row a station that calls, 64 scanners, the orders chosen, the steps; and two indices of what is unfinished.
BOUNDED = re.compile(
    r"SCAN (help_call|scanner_place|station_last|chosen|w|CONSTANT ROW|json_each .*|orders USING (COVERING )?INDEX orders_running"
    r"|(bundle|b) USING (COVERING )?INDEX bundle_line_open)$"
)


def full_scans(atelier: Atelier, statement: str) -> list[str]:
    with atelier.reading() as db:
        plan = [row[3] for row in db.conn.execute(f"EXPLAIN QUERY PLAN {statement}")]
    return [step for step in plan if step.startswith("SCAN") and not BOUNDED.match(step.removesuffix(":"))]


def test_a_full_scan_would_be_noticed(atelier: Atelier) -> None:
    assert full_scans(atelier, "SELECT sum(good) FROM count_hour")
    assert full_scans(atelier, "SELECT count(*) FROM event WHERE type = 'step_done'")
    assert full_scans(atelier, "SELECT sum(in_progress) FROM bundle b")


def test_an_event_kept_on_a_tablet_counts_in_the_hour_it_happened(atelier: Atelier) -> None:
    imported(atelier, "A")
    bundle = cut(atelier, "A")[0]
    for step in STATIONS:
        late = replace(at(TEN_O_CLOCK_MS), recorded_at_ms=TEN_O_CLOCK_MS + 5 * HOUR_MS)
        reading = Scan(f"late-{step}", bundle.code, STATIONS[step], step)
        atelier.run(record_scan, reading, moment=late, home=atelier.home)
    with atelier.reading() as db:
        output = board.output_of_day(db, DAY, board.orders_on_board(db, DAY))
        assert [(count.hour, count.good) for count in output] == [(10, 10)]
