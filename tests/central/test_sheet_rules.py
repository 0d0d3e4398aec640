"""What becomes of a sheet that arrives: the table of docs/sync.md."""

import pytest

from central.domain.sheet_rules import Outcome, Verdict, Version, judge

HELD = Version(5, "held", 900)
FIRST, NEWER, SAME, REPLACED = Outcome.FIRST, Outcome.NEWER, Outcome.SAME, Outcome.REPLACED
OLDER, OTHER, SEQUENCE = Outcome.OLDER_REVISION, Outcome.OTHER_DIGEST, Outcome.OLDER_SEQUENCE
NOT_ALLOWED = Outcome.NOT_ALLOWED


@pytest.mark.parametrize(
    ("held", "offered", "if_match", "allowed", "outcome", "conflict"),
    [
        (None, Version(1, "a", 10), "", False, FIRST, None),
        (None, Version(9, "a", 10), "gone", False, FIRST, None),
        (HELD, Version(6, "a", 901), "", False, NEWER, None),
        (HELD, Version(6, "a", 900), "", False, NEWER, None),  # an event was taken out: no new one came
        (HELD, Version(60, "a", 5000), "", False, NEWER, None),
        (HELD, Version(6, "a", 901), "else", False, NEWER, None),  # newer of its own right
        (HELD, Version(6, "a", 901), "held", False, NEWER, None),
        (HELD, Version(6, "a", 901), "held", True, REPLACED, None),  # a quarrel of before ends with it
        (HELD, HELD, "", False, SAME, None),
        (HELD, HELD, "held", True, SAME, None),
        (HELD, Version(4, "a", 800), "", False, OLDER, OLDER),
        (HELD, Version(4, "a", 5000), "", False, OLDER, OLDER),
        (HELD, Version(5, "a", 900), "", False, OTHER, OTHER),
        (HELD, Version(5, "a", 5000), "", True, OTHER, OTHER),
        (HELD, Version(6, "a", 899), "", False, SEQUENCE, SEQUENCE),
        (HELD, Version(6, "a", 0), "", True, SEQUENCE, SEQUENCE),
        (HELD, Version(6, "a", 899), "held", True, REPLACED, SEQUENCE),
        (HELD, Version(5, "a", 900), "held", True, REPLACED, OTHER),
        (HELD, Version(1, "a", 20), "held", True, REPLACED, OLDER),
        (HELD, Version(6, "a", 899), "held", False, NOT_ALLOWED, SEQUENCE),
        (HELD, Version(5, "a", 900), "held", False, NOT_ALLOWED, OTHER),
        (HELD, Version(5, "a", 900), "before", True, OTHER, OTHER),  # it changed since its sender looked
    ],
)
def test_a_sheet_is_judged_by_what_is_held(
    held: Version | None, offered: Version, if_match: str, allowed: bool, outcome: Outcome, conflict: Outcome | None
) -> None:
    assert judge(held, offered, if_match=if_match, allowed=allowed) == Verdict(outcome, conflict)


@pytest.mark.parametrize(
    ("verdict", "taken", "alarming"),
    [
        (Verdict(FIRST), True, False),
        (Verdict(NEWER), True, False),
        (Verdict(SAME), False, False),
        (Verdict(OLDER, OLDER), False, False),  # it only came late
        (Verdict(OTHER, OTHER), False, True),
        (Verdict(SEQUENCE, SEQUENCE), False, True),
        (Verdict(NOT_ALLOWED, SEQUENCE), False, True),
        (Verdict(REPLACED, OTHER), True, False),
    ],
)
def test_two_machines_that_speak_for_one_atelier_are_an_alarm(verdict: Verdict, taken: bool, alarming: bool) -> None:
    assert (verdict.taken, verdict.alarming) == (taken, alarming)
