"""Did the label come out? One table of printers and what may be said of a label sent to each of them."""

from __future__ import annotations

import os
import pty
import socket
import threading
import time
import tty
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar

import pytest
from PIL import Image, ImageDraw

from devices.ports import Port, SocketPort, open_port
from devices.printers import LANGUAGES, Outcome, PrinterProfile, PrinterStatus, printer_for
from devices.printers.escpos import EscPos
from devices.printers.escpos_conversation import EscPosConversation, Patience
from devices.printers.port_printer import PortPrinter
from devices.printers.printer import Acknowledgement, Language
from devices.printers.simulated import Faults, SimulatedPrinter, SimulatedSerialPrinter

PATIENCE = Patience(answer_s=3.0, acknowledgement_s=3.0, poll_s=0.1)
LITTLE_PATIENCE = Patience(answer_s=0.2, acknowledgement_s=0.5, poll_s=0.1)  # where there is nothing to wait for
ESCPOS = EscPos(patience=PATIENCE)
FAST_DOTS_PER_MM = 40.0  # a small label, so that nobody waits for the mechanism


def label_30_mm() -> Image.Image:
    image = Image.new("1", (400, 240), 1)
    ImageDraw.Draw(image).text((30, 30), "PAQUET 7 / 12", fill=0)
    ImageDraw.Draw(image).rectangle((220, 40, 380, 200), fill=0)
    return image


LABEL = label_30_mm()


@dataclass(frozen=True)
class Row:
    """A printer, the status it must show before the label, and what must be said of the label."""

    printer: str
    faults: Callable[[], Faults]
    status: str
    state: str
    rung: str
    fault: str = ""
    labels: int = 0
    all_sent: bool | None = True  # None: depends on how much the line still held
    patience: Patience = PATIENCE
    stall_s: float = 2.0


ROWS = [
    Row("healthy", Faults, "ready", "confirmed", "process_id", labels=1),
    Row("little paper", lambda: Faults(paper_near_end=True), "paper_near_end", "confirmed", "process_id", labels=1),
    Row("chatting", lambda: Faults(status_chatter=True), "ready", "confirmed", "process_id", labels=1),
    Row("slow line", lambda: Faults(bytes_per_s=60_000), "ready", "confirmed", "process_id", labels=1),
    Row("no GS r", lambda: Faults(no_queued_status=True), "ready", "confirmed", "process_id", labels=1),
    Row("paper out at row 100", lambda: Faults(paper_left_rows=100), "ready", "failed", "realtime_status", "paper_out"),
    Row("paper out at row 230", lambda: Faults(paper_left_rows=230), "ready", "failed", "realtime_status", "paper_out"),
    Row(
        "chatting, paper out at row 230",
        lambda: Faults(paper_left_rows=230, status_chatter=True),
        "ready",
        "failed",
        "realtime_status",
        "paper_out",
    ),
    Row(
        "no paper",
        lambda: Faults(paper_left_rows=0),
        "paper_out",
        "failed",
        "realtime_status",
        "paper_out",
        all_sent=False,
    ),
    Row(
        "cover open",
        lambda: Faults(cover_open=True),
        "cover_open",
        "failed",
        "realtime_status",
        "cover_open",
        all_sent=False,
    ),
    Row("cutter jam", lambda: Faults(cutter_error=True), "error", "failed", "realtime_status", "error", all_sent=False),
    Row("too hot", lambda: Faults(too_hot=True), "too_hot", "failed", "realtime_status", "too_hot", all_sent=False),
    Row(
        "cable pulled",
        lambda: Faults(drops_after_bytes=5_000),
        "ready",
        "unknown",
        "none",
        "lost",
        all_sent=None,
    ),
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
    Row(
        "paper out, saying so and taking no more",
        lambda: Faults(stalls_after_bytes=7_000, paper_left_rows=100, status_chatter=True),
        "ready",
        "failed",
        "realtime_status",
        "paper_out",
        all_sent=None,
        patience=LITTLE_PATIENCE,
        stall_s=0.5,
    ),
    Row(
        "paper out, saying so only unasked",
        lambda: Faults(no_real_time_status=True, paper_left_rows=100, status_chatter=True),
        "unknown",
        "failed",
        "realtime_status",
        "paper_out",
        patience=LITTLE_PATIENCE,
    ),
    Row("no GS ( H", lambda: Faults(no_process_id=True), "ready", "unknown", "queued_status", labels=1),
    Row(
        "no GS ( H, paper out at row 230",
        lambda: Faults(no_process_id=True, paper_left_rows=230),
        "ready",
        "failed",
        "realtime_status",
        "paper_out",
    ),
    Row(
        "neither GS ( H nor GS r",
        lambda: Faults(no_process_id=True, no_queued_status=True),
        "ready",
        "unknown",
        "realtime_status",
        labels=1,
        patience=Patience(answer_s=3.0, acknowledgement_s=0.5, poll_s=0.1),
    ),
    Row("silent", lambda: Faults(silent=True), "unknown", "unknown", "none", labels=1, patience=LITTLE_PATIENCE),
    Row(
        "silent, paper out at row 100",
        lambda: Faults(silent=True, paper_left_rows=100),
        "unknown",
        "unknown",
        "none",
        patience=LITTLE_PATIENCE,
    ),
]
BY_NAME = {row.printer: row for row in ROWS}


