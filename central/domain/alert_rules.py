"""What somebody should hear of, found in how the network stands. Each rule is a pure function; a table of cases in its test."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from central.domain.contract_hours import step_reached
from central.domain.silence import is_silent

LATE_SHARE = "late_share"
SILENT = "silent"
DISCREPANCY = "discrepancy"
HOURS = "hours"
GAP = "gap"
CONFLICT = "conflict"
SHARE_REFUSED = "share_refused"
KINDS = (CONFLICT, GAP, SILENT, LATE_SHARE, SHARE_REFUSED, DISCREPANCY, HOURS)


@dataclass(frozen=True, slots=True)
class Finding:
    """`atelier`: "" for one of no single atelier. `subject`: what it is about, within its kind. `said`: for its words."""

    atelier: str
    kind: str
    subject: str
    said: dict[str, Any] = field(default_factory=dict, compare=False)

    @property
    def key(self) -> tuple[str, str, str]:
        return self.atelier, self.kind, self.subject


@dataclass(frozen=True, slots=True)
class ShareStanding:
    """A share that was not withdrawn or refused. `due`: ISO day it was promised or asked for, or "". `pieces` of it, `finished` so far."""

    order: str
    allocation: str
    atelier: str
    due: str
    pieces: int
    finished: int


@dataclass(frozen=True, slots=True)
class LastHeard:
    """`heard_at_ms`: 0 for an atelier that never spoke: it is not silent, it has not begun."""

    atelier: str
    heard_at_ms: int


@dataclass(frozen=True, slots=True)
class NoteStanding:
    """A delivery note that arrived with another number than it left with."""

    sender: str
    note: str
    receiver: str
    sent: int
    received: int


@dataclass(frozen=True, slots=True)
class ContractStanding:
    """`until`: ISO day, or "" for one without an end. `done`: minutes of all ateliers."""

    contract: str
    until: str
    minutes_due: int
    done: int


def late_shares(shares: Iterable[ShareStanding], today: date) -> list[Finding]:
    """On the day itself a share is not late yet."""
    return [
        Finding(
            share.atelier,
            LATE_SHARE,
            f"{share.order} {share.allocation}",
            {"order": share.order, "due": share.due, "finished": share.finished, "pieces": share.pieces},
        )
        for share in shares
        if share.due and share.due < today.isoformat() and share.finished < share.pieces
    ]


def silent_ateliers(heard: Iterable[LastHeard], now_ms: int) -> list[Finding]:
    return [
        Finding(one.atelier, SILENT, "", {"heard_at_ms": one.heard_at_ms})
        for one in heard
        if one.heard_at_ms and is_silent(one.heard_at_ms, now_ms)
    ]


def note_discrepancies(notes: Iterable[NoteStanding]) -> list[Finding]:
    """Told of the sender: the note's code is its own."""
    return [
        Finding(
            note.sender,
            DISCREPANCY,
            f"{note.note} {note.receiver}",
            {"note": note.note, "receiver": note.receiver, "sent": note.sent, "received": note.received},
        )
        for note in notes
        if note.sent != note.received
    ]


def hours_reached(contracts: Iterable[ContractStanding], today: date) -> list[Finding]:
    """Of each contract that runs the highest step alone: the one before is over when the next is reached."""
    found = []
    for one in contracts:
        step = step_reached(one.done, one.minutes_due)
        if step and (not one.until or one.until >= today.isoformat()):
            said = {"contract": one.contract, "step": step, "due": one.minutes_due}
            found.append(Finding("", HOURS, f"{one.contract} {step}", said))
    return found
