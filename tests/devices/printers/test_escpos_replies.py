"""What the printer says back: each byte pattern has one meaning, and silence has none."""

from collections.abc import Callable

import pytest

from devices.ports import Port
from devices.printers.escpos import EscPos
from devices.printers.escpos_conversation import Patience
from devices.printers.escpos_replies import Replies, is_real_time_answer, status_of, status_of_automatic
from devices.printers.printer import PrinterStatus

Scripted = Callable[[dict[bytes, bytes], bytes], Port]
WELL = {1: 0x12, 2: 0x12, 3: 0x12, 4: 0x12}
AUTOMATIC_WELL = b"\x14\x00\x00\x0f"
AUTOMATIC_PAPER_OUT = b"\x1c\x00\x0f\x0f"


def test_only_the_fixed_bits_of_a_real_time_answer_are_accepted() -> None:
    accepted = {byte for byte in range(256) if is_real_time_answer(byte)}
    assert accepted == {0x12 | bits for bits in (sum(s) for s in _subsets((0x04, 0x08, 0x20, 0x40)))}


def _subsets(bits: tuple[int, ...]) -> list[list[int]]:
    return [[]] if not bits else [[*head, *rest] for rest in _subsets(bits[1:]) for head in ([], [bits[0]])]


@pytest.mark.parametrize(
    ("answers", "state"),
    [
        (WELL, "ready"),
        ({**WELL, 1: 0x16}, "ready"),  # drawer pin
        ({**WELL, 2: 0x1A}, "ready"),  # feed button pressed
        ({**WELL, 4: 0x1E}, "paper_near_end"),
        ({**WELL, 4: 0x16}, "paper_near_end"),
        ({**WELL, 4: 0x1A}, "paper_near_end"),
        ({**WELL, 4: 0x32}, "paper_out"),
        ({**WELL, 4: 0x52}, "paper_out"),
        ({**WELL, 4: 0x72}, "paper_out"),
        ({**WELL, 2: 0x32}, "paper_out"),
        ({**WELL, 2: 0x16}, "cover_open"),
        ({**WELL, 2: 0x52}, "error"),
        ({**WELL, 3: 0x1A}, "error"),
        ({**WELL, 3: 0x32}, "error"),
        ({**WELL, 3: 0x52}, "too_hot"),
        ({**WELL, 2: 0x52, 3: 0x52}, "too_hot"),
        ({**WELL, 1: 0x1A}, "offline"),
        ({1: 0x1A, 2: 0x16, 3: 0x12, 4: 0x72}, "cover_open"),
        ({}, "unknown"),
        ({1: 0x12}, "unknown"),
        ({1: 0x12, 2: 0x12, 3: 0x12}, "unknown"),
        ({1: 0x12, 4: 0x72}, "paper_out"),
        ({1: 0x1A}, "offline"),
    ],
)
def test_the_real_time_answers_make_one_status(answers: dict[int, int], state: str) -> None:
    assert status_of(answers).state == state


@pytest.mark.parametrize(
    ("frame", "state"),
    [
        (AUTOMATIC_WELL, "unknown"),
        (AUTOMATIC_PAPER_OUT, "paper_out"),
        (b"\x3c\x00\x00\x0f", "cover_open"),
        (b"\x1c\x08\x00\x0f", "error"),
        (b"\x1c\x20\x00\x0f", "error"),
        (b"\x1c\x40\x00\x0f", "too_hot"),
        (b"\x1c\x00\x00\x0f", "offline"),
        (b"\x14\x00\x03\x0f", "unknown"),
    ],
)
def test_an_automatic_status_tells_faults_and_never_that_all_is_well(frame: bytes, state: str) -> None:
    assert status_of_automatic(frame).state == state


