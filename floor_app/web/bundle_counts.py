"""A bundle's pieces step by step: what waits, what is good, and a column more for each other fate that has any."""

from dataclasses import dataclass

from floor_app.domain.progress import StepCount, waiting
from floor_app.store.bundles import StandingBundle
from floor_app.texts import Words
from floor_app.web.step_names import step_name

OTHER_FATES = ("elsewhere", "presumed", "skipped", "second", "rejected", "in_rework", "missing")


@dataclass(frozen=True, slots=True)
class StepRow:
    operation: str
    name: str
    waiting: int
    count: StepCount

    def pieces(self, fate: str) -> int:
        """None done elsewhere where more left with the step done than came with it."""
        found: int = getattr(self.count, fate)
        return max(0, found)


def step_rows(standing: StandingBundle, t: Words) -> list[StepRow]:
    """In routing order."""
    routing, state = standing.routing, standing.state
    return [
        StepRow(
            operation.code,
            step_name(t, operation.code, routing),
            waiting(state, routing, operation),
            state.at(operation.code),
        )
        for operation in routing.operations
    ]


def fates_in(rows: list[StepRow]) -> list[str]:
    return [fate for fate in OTHER_FATES if any(row.pieces(fate) for row in rows)]
