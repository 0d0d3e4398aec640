"""Routings as stored: versions of a style's routing. Id 0 is the built-in `cut > sew > finish` and has no row.

A version below 0 came with a delivery note: it holds for that order alone, never for a new one of the style.
"""

import json
from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any

import sqlite_utils

from floor_app.domain.routings import DEFAULT_ROUTING, MissingSteps, Operation, Policy, Routing, Section

DEFAULT_ROUTING_ID = 0


def routing(db: sqlite_utils.Database, routing_id: int) -> Routing:
    if routing_id == DEFAULT_ROUTING_ID:
        return DEFAULT_ROUTING
    row = db.conn.execute("SELECT operations FROM routing WHERE id = ?", (routing_id,)).fetchone()
    return _parsed(row[0])


def newest_for_style(db: sqlite_utils.Database, style: str) -> tuple[int, int]:
    """(routing id, version) a new order of this style gets; (0, 0) when the style has none of its own."""
    row = db.conn.execute(
        "SELECT id, version FROM routing WHERE style = ? AND version > 0 ORDER BY version DESC LIMIT 1", (style,)
    ).fetchone()
    return (row[0], row[1]) if row else (DEFAULT_ROUTING_ID, 0)


def all_newest(db: sqlite_utils.Database) -> list[tuple[str, int, Routing]]:
    """(style, version, routing) of every style with a routing of its own."""
    rows = db.conn.execute(
        "SELECT style, max(version), operations FROM routing WHERE version > 0 GROUP BY style ORDER BY style"
    )
    return [(style, version, _parsed(operations)) for style, version, operations in rows]


def to_plain(operation: Operation) -> dict[str, Any]:
    """An operation as JSON keeps it."""
    plain: dict[str, Any] = {"code": operation.code, "section": operation.section.value, "after": list(operation.after)}
    if operation.title:
        plain["title"] = operation.title
    if operation.sam_minutes is not None:
        plain["sam_minutes"] = str(operation.sam_minutes)
    if operation.picture:
        plain["picture"] = operation.picture
    if operation.policy:
        plain["policy"] = {
            "missing_steps": operation.policy.missing_steps.value,
            "fill_up_to": operation.policy.fill_up_to,
        }
    return plain


def from_plain(plain: Mapping[str, Any]) -> Operation:
    policy = plain.get("policy")
    sam = plain.get("sam_minutes")
    return Operation(
        plain["code"],
        Section(plain["section"]),
        tuple(plain["after"]),
        title=plain.get("title", ""),
        sam_minutes=Decimal(sam) if sam else None,
        picture=plain.get("picture", ""),
        policy=Policy(MissingSteps(policy["missing_steps"]), policy["fill_up_to"]) if policy else None,
    )


@lru_cache(maxsize=256)
def _parsed(operations: str) -> Routing:
    return Routing(tuple(from_plain(plain) for plain in json.loads(operations)))
