"""Everything derived from the events can be derived again: it is the same, and what is not is found and put right."""

import sqlite3
import threading
from pathlib import Path

import pytest

from floor_app.domain.events import EVENTS
from floor_app.keeping import RebuildAnswer, compare_with_events, rebuild_tables
from floor_app.scanning import Scan
from floor_app.store import projections, rebuild
from floor_app.store.rebuild import ROWS_A_STEP, TableDifference
from tests.floor import Floor, a_lay, an_order
from tests.waiting import wait_until

# What somebody with a database program, or a fault in an earlier version, may have done to each table.
DAMAGE = {
    "routing": [
        "UPDATE routing SET operations = '[]'",
        "INSERT INTO routing VALUES (9001, 'Cape', 1, '[]')",
        "DELETE FROM routing",
    ],
    "orders": [
        "UPDATE orders SET finished = finished + 1",
        "INSERT INTO orders SELECT 9002, 'inventée', client, contract, style, due, routing_id, import_id, source,"
        " imported_at_ms, planned, finished, closed, undone, '', 0, 0, 0 FROM orders LIMIT 1",
        "DELETE FROM orders WHERE code = 'tabliers'",
    ],
    "order_line": [
        "UPDATE order_line SET pieces_cut = 0",
        "INSERT INTO order_line SELECT 9003, order_id, 'XXL', colour, 5, 0, 0, 0 FROM order_line LIMIT 1",
        "DELETE FROM order_line WHERE size = 'M'",
    ],
    "lay": ["UPDATE lay SET undone = 1 - undone", "DELETE FROM lay WHERE number = 1"],
    "bundle": [
        "UPDATE bundle SET in_progress = in_progress + 3 WHERE number = 4",
        "UPDATE bundle SET status = 'cancelled'",
        "DELETE FROM bundle WHERE number < 5",
    ],
    "bundle_step": [
        "UPDATE bundle_step SET good = good - 1, waiting = waiting + 1 WHERE operation = 'sew'",
        "INSERT INTO bundle_step (bundle_id, operation, good) SELECT id, 'repassage', 1 FROM bundle",
        "UPDATE bundle_step SET counts = counts || ',7' WHERE counts <> ''",
        "DELETE FROM bundle_step",
    ],
    "bundle_event": ["DELETE FROM bundle_event", "INSERT INTO bundle_event SELECT id, 9004 FROM bundle"],
    "line_step": ["UPDATE line_step SET presumed = presumed + 1", "DELETE FROM line_step"],
    "count_hour": [
        "UPDATE count_hour SET day = '2026-07-01' WHERE day = '2026-07-25'",
        "UPDATE count_hour SET defects = defects + 1",
        "DELETE FROM count_hour WHERE hour > 20",
    ],
    "undone_event": ["DELETE FROM undone_event", "INSERT INTO undone_event VALUES (9005, 9006)"],
    "transfer": [
        "UPDATE transfer SET received = received + 1",
        "DELETE FROM transfer WHERE id NOT IN (SELECT transfer_id FROM transfer_bundle WHERE received > 0)",
    ],
    "transfer_bundle": ["UPDATE transfer_bundle SET sent = sent - 1", "DELETE FROM transfer_bundle WHERE received = 0"],
    "correction": ["DELETE FROM correction", "UPDATE correction SET by_seq = by_seq + 1"],
    "clock_shift": ["UPDATE clock_shift SET shift_ms = shift_ms + 1", "DELETE FROM clock_shift"],
    "insertion_hours": ["UPDATE insertion_hours SET minutes = minutes + 1", "DELETE FROM insertion_hours"],
    "offer_answer": [
        "UPDATE offer_answer SET revision = revision + 1",
        "INSERT INTO offer_answer VALUES ('A-9', 1, 'refused', '', '', 9007, 1)",
        "DELETE FROM offer_answer WHERE answer = 'refused'",
    ],
    "event_run": ["UPDATE event_run SET hour = hour + 1", "DELETE FROM event_run WHERE first > 1"],
    "style_picture": [
        "UPDATE style_picture SET picture = 'c'",
        "INSERT INTO style_picture VALUES ('Robe', 'a')",
        "DELETE FROM style_picture WHERE style = 'Veste'",
    ],
    "help_call": ["INSERT INTO help_call VALUES ('couture-9', 1)", "DELETE FROM help_call"],
}
CASES = [(table, sql) for table, all_sql in DAMAGE.items() for sql in all_sql]


