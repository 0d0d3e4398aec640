"""The one writer: together on disk, each by itself undone, in order, and never silent."""

import sqlite3
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import sqlite_utils

from floor_app.domain.events import HelpCalled, Moment
from floor_app.scanning import Scan
from floor_app.store import events
from floor_app.store import writer as writing
from floor_app.store.database import open_writer
from floor_app.store.writer import MOST_IN_A_BATCH, StoreFull, Writer, WriterStopped
from tests.floor import Floor, a_lay, an_order
from tests.waiting import wait_until

MOMENT = Moment(1, 1, 60, "boot", 1, clock_trusted=True)


class Desk:
    """A writer, and people who ask things of it at once."""

    def __init__(self, path: Path) -> None:
        self.database = open_writer(path)
        self.connection: sqlite3.Connection = self.database.conn
        self.writer = Writer(self.database)
        self._people = ThreadPoolExecutor(max_workers=120)

    def close(self) -> None:
        self.connection.set_authorizer(None)
        self.writer.stop()
        self._people.shutdown()

    def asks(self, command: Callable[..., Any], *args: Any) -> Future[Any]:
        """Returns once the command waits."""
        waiting = self.writer._waiting.qsize()
        asked = self._people.submit(self.writer.run, command, *args)
        wait_until(lambda: self.writer._waiting.qsize() > waiting, "the command waits")
        return asked

    @contextmanager
    def busy(self) -> Iterator[None]:
        """Everything asked inside waits, and is taken together afterwards."""
        begun, go_on = threading.Event(), threading.Event()

        def long_command(db: sqlite_utils.Database) -> None:
            begun.set()
            go_on.wait()

        self._people.submit(self.writer.run, long_command)
        begun.wait()
        try:
            yield
        finally:
            go_on.set()

    def ids(self) -> list[str]:
        found: list[str] = self.writer.run(
            lambda db: [row[0] for row in db.conn.execute("SELECT id FROM event ORDER BY seq")]
        )
        return found

    def seqs(self) -> list[int]:
        found: list[int] = self.writer.run(
            lambda db: [row[0] for row in db.conn.execute("SELECT seq FROM event ORDER BY seq")]
        )
        return found


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    opened = Desk(tmp_path / "floor.db")
    yield opened
    opened.close()


class Spilled(Exception):
    """What a command may stumble over."""


def call(db: sqlite_utils.Database, event_id: str) -> int:
    return events.append(db, HelpCalled(), event_id=event_id, moment=MOMENT).seq


def call_and_spill(db: sqlite_utils.Database, event_id: str) -> None:
    call(db, event_id)
    raise Spilled(event_id)


