"""Long work gives way: all of it is done, in order, and in between there is room for others."""

import time

from groundwork.giving_way import PAUSE_S, PIECE_S, in_pieces


def test_all_of_it_comes_in_order() -> None:
    assert list(in_pieces(range(1000))) == list(range(1000))
    assert list(in_pieces(())) == []


def test_after_each_piece_of_work_there_is_a_pause() -> None:
    began = time.monotonic()
    for _ in in_pieces(range(5)):
        until = time.monotonic() + PIECE_S
        while time.monotonic() < until:
            pass
    assert time.monotonic() - began >= 5 * (PIECE_S + PAUSE_S)
