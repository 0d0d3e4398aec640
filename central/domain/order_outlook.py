"""How an order stands: done, in time, at risk, late; and why, so that somebody knows what to do. Pure, a table in its test."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from central.domain.buyer_forecast import Forecast, Outlook

CLOSE = timedelta(days=14)
MARGIN = timedelta(days=3)
"""A forecast that ends less than this before the due day is a risk, not a promise."""


class Standing(StrEnum):
    LATE = "late"
    AT_RISK = "at_risk"
    ON_TIME = "on_time"
    NOT_MEASURED = "not_measured"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class OrderStanding:
    """`reasons`: codes of the texts, the weightiest first. `day`: the last piece at the pace of the last days; `None` unknown."""

    standing: Standing
    reasons: tuple[str, ...] = ()
    day: date | None = None


def stand(
    made: Forecast, *, due: str, today: date, unplaced: int = 0, refused: int = 0, unanswered: int = 0, silent: int = 0
) -> OrderStanding:
    """`due`: ISO day or "". `unplaced`: pieces that are nobody's; `refused`, `unanswered`: shares; `silent`: ateliers with a share."""
    if made.outlook == Outlook.FINISHED:
        return OrderStanding(Standing.DONE)
    due_day = date.fromisoformat(due) if due else None
    late = [
        reason
        for reason, holds in (
            ("past_due", due_day and due_day < today),
            ("forecast_late", made.outlook == Outlook.LATE),
        )
        if holds
    ]
    near = due_day is not None and due_day - today <= CLOSE
    tight = made.day is not None and due_day is not None and made.day > due_day - MARGIN
    risks = [
        reason
        for reason, holds in (
            ("tight", tight and not late),
            ("unplaced", unplaced > 0 and near),
            ("refused", refused > 0),
            ("unanswered", unanswered > 0 and near),
            ("silent", silent > 0),
            ("no_pace", made.outlook == Outlook.UNKNOWN and near),
        )
        if holds
    ]
    if late:
        return OrderStanding(Standing.LATE, (*late, *risks), made.day)
    if risks:
        return OrderStanding(Standing.AT_RISK, tuple(risks), made.day)
    known = made.outlook in (Outlook.ON_TIME, Outlook.DAY)
    return OrderStanding(Standing.ON_TIME if known else Standing.NOT_MEASURED, (), made.day)
