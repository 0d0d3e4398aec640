"""What the centre says of shares of its orders, kept as it says it. Nothing on the floor changes by it: a supervisor answers."""

from collections.abc import Mapping, Sequence
from typing import Any

import sqlite_utils

from floor_app.domain.offers import differs, read_offer
from floor_app.store import offers


def hear_offers(db: sqlite_utils.Database, allocations: Sequence[Mapping[str, Any]], *, heard_at_ms: int) -> int:
    """How many are new or changed. `allocations`: each as the contract says; an older revision than the one kept is left aside."""
    return sum(_hear(db, said, heard_at_ms) for said in allocations)


def _hear(db: sqlite_utils.Database, said: Mapping[str, Any], heard_at_ms: int) -> bool:
    """The centre may change what the whole order says without a new revision of the share: that is news; its echo of our answer is none."""
    held, now = offers.find(db, said["allocation"]), read_offer(said)
    if held is None:
        offers.keep(db, said, heard_at_ms=heard_at_ms)
        return True
    if now.revision < held.said.revision or now == held.said:
        return False
    news = now.revision > held.said.revision or differs(held.said, now)
    offers.keep(db, said, heard_at_ms=heard_at_ms if news else held.heard_at_ms)
    return news
