"""ZPL and TSPL: did the label come out? One table of printers and what may be said of a label sent to each of them."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import ClassVar

import pytest
from PIL import Image, ImageDraw

from devices.ports import Port, SocketPort, open_port
from devices.printers import Outcome, PrinterProfile, PrinterStatus
from devices.printers.escpos_conversation import Patience
from devices.printers.port_printer import PortPrinter
from devices.printers.printer import Acknowledgement, Language
from devices.printers.simulated import Faults, SimulatedPrinter, SimulatedSerialPrinter
from devices.printers.tspl import Tspl
from devices.printers.watched_conversation import WatchedConversation
from devices.printers.zpl import Zpl
from tests.waiting import wait_until

PATIENCE = Patience(answer_s=3.0, acknowledgement_s=3.0, poll_s=0.05)
LITTLE_PATIENCE = Patience(answer_s=1.0, acknowledgement_s=1.0, poll_s=0.05)  # answers once, then no more
NO_PATIENCE = Patience(answer_s=0.2, acknowledgement_s=0.5, poll_s=0.05)  # where there is nothing to wait for
FAST_DOTS_PER_MM = 40.0  # a small label, so that nobody waits for the mechanism
LABEL = Image.new("1", (400, 240), 1)
ImageDraw.Draw(LABEL).text((30, 30), "PAQUET 7 / 12", fill=0)
ImageDraw.Draw(LABEL).rectangle((220, 40, 380, 200), fill=0)


@dataclass(frozen=True)
class Row:
    """A printer, the status it must show before the label, and what must be said of the label."""

    printer: str
    faults: Callable[[], Faults]
    status: str
    state: str
    rung: str = "realtime_status"
    fault: str = ""
    labels: int = 0
    all_sent: bool | None = True  # None: depends on how much the line still held
    patience: Patience = PATIENCE
    stall_s: float = 2.0


def refusing(printer: str, faults: Callable[[], Faults], status: str) -> Row:
    return Row(printer, faults, status, "failed", fault=status, all_sent=False)


BOTH = [
    Row("healthy", Faults, "ready", "confirmed", labels=1),
    Row("slow line", lambda: Faults(bytes_per_s=60_000), "ready", "confirmed", labels=1),
    Row("calm whatever it does", lambda: Faults(shows_no_work=True), "ready", "unknown", labels=1),
    refusing("no paper", lambda: Faults(paper_left_rows=0), "paper_out"),
    refusing("cover open", lambda: Faults(cover_open=True), "cover_open"),
    refusing("no ribbon", lambda: Faults(ribbon_out=True), "error"),
    refusing("paused", lambda: Faults(paused=True), "offline"),
    Row("cable pulled", lambda: Faults(drops_after_bytes=5_000), "ready", "unknown", "none", "lost", all_sent=None),
    Row(
        "hanging up when asked",
        lambda: Faults(drops_after_bytes=1),
        "unknown",
        "failed",
        "none",
        "lost",
        all_sent=False,
    ),
    Row(
        "stalled",
        lambda: Faults(stalls_after_bytes=3_000),
        "ready",
        "unknown",
        "none",
        "stalled",
        all_sent=False,
        stall_s=0.5,
    ),
]
ZPL = [
    *BOTH,
    refusing("too hot", lambda: Faults(too_hot=True), "too_hot"),
    Row("count of dots fed", lambda: Faults(dots_fed=1_334_273), "ready", "confirmed", labels=1),
    Row("paper out at row 100", lambda: Faults(paper_left_rows=100), "ready", "failed", fault="paper_out"),
    Row(
        "mute, paper out at row 100",
        lambda: Faults(paper_left_rows=100, mute_when_stopped=True),
        "ready",
        "unknown",
        fault="unknown",
        patience=LITTLE_PATIENCE,
    ),
    Row(
        "mute, no paper",
        lambda: Faults(paper_left_rows=0, mute_when_stopped=True),
        "unknown",
        "unknown",
        "none",
        "unknown",
        patience=NO_PATIENCE,
    ),
    Row("silent", lambda: Faults(silent=True), "unknown", "unknown", "none", "unknown", labels=1, patience=NO_PATIENCE),
]
TSPL = [
    *BOTH,
    refusing("too hot", lambda: Faults(too_hot=True), "error"),
    refusing("cutter jam", lambda: Faults(cutter_error=True), "error"),
    Row("paper out at row 100", lambda: Faults(paper_left_rows=100), "ready", "unknown", fault="paper_out"),
    Row("last label of the roll", lambda: Faults(paper_left_rows=240), "ready", "unknown", fault="paper_out", labels=1),
    Row("silent", lambda: Faults(silent=True), "unknown", "unknown", "none", labels=1, patience=NO_PATIENCE),
    Row(
        "silent, paper out at row 100",
        lambda: Faults(silent=True, paper_left_rows=100),
        "unknown",
        "unknown",
        "none",
        patience=NO_PATIENCE,
    ),
]
ROWS = [pytest.param("zpl", row, id=f"zpl, {row.printer}") for row in ZPL]
ROWS += [pytest.param("tspl", row, id=f"tspl, {row.printer}") for row in TSPL]


def speaking(language: str, patience: Patience = PATIENCE) -> Zpl | Tspl:
    return Zpl(patience=patience) if language == "zpl" else Tspl(patience=patience)


def profile_of(simulated: SimulatedPrinter | SimulatedSerialPrinter, language: str) -> PrinterProfile:
    return PrinterProfile("cutting", simulated.address, language, 576, FAST_DOTS_PER_MM)


@dataclass
class Seen:
    status: PrinterStatus
    outcome: Outcome


def print_one(name: str, row: Row, language: Language | None = None) -> Seen:
    with SimulatedPrinter(language=name, faults=row.faults()) as simulated:
        spoken = language or speaking(name, row.patience)
        printer = PortPrinter(profile_of(simulated, name), spoken, stall_s=row.stall_s)
        status = printer.status()
        outcome = printer.print_image(LABEL, job_number=42)
        if row.labels:
            wait_until(lambda: len(simulated.labels) == row.labels, "the label came out")
        assert len(simulated.labels) == row.labels
        assert simulated.stray_bytes == 0
        return Seen(status, outcome)


def agrees(row: Row, seen: Seen) -> bool:
    outcome = seen.outcome
    return (
        seen.status.state == row.status
        and (outcome.state, outcome.rung, outcome.fault) == (row.state, row.rung, row.fault)
        and row.all_sent in (None, outcome.bytes_sent == outcome.bytes_total)
    )


@pytest.mark.parametrize(("language", "row"), ROWS)
def test_what_is_said_of_a_label_is_what_the_printer_said(language: str, row: Row) -> None:
    seen = print_one(language, row)
    assert agrees(row, seen), seen


class ConfirmsCalm(WatchedConversation):
    """A program that takes a printer without a fault for one that has printed."""

    def acknowledgement(self, job_number: int, *, printing_s: float) -> Acknowledgement:
        word = super().acknowledgement(job_number, printing_s=printing_s)
        return Acknowledgement("confirmed", word.rung) if not word.fault else word


@dataclass(frozen=True)
class BelievingTspl:
    """TSPL with a conversation that believes too easily."""

    settings: ClassVar[Mapping[str, tuple[float, float]]] = Tspl.settings
    patience: Patience

    def encode(self, image: Image.Image, profile: PrinterProfile) -> bytes:
        return Tspl().encode(image, profile)

    def converse(self, port: Port) -> WatchedConversation:
        honest = Tspl(patience=self.patience).converse(port)
        return ConfirmsCalm(port, honest._questions, honest._replies, patience=self.patience)


@pytest.mark.parametrize("printer", ["calm whatever it does", "silent", "silent, paper out at row 100"])
def test_the_table_catches_a_program_that_believes_too_easily(printer: str) -> None:
    (row,) = [row for row in TSPL if row.printer == printer]
    assert not agrees(row, print_one("tspl", row, BelievingTspl(row.patience)))


CALM, AT_WORK, OUT_OF_PAPER, PAUSED = b"\x00", b"\x20", b"\x04", b"\x10"


def host_status(*, formats: int = 0, half: int = 0, left: int = 0, paper_out: int = 0) -> bytes:
    first = f"030,{paper_out},0,0240,{formats:03},0,0,{half},000,0,0,0"
    return f"\x02{first}\x03\r\n\x02000,0,0,0,1,2,6,0,{left:08},1,000\x03\r\n\x020000,0\x03\r\n".encode("ascii")


@contextmanager
def scripted(*answers: bytes) -> Iterator[Port]:
    """A port to a printer that gives these answers, one to each question; the last one again and again."""
    ours, device = socket.socketpair()
    ours.setblocking(False)
    thread = threading.Thread(target=_answer, args=(device, list(answers)))
    thread.start()
    port = SocketPort("socket://printer:9100", ours)
    try:
        yield port
    finally:
        port.close()
        thread.join()


def _answer(device: socket.socket, answers: list[bytes]) -> None:
    with device:
        while question := device.recv(3):
            if question not in (b"~JA", b"\x1b!."):
                device.sendall(answers.pop(0) if len(answers) > 1 else answers[0])


# The first answer is given before the label, the second to the question that goes out with it.
STORIES = [
    ("tspl", "printed", (CALM, AT_WORK, AT_WORK, CALM), "confirmed", ""),
    ("tspl", "another label was at work before", (AT_WORK, AT_WORK, CALM), "unknown", ""),
    ("tspl", "never at work", (CALM, CALM), "unknown", ""),
    ("tspl", "out of paper before it began", (CALM, OUT_OF_PAPER), "failed", "paper_out"),
    ("tspl", "out of paper after it began", (CALM, AT_WORK, OUT_OF_PAPER), "unknown", "paper_out"),
    ("tspl", "paused and resumed", (CALM, AT_WORK, PAUSED, AT_WORK, CALM), "confirmed", ""),
    ("tspl", "paused for good", (CALM, AT_WORK, PAUSED), "unknown", "offline"),
    ("tspl", "at work for ever", (CALM, AT_WORK), "unknown", "unknown"),
    ("tspl", "a silence in between", (CALM, AT_WORK, b"", CALM), "unknown", ""),
    ("tspl", "text instead of a status", (CALM, AT_WORK, b"OK", CALM), "unknown", ""),
    ("zpl", "printed", (host_status(), host_status(half=1), host_status(left=1), host_status()), "confirmed", ""),
    ("zpl", "read and thrown away", (host_status(), host_status(half=1), host_status()), "unknown", ""),
    ("zpl", "waiting, then gone", (host_status(), host_status(formats=1), host_status()), "unknown", ""),
    (
        "zpl",
        "calm for a moment only",
        (host_status(), host_status(left=1), host_status(), host_status(left=1)),
        "unknown",
        "unknown",
    ),
    ("zpl", "half a label in it before", (host_status(half=1), host_status(left=1), host_status()), "unknown", ""),
    (
        "zpl",
        "out of paper at work",
        (host_status(), host_status(left=1), host_status(left=1, paper_out=1)),
        "failed",
        "paper_out",
    ),
    ("zpl", "falls silent when it calls itself done", (host_status(), host_status(left=1), b""), "unknown", "unknown"),
    (
        "zpl",
        "silent while paper is loaded",
        (host_status(), host_status(left=1), host_status(), b"", host_status()),
        "unknown",
        "",
    ),
]


@pytest.mark.parametrize(
    ("language", "story", "answers", "state", "fault"), STORIES, ids=[f"{row[0]}, {row[1]}" for row in STORIES]
)
def test_only_a_printer_seen_at_work_and_then_calm_confirms(
    language: str, story: str, answers: tuple[bytes, ...], state: str, fault: str
) -> None:
    some_are_no_answer = not {b"", b"OK"}.isdisjoint(answers)
    patience = Patience(answer_s=0.5 if some_are_no_answer else 3.0, acknowledgement_s=1.2, poll_s=0.02)
    with scripted(*answers) as port:
        conversation = speaking(language, patience).converse(port)
        conversation.status()
        port.write(conversation.acknowledgement_request(42))
        word = conversation.acknowledgement(42, printing_s=0.3)
    assert (word.state, word.fault) == (state, fault), story


@pytest.mark.parametrize("language", ["zpl", "tspl"])
def test_a_label_that_met_a_fault_does_not_come_out_beside_its_reprint_when_paper_is_loaded(
    language: str,
) -> None:
    with SimulatedPrinter(language=language, faults=Faults(paper_left_rows=100)) as simulated:
        printer = PortPrinter(profile_of(simulated, language), speaking(language))
        assert printer.print_image(LABEL, job_number=1).fault == "paper_out"
        simulated.load_paper()
        assert printer.print_image(LABEL, job_number=2).state == "confirmed"
        assert [label.crop((0, 0, 400, 240)).tobytes() for label in simulated.labels] == [LABEL.tobytes()]


@pytest.mark.parametrize("language", ["zpl", "tspl"])
def test_a_label_nobody_cancelled_is_given_up_or_printed_again_when_paper_is_loaded(language: str) -> None:
    label = speaking(language).encode(LABEL, PrinterProfile("cutting", "socket://127.0.0.1:9", language, 576, 8.0))
    with SimulatedPrinter(language=language, faults=Faults(paper_left_rows=100)) as simulated:
        port = open_port(simulated.address)
        port.write(label)
        wait_until(lambda: simulated.faults.paper_left_rows == 0, "the paper ended")
        simulated.load_paper()
        port.write(label)
        wait_until(lambda: len(simulated.labels) == (1 if language == "zpl" else 2), "the labels came out")
        port.close()


@pytest.mark.parametrize("fault", ["drops_after_bytes", "stalls_after_bytes"])
@pytest.mark.parametrize("language", ["zpl", "tspl"])
def test_the_label_after_an_interrupted_one_comes_out_whole(language: str, fault: str) -> None:
    with SimulatedPrinter(language=language) as simulated:
        printer = PortPrinter(profile_of(simulated, language), speaking(language), stall_s=0.5)
        setattr(simulated.faults, fault, 3_000)
        assert printer.print_image(LABEL, job_number=1).state == "unknown"
        setattr(simulated.faults, fault, None)
        assert printer.print_image(LABEL, job_number=2).state == "confirmed"
        assert [label.crop((0, 0, 400, 240)).tobytes() for label in simulated.labels] == [LABEL.tobytes()]
        assert simulated.stray_bytes == 0


@pytest.mark.parametrize("language", ["zpl", "tspl"])
def test_a_serial_label_printer_confirms(language: str) -> None:
    with SimulatedSerialPrinter(language=language) as simulated:
        printer = PortPrinter(profile_of(simulated, language), speaking(language))
        assert printer.status().state == "ready"
        assert printer.print_image(LABEL, job_number=7).state == "confirmed"


@pytest.mark.parametrize("language", ["zpl", "tspl"])
def test_a_batch_on_a_healthy_label_printer_is_confirmed_label_by_label(language: str) -> None:
    with SimulatedPrinter(language=language) as simulated:
        printer = PortPrinter(profile_of(simulated, language), speaking(language))
        states = [printer.print_image(LABEL, job_number=number).state for number in range(5)]
        assert states == ["confirmed"] * 5
        assert len(simulated.labels) == 5