@dataclass
class Seen:
    """What happened to one label."""

    status: PrinterStatus
    outcome: Outcome
    labels: int
    told: list[tuple[int, int]] = field(default_factory=list)


def print_one(row: Row, language: Language | None = None) -> Seen:
    with SimulatedPrinter(faults=row.faults()) as simulated:
        speaking = language or EscPos(patience=row.patience)
        printer = PortPrinter(profile_of(simulated), speaking, stall_s=row.stall_s)
        status = printer.status()
        told: list[tuple[int, int]] = []
        outcome = printer.print_image(LABEL, job_number=42, on_sent=lambda sent, total: told.append((sent, total)))
        return Seen(status, outcome, len(simulated.labels), told)


def profile_of(simulated: SimulatedPrinter | SimulatedSerialPrinter, language: str = "escpos") -> PrinterProfile:
    return PrinterProfile("cutting", simulated.address, language, 576, FAST_DOTS_PER_MM)


def agrees(row: Row, seen: Seen) -> bool:
    outcome = seen.outcome
    return (
        seen.status.state == row.status
        and (outcome.state, outcome.rung, outcome.fault) == (row.state, row.rung, row.fault)
        and row.all_sent in (None, outcome.bytes_sent == outcome.bytes_total)
        and seen.labels == row.labels
    )


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.printer)
def test_what_is_said_of_a_label_is_what_the_printer_said(row: Row) -> None:
    seen = print_one(row)
    assert agrees(row, seen), seen
    assert seen.told == sorted(seen.told)
    assert [seen.outcome.bytes_sent] == [sent for sent, _ in seen.told[-1:]] or seen.outcome.bytes_sent == 0


class ReadyOnSilence(EscPosConversation):
    def status(self) -> PrinterStatus:
        status = super().status()
        return PrinterStatus("ready") if status.state == "unknown" else status


class ConfirmsBytesSent(EscPosConversation):
    def acknowledgement(self, job_number: int, *, printing_s: float) -> Acknowledgement:
        return Acknowledgement("confirmed", "none")


class ConfirmsQueuedStatus(EscPosConversation):
    def acknowledgement(self, job_number: int, *, printing_s: float) -> Acknowledgement:
        word = super().acknowledgement(job_number, printing_s=printing_s)
        return Acknowledgement("confirmed", word.rung) if word.rung == "queued_status" else word


class ConfirmsAFaultlessStatus(EscPosConversation):
    def acknowledgement(self, job_number: int, *, printing_s: float) -> Acknowledgement:
        word = super().acknowledgement(job_number, printing_s=printing_s)
        return Acknowledgement("confirmed", word.rung) if not word.fault else word


class AsksForAnotherLabel(EscPosConversation):
    def acknowledgement_request(self, job_number: int) -> bytes:
        return super().acknowledgement_request(job_number + 1)


@dataclass(frozen=True)
class Speaking:
    """ESC/POS with another way of talking."""

    settings: ClassVar[Mapping[str, tuple[float, float]]] = EscPos.settings
    conversation: type[EscPosConversation]
    patience: Patience

    def encode(self, image: Image.Image, profile: PrinterProfile) -> bytes:
        return ESCPOS.encode(image, profile)

    def converse(self, port: Port) -> EscPosConversation:
        return self.conversation(port, process_id=True, patience=self.patience)


@pytest.mark.parametrize(
    ("conversation", "printer"),
    [
        (ReadyOnSilence, "silent"),
        (ConfirmsBytesSent, "silent"),
        (ConfirmsBytesSent, "paper out at row 230"),
        (ConfirmsQueuedStatus, "no GS ( H"),
        (ConfirmsAFaultlessStatus, "neither GS ( H nor GS r"),
    ],
)
def test_the_table_catches_a_program_that_believes_too_easily(
    conversation: type[EscPosConversation], printer: str
) -> None:
    row = BY_NAME[printer]
    assert not agrees(row, print_one(row, Speaking(conversation, row.patience)))


def test_the_table_accepts_the_same_program_unchanged() -> None:
    row = BY_NAME["no GS ( H"]
    assert agrees(row, print_one(row, Speaking(EscPosConversation, row.patience)))


