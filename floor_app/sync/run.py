"""One conversation with the centre from its beginning to its end: the only place that orders the steps. It may break off anywhere."""

import logging
import threading
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from contract.canonical import canonical
from floor_app import hearing_centre
from floor_app.atelier import Atelier
from floor_app.domain.sheet_standing import SheetName
from floor_app.drawing_up import SheetSettings
from floor_app.hearing_centre import OTHER_COPY, Heard, dispute
from floor_app.hearing_offers import hear_offers
from floor_app.hearing_pictures import heard_picture
from floor_app.store import day_sheets, network_identity, offers, pictures, sent_sheets, sync_attempts
from floor_app.store.day_sheets import KeptSheet
from floor_app.store.network_identity import NetworkIdentity
from floor_app.store.sync_attempts import Attempt
from floor_app.store.writer import StoreFull, WriterStopped
from floor_app.summing_up import Going, sum_up
from floor_app.sync.centre_link import CentreAway, CentreLink, KeyRefused, Patience
from floor_app.sync.machine_state import heartbeat
from floor_app.sync_desk import SyncProgress
from groundwork.pictures import PictureFault

MOST_PAGES = 1000
SHEETS_AT_ONCE = 50
MOST_REFUSED = 60
"""Sheets that were refused before and are tried again in one run."""

log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Tally:
    sent: int = 0
    refused: int = 0
    gaps: int = 0
    offers: int = 0
    notes: int = 0
    disputed: int = 0


@dataclass(frozen=True, slots=True)
class Ended:
    """`again_in_s`: what the centre said it wants to be left alone for, 0 where it did not."""

    attempt: Attempt
    again_in_s: float = 0

    @property
    def reached(self) -> bool:
        """Whether there is nothing to gain from trying again soon."""
        return self.attempt.outcome in ("done", "trouble", "not_enrolled", "key_refused")


def sync(
    atelier: Atelier,
    cause: str,
    *,
    stopping: threading.Event,
    patience: Patience = Patience(),
) -> Ended:
    """Everything there is to say and to hear. `cause`: night, start, asked, again. A bad line, disk or centre raises nothing."""
    with atelier.sync.running():
        started_at_ms, tally = atelier.clock.now_ms(), _Tally()
        outcome, detail, again_in_s = "done", "", 0.0
        try:
            _Conversation(atelier, tally).hold(stopping, patience)
            if tally.refused or tally.disputed:
                outcome = "trouble"
        except NotEnrolled:
            outcome = "not_enrolled"
        except KeyRefused as refused:
            outcome, detail = "key_refused", refused.code
        except CentreAway as away:
            outcome, detail, again_in_s = away.code, away.detail, away.retry_after_s
        except StoreFull:
            outcome = "disk_full"
        except WriterStopped:
            outcome = "stopped"
        ended = _attempt(atelier, cause, started_at_ms, outcome, detail, tally)
        log.info("spoke with the centre: %s (%s)", outcome, detail)
        _keep(atelier, ended)
        return Ended(ended, again_in_s)


class NotEnrolled(Exception):
    """No key of this machine that the network knows."""


