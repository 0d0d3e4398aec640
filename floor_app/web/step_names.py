"""Steps as supervisors call them: the routing's own title, else the trade's word, else the code."""

from floor_app.domain.routings import Routing
from floor_app.texts import Words


def step_name(t: Words, operation: str, routing: Routing | None = None) -> str:
    """« Couture » for `sew`; where the routing gives the step a title, that title."""
    found = routing.operation(operation) if routing else None
    if found and found.title:
        return found.title
    return t(f"operations.{operation}_noun") if t.has(f"operations.{operation}_noun") else operation


def routing_names(t: Words, routing: Routing) -> list[str]:
    return [step_name(t, operation.code, routing) for operation in routing.operations]