def test_the_acknowledgement_of_another_label_confirms_nothing() -> None:
    outcome = print_one(BY_NAME["healthy"], Speaking(AsksForAnotherLabel, PATIENCE)).outcome
    assert (outcome.state, outcome.rung) == ("unknown", "queued_status")


def test_a_printer_set_up_without_process_id_confirms_by_queued_status() -> None:
    language = EscPos(process_id=False, patience=Patience(answer_s=3.0, acknowledgement_s=1.0, poll_s=0.1))
    healthy = print_one(BY_NAME["no GS ( H"], language).outcome
    out_of_paper = print_one(BY_NAME["no GS ( H, paper out at row 230"], language).outcome
    mute = print_one(BY_NAME["neither GS ( H nor GS r"], language).outcome
    assert (healthy.state, healthy.rung) == ("confirmed", "queued_status")
    assert (out_of_paper.state, out_of_paper.fault) == ("failed", "paper_out")
    assert mute.state == "unknown"


def test_a_queued_status_without_a_real_time_status_confirms_nothing() -> None:
    with SimulatedPrinter(faults=Faults(no_real_time_status=True)) as simulated:
        language = EscPos(process_id=False, patience=LITTLE_PATIENCE)
        outcome = PortPrinter(profile_of(simulated), language).print_image(LABEL, job_number=1)
        assert (outcome.state, outcome.rung) == ("unknown", "queued_status")


def talk(device_does: Callable[[socket.socket], None], patience: Patience) -> Acknowledgement:
    """Wait for the acknowledgement of label 42 while the device's end of the line does this."""
    ours, device = socket.socketpair()
    ours.setblocking(False)
    port = SocketPort("socket://printer:9100", ours)
    thread = threading.Thread(target=device_does, args=(device,))
    thread.start()
    try:
        return EscPosConversation(port, process_id=True, patience=patience).acknowledgement(42, printing_s=0.0)
    finally:
        port.close()
        thread.join()


def test_a_printer_that_confirms_and_hangs_up_at_once_has_confirmed() -> None:
    def confirm_and_hang_up(device: socket.socket) -> None:
        with device:
            device.recv(3)
            device.sendall(b"\x37\x220042\x00")

    word = talk(confirm_and_hang_up, PATIENCE)
    assert (word.state, word.rung) == ("confirmed", "process_id")


def test_a_printer_too_busy_for_questions_may_still_confirm() -> None:
    def print_for_a_while(device: socket.socket) -> None:
        with device:
            time.sleep(0.6)
            device.sendall(b"\x37\x220042\x00")

    word = talk(print_for_a_while, Patience(answer_s=0.1, acknowledgement_s=20.0, poll_s=0.1))
    assert (word.state, word.rung) == ("confirmed", "process_id")


def test_a_failed_label_does_not_come_out_beside_its_reprint_when_paper_is_loaded() -> None:
    with SimulatedPrinter(faults=Faults(paper_left_rows=230)) as simulated:
        printer = PortPrinter(profile_of(simulated), ESCPOS)
        assert printer.print_image(LABEL, job_number=1).state == "failed"
        simulated.load_paper()
        assert printer.print_image(LABEL, job_number=2).state == "confirmed"
        assert len(simulated.labels) == 1
        assert simulated.labels[0].crop((0, 0, 400, 240)).tobytes() == LABEL.tobytes()


def test_a_printer_prints_on_when_paper_is_loaded_and_nobody_cleared_it() -> None:
    with SimulatedSerialPrinter(faults=Faults(paper_left_rows=100)) as simulated:
        port = open_port(simulated.address)
        port.write(ESCPOS.encode(LABEL, profile_of(simulated)) + b"\x1dr\x01")
        assert port.read(timeout_s=0.2) == b""
        simulated.load_paper()
        assert port.read(timeout_s=5) == b"\x00"
        port.close()
        assert len(simulated.labels) == 1


@pytest.mark.parametrize("fault", ["drops_after_bytes", "stalls_after_bytes"])
def test_the_label_after_an_interrupted_one_comes_out_whole(fault: str) -> None:
    with SimulatedPrinter() as simulated:
        printer = PortPrinter(profile_of(simulated), ESCPOS, stall_s=0.5)
        setattr(simulated.faults, fault, 3_000)
        assert printer.print_image(LABEL, job_number=1).state == "unknown"
        setattr(simulated.faults, fault, None)
        simulated.faults.cover_open = True
        assert printer.print_image(LABEL, job_number=2).state == "failed"
        simulated.faults.cover_open = False
        assert printer.print_image(LABEL, job_number=3).state == "confirmed"
        assert [label.crop((0, 0, 400, 240)).tobytes() for label in simulated.labels] == [LABEL.tobytes()]
        assert simulated.stray_bytes == 0


