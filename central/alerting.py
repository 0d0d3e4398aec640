"""Alerts brought up to date: what the rules find is raised once, what they do not find any more is settled."""

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection

from central.domain import alert_rules
from central.domain.alert_rules import ContractStanding, Finding, LastHeard, NoteStanding, ShareStanding
from central.domain.share_rules import ShareState
from central.domain.transfer_states import TransferState
from central.store import alerts, allocations, ateliers, conflicts, contracts, orders, progress, transfers
from central.store.alerts import Alert

REVIEWED = (
    alert_rules.CONFLICT,
    alert_rules.SILENT,
    alert_rules.LATE_SHARE,
    alert_rules.DISCREPANCY,
    alert_rules.HOURS,
)
"""Kinds raised and settled here. A gap and a refusal are settled by the sheet or the answer that puts them right."""


@dataclass(frozen=True, slots=True)
class Review:
    """What is to be raised, what goes on with other numbers, and the (atelier, kind, subject) of what is over."""

    new: tuple[Finding, ...]
    changed: tuple[Finding, ...]
    over: tuple[tuple[str, str, str], ...]

    def __bool__(self) -> bool:
        return bool(self.new or self.changed or self.over)


def look(db: Connection, *, at_ms: int) -> Review:
    """Reads a good part of the network: nobody should wait for it to write."""
    found = {finding.key: finding for finding in _findings(db, at_ms)}
    held = alerts.open_said(db, REVIEWED)
    return Review(
        tuple(one for key, one in sorted(found.items()) if key not in held),
        tuple(one for key, one in sorted(found.items()) if key in held and held[key] != one.said),
        tuple(key for key in sorted(held) if key not in found),
    )


def note(db: Connection, review: Review, *, at_ms: int) -> None:
    """Any process may, at any time: what another has noted meanwhile stays as it is."""
    for key in review.over:
        alerts.settle(db, *key, at_ms=at_ms)
    for one in review.changed:
        alerts.say_anew(db, *one.key, one.said)
    for one in review.new:
        alerts.raise_once(db, Alert(*one.key, one.said, at_ms))


def _findings(db: Connection, at_ms: int) -> list[Finding]:
    today = datetime.fromtimestamp(at_ms / 1000, UTC).date()
    return [
        *alert_rules.late_shares(_shares(db), today),
        *alert_rules.silent_ateliers(_heard(db), at_ms),
        *alert_rules.note_discrepancies(_notes(db)),
        *alert_rules.hours_reached(_contracts(db), today),
        *_conflicts(db),
    ]


def _shares(db: Connection) -> list[ShareStanding]:
    """What an atelier finished of an order is its share's, where it has one share of it alone: it may not have named the share."""
    running = {order.code for order in orders.listed(db)}
    shares = [share for share in allocations.listed(db) if share.order in running and share.state != ShareState.REFUSED]
    alone = Counter((share.order, share.atelier) for share in shares)
    of_share, of_atelier = Counter[tuple[str, str, str]](), Counter[tuple[str, str]]()
    for one in progress.of_orders(db):
        of_share[one.order, one.atelier, one.allocation] += one.figures.finished
        of_atelier[one.order, one.atelier] += one.figures.finished
    return [
        ShareStanding(
            share.order,
            share.id,
            share.atelier,
            share.promised or share.due,
            share.pieces,
            of_atelier[share.order, share.atelier]
            if alone[share.order, share.atelier] == 1
            else of_share[share.order, share.atelier, share.id],
        )
        for share in shares
    ]


def _heard(db: Connection) -> list[LastHeard]:
    return [LastHeard(one.atelier.code, one.heard_at_ms) for one in ateliers.listed(db)]


def _notes(db: Connection) -> list[NoteStanding]:
    return [
        NoteStanding(one.key.sender, one.key.note, one.key.receiver, one.said.sent, one.said.received)
        for one in transfers.in_network(db)
        if one.state == TransferState.DISCREPANCY
    ]


def _contracts(db: Connection) -> list[ContractStanding]:
    done = contracts.minutes_within_terms(db)
    return [
        ContractStanding(one.contract, one.until_day, one.insertion_minutes_due, done.get(one.contract, 0))
        for one in contracts.listed(db)
    ]


def _conflicts(db: Connection) -> list[Finding]:
    """Each was raised when its sheet was refused; here it is settled once a coordinator has settled it."""
    return [
        Finding(one.atelier, alert_rules.CONFLICT, one.day.isoformat(), {"code": one.code})
        for one in conflicts.open_ones(db, limit=100_000)
    ]
