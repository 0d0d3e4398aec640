"""Shares of the network's orders: what the centre said last, what was answered here, and whether the centre has heard the answer.

What the centre said is no fact of the floor and in no event: it can be asked for again. The answer is (`offer_answer`), as is the order
that came from it: both are there again after a rebuild.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlite_utils

from floor_app.domain.offers import WAITING, Answer, LineHere, Offer, OfferState, differs, read_offer, standing
from floor_app.store import sync_attempts

CURSOR = "orders_cursor"
MOST_OFFERS = 500
_FINAL = (404, 409, 422)
"""The centre knows no such share, has another revision, or will never take this answer: saying it again changes nothing."""


@dataclass(frozen=True, slots=True)
class UnsentAnswer:
    """`given`: the event that gave it."""

    allocation: str
    revision: int
    answer: str
    reason: str
    promised: str
    given: int


@dataclass(frozen=True, slots=True)
class GivenAnswer:
    """The last answer to a share. `told`: the centre has heard it, and answered with that status and code."""

    revision: int
    answer: Answer
    reason: str
    promised: str
    at_ms: int
    told: bool
    status: int
    code: str


@dataclass(frozen=True, slots=True)
class StandingOffer:
    """A share as it stands here. `taken`: as it was when it was last accepted; `order_here`: the order that came from it, or ""."""

    said: Offer
    taken: Offer | None
    heard_at_ms: int
    answer: GivenAnswer | None
    order_here: str
    state: OfferState


def cursor(db: sqlite_utils.Database) -> str:
    return sync_attempts.fact(db, CURSOR)


def keep_cursor(db: sqlite_utils.Database, cursor: str) -> None:
    sync_attempts.keep_fact(db, CURSOR, cursor)


def find(db: sqlite_utils.Database, allocation: str) -> StandingOffer | None:
    row = db.conn.execute(f"{_OFFER} WHERE o.allocation = ?", (allocation,)).fetchone()
    return _offer(*row) if row else None


def every_offer(db: sqlite_utils.Database, *, limit: int = MOST_OFFERS) -> list[StandingOffer]:
    """Those that wait for somebody first, by the day they are due; then the others, the newest first."""
    rows = db.conn.execute(f"{_OFFER} ORDER BY o.heard_at_ms DESC, o.allocation LIMIT ?", (limit,))
    found = [_offer(*row) for row in rows]
    waiting = sorted((one for one in found if one.state in WAITING), key=lambda one: one.said.due or "9999")
    return waiting + [one for one in found if one.state not in WAITING]


def waiting(db: sqlite_utils.Database) -> int:
    """How many wait for somebody. Those that run as they were accepted are left out unread."""
    rows = db.conn.execute(
        f"{_OFFER} WHERE NOT (coalesce(a.answer, '') = 'accepted' AND a.revision = o.revision AND o.taken = o.said AND EXISTS"
        " (SELECT 1 FROM orders WHERE allocation = o.allocation AND allocation <> '' AND undone = 0)) LIMIT ?",
        (MOST_OFFERS,),
    )
    return sum(_offer(*row).state in WAITING for row in rows)


def forget_all(db: sqlite_utils.Database) -> None:
    """Another network: what the one before offered is no offer any more. Orders that were taken from it stay, with their answers."""
    db.conn.execute("DELETE FROM offer")


def keep(db: sqlite_utils.Database, said: Mapping[str, Any], *, heard_at_ms: int) -> None:
    db.conn.execute(
        "INSERT INTO offer (allocation, revision, said, heard_at_ms) VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET"
        " revision = excluded.revision, said = excluded.said, heard_at_ms = excluded.heard_at_ms",
        (said["allocation"], said["revision"], json.dumps(said, ensure_ascii=False), heard_at_ms),
    )


def mark_taken(db: sqlite_utils.Database, allocation: str) -> None:
    """The order here is from now on as the centre says."""
    db.conn.execute("UPDATE offer SET taken = said WHERE allocation = ?", (allocation,))


def lines_here(db: sqlite_utils.Database, order: str) -> list[LineHere]:
    rows = db.conn.execute(
        "SELECT l.size, l.colour, l.quantity, l.pieces_cut, EXISTS (SELECT 1 FROM bundle b WHERE b.order_line_id = l.id)"
        " OR EXISTS (SELECT 1 FROM transfer_bundle t WHERE t.order_line_id = l.id)"
        " FROM order_line l JOIN orders o ON o.id = l.order_id WHERE o.code = ? AND o.undone = 0 ORDER BY l.id",
        (order,),
    )
    return [LineHere(size, colour, quantity, cut, bool(used)) for size, colour, quantity, cut, used in rows]


def unsent_answers(db: sqlite_utils.Database) -> list[UnsentAnswer]:
    """The last answer to each share, where the centre has not heard it and has not said anything newer."""
    rows = db.conn.execute(
        "SELECT a.allocation, a.revision, a.answer, a.reason, a.promised, a.seq FROM offer_answer a"
        " JOIN offer o ON o.allocation = a.allocation AND o.revision = a.revision"
        " WHERE a.answer IN ('accepted', 'refused') AND o.told_seq < a.seq ORDER BY a.seq"
    )
    return [UnsentAnswer(*row) for row in rows]


def note_answer_sent(
    db: sqlite_utils.Database, allocation: str, revision: int, status: int, code: str, *, given: int = 0
) -> None:
    """What the centre said to it, as HTTP has it. `given`: the event that gave it; without it, the last answer is meant."""
    if not 200 <= status < 300 and status not in _FINAL:
        return
    db.conn.execute(
        "UPDATE offer SET told_seq = max(told_seq, a.seq), told_status = ?, told_code = ? FROM offer_answer a"
        " WHERE offer.allocation = ? AND a.allocation = offer.allocation AND a.revision = ? AND (? = 0 OR a.seq = ?)",
        (status, code[:80], allocation, revision, given, given),
    )


def note_carried(db: sqlite_utils.Database, answers: Sequence[UnsentAnswer]) -> None:
    """They are on a stick: what its receipt says is of these."""
    db.conn.executemany(
        "UPDATE offer SET carried_seq = ? WHERE allocation = ?", [(one.given, one.allocation) for one in answers]
    )


def carried(db: sqlite_utils.Database, allocation: str) -> int:
    """The event of the answer last written on a stick; 0 for none."""
    row = db.conn.execute("SELECT carried_seq FROM offer WHERE allocation = ?", (allocation,)).fetchone()
    return int(row[0]) if row else 0


_OFFER = (
    "SELECT o.said, o.taken, o.heard_at_ms, a.revision, a.answer, a.reason, a.promised, a.at_ms, a.seq, o.told_seq, o.told_status,"
    " o.told_code, coalesce((SELECT code FROM orders WHERE allocation = o.allocation AND allocation <> '' AND undone = 0 LIMIT 1), '')"
    " FROM offer o LEFT JOIN offer_answer a ON a.allocation = o.allocation"
)


def _offer(
    said: str,
    taken: str,
    heard_at_ms: int,
    revision: int | None,
    answer: str | None,
    reason: str,
    promised: str,
    at_ms: int,
    seq: int,
    told_seq: int,
    told_status: int,
    told_code: str,
    order_here: str,
) -> StandingOffer:
    now, before = read_offer(json.loads(said)), read_offer(json.loads(taken)) if taken else None
    given = None
    if revision is not None and answer is not None:
        heard = told_seq >= seq
        given = GivenAnswer(revision, Answer(answer), reason, promised, at_ms, heard, told_status, told_code)
    state = standing(
        now,
        answer=given.answer if given else None,
        answered_revision=given.revision if given else 0,
        has_order=order_here != "",
        differs=before is not None and differs(before, now),
    )
    return StandingOffer(now, before, heard_at_ms, given, order_here, state)
