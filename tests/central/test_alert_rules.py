"""What somebody should hear of, rule by rule, and when they are told."""

from datetime import date

import pytest

from central.domain.alert_rules import (
    ContractStanding,
    LastHeard,
    NoteStanding,
    ShareStanding,
    hours_reached,
    late_shares,
    note_discrepancies,
    silent_ateliers,
)
from central.domain.digest_rules import DAY_MS, LONGEST_PAUSE_MS, digest_is_due, pause_ms

TODAY = date(2026, 11, 26)
HOUR_MS = 3_600_000
NOW_MS = 1_795_690_800_000  # 11:00 UTC


@pytest.mark.parametrize(
    ("due", "finished", "late"),
    [
        ("2026-11-25", 99, True),
        ("2026-11-26", 0, False),  # the day itself is not over
        ("2026-11-25", 100, False),
        ("2026-11-25", 120, False),
        ("", 0, False),
    ],
)
def test_a_share_is_late_the_day_after(due: str, finished: int, late: bool) -> None:
    found = late_shares([ShareStanding("OF-1", "A1", "lille", due, 100, finished)], TODAY)
    assert [one.key for one in found] == ([("lille", "late_share", "OF-1 A1")] if late else [])


@pytest.mark.parametrize(("hours", "silent"), [(0, False), (26, False), (27, True)])
def test_an_atelier_is_silent_after_twenty_six_hours(hours: int, silent: bool) -> None:
    assert bool(silent_ateliers([LastHeard("lille", NOW_MS - hours * HOUR_MS)], NOW_MS)) == silent


def test_an_atelier_that_never_spoke_has_not_begun() -> None:
    assert silent_ateliers([LastHeard("lille", 0)], NOW_MS) == []


def test_a_note_that_arrived_with_another_number_is_told_of_its_sender() -> None:
    notes = [NoteStanding("lille", "N-1", "calais", 40, 38), NoteStanding("lille", "N-2", "calais", 5, 5)]
    assert [one.key for one in note_discrepancies(notes)] == [("lille", "discrepancy", "N-1 calais")]


@pytest.mark.parametrize(
    ("done", "until", "found"),
    [
        (49, "2026-12-31", []),
        (50, "2026-12-31", ["M-1 50"]),
        (85, "2026-12-31", ["M-1 80"]),  # fifty is over
        (100, "", ["M-1 100"]),
        (100, "2026-11-25", []),  # the contract is over
    ],
)
def test_hours_are_told_at_each_step(done: int, until: str, found: list[str]) -> None:
    assert [one.subject for one in hours_reached([ContractStanding("M-1", until, 100, done)], TODAY)] == found


@pytest.mark.parametrize(
    ("last_sent_at_ms", "due"),
    [
        (0, True),
        (NOW_MS - 5 * HOUR_MS, False),  # this morning at six
        (NOW_MS - 6 * HOUR_MS - 1, True),  # before five: that was yesterday's
        (NOW_MS - DAY_MS, True),
        (NOW_MS, False),
    ],
)
def test_there_is_one_message_a_day_after_the_ateliers_night(last_sent_at_ms: int, due: bool) -> None:
    assert digest_is_due(last_sent_at_ms, NOW_MS) == due


def test_pauses_grow_and_have_an_end() -> None:
    pauses = [pause_ms(attempts) for attempts in range(1, 12)]
    assert pauses == sorted(pauses)
    assert (pauses[0], pauses[1], pauses[-1]) == (5 * 60_000, 10 * 60_000, LONGEST_PAUSE_MS)
