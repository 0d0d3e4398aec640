"""The talk with a label printer that shows when it works: ZPL and TSPL. No process id exists there.

What the printer's word is worth:
1. Calm before the label, working after it, calm again without a fault or a silence: that label came out. It alone was at
   work, since a port has one owner and the printer was calm before. Rung `realtime_status`; `confirmed`.
2. Calm all the time: the status is answered past the queue, the label may not even have been read. `unknown`.
3. A fault while the label was still waiting or at work: `failed`. A fault after it was at work may be the end of the roll
   behind a whole label: `unknown`. Either way the printer is told to forget it, else it prints again when paper is loaded.
4. No word: `unknown`. Where the maker says that silence is a fault (Zebra, ~HS), with the fault `unknown`, so that the
   batch stops.
A person who cancels a label at the printer while it is at work makes it calm too: that label is confirmed and missing.
"""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol

from devices.errors import DeviceError, DeviceStalled
from devices.ports import Port
from devices.printers.escpos_conversation import Patience
from devices.printers.printer import Acknowledgement, PrinterStatus

STARTS_WITHIN_S = 1.5  # a label of 40 kB is read and begun by then; calm until then says nothing
_SILENT = PrinterStatus("unknown", "no answer")


@dataclass(frozen=True, slots=True)
class Report:
    """One answer of the printer. `busy`: it has anything to do; `at_work`: a label that it has read whole prints."""

    status: PrinterStatus
    busy: bool
    at_work: bool


class Replies(Protocol):
    """Takes bytes as they arrive, however they are cut; `reports` are the answers found, oldest first."""

    reports: list[Report]

    def feed(self, data: bytes) -> None: ...


@dataclass(frozen=True, slots=True)
class Questions:
    """The bytes that ask for a report and that cancel what the printer holds, and what its answers mean.

    `shows_printing`: it shows that it is at work until the label is out. Else it may call itself done while the last
    label still moves, and must stay calm for as long as a label takes.
    """

    report: bytes
    cancel: bytes
    silence_is_fault: bool
    shows_printing: bool


class WatchedConversation:
    """One open port. Its DeviceLost passes through, except in `overheard` and `forget_label`."""

    def __init__(self, port: Port, questions: Questions, replies: Replies, *, patience: Patience) -> None:
        self._port = port
        self._questions = questions
        self._replies = replies
        self._patience = patience
        self._calm_before = False

    def status(self) -> PrinterStatus:
        report = self._look()
        return report.status if report else _SILENT

    def acknowledgement_request(self, job_number: int) -> bytes:
        """The first question goes out with the label, so that a fast printer is seen at work."""
        return self._questions.report

    def acknowledgement(self, job_number: int, *, printing_s: float) -> Acknowledgement:
        started_at = time.monotonic()
        rest_s = 0.0 if self._questions.shows_printing else printing_s
        watch = _Watch(calm_before=self._calm_before, rest_s=rest_s)
        report = self._hear(self._patience.answer_s)
        while not watch.take(report, now := time.monotonic()) and now - started_at < self._limit_s(watch, printing_s):
            self._listen(self._patience.poll_s)
            self._ask()
            report = self._hear(self._patience.answer_s)
        word = watch.verdict(silence_is_fault=self._questions.silence_is_fault)
        if word.state == "unknown" and word.fault:
            self.forget_label()  # what a person now sees on paper stays true when the fault is put right
        return word

    def overheard(self) -> PrinterStatus:
        with suppress(DeviceError):
            self._listen(0.0)
        return self._replies.reports[-1].status if self._replies.reports else PrinterStatus("unknown", "nothing said")

    def forget_label(self) -> None:
        """Cancel, then wait for an answer: what is sent while a printer clears its buffer may be cleared too."""
        with suppress(DeviceError):
            self._port.write(self._questions.cancel, stall_s=self._patience.answer_s)
            self._look()

    def _look(self) -> Report | None:
        """Ask anew; what was said earlier is no answer."""
        self._listen(0.0)
        self._replies.reports.clear()
        self._ask()
        report = self._hear(self._patience.answer_s)
        self._calm_before = report is not None and not report.busy
        return report

    def _limit_s(self, watch: _Watch, printing_s: float) -> float:
        return printing_s + (STARTS_WITHIN_S if watch.calm_so_far else self._patience.acknowledgement_s)

    def _ask(self) -> None:
        with suppress(DeviceStalled):  # a question stuck behind a full buffer: the label may still come out
            self._port.write(self._questions.report, stall_s=self._patience.answer_s)

    def _hear(self, limit_s: float) -> Report | None:
        """The next answer, in the order they were given; None when none came within `limit_s`."""
        give_up_at = time.monotonic() + limit_s
        while not self._replies.reports:
            left_s = give_up_at - time.monotonic()
            if left_s <= 0:
                return None
            self._listen(left_s)
        return self._replies.reports.pop(0)

    def _listen(self, timeout_s: float) -> None:
        self._replies.feed(self._port.read(timeout_s=timeout_s))


class _Watch:
    """What was seen of one label since it was sent. `rest_s`: how long it must stay calm to be taken for printed."""

    def __init__(self, *, calm_before: bool, rest_s: float) -> None:
        self._certain = calm_before
        self._rest_s = rest_s
        self._worked = self._heard = self._done = False
        self._calm_at: float | None = None
        self._last: Report | None = None

    @property
    def calm_so_far(self) -> bool:
        last = self._last
        return last is not None and not self._worked and not last.busy and not last.status.refuses_label

    def take(self, report: Report | None, at: float) -> bool:
        """Add one answer, None for silence, heard `at` (seconds). True when nothing more is to be learned."""
        self._last = report
        if report is None:
            self._certain = False  # a fault may have come and gone, and taken the label with it
            return False
        self._heard = True
        self._worked |= report.at_work
        self._done = self._rests(report, at)
        return report.status.ends_label or self._done

    def verdict(self, *, silence_is_fault: bool) -> Acknowledgement:
        if self._last is None:
            fault = "unknown" if silence_is_fault else ""
            return Acknowledgement("unknown", "realtime_status" if self._heard else "none", fault)
        status = self._last.status
        if status.ends_label and (self._last.busy or not self._worked):
            return Acknowledgement("failed", "realtime_status", status.state)
        if self._done and self._certain:
            return Acknowledgement("confirmed", "realtime_status")
        stuck = "unknown" if self._last.busy else ""  # at work longer than the slowest mechanism: somebody must look
        return Acknowledgement("unknown", "realtime_status", status.state if status.refuses_label else stuck)

    def _rests(self, report: Report, at: float) -> bool:
        if report.busy or report.status.refuses_label or not self._worked:
            self._calm_at = None
            return False
        self._calm_at = at if self._calm_at is None else self._calm_at
        return at - self._calm_at >= self._rest_s
