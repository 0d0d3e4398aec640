"""A thread of `serve` that brings alerts up to date, and tells them where somebody asked to be told. Each process has one."""

import logging
import threading

from central.alerting import look, note
from central.centre import Centre
from central.sending_alerts import Road, tell_when_due
from central.store.database import Unavailable

log = logging.getLogger(__name__)
EVERY_S = 5 * 60.0


def bring_up_to_date(centre: Centre) -> None:
    """Writes only what is new or over."""
    at_ms = centre.now_ms()
    with centre.reading() as db:
        review = look(db, at_ms=at_ms)
    if review:
        with centre.writing() as db:
            note(db, review, at_ms=at_ms)


class Watch:
    """`road`: `None` where nobody is to be told: alerts are kept and shown all the same."""

    def __init__(self, centre: Centre, road: Road | None, *, every_s: float = EVERY_S) -> None:
        self._centre, self._road, self._every_s = centre, road, every_s
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="alerts", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """A message on its way is waited for, as long as its own time limit."""
        self._stopping.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self._look()
            except Unavailable as error:
                log.warning("alerts: the database is not available: %s", error)
            except Exception:
                log.exception("alerts: looking failed")  # the next look may not
            self._stopping.wait(self._every_s)

    def _look(self) -> None:
        bring_up_to_date(self._centre)
        if self._road is not None:
            tell_when_due(self._centre, self._road)
