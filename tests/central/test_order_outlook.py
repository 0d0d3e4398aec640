"""How an order stands, and why: the table."""

from datetime import date
from typing import Any

import pytest

from central.domain.buyer_forecast import Forecast, Outlook
from central.domain.order_outlook import Standing, stand

TODAY = date(2026, 11, 26)
SOON, LATER = "2026-12-04", "2027-03-01"


def on(day: str, outlook: Outlook = Outlook.ON_TIME) -> Forecast:
    return Forecast(outlook, date.fromisoformat(day))


@pytest.mark.parametrize(
    ("made", "due", "told", "standing", "reasons"),
    [
        (Forecast(Outlook.FINISHED), "2026-11-01", {}, Standing.DONE, ()),
        (on("2026-11-30"), SOON, {}, Standing.ON_TIME, ()),
        (on("2026-12-20", Outlook.DAY), "", {}, Standing.ON_TIME, ()),
        (on("2026-12-02"), SOON, {}, Standing.AT_RISK, ("tight",)),
        (on("2026-12-20", Outlook.LATE), SOON, {}, Standing.LATE, ("forecast_late",)),
        (Forecast(Outlook.UNKNOWN), "2026-11-25", {}, Standing.LATE, ("past_due", "no_pace")),
        (Forecast(Outlook.UNKNOWN), SOON, {}, Standing.AT_RISK, ("no_pace",)),
        (Forecast(Outlook.UNKNOWN), LATER, {}, Standing.NOT_MEASURED, ()),
        (Forecast(Outlook.UNKNOWN), "", {}, Standing.NOT_MEASURED, ()),
        (on("2026-11-30"), SOON, {"unplaced": 5}, Standing.AT_RISK, ("unplaced",)),
        (on("2026-11-30"), LATER, {"unplaced": 5, "unanswered": 1}, Standing.ON_TIME, ()),
        (on("2026-11-30"), LATER, {"refused": 1}, Standing.AT_RISK, ("refused",)),
        (on("2026-11-30"), LATER, {"silent": 2}, Standing.AT_RISK, ("silent",)),
        (on("2026-12-20", Outlook.LATE), SOON, {"silent": 1}, Standing.LATE, ("forecast_late", "silent")),
    ],
)
def test_an_order_stands_where_its_pace_and_its_shares_say(
    made: Forecast, due: str, told: dict[str, Any], standing: Standing, reasons: tuple[str, ...]
) -> None:
    found = stand(made, due=due, today=TODAY, **told)
    assert (found.standing, found.reasons) == (standing, reasons)
