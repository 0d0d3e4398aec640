"""Pictures of a style and its steps: put there by a supervisor, or come from the centre."""

from dataclasses import dataclass, replace

import sqlite_utils

from floor_app.domain.events import Moment, StylePictureSet
from floor_app.setting_routings import set_routing
from floor_app.store import events, pictures, projections, routings
from groundwork.pictures import Picture


@dataclass(frozen=True, slots=True)
class Place:
    """Where a picture belongs: the style, or one step of its own routing (`step`: its code)."""

    style: str
    step: str = ""


def put_picture(
    db: sqlite_utils.Database, place: Place, picture: Picture | None, *, event_id: str, moment: Moment
) -> str:
    """`picture` `None` takes it away. `done`, or `no_such_step`. A step's picture makes a new version of the routing; running orders
    keep theirs.
    """
    if picture:
        pictures.keep(db, picture, at_ms=moment.recorded_at_ms)
    name = picture.name if picture else ""
    if place.step:
        return _put_on_step(db, place, name, event_id, moment)
    if not events.find(db, event_id) and pictures.of_style(db, place.style) != name:
        projections.record(db, StylePictureSet(place.style, name), event_id=event_id, moment=moment)
    return "done"


def _put_on_step(db: sqlite_utils.Database, place: Place, name: str, event_id: str, moment: Moment) -> str:
    routing_id, version = routings.newest_for_style(db, place.style)
    routing = routings.routing(db, routing_id)
    if not version or routing.operation(place.step) is None:
        return "no_such_step"
    operations = tuple(
        replace(operation, picture=name) if operation.code == place.step else operation
        for operation in routing.operations
    )
    set_routing(db, place.style, operations, event_id=event_id, moment=moment)
    return "done"
