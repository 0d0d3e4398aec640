"""Which rows of `count_hour` a production day has: one definition, for the board, the export, the stations and the day sheet.

`c` is `count_hour` in each statement.
"""

from floor_app.domain.production_days import ProductionDay

IN_DAY = "(c.day, c.hour) >= (:day, :starts) AND (c.day, c.hour) < (:following, :starts)"


def of(day: ProductionDay) -> dict[str, str | int]:
    """The values `IN_DAY` names."""
    return {"day": day.day, "starts": day.starts, "following": day.following}