class _Conversation:
    """`hold` says and hears everything, in this order."""

    def __init__(self, atelier: Atelier, tally: _Tally) -> None:
        self._atelier, self._tally = atelier, tally

    def hold(self, stopping: threading.Event, patience: Patience) -> None:
        identity = own_identity(self._atelier)
        bring_sheets_up_to_date(self._atelier, identity.atelier, going=self._summing_up(stopping))
        self._link = CentreLink(
            identity.url,
            atelier=identity.atelier,
            private_key=identity.private_key,
            stopping=stopping,
            patience=patience,
        )
        try:
            may_replace = self._say_how_we_are()
            disputed = self._compare()
            self._send_sheets(may_replace, disputed)
            self._answer_offers()
            self._hear_offers()
            self._hear_notes(identity.atelier)
            self._fetch_pictures()
        finally:
            self._link.close()

    def _summing_up(self, stopping: threading.Event) -> Going:
        """Months of days may be new to the sheets: the page shows how far it is, and a service that stops need not wait."""

        def going(done: int, of: int) -> None:
            if stopping.is_set():
                raise WriterStopped
            if of > 1:
                self._tell("sums", done, of)

        return going

    def _say_how_we_are(self) -> bool:
        self._tell("hello")
        asked_at_ms = self._atelier.clock.now_ms()
        answer = self._link.ask("POST", "heartbeat", "HeartbeatAnswer", canonical(heartbeat(self._atelier)))
        if answer.code:
            log.warning("the centre did not take how this machine is: %s", answer.code)
            return False
        ahead_s = _ahead_s(asked_at_ms, self._atelier.clock.now_ms(), answer.said["time"])
        return self._atelier.run(hearing_centre.hear_machine_answer, answer.said, ahead_s=ahead_s)

    def _compare(self) -> tuple[str, ...]:
        """Days in dispute that the centre has not heard of yet in this form."""
        self._tell("compare")
        with self._atelier.reading() as db:
            days = day_sheets.held_range(db)
        if days is None:
            return ()
        answer = self._link.ask("GET", f"days?from={days[0]}&to={days[1]}", "StoredSheets")
        if answer.code:
            raise CentreAway("not_a_centre", answer.code)
        held = {one["day"]: SheetName(one["revision"], one["digest"]) for one in answer.said["days"]}
        look = self._atelier.run(hearing_centre.compare, held, days, at_ms=self._atelier.clock.now_ms())
        self._tally.disputed += len(look.strange)
        return look.strange

    def _send_sheets(self, may_replace: bool, disputed: tuple[str, ...]) -> None:
        """Those that wait; those refused before, once more; those in dispute so that the network hears of it, or to replace."""
        with self._atelier.reading() as db:
            total = day_sheets.backlog_days(db)
            in_trouble = day_sheets.sheets_in_trouble(db)
        done = 0
        after = ""
        while waiting := self._waiting(after):
            for sheet in waiting:
                self._send(sheet)
                done, after = done + 1, sheet.day
                self._tell("sheets", done, max(total, done))
        for sheet in [one for one in in_trouble if one.trouble != OTHER_COPY][:MOST_REFUSED]:
            self._send(sheet)
        for sheet in [one for one in in_trouble if one.trouble == OTHER_COPY and one.day in disputed]:
            offered = hearing_centre.as_offered(sheet, may_replace=may_replace)
            heard = self._send(offered, if_match=dispute(sheet).digest if may_replace else "")
            if heard == Heard.CHANGED:  # the same figures after all, under another number
                self._atelier.run(day_sheets.clear_trouble, sheet.day)
            if heard in (Heard.TAKEN, Heard.KEPT_APART, Heard.CHANGED):
                self._tally.disputed -= 1

    def _waiting(self, after: str) -> list[KeptSheet]:
        with self._atelier.reading() as db:
            return day_sheets.sheets_to_send(db, after=after, limit=SHEETS_AT_ONCE)

    def _send(self, sheet: KeptSheet, *, if_match: str = "") -> Heard:
        name = SheetName(sheet.revision, sheet.digest)
        self._atelier.run(sent_sheets.note_sent, [(sheet.day, name)])
        answer = self._link.ask("PUT", f"days/{sheet.day}", "StoredSheet", sheet.body, if_match=if_match)
        heard = self._atelier.run(
            hearing_centre.hear_day, name, sheet.day, answer.status, answer.said, at_ms=self._atelier.clock.now_ms()
        )
        self._tally.sent += heard in (Heard.TAKEN, Heard.KEPT_APART)
        self._tally.gaps += heard == Heard.KEPT_APART
        self._tally.refused += heard == Heard.REFUSED
        return heard

    def _answer_offers(self) -> None:
        self._tell("orders")
        with self._atelier.reading() as db:
            unsent = offers.unsent_answers(db)
        for one in unsent:
            body = canonical(answer_plain(one))
            answer = self._link.ask("POST", f"allocations/{one.allocation}/answer", "Allocation", body)
            self._atelier.run(
                offers.note_answer_sent, one.allocation, one.revision, answer.status, answer.code, given=one.given
            )

    def _hear_offers(self) -> None:
        for _ in range(MOST_PAGES):
            with self._atelier.reading() as db:
                cursor = offers.cursor(db)
            answer = self._link.ask("GET", f"orders?cursor={cursor}", "Allocations")
            if answer.code:
                raise CentreAway("not_a_centre", answer.code)
            self._tally.offers += self._atelier.run(take_offers_page, answer.said, self._atelier.clock.now_ms())
            if not answer.said["more"] or answer.said["cursor"] == cursor:
                return

    def _hear_notes(self, own: str) -> None:
        self._tell("notes")
        for _ in range(MOST_PAGES):
            with self._atelier.reading() as db:
                cursor = hearing_centre.notes_cursor(db)
            answer = self._link.ask("GET", f"transfers?cursor={cursor}", "TransferNews")
            if answer.code:
                raise CentreAway("not_a_centre", answer.code)
            self._tally.notes += take_notes_page(self._atelier, answer.said, own)
            if not answer.said["more"] or answer.said["cursor"] == cursor:
                return

    def _fetch_pictures(self) -> None:
        """Last, one by one: on a bad line they hold up nothing else, and the next talk goes on from there."""
        with self._atelier.reading() as db:
            missing = pictures.missing(db)
        for done, sha256 in enumerate(missing):
            self._tell("pictures", done, len(missing))
            answer = self._link.ask("GET", f"pictures/{sha256}", "PictureContent")
            if answer.code:
                log.warning("the centre does not give the picture %s: %s", sha256, answer.code)
                continue
            try:
                picture = heard_picture(answer.said, sha256=sha256)
            except PictureFault as fault:
                log.warning("the picture %s of the centre is none: %s", sha256, fault.code)
                continue
            self._atelier.run(pictures.keep, picture, at_ms=self._atelier.clock.now_ms())

    def _tell(self, step: str, done: int = 0, of: int = 0) -> None:
        self._atelier.sync.tell(SyncProgress(step, done, of))


