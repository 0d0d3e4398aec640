"""Waits for the clock to be right, and then puts right what was recorded before. On a machine with a battery there is nothing to do."""

import contextlib
import logging
import threading
import uuid

from floor_app.atelier import Atelier
from floor_app.clock_correcting import put_clock_right
from floor_app.store.writer import StoreFull, WriterStopped

LOOK_EVERY_S = 30.0
log = logging.getLogger(__name__)


class ClockWatch(threading.Thread):
    """Looks every half minute until `stop`."""

    def __init__(self, atelier: Atelier) -> None:
        super().__init__(name="clock watch", daemon=True)
        self._atelier = atelier
        self._stopping = threading.Event()

    def run(self) -> None:
        while not self._stopping.is_set():
            with contextlib.suppress(
                StoreFull, WriterStopped
            ):  # a full disk is told by the first scan, and this can wait
                self.look()
            self._stopping.wait(LOOK_EVERY_S)

    def look(self) -> None:
        if not self._atelier.clock.trusted:
            return
        while self._atelier.run(put_clock_right, moment=self._atelier.clock.moment(), event_id=uuid.uuid4().hex):
            log.info("events from before the clock was right are in their own time now")

    def stop(self) -> None:
        self._stopping.set()