def test_a_label_halfway_in_the_printer_from_an_earlier_run_of_the_program_is_cleared_first() -> None:
    with SimulatedPrinter() as simulated:
        port = open_port(simulated.address)
        port.write(ESCPOS.encode(LABEL, profile_of(simulated))[:6_000])
        port.close()
        assert PortPrinter(profile_of(simulated), ESCPOS).print_image(LABEL, job_number=1).state == "confirmed"
        assert [label.crop((0, 0, 400, 240)).tobytes() for label in simulated.labels] == [LABEL.tobytes()]


def test_nothing_is_sent_a_second_time_by_itself() -> None:
    with SimulatedPrinter(faults=Faults(silent=True)) as simulated:
        language = EscPos(patience=LITTLE_PATIENCE)
        assert PortPrinter(profile_of(simulated), language).print_image(LABEL, job_number=1).state == "unknown"
        time.sleep(0.3)
        assert len(simulated.labels) == 1


def test_a_serial_printer_confirms_and_a_stalled_one_does_not() -> None:
    with SimulatedSerialPrinter() as simulated:
        printer = PortPrinter(profile_of(simulated), ESCPOS)
        assert printer.status().state == "ready"
        assert printer.print_image(LABEL, job_number=7).state == "confirmed"
        assert len(simulated.labels) == 1
    device, ours = pty.openpty()
    tty.setraw(ours)
    tall = Image.new("1", (576, 480), 1)
    profile = PrinterProfile("cutting", os.ttyname(ours), "escpos", 576, FAST_DOTS_PER_MM)
    stalled = PortPrinter(profile, EscPos(patience=LITTLE_PATIENCE), stall_s=0.5)
    outcome = stalled.print_image(tall, job_number=8)
    assert (outcome.state, outcome.fault) == ("unknown", "stalled")
    assert 0 < outcome.bytes_sent < outcome.bytes_total
    os.close(ours)
    os.close(device)


def test_an_absent_printer_is_missing_and_its_label_failed_without_a_byte(tmp_path: Path) -> None:
    for address in (str(tmp_path / "lp0"), "socket://127.0.0.1:1"):
        printer = printer_for(PrinterProfile("cutting", address, "escpos", 576, 8.0))
        outcome = printer.print_image(LABEL, job_number=1)
        assert printer.status().state == "missing"
        assert (outcome.state, outcome.bytes_sent, outcome.fault) == ("failed", 0, "missing")
    assert list(tmp_path.iterdir()) == []


def test_a_printer_held_by_another_program_is_busy_and_its_status_unknown() -> None:
    with SimulatedSerialPrinter() as simulated:
        other = open_port(simulated.address)
        printer = PortPrinter(profile_of(simulated), ESCPOS)
        outcome = printer.print_image(LABEL, job_number=1)
        assert (outcome.state, outcome.bytes_sent, outcome.fault) == ("failed", 0, "busy")
        assert printer.status().state == "unknown"
        other.close()


def test_an_archive_keeps_the_label_alone_and_is_never_a_confirmation(tmp_path: Path) -> None:
    archive = tmp_path / "label.bin"
    profile = PrinterProfile("archive", archive.as_uri(), "escpos", 576, 8.0)
    printer = printer_for(profile)
    assert printer.status().state == "unknown"
    assert not archive.exists()
    outcome = printer.print_image(LABEL, job_number=1)
    assert (outcome.state, outcome.rung, outcome.bytes_sent) == ("unknown", "none", outcome.bytes_total)
    assert archive.read_bytes() == ESCPOS.encode(LABEL, profile)


def test_threads_sharing_a_printer_each_get_their_own_label_confirmed() -> None:
    with SimulatedPrinter() as simulated:
        printer = PortPrinter(profile_of(simulated), ESCPOS)
        states: list[str] = []
        threads = [
            threading.Thread(target=lambda n=number: states.append(printer.print_image(LABEL, job_number=n).state))
            for number in range(5)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert states == ["confirmed"] * 5
        assert len(simulated.labels) == 5


def test_an_image_too_wide_is_refused_before_the_printer_is_touched() -> None:
    printer = printer_for(PrinterProfile("cutting", "socket://127.0.0.1:1", "escpos", 384, 8.0))
    with pytest.raises(ValueError, match="400 dots wide"):
        printer.print_image(LABEL, job_number=1)


def test_a_language_nobody_speaks_says_which_are_spoken() -> None:
    with pytest.raises(ValueError, match="escpos, escpos_queued"):
        printer_for(PrinterProfile("cutting", "socket://127.0.0.1:9", "klingon", 576, 8.0))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_gets_a_label_confirmed_by_a_healthy_printer(language: str) -> None:
    with SimulatedPrinter(language=language) as simulated:
        outcome = printer_for(profile_of(simulated, language)).print_image(LABEL, job_number=123_456)
        assert outcome.state == "confirmed"
        assert simulated.labels[0].crop((0, 0, 400, 240)).tobytes() == LABEL.tobytes()
