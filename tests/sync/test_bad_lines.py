"""Whatever the line does, both sides end with the same numbers, and saying it again changes nothing."""

import random
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from central.settings import Limits
from central.store.tables import metadata
from tests.sync.line import Cut, Point, bad_line, losing
from tests.sync.town import Centre, Member, Town


def rows(centre: Centre) -> dict[str, list[tuple[object, ...]]]:
    """Everything the centre has stored, but for what every talk leaves: nonces, and when a machine was last heard."""
    with centre.process.reading() as db:
        return {
            table.name: sorted((tuple(row) for row in db.execute(table.select())), key=repr)
            for table in metadata.sorted_tables
            if table.name not in ("nonce_used", "machine")
        }


def a_working_day(atelier: Member) -> None:
    bundles = atelier.begin_order()
    atelier.count(bundles[:7], "cut", "sew")
    atelier.count(bundles[:3], "finish")


@pytest.mark.parametrize("what", ["heartbeat", "days", "sheet", "orders", "transfers"])
@pytest.mark.parametrize("phase", ["asked", "answered"])
def test_a_question_or_an_answer_lost_once_is_asked_again(town: Town, what: str, phase: str) -> None:
    atelier = town.member()
    a_working_day(atelier)
    lost: list[Point] = []

    def at_point(point: Point) -> None:
        if point == (what, phase) and not lost:
            lost.append(point)
            raise Cut

    with bad_line(town.centre.url, at_point=at_point) as line:
        assert atelier.join(url=line.url).code == "joined"
        assert atelier.sync().attempt.outcome == "done"
    assert lost
    assert atelier.agrees_with_centre()


def test_a_whole_night_three_times_over_changes_no_row(town: Town) -> None:
    atelier = town.member()
    a_working_day(atelier)
    assert atelier.sync().attempt.sent == 1
    before = rows(town.centre)
    for _ in range(3):
        atelier.forgets_what_was_confirmed()
        assert atelier.sync().attempt.outcome == "done"
    assert rows(town.centre) == before


@pytest.mark.parametrize("seed", range(6))
def test_on_a_line_that_loses_a_third_everything_arrives_in_the_end(town: Town, seed: int) -> None:
    atelier = town.member()
    at_point = losing(random.Random(seed), lost=0.30, reset=0.03)
    with bad_line(town.centre.url) as line:
        assert atelier.join(url=line.url).code == "joined"
        line.at_point = at_point
        bundles = atelier.begin_order()
        for each in bundles[:5]:
            atelier.count([each], "cut", "sew", "finish")
            atelier.sync()
        talks = 0
        while atelier.sync().attempt.outcome != "done":
            talks += 1
            assert talks < 30
    assert atelier.agrees_with_centre()
    with atelier.floor.reading() as db:
        assert not db.conn.execute("SELECT count(*) FROM day_sheet WHERE trouble <> ''").fetchone()[0]


def test_a_slow_line_only_takes_longer(town: Town) -> None:
    atelier = town.member()
    a_working_day(atelier)
    with bad_line(town.centre.url, bytes_s=8_000) as line:  # 64 kbit/s
        assert atelier.join(url=line.url).code == "joined"
        assert atelier.sync().attempt.outcome == "done"
    assert atelier.agrees_with_centre()


def test_a_centre_that_is_away_costs_nothing_but_a_line_in_the_list(town: Town) -> None:
    atelier = town.member()
    a_working_day(atelier)

    def gone(point: Point) -> None:
        raise Cut

    with bad_line(town.centre.url) as line:
        assert atelier.join(url=line.url).code == "joined"
        line.at_point = gone
        ended = atelier.sync()
        assert (ended.attempt.outcome, ended.attempt.left, ended.reached) == ("away", 1, False)
        line.at_point = lambda point: None
        assert atelier.sync("again").attempt.outcome == "done"
    assert [one.outcome for one in atelier.attempts] == ["done", "away"]


def test_an_answer_that_is_no_centres_is_not_believed(town: Town) -> None:
    """A hotel's sign-in page answers 200 to everything."""
    atelier = town.member()
    a_working_day(atelier)
    with sign_in_page() as url:
        atelier.moves_to(url)
        ended = atelier.sync()
    assert (ended.attempt.outcome, ended.attempt.left) == ("not_a_centre", 1)


def test_the_centre_says_when_it_wants_to_be_asked_again(build_town: Callable[..., Town]) -> None:
    town = build_town(Limits(by_atelier=3))
    atelier = town.member()
    a_working_day(atelier)
    ended = atelier.sync()
    assert (ended.attempt.outcome, ended.again_in_s, ended.attempt.left) == ("busy", 60.0, 0)


@contextmanager
def sign_in_page() -> Iterator[str]:
    class Page(BaseHTTPRequestHandler):
        def answer(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", "13")
            self.end_headers()
            self.wfile.write(b"<h1>Wifi</h1>")

        def __getattr__(self, name: str) -> Callable[[], None]:
            if name.startswith("do_"):
                return self.answer
            raise AttributeError(name)

        def log_message(self, *said: object) -> None:
            """Silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Page)
    serving = threading.Thread(target=server.serve_forever)
    serving.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        serving.join()
