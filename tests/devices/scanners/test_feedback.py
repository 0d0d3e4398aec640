"""Good and bad on the scanner itself: the documented orders of its maker, and never another byte."""

import contextlib
import itertools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.scanners import Barcode, NetworkScanner, Scanner, SerialLine
from devices.scanners.feedback import MODELS, NO_FEEDBACK, ReplyFilter, ssi_frame
from devices.scanners.simulated import SimulatedScanner

PATIENCE_S = 20.0
ReadAll = Callable[[Scanner, int], list[Barcode]]

ORDERS = {
    "datalogic": (b"B", b"FE"),
    "honeywell": (b"\x1b7,", b"\x1b8,"),
    "zebra": (bytes.fromhex("05 e6 04 00 00 ff 11"), bytes.fromhex("05 e6 04 00 0f ff 02")),
}
SSI_ACK = bytes.fromhex("04 d0 00 00 ff 2c")
SSI_NAK = bytes.fromhex("05 d1 00 00 06 ff 24")


@pytest.mark.parametrize("model", sorted(MODELS))
def test_each_maker_is_told_with_its_documented_bytes(model: str) -> None:
    assert (MODELS[model].good(), MODELS[model].bad()) == ORDERS[model]


def test_a_datalogic_is_never_left_switched_off() -> None:
    """D switches it off, R resets it, F stops it until E."""
    sent = MODELS["datalogic"].good() + MODELS["datalogic"].bad()
    assert not set(sent) & set(b"DR")
    assert sent.rfind(b"E") > sent.rfind(b"F")


def test_without_a_maker_there_is_nothing_to_send() -> None:
    assert (NO_FEEDBACK.good(), NO_FEEDBACK.bad(), NO_FEEDBACK.replies) == (b"", b"", ())


@given(opcode=st.integers(0, 255), payload=st.binary(max_size=200))
def test_every_ssi_packet_counts_its_bytes_and_sums_to_nothing(opcode: int, payload: bytes) -> None:
    packet = ssi_frame(opcode, payload)
    assert packet[0] == len(packet) - 2
    assert (sum(packet[:-2]) + int.from_bytes(packet[-2:], "big")) % 0x10000 == 0


@pytest.mark.parametrize("model", sorted(MODELS))
def test_the_scanner_hears_good_and_bad_between_its_scans(tmp_path: Path, read_all: ReadAll, model: str) -> None:
    path = str(tmp_path / "scanner")
    with (
        contextlib.closing(SimulatedScanner(path, feedback=model)) as simulated,
        contextlib.closing(SerialLine(f"{path}?feedback={model}")) as line,
    ):
        line.open()
        for number, good in enumerate([True, False, False, True]):
            assert simulated.wait_for_reader(timeout_s=PATIENCE_S)
            simulated.scan(f"CODE{number}")
            assert read_all(line, 1) == [Barcode(f"CODE{number}")]
            line.signal(good)
            assert simulated.hear(timeout_s=PATIENCE_S) == ("good" if good else "bad")


@pytest.mark.parametrize(("spoken", "understood"), [("datalogic", "honeywell"), ("zebra", "datalogic"), ("zebra", "")])
def test_a_scanner_told_in_the_words_of_another_maker_hears_noise(tmp_path: Path, spoken: str, understood: str) -> None:
    path = str(tmp_path / "scanner")
    with (
        contextlib.closing(SimulatedScanner(path, feedback=understood)) as simulated,
        contextlib.closing(SerialLine(f"{path}?feedback={spoken}")) as line,
    ):
        line.open()
        line.signal(True)
        assert simulated.hear(timeout_s=PATIENCE_S) == "noise"


def test_a_scanner_whose_maker_is_not_named_hears_nothing(simulated: SimulatedScanner) -> None:
    with contextlib.closing(SerialLine(simulated.path)) as line:
        line.open()
        for good in (True, False):
            line.signal(good)
        assert simulated.hear(timeout_s=0.3) == ""


def test_a_scanner_whose_reader_left_hears_nothing(simulated: SimulatedScanner) -> None:
    line = SerialLine(simulated.path)
    line.open()
    line.close()
    assert simulated.hear(timeout_s=PATIENCE_S) == ""


@pytest.mark.parametrize("model", sorted(MODELS))
def test_a_network_scanner_is_told_too(socket_end: Any, read_all: ReadAll, model: str) -> None:
    good, bad = ORDERS[model]
    with contextlib.closing(NetworkScanner(f"{socket_end.address}?feedback={model}")) as scanner:
        scanner.open()
        socket_end.wait_for_reader()
        scanner.signal(True)
        scanner.signal(False)
        assert socket_end.hear(len(good + bad)) == good + bad
        socket_end.send(b"".join(MODELS[model].replies) + b"BCDF\r")
        assert read_all(scanner, 1) == [Barcode("BCDF")]


def test_the_replies_of_a_scanner_are_never_taken_for_a_code_however_they_are_cut() -> None:
    sent = b"FIRST\r" + SSI_ACK + b"SECOND\r" + SSI_NAK + SSI_ACK + b"THIRD\r"
    for cut, second_cut in itertools.combinations_with_replacement(range(len(sent) + 1), 2):
        replies = ReplyFilter(MODELS["zebra"])
        packets = (sent[:cut], sent[cut:second_cut], sent[second_cut:])
        assert b"".join(replies.feed(packet) for packet in packets) == b"FIRST\rSECOND\rTHIRD\r"


@given(data=st.binary(max_size=60))
def test_a_scanner_that_never_replies_loses_no_byte(data: bytes) -> None:
    assert ReplyFilter(MODELS["honeywell"]).feed(data) == data


def test_a_line_that_nobody_reads_does_not_hold_up_the_answer(tmp_path: Path, simulated: SimulatedScanner) -> None:
    with contextlib.closing(SerialLine(f"{simulated.path}?feedback=zebra")) as line:
        line.open()
        for _ in range(20_000):
            line.signal(False)
        simulated.send(b"BCDF\r")
        assert line.read(timeout_s=PATIENCE_S) == (Barcode("BCDF"),)
