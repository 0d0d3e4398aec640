"""The print spooler: one loop per printer. What is on paper is never guessed, and nothing prints twice by itself."""

import logging
import threading

from devices.printers import Outcome, Printer, PrinterProfile, printer_for
from floor_app.atelier import Atelier
from floor_app.config import PrinterConfig
from floor_app.labels import label_of
from floor_app.store import bundles, print_jobs
from floor_app.store.print_jobs import PrintJob
from floor_app.store.writer import StoreFull, WriterStopped
from label_templates.render import render_label

IDLE_S = 0.2
RETRY_S = 2.0
STATUS_EVERY_S = 10.0
log = logging.getLogger(__name__)


class Spooler(threading.Thread):
    """Prints the queue of one printer until `stop`."""

    def __init__(self, atelier: Atelier, config: PrinterConfig) -> None:
        super().__init__(name=f"printer {config.name}", daemon=True)
        self._atelier = atelier
        self._config = config
        profile = PrinterProfile(config.name, config.address, config.language, config.width_dots, config.dots_per_mm)
        self._printer: Printer = printer_for(profile)
        self._stopping = threading.Event()
        self._status_in_s = 0.0

    def run(self) -> None:
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
        job = self._atelier.run(print_jobs.claim_next, self._config.name, self._now()) if self._waiting() else None
        if job is None:
            self._look_at_printer()
            return IDLE_S
        outcome = self._print(job)
        if outcome.state == "failed" and outcome.bytes_sent == 0:
            self._atelier.run(print_jobs.put_back, job.id, fault=outcome.fault, at_ms=self._now())
            self._tell(outcome.fault)
            return RETRY_S
        self._note(job, outcome)
        if outcome.fault:
            self._atelier.run(print_jobs.stop_batch, job.batch, self._now())
            self._tell(outcome.fault)
            return RETRY_S
        self._tell("ready" if outcome.state == "confirmed" else "unknown")
        return 0.0

    def _print(self, job: PrintJob) -> Outcome:
        with self._atelier.reading() as db:
            card = bundles.card(db, job.bundle)
        if card is None:
            return Outcome("failed", 0, 0, "none", "no_such_bundle")
        image = render_label(
            "bundle",
            label_of(card, duplicate=job.duplicate),
            size=job.label,
            dots_per_mm=self._config.dots_per_mm,
            width_dots=self._config.width_dots,
        )
        return self._printer.print_image(
            image, job_number=job.id, on_sent=lambda sent, total: self._sent(job, sent, total)
        )

    def _sent(self, job: PrintJob, sent: int, total: int) -> None:
        """The last byte is out: from now on only the printer's word, or a person's, can say more."""
        if sent >= total:
            self._atelier.run(
                print_jobs.note, job.id, state="sent", sent=(sent, total), rung="", fault="", at_ms=self._now()
            )

    def _note(self, job: PrintJob, outcome: Outcome) -> None:
        sent = (outcome.bytes_sent, outcome.bytes_total)
        self._atelier.run(
            print_jobs.note,
            job.id,
            state=outcome.state,
            sent=sent,
            rung=outcome.rung,
            fault=outcome.fault,
            at_ms=self._now(),
        )

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