def damage(database: Path, *statements: str) -> None:
    """By hand, with nothing that watches over it."""
    connection = sqlite3.connect(database, isolation_level=None)
    for statement in statements:
        assert connection.execute(statement).rowcount > 0, statement
    connection.close()


def put_all_right(floor: Floor, database: Path) -> RebuildAnswer:
    def put_right(difference: TableDifference) -> int:
        return floor.atelier.run(rebuild.put_right, difference)

    return rebuild_tables(database, database.with_name("scratch.db"), put_right=put_right)


def test_a_full_day_derived_again_is_the_same(full_day: Floor, database: Path) -> None:
    with full_day.reading() as db:
        happened = {event_type for (event_type,) in db.conn.execute("SELECT type FROM event")}
        days = {day for (day,) in db.conn.execute("SELECT day FROM count_hour WHERE good > 0")}
    assert happened == set(EVENTS), "a day with every kind of event"
    assert days == {"2026-07-25", "2026-07-26"}
    assert compare_with_events(database, database.with_name("scratch.db")) == []


def test_a_table_of_each_kind_is_damaged_below() -> None:
    assert DAMAGE.keys() == set(projections.TABLES)


@pytest.mark.parametrize(("table", "sql"), CASES, ids=[sql[:45] for _, sql in CASES])
def test_damage_is_found_where_it_is_and_put_right(table: str, sql: str, full_day: Floor, database: Path) -> None:
    scratch = database.with_name("scratch.db")
    damage(database, sql)
    assert [difference.table for difference in compare_with_events(database, scratch)] == [table]
    answer = put_all_right(full_day, database)
    assert answer.different.keys() == {table}
    assert answer.left == {}
    assert compare_with_events(database, scratch) == []


def test_an_order_that_never_was_goes_with_all_that_refers_to_it(full_day: Floor, database: Path) -> None:
    """And the scans that are recorded in between are not refused because of it."""
    invented = (
        "INSERT INTO orders SELECT 9002, 'inventée', client, contract, style, due, routing_id, import_id, source,"
        " imported_at_ms, planned, finished, closed, undone, '', 0, 0, 0 FROM orders LIMIT 1",
        "INSERT INTO order_line VALUES (9003, 9002, 'S', 'Bleu', 5, 0, 0, 0)",
        "INSERT INTO lay SELECT 9004, 9002, number, colour, marker, rolls, plies, pieces, last_number, cut_at_ms, undone, note,"
        " cut_as FROM lay LIMIT 1",
        "INSERT INTO bundle SELECT 9005, 'BCDFBBBBBBBBBB', 9003, 9004, number, shade, roll, ply_from, ply_to, quantity,"
        " status, in_progress, duplicates, sent, received FROM bundle LIMIT 1",
        "INSERT INTO bundle_step (bundle_id, operation) VALUES (9005, 'cut')",
    )
    damage(database, *invented)
    answer = put_all_right(full_day, database)
    assert answer.different == dict.fromkeys(("orders", "order_line", "lay", "bundle", "bundle_step"), 1)
    assert answer.left == {}


def test_rows_gone_from_many_tables_come_back(full_day: Floor, database: Path) -> None:
    damage(database, *(f"DELETE FROM {table} WHERE rowid % 2" for table in ("orders", "order_line", "bundle", "lay")))
    answer = put_all_right(full_day, database)
    assert answer.different.keys() == {"orders", "order_line", "lay", "bundle"}
    assert answer.left == {}
    assert full_day.law_holds("tabliers")


