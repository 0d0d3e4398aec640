"""The thread that speaks with the centre by itself: after the start, every night, and again after a while when that did not work."""

from __future__ import annotations

import logging
import random
import threading
import time
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from floor_app.atelier import Atelier
from floor_app.domain import sync_times
from floor_app.store import network_identity

if TYPE_CHECKING:
    from floor_app.sync.run import Ended

START_AFTER_S = 30
LOOK_EVERY_S = 60.0
WITHOUT_NIGHTS_S = 24 * 3600
"""A clock that never gets right knows no nights: once a day of the machine's own time then."""

log = logging.getLogger(__name__)


class SyncLoop(threading.Thread):
    """Runs until `stop`. An atelier that is in no network costs it a look a minute. `pause_s`: as `sync_times.pause_s`."""

    def __init__(
        self,
        atelier: Atelier,
        *,
        start_after_s: float = START_AFTER_S,
        look_every_s: float = LOOK_EVERY_S,
        pause_s: Callable[..., float | None] = sync_times.pause_s,
    ) -> None:
        super().__init__(name="sync", daemon=True)
        self._look_every_s, self._pause_s = look_every_s, pause_s
        self._atelier = atelier
        self._stopping = threading.Event()
        self._chance = random.Random()  # noqa: S311 - spreads ateliers over time, keeps no secret
        self._failures = 0
        self._last: datetime | None = None
        self._ran_at = time.monotonic()
        self._again_at: float | None = self._ran_at + start_after_s * (1 + self._chance.random())
        self._again_cause = "start"
        atelier.sync.has_loop = True

    def run(self) -> None:
        while not self._stopping.is_set():
            cause = "asked" if self._atelier.sync.wait_for_wish(self._look_every_s) else self._due()
            if cause and not self._stopping.is_set() and (cause == "asked" or self._enrolled()):
                self._speak(cause)

    def stop(self) -> None:
        self._stopping.set()
        self._atelier.sync.ask()

    def _due(self) -> str:
        """The cause of a run whose time has come, else ""."""
        now_s = time.monotonic()
        if self._again_at is not None and now_s >= self._again_at:
            return self._again_cause
        if now_s - self._ran_at > WITHOUT_NIGHTS_S:
            return "night"
        if self._last is not None and self._atelier.clock.trusted:
            own = self._atelier.config.atelier.code
            return "night" if sync_times.night_run_due(own, now=self._now(), last=self._last) else ""
        return ""

    def _speak(self, cause: str) -> None:
        from floor_app.sync.run import sync  # a floor in no network never needs it

        try:
            ended = sync(self._atelier, cause, stopping=self._stopping)
        except Exception:
            log.exception("speaking with the centre broke off")
            self._plan(None)
        else:
            self._plan(ended)

    def _plan(self, ended: Ended | None) -> None:
        """When to speak again by itself, apart from the nights."""
        self._last, self._ran_at = self._now(), time.monotonic()
        self._failures = 0 if ended and ended.reached else self._failures + 1
        pause_s = None
        if self._failures:
            said_s = ended.again_in_s if ended else 0
            pause_s = self._pause_s(self._failures, said_s=said_s, chance=self._chance.random())
        self._failures = 0 if pause_s is None else self._failures
        self._again_at, self._again_cause = (None if pause_s is None else self._ran_at + pause_s), "again"

    def _enrolled(self) -> bool:
        with self._atelier.reading() as db:
            if network_identity.identity(db) is not None:
                return True
        self._again_at, self._last, self._ran_at = None, self._now(), time.monotonic()
        return False

    def _now(self) -> datetime:
        return self._atelier.clock.local(self._atelier.clock.now_ms())
