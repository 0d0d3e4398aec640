"""Ask an ESC/POS printer how it is, and whether the label came out.

The ladder of acknowledgement, and what each rung is worth here:
1. `GS ( H` process id: sent by the printer "when the printing is completed" (Epson). This alone confirms a label.
2. `GS r 1` queued status: only says that the data before it was processed; paper may still run out with the label in
   the print buffer. It confirms only on a printer set up without process id, that is after somebody tried it, and then
   only with a clean real-time status after the mechanism had its time. Elsewhere the label is `unknown`.
3. `DLE EOT` real-time status: answers past the queue, so "no fault" says nothing about this label. Never confirms; but
   paper out, cover open or an error after sending mean `failed`.
4. No word: `unknown`.
"""

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from devices.errors import DeviceError, DeviceStalled
from devices.ports import Port
from devices.printers.escpos_replies import Replies, status_of, status_of_automatic
from devices.printers.printer import Acknowledgement, PrinterStatus, Rung

_UNKNOWN = PrinterStatus("unknown", "no answer")
_CLEAR_BUFFERS = bytes((0x10, 0x14, 0x08, 1, 3, 20, 1, 6, 2, 8))  # DLE DC4 fn 8
_QUEUED_PAPER_END = 0x0C


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait: one real-time answer, the acknowledgement beyond the printing time, between two questions."""

    answer_s: float = 1.0
    acknowledgement_s: float = 4.0
    poll_s: float = 0.5


class EscPosConversation:
    """One open port. Its DeviceLost passes through, except in `overheard` and `forget_label`."""

    def __init__(self, port: Port, *, process_id: bool, patience: Patience) -> None:
        self._port = port
        self._process_id = process_id
        self._patience = patience
        self._replies = Replies()

    def status(self) -> PrinterStatus:
        """Asked before a label: what was said earlier is forgotten, it is no answer to that label."""
        self._listen(0.0)
        self._replies = Replies()
        return self._real_time_status()

    def acknowledgement_request(self, job_number: int) -> bytes:
        queued_status = b"\x1dr\x01"
        return process_id_command(job_number) + queued_status if self._process_id else queued_status

    def acknowledgement(self, job_number: int, *, printing_s: float) -> Acknowledgement:
        try:
            return self._await_word(job_number, printing_s)
        except DeviceError:
            self.overheard()
            if self._process_id_of(job_number):
                return Acknowledgement("confirmed", "process_id")
            raise

    def overheard(self) -> PrinterStatus:
        with suppress(DeviceError):
            self._listen(0.0)
        if any(answer & _QUEUED_PAPER_END == _QUEUED_PAPER_END for answer in self._replies.queued):
            return PrinterStatus("paper_out", "queued status")
        return status_of_automatic(self._replies.automatic[-1]) if self._replies.automatic else _UNKNOWN

    def forget_label(self) -> None:
        """Clear receive and print buffer (DLE DC4 fn 8; Epson: send nothing more before it answered)."""
        self._replies.cleared = False
        with suppress(DeviceError):
            self._port.write(_CLEAR_BUFFERS, stall_s=self._patience.answer_s)
            self._listen_until(lambda: self._replies.cleared, self._patience.poll_s)

    def _await_word(self, job_number: int, printing_s: float) -> Acknowledgement:
        started_at = time.monotonic()
        status, processed_at = _UNKNOWN, None
        while time.monotonic() - started_at < self._patience.acknowledgement_s + printing_s:
            if self._hears_process_id(job_number):
                return Acknowledgement("confirmed", "process_id")
            status = self._status_since_label()
            if status.ends_label:
                break
            if processed_at is None and self._replies.queued:
                processed_at = time.monotonic()
            if processed_at and time.monotonic() - processed_at > printing_s + self._patience.poll_s:
                break
        return self._verdict(job_number, status, processed=processed_at is not None)

    def _status_since_label(self) -> PrinterStatus:
        overheard = self.overheard()
        return overheard if overheard.ends_label else self._real_time_status()

    def _real_time_status(self) -> PrinterStatus:
        """All four real-time questions, one at a time since answers carry no number; a mute printer is asked once."""
        answers: dict[int, int] = {}
        for number in (1, 2, 3, 4):
            answer = self._ask(number)
            if answer is not None:
                answers[number] = answer
            elif number == 1:
                break
        return status_of(answers)

    def _verdict(self, job_number: int, status: PrinterStatus, *, processed: bool) -> Acknowledgement:
        if self._process_id_of(job_number):
            return Acknowledgement("confirmed", "process_id")
        if status.ends_label:
            return Acknowledgement("failed", "realtime_status", status.state)
        fault = status.state if status.refuses_label else ""
        if not processed:
            rung: Rung = "none" if status.state == "unknown" else "realtime_status"
            return Acknowledgement("unknown", rung, fault)
        trusted = not self._process_id and status.state in ("ready", "paper_near_end")
        return Acknowledgement("confirmed" if trusted else "unknown", "queued_status", fault)

    def _hears_process_id(self, job_number: int) -> bool:
        """Listen until the printer returns this label's number, or until it is time to ask again."""
        return self._listen_until(lambda: self._process_id_of(job_number), self._patience.poll_s)

    def _process_id_of(self, job_number: int) -> bool:
        return _process_id(job_number) in self._replies.process_ids

    def _ask(self, number: int) -> int | None:
        self._listen(0.0)
        self._replies.real_time.clear()  # a late answer to an earlier question
        with suppress(DeviceStalled):  # a question stuck behind a full buffer: the label may still come out
            self._port.write(bytes((0x10, 0x04, number)), stall_s=self._patience.answer_s)
        heard = self._listen_until(lambda: bool(self._replies.real_time), self._patience.answer_s)
        return self._replies.real_time[0] if heard else None

    def _listen_until(self, heard: Callable[[], bool], limit_s: float) -> bool:
        give_up_at = time.monotonic() + limit_s
        while not heard():
            left_s = give_up_at - time.monotonic()
            if left_s <= 0:
                return False
            self._listen(left_s)
        return True

    def _listen(self, timeout_s: float) -> None:
        self._replies.feed(self._port.read(timeout_s=timeout_s))


def process_id_command(job_number: int) -> bytes:
    """`GS ( H` function 48 with four digits of the job number (Epson: four bytes of 32..126)."""
    return b"\x1d(H\x06\x0000" + _process_id(job_number)


def _process_id(job_number: int) -> bytes:
    return b"%04d" % (job_number % 10_000)