def test_every_table_emptied_is_filled_again(full_day: Floor, database: Path) -> None:
    damage(database, *(f"DELETE FROM {table}" for table in projections.TABLES))
    assert put_all_right(full_day, database).left == {}
    assert compare_with_events(database, database.with_name("scratch.db")) == []


def test_it_goes_in_pieces_between_which_scans_go_on(floor: Floor, database: Path) -> None:
    floor.order(an_order(quantity=500))
    floor.cut(a_lay(cap=1, tolerance=0, rolls=a_lay().rolls * 3))
    damage(database, "DELETE FROM bundle_event")
    with rebuild.rebuilt(database, database.with_name("scratch.db")) as derived:
        pieces = list(rebuild.steps(derived, rebuild.differences(derived)))
    assert [len(piece.lacking) for piece in pieces] == [ROWS_A_STEP, ROWS_A_STEP, 540 - 2 * ROWS_A_STEP]


def test_scans_go_on_while_damage_is_put_right(floor: Floor, database: Path) -> None:
    """The damaged rows are those that these very scans change."""
    floor.order(an_order(quantity=500))
    codes = [bundle.code for bundle in floor.cut(a_lay(cap=1, tolerance=0, rolls=a_lay().rolls * 2)).bundles]
    floor.scan(codes[0], "cut")
    damage(
        database, "UPDATE line_step SET good = good + 7", "UPDATE count_hour SET good = 99", "DELETE FROM bundle_event"
    )
    enough, scanned = threading.Event(), [1]

    def scan_on(mine: list[str]) -> None:
        for code in mine:
            floor.atelier.take_scan(Scan(f"on-{code}", code, "cut-1", "cut"))
            scanned.append(1)
            if enough.wait(0.01):
                return

    people = [threading.Thread(target=scan_on, args=(codes[1 + first :: 4],)) for first in range(4)]
    for person in people:
        person.start()
    wait_until(lambda: len(scanned) > 8, "people scan")
    before = len(scanned)
    answer = put_all_right(floor, database)
    assert len(scanned) > before, "scans went on meanwhile"
    enough.set()
    for person in people:
        person.join()
    assert {"line_step", "count_hour"} <= answer.different.keys()
    assert answer.left == {}
    assert compare_with_events(database, database.with_name("scratch.db")) == []
    with floor.reading() as db:
        assert db.conn.execute("SELECT sum(good) FROM line_step").fetchone() == (len(scanned),)
        assert db.conn.execute("SELECT sum(good) FROM count_hour").fetchone() == (len(scanned),)


def test_it_says_how_far_it_is(floor: Floor, database: Path) -> None:
    floor.order(an_order(quantity=5000))
    codes = [bundle.code for bundle in floor.cut(a_lay(cap=1, tolerance=0, rolls=a_lay().rolls * 4)).bundles]
    for code in codes[:600]:
        floor.scan(code, "cut")
    said = list[tuple[int, int]]()
    compare_with_events(
        database, database.with_name("scratch.db"), progress=lambda done, total: said.append((done, total))
    )
    assert said == [(500, 602), (602, 602)]


def test_nothing_is_left_beside_the_database(full_day: Floor, database: Path) -> None:
    before = {path.name for path in database.parent.iterdir()}
    put_all_right(full_day, database)
    assert {path.name for path in database.parent.iterdir()} == before


def test_comparing_changes_nothing(full_day: Floor, database: Path) -> None:
    damage(database, "DELETE FROM help_call")
    commits = full_day.atelier.writer.commits
    compare_with_events(database, database.with_name("scratch.db"))
    assert full_day.atelier.writer.commits == commits
    with full_day.reading() as db:
        assert db.conn.execute("SELECT count(*) FROM help_call").fetchone() == (0,)


@pytest.mark.parametrize("table", ["event", "boot", "print_job", "account", "orders; DROP TABLE event"])
def test_only_what_is_derived_can_be_put_right(table: str, floor: Floor) -> None:
    with pytest.raises(ValueError, match="not derived"):
        floor.atelier.run(rebuild.put_right, TableDifference(table, (), ()))
