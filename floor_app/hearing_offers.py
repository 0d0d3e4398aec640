"""Interim: to be replaced whole."""

from collections.abc import Mapping, Sequence
from typing import Any

import sqlite_utils


def hear_offers(db: sqlite_utils.Database, allocations: Sequence[Mapping[str, Any]], *, heard_at_ms: int) -> int:
    return 0
