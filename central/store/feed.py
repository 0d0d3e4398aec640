"""What changed for each atelier, numbered, so that it asks from where it stopped. Of each thing the newest change alone."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Connection, case, select

from central.store.statements import insert_into
from central.store.tables import feed, feed_entry

ALLOCATION = "allocation"
TRANSFER = "transfer"


@dataclass(frozen=True, slots=True, order=True)
class Change:
    """`subject`: the allocation; of a transfer "sender note receiver". `order`: of an allocation."""

    atelier: str
    kind: str
    subject: str
    order: str = ""


@dataclass(frozen=True, slots=True)
class FeedPage:
    """`cursor`: where to go on. `more`: there is more now."""

    changes: tuple[Change, ...]
    cursor: int
    more: bool


def note_changes(db: Connection, changes: Collection[Change], *, at_ms: int) -> None:
    """Last in a transaction: each atelier's number is held to its end, so that numbers are seen in the order they were given."""
    for atelier in sorted({change.atelier for change in changes}):
        own = sorted(change for change in set(changes) if change.atelier == atelier)
        last = _numbers(db, atelier, len(own), at_ms=at_ms)
        rows = [
            {"atelier": atelier, "kind": one.kind, "subject": one.subject, "order_code": one.order, "seq": seq}
            for seq, one in enumerate(own, start=last - len(own) + 1)
        ]
        statement = insert_into(db, feed_entry)
        db.execute(
            statement.on_conflict_do_update(
                index_elements=["atelier", "kind", "subject"], set_={"seq": statement.excluded.seq}
            ),
            rows,
        )


def after(db: Connection, atelier: str, kind: str, cursor: int, *, limit: int) -> FeedPage:
    """Oldest first. A cursor beyond every number is of a centre that was restored since: all is told again."""
    newest = db.execute(select(feed.c.seq).where(feed.c.atelier == atelier)).scalar() or 0
    start = cursor if cursor <= newest else 0
    rows = db.execute(
        select(feed_entry.c.subject, feed_entry.c.order_code, feed_entry.c.seq)
        .where(feed_entry.c.atelier == atelier, feed_entry.c.kind == kind, feed_entry.c.seq > start)
        .order_by(feed_entry.c.seq)
        .limit(limit + 1)
    ).all()
    told = rows[:limit]
    changes = tuple(Change(atelier, kind, subject, order) for subject, order, _ in told)
    return FeedPage(changes, told[-1].seq if told else start, len(rows) > limit)


def find(db: Connection, atelier: str, kind: str, subject: str) -> Change | None:
    """Whether this atelier was ever told of it."""
    row = db.execute(
        select(feed_entry.c.order_code).where(
            feed_entry.c.atelier == atelier, feed_entry.c.kind == kind, feed_entry.c.subject == subject
        )
    ).first()
    return Change(atelier, kind, subject, row.order_code) if row else None


def _numbers(db: Connection, atelier: str, count: int, *, at_ms: int) -> int:
    """The last of `count` numbers that follow each other. They grow with time: a centre restored from a copy gives none out twice."""
    statement = insert_into(db, feed).values(atelier=atelier, seq=at_ms + count)
    behind = feed.c.seq + count > statement.excluded.seq
    row = db.execute(
        statement.on_conflict_do_update(
            index_elements=["atelier"],
            set_={"seq": case((behind, feed.c.seq + count), else_=statement.excluded.seq)},
        ).returning(feed.c.seq)
    ).one()
    return int(row.seq)
