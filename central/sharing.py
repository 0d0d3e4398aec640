"""Orders shared out among ateliers: a share is proposed, changed, taken back. Each change reaches the atelier with its next call."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from central.domain.share_rules import ShareState
from central.store import allocations, ateliers, feed, orders, pictures
from central.store.allocations import Allocation
from central.store.feed import Change
from central.store.orders import Making, OrderLine, SharedOrder


@dataclass(frozen=True, slots=True)
class ShareDraft:
    """What a coordinator proposes. `due`: ISO day, or "" for the order's own."""

    lines: tuple[OrderLine, ...]
    due: str = ""
    note: str = ""

    @property
    def pieces(self) -> int:
        return sum(line.quantity for line in self.lines)


def keep_order(db: Connection, order: SharedOrder, lines: Sequence[OrderLine], *, at_ms: int) -> None:
    """New, or changed: every atelier that has a share of it is told."""
    orders.put(db, order, lines)
    _tell_of(db, order.code, at_ms=at_ms)


def keep_making(db: Connection, order: str, making: Making, *, at_ms: int) -> None:
    """How it is made, in place of what was said before: every atelier that has a share of it is told. Pictures are kept already."""
    orders.set_making(db, order, making)
    pictures.drop_others(db, order, {one["sha256"] for one in making.pictures})
    _tell_of(db, order, at_ms=at_ms)


def _tell_of(db: Connection, order: str, *, at_ms: int) -> None:
    shares = [share for share in allocations.of_order(db, order) if share.state != ShareState.WITHDRAWN]
    feed.note_changes(db, [_change(share) for share in shares], at_ms=at_ms)


def propose_share(
    db: Connection, order: str, atelier: str, draft: ShareDraft, *, allocation: str, at_ms: int
) -> Allocation | str:
    """`allocation`: a name nobody has. Else `unknown_order`, `unknown_atelier`, `no_pieces`."""
    if not draft.pieces:
        return "no_pieces"
    if orders.find(db, order) is None:
        return "unknown_order"
    if ateliers.find(db, atelier) is None:
        return "unknown_atelier"
    share = Allocation(
        order,
        allocation,
        atelier,
        revision=1,
        state=ShareState.PROPOSED,
        due=draft.due,
        note=draft.note,
        reason="",
        promised="",
        pieces=draft.pieces,
        changed_at_ms=at_ms,
        answered_at_ms=0,
    )
    allocations.add(db, share, draft.lines)
    feed.note_changes(db, [_change(share)], at_ms=at_ms)
    return share


def change_share(db: Connection, held: Allocation, draft: ShareDraft, *, at_ms: int) -> Allocation | str:
    """A new revision, to be answered anew. Else `no_pieces`, or `changed_meanwhile`: look at it again."""
    if not draft.pieces:
        return "no_pieces"
    changed = replace(
        held,
        revision=held.revision + 1,
        state=ShareState.PROPOSED,
        due=draft.due,
        note=draft.note,
        reason="",
        promised="",
        pieces=draft.pieces,
        changed_at_ms=at_ms,
        answered_at_ms=0,
    )
    if not allocations.change(db, changed, draft.lines):
        return "changed_meanwhile"
    feed.note_changes(db, [_change(changed)], at_ms=at_ms)
    return changed


def withdraw_share(db: Connection, held: Allocation, *, at_ms: int) -> Allocation | str:
    """What was made of it stays counted. Else `changed_meanwhile`."""
    lines = allocations.lines_of(db, [(held.order, held.id)])[held.order, held.id]
    gone = replace(held, revision=held.revision + 1, state=ShareState.WITHDRAWN, changed_at_ms=at_ms)
    if not allocations.change(db, gone, lines):
        return "changed_meanwhile"
    feed.note_changes(db, [_change(gone)], at_ms=at_ms)
    return gone


def _change(share: Allocation) -> Change:
    return Change(share.atelier, feed.ALLOCATION, share.id, share.order)
