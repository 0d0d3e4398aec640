"""An atelier and its centre talk, and both say the same to the piece."""

from tests.sync.town import Town


def test_what_was_counted_is_at_the_centre_after_one_talk(town: Town) -> None:
    atelier = town.member()
    bundles = atelier.begin_order()
    atelier.count(bundles[:6], "cut", "sew")
    atelier.count(bundles[:4], "finish")
    ended = atelier.sync("night")
    assert (ended.attempt.outcome, ended.attempt.sent, ended.attempt.left) == ("done", 1, 0)
    assert town.centre.figures("ATL07")["2026-0117"]["cut"] == 180
    assert atelier.agrees_with_centre()


def test_without_news_nothing_is_sent_again(town: Town) -> None:
    atelier = town.member()
    atelier.begin_order()
    assert atelier.sync().attempt.sent == 1
    assert [atelier.sync().attempt.sent for _ in range(3)] == [0, 0, 0]
    assert len(atelier.attempts) == 4


def test_an_undo_after_the_talk_corrects_the_day_with_the_next(town: Town) -> None:
    atelier = town.member()
    bundles = atelier.begin_order()
    atelier.count(bundles[:2], "cut", "sew", "finish")
    atelier.sync()
    before = town.centre.figures("ATL07")["2026-0117"]["finished"]
    atelier.floor.undo_at("finish")
    atelier.sync()
    assert town.centre.figures("ATL07")["2026-0117"]["finished"] == before - bundles[1].quantity
    assert atelier.agrees_with_centre()


def test_orders_that_are_not_shared_stay_at_home(town: Town) -> None:
    atelier = town.member()
    atelier.begin_order(shared=False)
    assert atelier.sync().attempt.outcome == "done"
    assert town.centre.figures("ATL07") == {}
