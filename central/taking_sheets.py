"""Day sheets taken in, many in one transaction: judged one after the other, then stored together. The only place that orders the steps."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection

from central.domain.new_sheets import NewSheet, SheetKey
from central.domain.sheet_figures import NOTHING, NoteFigures, NoteKey, added, figures_of, notes_of
from central.domain.sheet_rules import Outcome, Verdict, Version, judge
from central.reading_sheets import SheetOffer
from central.store import alerts, ateliers, conflicts, feed, progress, sheets, transfers
from central.store.alerts import Alert
from central.store.ateliers import TakenIn
from central.store.conflicts import Conflict
from central.store.feed import Change
from central.store.locks import lock_ateliers
from central.store.progress import Difference

NETWORK, FILE = "network", "file"


@dataclass(frozen=True, slots=True)
class SheetAnswer:
    """`version`: of the sheet held from now on; `gap`: its figures do not agree with each other and count nowhere."""

    outcome: Outcome
    key: SheetKey
    version: Version
    gap: bool


@dataclass(frozen=True, slots=True)
class _Held:
    """`gaps`: control totals its counts do not bear out, {total, said, found}."""

    version: Version
    gaps: Sequence[dict[str, Any]]


def take_sheets(db: Connection, offers: Sequence[SheetOffer], *, road: str = NETWORK, at_ms: int) -> list[SheetAnswer]:
    """An answer for each, in their order. A sheet that is held already writes nothing. The months of their days are made."""
    lock_ateliers(db, {offer.key.atelier for offer in offers})
    before = {
        key: _Held(sheet.version, sheet.gaps) for key, sheet in sheets.held(db, {offer.key for offer in offers}).items()
    }
    wishing = {offer.key.atelier for offer in offers if offer.if_match}
    allowed = ateliers.may_replace(db, wishing, at_ms=at_ms) if wishing else frozenset()
    now, newest, answers = dict(before), dict[SheetKey, SheetOffer](), list[SheetAnswer]()
    for offer in offers:
        held = now.get(offer.key)
        version = held.version if held else None
        verdict = judge(version, offer.version, if_match=offer.if_match, allowed=offer.key.atelier in allowed)
        if verdict.taken:
            held = now[offer.key] = _Held(offer.version, offer.content.gaps)
            newest[offer.key] = offer
        assert held is not None, "the first sheet of a day is taken"
        _tell(db, offer, verdict, held.version, at_ms=at_ms)
        answers.append(SheetAnswer(verdict.outcome, offer.key, held.version, bool(held.gaps)))
    if newest:
        _keep(db, newest, before, road=road, at_ms=at_ms)
    return answers


def _tell(db: Connection, offer: SheetOffer, verdict: Verdict, held: Version, *, at_ms: int) -> None:
    """Two machines that speak for one atelier: a coordinator hears of each sheet once, and not again once it is settled."""
    key, day = offer.key, offer.key.day.isoformat()
    if verdict.outcome == Outcome.REPLACED:
        conflicts.settle(db, key.atelier, day=key.day, at_ms=at_ms)
        alerts.settle(db, key.atelier, alerts.CONFLICT, day, at_ms=at_ms)
    if not verdict.alarming:
        return
    found = Conflict(
        key.atelier,
        key.day,
        offer.version.digest,
        str(verdict.conflict),
        offer.version.revision,
        offer.version.last_event,
        held.revision,
        held.digest,
        held.last_event,
        found_at_ms=at_ms,
    )
    if conflicts.raise_once(db, found):
        alerts.raise_once(db, Alert(key.atelier, alerts.CONFLICT, day, {"code": found.code}, at_ms))


def _keep(
    db: Connection,
    newest: Mapping[SheetKey, SheetOffer],
    before: Mapping[SheetKey, _Held],
    *,
    road: str,
    at_ms: int,
) -> None:
    """In the order of their keys, so that two transactions that meet at the same rows take them in the same order."""
    bodies = sheets.bodies(db, set(newest) & set(before)) if set(newest) & set(before) else {}
    new = [
        NewSheet(
            key,
            offer.version,
            offer.content,
            bodies.get(key),
            key in before and not before[key].gaps,
            road,
            at_ms,
        )
        for key, offer in sorted(newest.items(), key=itemgetter(0))
    ]
    sheets.put(db, new)
    progress.add(
        db,
        [
            Difference(one.key.atelier, one.key.day, added(one.figures, figures_of(one.counting_before), NOTHING))
            for one in new
        ],
    )
    _note_news(db, new, before, at_ms=at_ms)
    _note_gaps(db, new, before, at_ms=at_ms)
    _note_transfers(db, new, at_ms=at_ms)


def _note_news(db: Connection, new: Sequence[NewSheet], before: Mapping[SheetKey, _Held], *, at_ms: int) -> None:
    """`new`: in the order of their keys."""
    news = []
    for atelier, sheets_of_it in groupby(new, key=lambda one: one.key.atelier):
        own = list(sheets_of_it)
        gaps = sum((not one.counted) - (one.key in before and bool(before[one.key].gaps)) for one in own)
        days = sum(one.key not in before for one in own)
        news.append(TakenIn(atelier, max(one.key.day for one in own), days, gaps))
    ateliers.note_news(db, news, at_ms=at_ms)


def _note_gaps(db: Connection, new: Sequence[NewSheet], before: Mapping[SheetKey, _Held], *, at_ms: int) -> None:
    for one in new:
        day = one.key.day.isoformat()
        if not one.counted:
            alerts.raise_once(db, Alert(one.key.atelier, alerts.GAP, day, {"gaps": list(one.content.gaps)}, at_ms))
        elif one.key in before and before[one.key].gaps:
            alerts.settle(db, one.key.atelier, alerts.GAP, day, at_ms=at_ms)


def _note_transfers(db: Connection, new: Sequence[NewSheet], *, at_ms: int) -> None:
    """Both ateliers of a note hear of what one of them says now."""
    differences: dict[NoteKey, NoteFigures] = {}
    for one in new:
        for key, said in added(notes_of(one.counting), notes_of(one.counting_before), NoteFigures()).items():
            differences[key] = differences.get(key, NoteFigures()) + said
    if not differences:
        return
    known = ateliers.known(db, {code for key in differences for code in (key.sender, key.receiver)})
    transfers.add(db, differences, known=known)
    changes = {
        Change(reader, feed.TRANSFER, f"{key.sender} {key.note} {key.receiver}")
        for key in differences
        for reader in {key.sender, key.receiver} & known
    }
    feed.note_changes(db, changes, at_ms=at_ms)
