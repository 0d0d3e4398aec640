"""A printer = a language + a port. One connection per label: a connection kept open dies unnoticed."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import closing
from typing import TYPE_CHECKING

from devices.errors import DeviceBusy, DeviceError, DeviceMissing, DeviceStalled
from devices.ports import Port, open_port
from devices.printers.printer import (
    Conversation,
    Language,
    Outcome,
    OutcomeState,
    PrinterProfile,
    PrinterStatus,
    Rung,
)

if TYPE_CHECKING:
    from PIL import Image

SLOWEST_MM_PER_S = 40.0  # the slowest mechanisms sold print 50 mm/s


class PortPrinter:
    """Implements Printer. Threads may share one: a status waits for the label being printed."""

    def __init__(self, profile: PrinterProfile, language: Language, *, stall_s: float = 2.0) -> None:
        self.profile = profile
        self._language = language
        self._stall_s = stall_s
        self._one_talk_at_a_time = threading.Lock()
        self._left_halfway = True  # who knows what an earlier process left

    def status(self) -> PrinterStatus:
        with self._one_talk_at_a_time:
            try:
                with closing(open_port(self.profile.address)) as port:
                    return self._language.converse(port).status() if port.answers else _MUTE
            except DeviceMissing as error:
                return PrinterStatus("missing", str(error))
            except DeviceError as error:
                return PrinterStatus("unknown", str(error))

    def print_image(
        self, image: Image.Image, *, job_number: int, on_sent: Callable[[int, int], None] | None = None
    ) -> Outcome:
        label = self._language.encode(image, self.profile)
        printing_s = image.height / self.profile.dots_per_mm / SLOWEST_MM_PER_S
        with self._one_talk_at_a_time:
            try:
                port = open_port(self.profile.address)
            except DeviceError as error:
                return Outcome("failed", 0, len(label), "none", _fault(error))
            with closing(port):
                job = _Job(port, self._language.converse(port), job_number, on_sent)
                outcome = job.run(label, clear_first=self._left_halfway, printing_s=printing_s, stall_s=self._stall_s)
            if outcome.bytes_sent:
                self._left_halfway = outcome.fault in ("stalled", "lost")
            return outcome


_MUTE = PrinterStatus("unknown", "nothing answers from a file")


class _Job:
    """One label on one open port; counts what the device took."""

    def __init__(
        self, port: Port, talk: Conversation, job_number: int, on_sent: Callable[[int, int], None] | None
    ) -> None:
        self._port = port
        self._talk = talk
        self._job_number = job_number
        self._on_sent = on_sent
        self._sent = 0
        self._total = 0

    def run(self, label: bytes, *, clear_first: bool, printing_s: float, stall_s: float) -> Outcome:
        """`clear_first`: a label cut off in its pixels would swallow the beginning of this one."""
        request = self._talk.acknowledgement_request(self._job_number) if self._port.answers else b""
        self._total = len(label) + len(request)
        try:
            outcome = self._refused(clear_first) or self._print(label + request, printing_s, stall_s)
        except DeviceError as error:
            outcome = self._interrupted(_fault(error))
        if outcome.state == "failed" and self._sent:
            self._talk.forget_label()  # else it comes out when paper is loaded, beside the reprint
        return outcome

    def _refused(self, clear_first: bool) -> Outcome | None:
        if not self._port.answers:
            return None
        status = self._talk.status()
        if status.refuses_label:
            return self._outcome("failed", "realtime_status", status.state)
        if clear_first:
            self._talk.forget_label()
        return None

    def _print(self, payload: bytes, printing_s: float, stall_s: float) -> Outcome:
        self._port.write(payload, stall_s=stall_s, on_sent=self._count)
        if not self._port.answers:
            return self._outcome("unknown", "none")
        word = self._talk.acknowledgement(self._job_number, printing_s=printing_s)
        return self._outcome(word.state, word.rung, word.fault)

    def _interrupted(self, fault: str) -> Outcome:
        """Not one byte taken: certainly not printed. Else only the printer's own word makes it `failed`."""
        if not self._sent:
            return self._outcome("failed", "none", fault)
        status = self._talk.overheard()
        if status.ends_label:
            return self._outcome("failed", "realtime_status", status.state)
        return self._outcome("unknown", "none", fault)

    def _count(self, sent: int) -> None:
        self._sent = sent
        if self._on_sent is not None:
            self._on_sent(sent, self._total)

    def _outcome(self, state: OutcomeState, rung: Rung, fault: str = "") -> Outcome:
        return Outcome(state, self._sent, self._total, rung, fault)


def _fault(error: DeviceError) -> str:
    return _FAULTS.get(type(error), "lost")


_FAULTS: dict[type[DeviceError], str] = {DeviceMissing: "missing", DeviceBusy: "busy", DeviceStalled: "stalled"}
