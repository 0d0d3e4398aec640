"""What the centre answered, taken in: the same whether it came over the network or in a receipt on a stick."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

import sqlite_utils

from contract.canonical import canonical, digest
from floor_app.domain.events import Moment
from floor_app.domain.sheet_standing import SheetName, Standing, standing
from floor_app.settling import hear_from_centre
from floor_app.store import day_sheets, network_identity, sent_sheets, sync_attempts
from floor_app.store.day_sheets import KeptSheet

OTHER_COPY = "other_copy"
"""Trouble of a day: the centre holds a sheet of it that this machine never sent. Left alone until the network lets it be replaced."""
CLOCK_FACT, MAY_REPLACE_FACT, NOTES_CURSOR = "clock_ahead_s", "may_replace", "notes_cursor"
MOST_DETAIL = 300


class Heard(StrEnum):
    """What came of a sheet."""

    TAKEN = "taken"
    KEPT_APART = "kept_apart"  # held, but its figures do not agree with each other
    LATE = "late"  # an earlier one of ours arrived after a later one: nothing to do
    REFUSED = "refused"
    OTHER_COPY = OTHER_COPY
    CHANGED = "changed"  # the sheet changed here meanwhile


@dataclass(frozen=True, slots=True)
class Look:
    """The days to send, and those nobody here said: `strange`."""

    strange: tuple[str, ...] = ()
    confirmed: int = 0
    lost: int = 0


def hear_machine_answer(db: sqlite_utils.Database, said: Mapping[str, Any], *, ahead_s: int | None) -> bool:
    """A HeartbeatAnswer: keys nobody may trust, and whether we may replace what is held. `ahead_s`: our clock against the centre's."""
    network_identity.keep_revoked(db, said["revoked_keys"])
    if ahead_s is not None:
        sync_attempts.keep_fact(db, CLOCK_FACT, str(ahead_s))
    may_replace = said.get("may_replace") is True
    sync_attempts.keep_fact(db, MAY_REPLACE_FACT, "yes" if may_replace else "")
    return may_replace


def compare(db: sqlite_utils.Database, held: Mapping[str, SheetName], days: tuple[str, str], *, at_ms: int) -> Look:
    """What the centre holds of those days (first and last, ISO) against what was sent: who is behind is put right by sending."""
    strange, confirmed, lost = [], 0, 0
    settled = day_sheets.settled(db, *days)
    for day in day_sheets.days_between(db, *days):
        if day in settled and held.get(day) == SheetName(*settled[day]):
            continue  # nearly all, and the scans wait meanwhile
        kept = day_sheets.sheet(db, day)
        assert kept is not None, "listed in the same transaction"
        found = _standing(db, kept, held.get(day))
        if found == Standing.CONFIRMED:
            if not kept.acknowledged or kept.trouble:
                day_sheets.acknowledge(db, day, kept.revision, kept.digest, at_ms)
                confirmed += 1
        elif found == Standing.STRANGE:
            strange.append(day)
            _in_dispute(db, kept, held[day])
        else:
            if kept.trouble == OTHER_COPY:
                day_sheets.clear_trouble(db, day)
            if kept.acknowledged_revision and (found == Standing.LOST or kept.acknowledged):
                day_sheets.take_back_acknowledgement(db, day)
                lost += 1
    return Look(tuple(strange), confirmed, lost)


def hear_day(db: sqlite_utils.Database, name: SheetName, day: str, status: int, said: Any, *, at_ms: int) -> Heard:
    """The centre's word on one sheet that was sent. `said`: StoredSheet, or a Problem. `status`: as HTTP has it."""
    if status < 400:
        if not day_sheets.acknowledge(db, day, name.revision, name.digest, at_ms):
            return Heard.CHANGED
        return Heard.KEPT_APART if said["gap"] else Heard.TAKEN
    kept = day_sheets.sheet(db, day)
    if kept is None:
        return Heard.CHANGED
    if status == 409 and "held" in said:
        held = SheetName(said["held"]["revision"], said["held"]["digest"])
        found = _standing(db, kept, held)
        if found == Standing.CONFIRMED:
            day_sheets.acknowledge(db, day, kept.revision, kept.digest, at_ms)
            return Heard.TAKEN
        if found != Standing.STRANGE:
            return Heard.LATE
        _in_dispute(db, kept, held)
        return Heard.OTHER_COPY
    if name != SheetName(kept.revision, kept.digest):
        return Heard.CHANGED
    day_sheets.mark_trouble(db, day, _refusal(said), _detail(said))
    return Heard.REFUSED


def dispute(kept: KeptSheet) -> SheetName:
    """Of a sheet in trouble as OTHER_COPY: what the centre holds instead."""
    revision, _, found = kept.trouble_detail.partition(" ")
    return SheetName(int(revision or 0), found)


def as_offered(kept: KeptSheet, *, may_replace: bool) -> KeptSheet:
    """What is sent of a sheet. One in dispute goes out under the very revision the centre holds, so that it is refused, however far
    this machine has worked on: a later one would be taken for news. With the network's leave it goes out as it is.
    """
    if kept.trouble != OTHER_COPY or may_replace:
        return kept
    return _under(kept, dispute(kept).revision)


def hear_note(db: sqlite_utils.Database, said: Mapping[str, Any], *, atelier: str, moment: Moment) -> bool:
    """A TransferState of the contract; whether it was news. The same word twice is one event."""
    if said["from"] != atelier:
        return False
    word = canonical([said["note"], said["to"], said["state"], said["received"]])
    event_id = f"centre-{hashlib.sha256(word).hexdigest()[:32]}"
    heard = hear_from_centre(
        db,
        said["note"],
        to=said["to"],
        state=said["state"],
        received=said["received"],
        event_id=event_id,
        moment=moment,
    )
    return heard == "confirmed"


def keep_notes_cursor(db: sqlite_utils.Database, cursor: str) -> None:
    sync_attempts.keep_fact(db, NOTES_CURSOR, cursor)


def notes_cursor(db: sqlite_utils.Database) -> str:
    return sync_attempts.fact(db, NOTES_CURSOR)


def _standing(db: sqlite_utils.Database, kept: KeptSheet, held: SheetName | None) -> Standing:
    confirmed = SheetName(kept.acknowledged_revision, kept.acknowledged_digest)
    sent = sent_sheets.sent(db, kept.day)
    return standing(now=SheetName(kept.revision, kept.digest), confirmed=confirmed, held=held, sent=sent)


def _in_dispute(db: sqlite_utils.Database, kept: KeptSheet, held: SheetName) -> None:
    """Our sheet of that day is not sent any more. Under a revision not below the other one, so that the centre sees two of one kind."""
    if kept.revision < held.revision:
        raised = _under(kept, held.revision)
        day_sheets.raise_revision(db, raised, before=kept)
    day_sheets.mark_trouble(db, kept.day, OTHER_COPY, f"{held.revision} {held.digest}")


def _under(kept: KeptSheet, revision: int) -> KeptSheet:
    plain = {**json.loads(kept.body), "revision": revision}
    body = canonical(plain)
    return replace(kept, revision=revision, digest=digest(body), body=body)


def _refusal(said: Any) -> str:
    code = str(said.get("code", "")) if isinstance(said, dict) else ""
    return code if code in ("unknown_schema", "bad_fields") else "refused"


def _detail(said: Any) -> str:
    """The fields it is about; for the technician."""
    faults = said.get("errors", ()) if isinstance(said, dict) else ()
    return "; ".join(f"{one['pointer']} {one['detail']}" for one in faults[:3])[:MOST_DETAIL]
