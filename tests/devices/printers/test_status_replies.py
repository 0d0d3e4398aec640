"""What ZPL and TSPL printers answer, byte by byte: flags into a status, noise into nothing."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.printers.tspl_replies import StatusByteReplies, byte_report
from devices.printers.zpl_replies import HostStatusReplies

FIRST = "030,0,0,0240,000,0,0,0,000,0,0,0"
SECOND = "000,0,0,0,1,2,6,0,00000000,1,000"


def framed(*lines: str) -> bytes:
    return "".join(f"\x02{line}\x03\r\n" for line in lines).encode("ascii")


def with_field(line: str, at: int, value: str) -> str:
    fields = line.split(",")
    fields[at] = value
    return ",".join(fields)


HOST_STATUS = [
    (FIRST, SECOND, "ready", False, False),
    (with_field(FIRST, 1, "1"), SECOND, "paper_out", False, False),
    (with_field(FIRST, 2, "1"), SECOND, "offline", False, False),
    (with_field(FIRST, 4, "002"), SECOND, "ready", True, False),
    (with_field(FIRST, 5, "1"), SECOND, "offline", False, False),
    (with_field(FIRST, 6, "1"), SECOND, "error", False, False),
    (with_field(FIRST, 7, "1"), SECOND, "ready", True, False),
    (with_field(FIRST, 9, "1"), SECOND, "error", False, False),
    (with_field(FIRST, 10, "1"), SECOND, "ready", False, False),
    (with_field(FIRST, 11, "1"), SECOND, "too_hot", False, False),
    (FIRST, with_field(SECOND, 2, "1"), "cover_open", False, False),
    (with_field(FIRST, 1, "1"), with_field(SECOND, 2, "1"), "cover_open", False, False),
    (FIRST, with_field(SECOND, 3, "1"), "error", False, False),
    (FIRST, with_field(with_field(SECOND, 3, "1"), 4, "0"), "ready", False, False),  # no ribbon wanted
    (FIRST, with_field(SECOND, 8, "00000001"), "ready", True, True),
    (FIRST, with_field(SECOND, 8, "01334273"), "ready", False, False),  # a count of dots fed
]


@pytest.mark.parametrize(("first", "second", "state", "busy", "at_work"), HOST_STATUS)
def test_each_flag_of_a_zpl_printer_has_its_meaning(
    first: str, second: str, state: str, busy: bool, at_work: bool
) -> None:
    replies = HostStatusReplies()
    replies.feed(framed(first, second, "1234,0"))
    (report,) = replies.reports
    assert (report.status.state, report.busy, report.at_work) == (state, busy, at_work)
    assert first.split(",")[3].lstrip("0") in report.status.detail


@given(st.lists(st.integers(min_value=0, max_value=220), max_size=8))
def test_an_answer_cut_anywhere_is_the_same_answer(cuts: list[int]) -> None:
    answer = framed(FIRST, SECOND, "0000,0") * 2
    places = [0, *sorted(min(cut, len(answer)) for cut in cuts), len(answer)]
    replies = HostStatusReplies()
    for start, end in itertools.pairwise(places):
        replies.feed(answer[start:end])
    assert [report.status.state for report in replies.reports] == ["ready", "ready"]


@pytest.mark.parametrize(
    "noise",
    [
        b"",
        b"\x00" * 200,
        b"\x16\x12\x12\x12",  # ESC/POS
        FIRST.encode("ascii") + b"\r\n" + SECOND.encode("ascii"),  # no STX and ETX
        framed(FIRST),
        framed(SECOND),
        framed(SECOND, FIRST),
        framed(FIRST[:-2], SECOND),
        framed(with_field(FIRST, 1, ""), SECOND),
        framed(with_field(FIRST, 1, "x"), SECOND),
        framed("0000,0") * 40,
    ],
)
def test_what_is_no_whole_host_status_is_no_answer(noise: bytes) -> None:
    replies = HostStatusReplies()
    replies.feed(noise)
    assert replies.reports == []


def test_a_host_status_is_found_behind_noise() -> None:
    replies = HostStatusReplies()
    replies.feed(b"\x02garbage\x03\x00\xff" * 50 + framed(FIRST, SECOND))
    assert [report.status.state for report in replies.reports] == ["ready"]


STATUS_BYTES = [
    (0x00, "ready", False),
    (0x01, "cover_open", False),
    (0x02, "error", False),
    (0x04, "paper_out", False),
    (0x05, "cover_open", False),
    (0x07, "cover_open", False),
    (0x08, "error", False),
    (0x0C, "paper_out", False),
    (0x10, "offline", False),
    (0x20, "ready", True),
    (0x30, "offline", True),
    (0x40, "cover_open", False),
    (0x80, "error", False),
    (0xFF, "cover_open", True),
]


@pytest.mark.parametrize(("byte", "state", "at_work"), STATUS_BYTES)
def test_each_bit_of_a_tspl_printer_has_its_meaning(byte: int, state: str, at_work: bool) -> None:
    report = byte_report(byte)
    assert (report.status.state, report.busy, report.at_work) == (state, at_work, at_work)


def test_only_a_byte_that_comes_alone_is_an_answer() -> None:
    replies = StatusByteReplies()
    for data in (b"", b"OK", b"\x14\x00\x00\x0f", b"\x00\x00"):
        replies.feed(data)
    assert replies.reports == []
    replies.feed(b"\x20")
    assert [report.busy for report in replies.reports] == [True]
