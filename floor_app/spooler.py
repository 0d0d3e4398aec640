"""The print spooler: one loop per printer. What is on paper is never guessed, and nothing prints twice by itself."""

from __future__ import annotations

import contextlib
import logging
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING

import sqlite_utils

from devices.printers import Outcome, Printer, printer_for
from floor_app.atelier import Atelier
from floor_app.config import PrinterConfig
from floor_app.label_drawer import LabelDrawer
from floor_app.labels import pictured_label
from floor_app.store import bundles, print_jobs
from floor_app.store.print_jobs import PrintJob
from floor_app.store.writer import StoreFull, WriterStopped
from label_templates.label import LabelError

if TYPE_CHECKING:
    from PIL.Image import Image

IDLE_S = 0.2
RETRY_S = 2.0
STATUS_EVERY_S = 10.0
log = logging.getLogger(__name__)


class Spooler(threading.Thread):
    """Prints the queue of one printer until `stop`."""

    def __init__(self, atelier: Atelier, config: PrinterConfig, drawer: LabelDrawer) -> None:
        super().__init__(name=f"printer {config.name}", daemon=True)
        self._atelier = atelier
        self._config = config
        self._drawer = drawer
        self._printer: Printer = printer_for(config.profile)
        self._stopping = threading.Event()
        self._status_in_s = 0.0
        self._claimed: PrintJob | None = None
        self._artist = ThreadPoolExecutor(1, thread_name_prefix=f"drawing for {config.name}")
        self._ahead: tuple[PrintJob, Future[Image | None]] | None = None

    def run(self) -> None:
        self._print_until_stopped()
        self._artist.shutdown(cancel_futures=True)
        if self._claimed:
            with contextlib.suppress(StoreFull, WriterStopped):  # else a person looks whether it was printed
                self._put_back(self._claimed, fault="")

    def _print_until_stopped(self) -> None:
        wait_s = 0.0
        while not self._stopping.wait(wait_s):
            try:
                wait_s = self._print_next()
            except WriterStopped:
                return
            except StoreFull:
                wait_s = RETRY_S
            except Exception:
                log.exception("the printer %s stumbled", self._config.name)
                wait_s = RETRY_S

    def stop(self) -> None:
        self._stopping.set()

    def _print_next(self) -> float:
        """Prints one label; returns how long to wait before the next."""
        job, self._claimed = self._claimed or self._claim(), None
        if job is None:
            self._look_at_printer()
            return IDLE_S
        outcome = self._print(job)
        if outcome.state == "failed" and outcome.bytes_sent == 0:
            self._put_back(job, fault=outcome.fault)
            self._tell(outcome.fault)
            return RETRY_S
        self._settle(job, outcome)
        if outcome.fault:
            self._tell(outcome.fault)
            return RETRY_S
        self._tell("ready" if outcome.state == "confirmed" else "unknown")
        return 0.0

    def _claim(self) -> PrintJob | None:
        waiting = self._waiting()
        return self._atelier.run(print_jobs.claim_next, self._config.name, self._now()) if waiting else None

    def _put_back(self, job: PrintJob, *, fault: str) -> None:
        self._atelier.run(print_jobs.put_back, job.id, fault=fault, at_ms=self._now())

    def _print(self, job: PrintJob) -> Outcome:
        try:
            image = self._drawn(job)
        except (LabelError, EOFError, OSError) as error:
            log.error("label %d of %s cannot be drawn: %s", job.id, job.bundle, error)
            return Outcome("failed", 0, 0, "none", "cannot_draw")
        if image is None:
            return Outcome("failed", 0, 0, "none", "no_such_bundle")
        self._draw_ahead()
        return self._printer.print_image(
            image, job_number=job.id, on_sent=lambda sent, total: self._sent(job, sent, total)
        )

    def _drawn(self, job: PrintJob) -> Image | None:
        """Drawn while the label before was printing, where it was seen coming."""
        ahead, self._ahead = self._ahead, None
        if ahead and (ahead[0].id, ahead[0].label) == (job.id, job.label):
            return ahead[1].result()
        return self._draw(job)

    def _draw_ahead(self) -> None:
        with self._atelier.reading() as db:
            following = print_jobs.first_queued(db, self._config.name)
        if following:
            self._ahead = following, self._artist.submit(self._draw, following)

    def _draw(self, job: PrintJob) -> Image | None:
        """`None` for a bundle that is not there."""
        with self._atelier.reading() as db:
            card = bundles.card(db, job.bundle)
            label = pictured_label(db, card, duplicate=job.duplicate) if card else None
        if label is None:
            return None
        return self._drawer.draw(
            "bundle",
            label,
            size=job.label,
            dots_per_mm=self._config.dots_per_mm,
            width_dots=self._config.width_dots,
        )

    def _sent(self, job: PrintJob, sent: int, total: int) -> None:
        """The last byte is out: from now on only the printer's word, or a person's, can say more."""
        if sent >= total:
            self._atelier.run(
                print_jobs.note, job.id, state="sent", sent=(sent, total), rung="", fault="", at_ms=self._now()
            )

    def _settle(self, job: PrintJob, outcome: Outcome) -> None:
        """What became of a label, and in the same commit the next one is claimed, or after a fault the batch stopped."""
        sent = (outcome.bytes_sent, outcome.bytes_total)

        def settle(db: sqlite_utils.Database, *, at_ms: int) -> PrintJob | None:
            told = {"state": outcome.state, "rung": outcome.rung, "fault": outcome.fault}
            print_jobs.note(db, job.id, sent=sent, at_ms=at_ms, **told)
            if outcome.fault:
                print_jobs.stop_batch(db, job.batch, at_ms)
                return None
            return print_jobs.claim_next(db, self._config.name, at_ms)

        self._claimed = self._atelier.run(settle, at_ms=self._now())

    def _waiting(self) -> bool:
        with self._atelier.reading() as db:
            return print_jobs.waiting_count(db, self._config.name) > 0

    def _look_at_printer(self) -> None:
        self._status_in_s -= IDLE_S
        if self._status_in_s <= 0:
            self._status_in_s = STATUS_EVERY_S
            status = self._printer.status()
            self._tell(status.state, status.detail)

    def _tell(self, state: str, detail: str = "") -> None:
        self._atelier.devices.tell("printer", self._config.name, state, at_ms=self._now(), detail=detail)

    def _now(self) -> int:
        return self._atelier.clock.now_ms()