@pytest.mark.parametrize(
    ("heard", "real_time", "queued", "process_ids", "automatic"),
    [
        (b"\x12", 1, 0, 0, 0),
        (b"\x00", 0, 1, 0, 0),
        (AUTOMATIC_WELL, 0, 0, 0, 1),
        (AUTOMATIC_PAPER_OUT + b"\x12", 1, 0, 0, 1),
        (AUTOMATIC_WELL + AUTOMATIC_WELL + b"\x00", 0, 1, 0, 2),
        (b"\x14\x00\x12", 1, 1, 0, 0),  # cut short by the answer: its rest is read for what it looks like
        (b"\x37\x220042\x00", 0, 0, 1, 0),
        (b"\x37\x2200\x1342\x00\x12", 1, 0, 1, 0),  # XOFF in the middle
        (b"\x37\x22004\x00", 0, 0, 0, 0),
        (b"\x37\x25\x00\x12", 1, 0, 0, 0),
        (b"\x37\x23@A\x00", 0, 0, 0, 0),
        (b"\x37\x12", 1, 0, 0, 0),
        (b"\x37\x22" + b"A" * 30 + b"\x12", 1, 30 - 15 + 16, 0, 0),
        (b"\x11\x13\x80\xff\x93\x31", 0, 0, 0, 0),
    ],
)
def test_bytes_are_sorted_into_answers_however_they_are_cut(
    heard: bytes, real_time: int, queued: int, process_ids: int, automatic: int
) -> None:
    whole, dripping = Replies(), Replies()
    whole.feed(heard)
    for byte in heard:
        dripping.feed(bytes((byte,)))
    counts = [
        tuple(len(kind) for kind in (r.real_time, r.queued, r.process_ids, r.automatic)) for r in (whole, dripping)
    ]
    assert counts == [(real_time, queued, process_ids, automatic)] * 2


def status_over_the_line(
    scripted_printer: Scripted, answers: dict[int, bytes], *, greeting: bytes = b"", answer_s: float = 3.0
) -> PrinterStatus:
    """`answer_s` long where an answer will come, short where none will."""
    language = EscPos(patience=Patience(answer_s=answer_s))
    port = scripted_printer({bytes((0x10, 0x04, n)): said for n, said in answers.items()}, greeting)
    return language.converse(port).status()


@pytest.mark.parametrize(
    ("paper_answer", "state"),
    [
        (b"\x12", "ready"),
        (b"\x32", "paper_out"),
        (b"\x52", "paper_out"),
        (b"\x72", "paper_out"),
        (b"", "unknown"),
        (b"\x00", "unknown"),
        (b"\xff", "unknown"),
        (b"\x00\x72", "paper_out"),
        (AUTOMATIC_WELL + b"\x72", "paper_out"),
        (AUTOMATIC_PAPER_OUT, "unknown"),
    ],
)
def test_the_paper_status_is_what_the_printer_said_over_the_line(
    scripted_printer: Scripted, paper_answer: bytes, state: str
) -> None:
    answers = {**dict.fromkeys((1, 2, 3), b"\x12"), 4: paper_answer}
    answer_s = 0.3 if state == "unknown" else 3.0
    assert status_over_the_line(scripted_printer, answers, answer_s=answer_s).state == state


def test_a_printer_that_says_nothing_is_unknown_never_ready(scripted_printer: Scripted) -> None:
    assert status_over_the_line(scripted_printer, {}, answer_s=0.3) == PrinterStatus("unknown", "no answer")


@pytest.mark.parametrize("greeting", [AUTOMATIC_WELL, AUTOMATIC_PAPER_OUT, b"\x12", b"\x14\x00", b"\xff" * 50])
@pytest.mark.parametrize(("paper_answer", "state"), [(b"\x12", "ready"), (b"\x72", "paper_out")])
def test_bytes_waiting_before_the_question_are_not_taken_for_the_answer(
    scripted_printer: Scripted, greeting: bytes, paper_answer: bytes, state: str
) -> None:
    answers = {**dict.fromkeys((1, 2, 3), b"\x12"), 4: paper_answer}
    assert status_over_the_line(scripted_printer, answers, greeting=greeting).state == state
