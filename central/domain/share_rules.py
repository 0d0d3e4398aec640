"""An atelier's answer to a share of an order: the rule, pure. A table in its test."""

from dataclasses import dataclass
from enum import StrEnum


class ShareState(StrEnum):
    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class AnswerOutcome(StrEnum):
    NOTED = "noted"
    SAME = "same"
    OTHER_REVISION = "other_revision"  # it changed since the atelier looked
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class ShareAnswer:
    """`answer`: accepted, refused. `promised`: ISO day, or ""."""

    revision: int
    answer: ShareState
    reason: str = ""
    promised: str = ""


def judge_answer(held: ShareAnswer, given: ShareAnswer) -> AnswerOutcome:
    """`held`: the share as it stands, its state in `answer`. The last answer to a revision stands: an atelier may think again."""
    if held.answer == ShareState.WITHDRAWN:
        return AnswerOutcome.WITHDRAWN
    if given.revision != held.revision:
        return AnswerOutcome.OTHER_REVISION
    return AnswerOutcome.SAME if given == held else AnswerOutcome.NOTED
