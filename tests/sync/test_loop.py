"""The talks nobody asks for: after the start, and again when one did not get through."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from floor_app.store import day_sheets
from floor_app.sync.loop import SyncLoop
from tests.sync.line import Cut, Point, bad_line
from tests.sync.town import Member, Town
from tests.waiting import wait_until


@contextmanager
def looping(
    atelier: Member, *, pause_s: Callable[..., float | None] = lambda failures, **said: 0.05
) -> Iterator[SyncLoop]:
    loop = SyncLoop(atelier.floor.atelier, start_after_s=0.05, look_every_s=0.02, pause_s=pause_s)
    loop.start()
    try:
        yield loop
    finally:
        loop.stop()
        loop.join(30)
        assert not loop.is_alive()


def test_it_talks_after_the_start_and_then_leaves_the_centre_alone(town: Town) -> None:
    atelier = town.member()
    atelier.begin_order()
    atelier.floor.atelier.sync.wait_for_wish(0)  # joining asks for a talk
    with looping(atelier):
        wait_until(lambda: bool(atelier.attempts), "it talks")
        wait_until(lambda: atelier.floor.atelier.sync.progress is None, "it has done")
    assert [(one.cause, one.outcome) for one in atelier.attempts] == [("start", "done")]
    assert atelier.agrees_with_centre()


def test_a_centre_that_is_away_is_tried_again_until_it_is_back(town: Town) -> None:
    atelier = town.member()
    atelier.begin_order()
    pauses: list[int] = []

    def gone(point: Point) -> None:
        raise Cut

    def pause_s(failures: int, **said: float) -> float:
        pauses.append(failures)
        return 0.01

    with bad_line(town.centre.url, at_point=gone) as line:
        atelier.moves_to(line.url)
        with looping(atelier, pause_s=pause_s):
            wait_until(lambda: len(atelier.attempts) >= 2, "it has tried again")
            line.at_point = lambda point: None
            wait_until(lambda: atelier.attempts[0].outcome == "done", "it got through")
    causes = [one.cause for one in reversed(atelier.attempts)]
    assert causes[-1] == "again" and set(causes[1:]) == {"again"}
    assert pauses == list(range(1, len(pauses) + 1))
    assert atelier.agrees_with_centre()


def test_an_atelier_in_no_network_is_left_in_peace_and_talks_as_soon_as_it_has_joined(town: Town) -> None:
    atelier = town.member(enrolled=False)
    atelier.begin_order()
    with looping(atelier):
        wait_until(lambda: not atelier.floor.atelier.sync.wished, "it looks")
        assert atelier.attempts == []
        assert atelier.join().code == "joined"
        wait_until(lambda: bool(atelier.attempts) and atelier.attempts[0].outcome == "done", "it talks")


def test_stopping_ends_a_talk_that_waits_for_the_line(town: Town) -> None:
    atelier = town.member()

    def gone(point: Point) -> None:
        raise Cut

    with bad_line(town.centre.url, at_point=gone) as line:
        atelier.moves_to(line.url)
        with looping(atelier):
            wait_until(lambda: atelier.floor.atelier.sync.progress is not None, "it talks")
    assert atelier.floor.atelier.sync.progress is None


def test_stopping_does_not_wait_for_the_sums_of_months(town: Town) -> None:
    atelier = town.member()
    atelier.begin_order()
    atelier.stopping.set()
    assert atelier.sync().attempt.outcome == "stopped"
    with atelier.floor.reading() as db:
        assert day_sheets.held_range(db) is None and day_sheets.count_to_sum_up(db) == 1
    atelier.stopping.clear()
    ended = atelier.sync().attempt
    assert (ended.outcome, ended.sent) == ("done", 1)