def test_what_waits_is_committed_together(desk: Desk) -> None:
    with desk.busy():
        before = desk.writer.commits
        asked = [desk.asks(call, f"call-{number}") for number in range(100)]
    assert sorted(one.result() for one in asked) == list(range(1, 101))
    batches = 1 + -(-100 // MOST_IN_A_BATCH)  # the long command, then all that waited
    assert desk.writer.commits - before == batches


def test_the_order_of_asking_is_the_order_of_the_log(desk: Desk) -> None:
    with desk.busy():
        asked = [desk.asks(call, f"call-{number}") for number in range(80)]
    assert [one.result() for one in asked] == list(range(1, 81))
    assert desk.ids() == [f"call-{number}" for number in range(80)]


def test_a_command_that_fails_is_undone_alone_and_its_number_is_given_again(desk: Desk) -> None:
    with desk.busy():
        asked = [desk.asks(call_and_spill if number % 3 == 1 else call, f"call-{number}") for number in range(30)]
    failed = {f"call-{number}" for number in range(30) if number % 3 == 1}
    for number, one in enumerate(asked):
        if f"call-{number}" in failed:
            with pytest.raises(Spilled, match=f"call-{number}$"):
                one.result()
    assert desk.ids() == [f"call-{number}" for number in range(30) if f"call-{number}" not in failed]
    assert desk.seqs() == list(range(1, 21)), "no gap"


def test_what_sqlite_refuses_in_one_command_reaches_its_caller_alone(desk: Desk) -> None:
    with desk.busy():
        asked = [desk.asks(call, event_id) for event_id in ("one", "two", "one", "x" * 81, "three")]
    assert [one.result() for one in (asked[0], asked[1], asked[4])] == [1, 2, 3]
    for refused in (asked[2], asked[3]):
        with pytest.raises(sqlite3.IntegrityError):
            refused.result()


def test_a_full_disk_fails_the_whole_batch_and_none_of_it_is_there(desk: Desk) -> None:
    """SQLite is told that the file may not grow: what it then says is what it says of a full disk."""
    desk.writer.run(call, "before")
    (pages,) = desk.connection.execute("PRAGMA page_count").fetchone()
    desk.writer.run(lambda db: db.conn.execute(f"PRAGMA max_page_count={pages}").fetchone())
    with desk.busy():
        asked = [desk.asks(call, f"call-{number:0>79}"[-80:]) for number in range(100)]
    refused = [one for one in asked if isinstance(one.exception(), StoreFull)]
    kept = [one.result() for one in asked if one.exception() is None]
    assert len(refused) >= 100 - MOST_IN_A_BATCH
    assert len(refused) + len(kept) == 100
    assert len(desk.ids()) == 1 + len(kept), "a batch is there or it is not"
    desk.writer.run(lambda db: db.conn.execute("PRAGMA max_page_count=100000").fetchone())
    assert desk.writer.run(call, "after") == len(kept) + 2
    assert desk.seqs() == list(range(1, len(kept) + 3))


def test_a_disk_that_refuses_even_to_undo_is_not_the_end(desk: Desk) -> None:
    """COMMIT and ROLLBACK both fail, as on a card that reads nothing; then it is back."""
    refused = list[str]()

    def refuse(action: int, what: str | None, *_: str | None) -> int:
        if action == sqlite3.SQLITE_TRANSACTION and what in ("COMMIT", "ROLLBACK") and len(refused) < 2:
            refused.append(what)
            return sqlite3.SQLITE_DENY
        return sqlite3.SQLITE_OK

    desk.connection.set_authorizer(refuse)
    with pytest.raises(StoreFull):
        desk.writer.run(call, "lost")
    assert refused == ["COMMIT", "ROLLBACK"]
    with pytest.raises(StoreFull):
        desk.writer.run(call, "lost too")
    assert desk.writer.run(call, "kept") == 1


def test_a_log_that_cannot_be_put_away_is_tried_again_after_the_next_commit(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not again and again while nothing happens: nobody sees the end of such a night otherwise."""
    monkeypatch.setattr(writing, "IDLE_BEFORE_CHECKPOINT_S", 0.001)
    monkeypatch.setattr(writing, "PAGES_WORTH_A_CHECKPOINT", 50)
    tried = list[str]()

    def refuse(action: int, what: str | None, *_: str | None) -> int:
        if action == sqlite3.SQLITE_PRAGMA and what == "wal_checkpoint":
            tried.append(what)
            return sqlite3.SQLITE_DENY
        return sqlite3.SQLITE_OK

    with desk.busy():
        asked = [desk.asks(call, f"call-{number}") for number in range(70)]
        desk.connection.set_authorizer(refuse)
    assert all(one.result() for one in asked)
    wait_until(lambda: tried, "the idle writer tries")
    assert not threading.Event().wait(0.2)  # two hundred times as long as it takes to be idle
    assert len(tried) == 1
    desk.writer.run(call, "the next")
    wait_until(lambda: len(tried) == 2, "it tries again")
    assert len(desk.ids()) == 71


def test_what_is_made_of_a_result_comes_with_it(desk: Desk) -> None:
    assert desk.writer.run_with(lambda seq: f"made of {seq}", call, "one") == (1, "made of 1")
    assert desk.ids() == ["one"]


def test_what_was_made_of_a_result_that_does_not_stand_is_made_anew(desk: Desk) -> None:
    """A command of the same batch fails after it was decided: both run again, the other way about."""
    fails_once = [True]

    def call_twice_at_first(db: sqlite_utils.Database) -> int:
        if fails_once:
            call(db, "gone again")
        return call(db, "two")

    def spill_at_first(db: sqlite_utils.Database) -> int:
        if fails_once and fails_once.pop():
            raise Spilled
        return call(db, "three")

    with desk.busy():
        waiting = desk.writer._waiting.qsize()
        made = desk._people.submit(desk.writer.run_with, str, call_twice_at_first)
        wait_until(lambda: desk.writer._waiting.qsize() > waiting, "the command waits")
        other = desk.asks(spill_at_first)
    assert made.result() == (1, "1")
    assert other.result() == 2
    assert desk.ids() == ["two", "three"]


def test_nothing_is_given_of_what_the_disk_refused(desk: Desk) -> None:
    def refuse(action: int, what: str | None, *_: str | None) -> int:
        return sqlite3.SQLITE_DENY if action == sqlite3.SQLITE_TRANSACTION and what == "COMMIT" else sqlite3.SQLITE_OK

    desk.connection.set_authorizer(refuse)
    with pytest.raises(StoreFull):
        desk.writer.run_with(str, call, "lost")
    desk.connection.set_authorizer(None)
    assert desk.ids() == []


def test_stopping_finishes_what_waits_and_takes_nothing_more(tmp_path: Path) -> None:
    desk = Desk(tmp_path / "floor.db")
    with desk.busy():
        asked = [desk.asks(call, f"call-{number}") for number in range(MOST_IN_A_BATCH + 20)]
        stopping = threading.Thread(target=desk.writer.stop)
        stopping.start()
        wait_until(lambda: desk.writer._stopping, "the writer is told to stop")
        with pytest.raises(WriterStopped):
            desk.writer.run(call, "too late")
    stopping.join()
    assert [one.result() for one in asked] == list(range(1, MOST_IN_A_BATCH + 21))
    desk.writer.stop()
    with pytest.raises(WriterStopped):
        desk.writer.run(call, "much too late")
    with sqlite3.connect(tmp_path / "floor.db") as database:
        assert database.execute("SELECT count(*) FROM event").fetchone() == (MOST_IN_A_BATCH + 20,)


def test_the_same_scans_sent_by_eight_at_once_count_once(floor: Floor) -> None:
    floor.order(an_order(quantity=500))
    codes = [bundle.code for bundle in floor.cut(a_lay(cap=1, tolerance=0, rolls=a_lay().rolls * 2)).bundles][:300]

    def send_all(turn: int) -> dict[str, int | None]:
        mine = codes[turn * 30 :] + codes[: turn * 30]
        return {code: floor.atelier.take_scan(Scan(f"id-{code}", code, "cut-1", "cut")).event_seq for code in mine}

    with ThreadPoolExecutor(max_workers=8) as people:
        answered = list(people.map(send_all, range(8)))
    assert all(answers == answered[0] for answers in answered)
    assert sorted(seq for seq in answered[0].values() if seq) == list(range(3, 303))
    with floor.reading() as db:
        assert db.conn.execute(
            "SELECT count(*), count(DISTINCT id) FROM event WHERE type = 'step_done'"
        ).fetchone() == (
            300,
            300,
        )
        assert db.conn.execute("SELECT sum(good) FROM line_step").fetchone() == (300,)
