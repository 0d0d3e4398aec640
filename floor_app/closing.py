"""Closing an order: no more is expected of it, whatever was planned. It leaves the board, and can be opened again."""

import sqlite_utils

from floor_app.domain.events import Moment, OrderClosed, OrderReopened
from floor_app.store import events, orders, projections

LONGEST_REASON = 200


def close_order(db: sqlite_utils.Database, code: str, *, reason: str, event_id: str, moment: Moment) -> str:
    """`closed`, or why not: `unknown_order`, `already_closed`. The same `event_id` again answers the same."""
    if events.find(db, event_id):
        return "closed"
    order = orders.by_code(db, code)
    if order is None:
        return "unknown_order"
    if order.closed:
        return "already_closed"
    event = OrderClosed(order.code, reason.strip()[:LONGEST_REASON])
    projections.record(db, event, event_id=event_id, moment=moment)
    return "closed"


def reopen_order(db: sqlite_utils.Database, code: str, *, event_id: str, moment: Moment) -> str:
    """`reopened`, or why not: `unknown_order`, `not_closed`. The same `event_id` again answers the same."""
    if events.find(db, event_id):
        return "reopened"
    order = orders.by_code(db, code)
    if order is None:
        return "unknown_order"
    if not order.closed:
        return "not_closed"
    projections.record(db, OrderReopened(order.code), event_id=event_id, moment=moment)
    return "reopened"
