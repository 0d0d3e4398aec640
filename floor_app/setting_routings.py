"""Setting a style's routing: always a new version. Orders already imported keep the version they came with."""

from dataclasses import dataclass

import sqlite_utils

from floor_app.domain.events import Moment, RoutingSet
from floor_app.domain.orders import TEXT_LIMIT, clean_text
from floor_app.domain.routings import Operation, RoutingFault, routing_faults
from floor_app.store import events, projections, routings


@dataclass(frozen=True, slots=True)
class RoutingAnswer:
    """Faults (those of `routing_faults`, or `no_style`), or the version the style now has. `changed`: it is new."""

    faults: tuple[RoutingFault, ...] = ()
    version: int = 0
    changed: bool = False


def set_routing(
    db: sqlite_utils.Database, style: str, operations: tuple[Operation, ...], *, event_id: str, moment: Moment
) -> RoutingAnswer:
    """Gives a style its next version. The same `event_id`, or the same operations, again change nothing."""
    earlier = events.find(db, event_id)
    if earlier and isinstance(earlier.event, RoutingSet):
        return RoutingAnswer(version=earlier.event.version, changed=True)
    if not style or style != clean_text(style, limit=TEXT_LIMIT):
        return RoutingAnswer((RoutingFault("no_style", value=style[:TEXT_LIMIT]),))
    faults = routing_faults(operations)
    if faults:
        return RoutingAnswer(faults)
    routing_id, version = routings.newest_for_style(db, style)
    if version and routings.routing(db, routing_id).operations == operations:
        return RoutingAnswer(version=version)
    plain = tuple(routings.to_plain(operation) for operation in operations)
    projections.record(db, RoutingSet(style, version + 1, plain), event_id=event_id, moment=moment)
    return RoutingAnswer(version=version + 1, changed=True)
