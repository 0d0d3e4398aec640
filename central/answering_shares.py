"""An atelier's answer to its share of an order, noted once."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from central.domain.share_rules import AnswerOutcome, ShareAnswer, ShareState, judge_answer
from central.store import alerts, allocations, feed
from central.store.alerts import Alert
from central.store.locks import lock_ateliers


@dataclass(frozen=True, slots=True)
class AnsweredShare:
    """`outcome`: `None` for a share this atelier never had."""

    order: str
    outcome: AnswerOutcome | None


def answer_share(
    db: Connection, atelier: str, allocation: str, said: Mapping[str, Any], *, at_ms: int
) -> AnsweredShare:
    """`said`: an AllocationAnswer of the contract. The same answer again writes nothing."""
    lock_ateliers(db, [atelier])
    told = feed.find(db, atelier, feed.ALLOCATION, allocation)
    held = allocations.find(db, told.order, allocation) if told else None
    if held is None or held.atelier != atelier:
        return AnsweredShare("", None)
    given = ShareAnswer(said["revision"], ShareState(said["answer"]), said.get("reason", ""), said.get("promised", ""))
    outcome = judge_answer(held.answer, given)
    if outcome == AnswerOutcome.NOTED and not allocations.note_answer(db, held.order, held.id, given, at_ms=at_ms):
        outcome = AnswerOutcome.OTHER_REVISION
    if outcome == AnswerOutcome.NOTED:
        _tell(db, atelier, allocation, given, at_ms=at_ms)
    return AnsweredShare(held.order, outcome)


def _tell(db: Connection, atelier: str, allocation: str, given: ShareAnswer, *, at_ms: int) -> None:
    """A coordinator hears of a refusal, and no more of one that was taken back."""
    if given.answer == ShareState.REFUSED:
        said = {"revision": given.revision, "reason": given.reason}
        alerts.raise_once(db, Alert(atelier, alerts.SHARE_REFUSED, allocation, said, at_ms))
    else:
        alerts.settle(db, atelier, alerts.SHARE_REFUSED, allocation, at_ms=at_ms)