def own_identity(atelier: Atelier) -> NetworkIdentity:
    """Raises NotEnrolled."""
    with atelier.reading() as db:
        identity = network_identity.identity(db)
    if identity is None:
        raise NotEnrolled
    return identity


def bring_sheets_up_to_date(atelier: Atelier, code: str, *, going: Going = lambda done, of: None) -> None:
    clock = atelier.clock
    settings = SheetSettings(code, str(clock.timezone), clock.day_starts)
    sum_up(atelier, settings, today=clock.production_day().day, at_ms=clock.now_ms(), going=going)


def answer_plain(one: offers.UnsentAnswer) -> dict[str, Any]:
    """An AllocationAnswer of the contract."""
    return {"revision": one.revision, "answer": one.answer, "reason": one.reason, "promised": one.promised}


def take_offers_page(db: Any, page: dict[str, Any], heard_at_ms: int) -> int:
    """Shares and where to go on from, in one transaction."""
    found = hear_offers(db, page["allocations"], heard_at_ms=heard_at_ms)
    offers.keep_cursor(db, page["cursor"])
    return found


def take_notes_page(atelier: Atelier, page: dict[str, Any], own: str) -> int:
    def take(db: Any) -> int:
        moment = atelier.clock.moment()
        found = sum(hearing_centre.hear_note(db, one, atelier=own, moment=moment) for one in page["transfers"])
        hearing_centre.keep_notes_cursor(db, page["cursor"])
        return found

    return atelier.run(take)


def _ahead_s(before_ms: int, after_ms: int, said: str) -> int | None:
    """Our clock against the centre's, halfway through the question. Positive: ours is ahead."""
    try:
        theirs = datetime.fromisoformat(said).timestamp()
    except ValueError:
        return None
    return round((before_ms + after_ms) / 2000 - theirs)


def _attempt(atelier: Atelier, cause: str, started_at_ms: int, outcome: str, detail: str, tally: _Tally) -> Attempt:
    try:
        with atelier.reading() as db:
            left = day_sheets.backlog_days(db)
    except WriterStopped:
        left = 0
    return Attempt(
        cause,
        started_at_ms,
        atelier.clock.now_ms(),
        outcome,
        detail,
        sent=tally.sent,
        refused=tally.refused + tally.disputed,
        gaps=tally.gaps,
        offers=tally.offers,
        notes=tally.notes,
        left=left,
    )


def _keep(atelier: Atelier, attempt: Attempt) -> None:
    try:
        atelier.run(sync_attempts.add, attempt)
    except (StoreFull, WriterStopped):
        log.warning("how the conversation with the centre went could not be kept")
