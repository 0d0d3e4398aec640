"""What somebody should hear of: raised once, sent by whoever claims it, settled when it is over."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, select, update

from central.store.statements import insert_into
from central.store.tables import alert

CONFLICT = "conflict"
GAP = "gap"
SHARE_REFUSED = "share_refused"


@dataclass(frozen=True, slots=True)
class Alert:
    """`atelier`: "" for one of no single atelier. `subject`: what it is about, so that the same is raised once. `said`: for its words."""

    atelier: str
    kind: str
    subject: str
    said: dict[str, Any]
    raised_at_ms: int
    attempts: int = 0
    fault: str = ""
    sent_at_ms: int = 0


def raise_once(db: Connection, new: Alert) -> bool:
    """False for one that is there and not settled. One that was settled is raised anew."""
    statement = insert_into(db, alert).values(
        atelier=new.atelier, kind=new.kind, subject=new.subject, said=new.said, raised_at_ms=new.raised_at_ms
    )
    again = {
        "said": statement.excluded.said,
        "raised_at_ms": statement.excluded.raised_at_ms,
        "settled_at_ms": 0,
        "sent_at_ms": 0,
        "attempts": 0,
        "next_attempt_at_ms": 0,
        "fault": "",
    }
    added = db.execute(
        statement.on_conflict_do_update(
            index_elements=["atelier", "kind", "subject"], set_=again, where=alert.c.settled_at_ms > 0
        ).returning(alert.c.subject)
    )
    return added.first() is not None


def settle(db: Connection, atelier: str, kind: str, subject: str, *, at_ms: int) -> None:
    db.execute(update(alert).where(_is(atelier, kind, subject), alert.c.settled_at_ms == 0).values(settled_at_ms=at_ms))


def open_ones(db: Connection, *, atelier: str | None = None, limit: int = 500) -> list[Alert]:
    """Not settled, the newest first; of one atelier or of all."""
    chosen = _SELECT.where(alert.c.settled_at_ms == 0)
    if atelier is not None:
        chosen = chosen.where(alert.c.atelier == atelier)
    return [Alert(*row) for row in db.execute(chosen.order_by(alert.c.raised_at_ms.desc()).limit(limit))]


def open_said(db: Connection, kinds: Collection[str]) -> dict[tuple[str, str, str], dict[str, Any]]:
    """What all that are not settled say, by (atelier, kind, subject)."""
    chosen = select(alert.c.atelier, alert.c.kind, alert.c.subject, alert.c.said)
    rows = db.execute(chosen.where(alert.c.settled_at_ms == 0, alert.c.kind.in_(kinds)))
    return {(row[0], row[1], row[2]): row[3] for row in rows}


def say_anew(db: Connection, atelier: str, kind: str, subject: str, said: dict[str, Any]) -> None:
    """It goes on, with other numbers: nobody is told again."""
    db.execute(update(alert).where(_is(atelier, kind, subject), alert.c.settled_at_ms == 0).values(said=said))


def waiting(db: Connection) -> int:
    """How many nobody was told of yet."""
    chosen = select(func.count()).select_from(alert)
    return int(db.execute(chosen.where(alert.c.settled_at_ms == 0, alert.c.sent_at_ms == 0)).scalar_one())


def last_sent_at_ms(db: Connection) -> int:
    """0: none ever was."""
    return int(db.execute(select(func.coalesce(func.max(alert.c.sent_at_ms), 0))).scalar_one())


def claim(db: Connection, *, at_ms: int, until_ms: int, limit: int = 20) -> list[Alert]:
    """To be sent now. Nobody else gets them before `until_ms`: written before sending, so that a crash sends twice rather than never."""
    due = _SELECT.where(
        alert.c.sent_at_ms == 0, alert.c.settled_at_ms == 0, alert.c.next_attempt_at_ms <= at_ms
    ).order_by(alert.c.raised_at_ms)
    found = [Alert(*row) for row in db.execute(due.limit(limit).with_for_update(skip_locked=True))]
    for one in found:
        db.execute(
            update(alert)
            .where(_is(one.atelier, one.kind, one.subject))
            .values(next_attempt_at_ms=until_ms, attempts=alert.c.attempts + 1)
        )
    return found


def note_sent(db: Connection, one: Alert, *, at_ms: int) -> None:
    db.execute(update(alert).where(_is(one.atelier, one.kind, one.subject)).values(sent_at_ms=at_ms, fault=""))


def note_fault(db: Connection, one: Alert, fault: str, *, next_attempt_at_ms: int) -> None:
    db.execute(
        update(alert)
        .where(_is(one.atelier, one.kind, one.subject))
        .values(fault=fault[:300], next_attempt_at_ms=next_attempt_at_ms)
    )


def _is(atelier: str, kind: str, subject: str) -> Any:
    return (alert.c.atelier == atelier) & (alert.c.kind == kind) & (alert.c.subject == subject)


_SELECT = select(
    alert.c.atelier,
    alert.c.kind,
    alert.c.subject,
    alert.c.said,
    alert.c.raised_at_ms,
    alert.c.attempts,
    alert.c.fault,
    alert.c.sent_at_ms,
)
