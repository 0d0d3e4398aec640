"""Sharing an order of the atelier's own with the network, or stopping: from then on its counts are in the day sheets, or are not."""

import sqlite_utils

from floor_app.domain.events import Moment, OrderShared
from floor_app.store import events, orders, projections


def share_order(db: sqlite_utils.Database, order: str, shared: bool, *, event_id: str, moment: Moment) -> str:
    """`done`, or why not: `unknown_order`, `from_the_network` (always shared), `already`. The same `event_id` again is `done`."""
    if events.find(db, event_id):
        return "done"
    found = orders.sharing(db, order)
    if found is None:
        return "unknown_order"
    if found.allocation:
        return "from_the_network"
    if found.shared is shared:
        return "already"
    projections.record(db, OrderShared(order, shared), event_id=event_id, moment=moment)
    return "done"
