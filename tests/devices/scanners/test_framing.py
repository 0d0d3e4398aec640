import itertools
import math
import pickle
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devices.scanners.barcode import Barcode, EndedBy
from devices.scanners.framing import LONGEST_FRAME_BYTES, SILENCE_S, Framer

CODE = "BCDFGHJKLNPRST"
OTHER = "TSRPNLKJHGFDCB"
C, D = CODE.encode(), OTHER.encode()
LATER_S = 1.0
SILENT = Barcode(CODE, ended_by="silence")

PATTERNS: dict[str, tuple[list[bytes], list[str | Barcode]]] = {
    "CR": ([C + b"\r"], [CODE]),
    "LF": ([C + b"\n"], [CODE]),
    "CR LF": ([C + b"\r\n"], [CODE]),
    "CR LF in two packets": ([C + b"\r", b"\n" + D + b"\r\n"], [CODE, OTHER]),
    "TAB": ([C + b"\t"], [CODE]),
    "NUL": ([C + b"\0"], [CODE]),
    "STX and ETX": ([b"\x02" + C + b"\x03"], [CODE]),
    "STX and ETX and CR LF": ([b"\x02" + C + b"\x03\r\n"], [CODE]),
    "two scans in one packet": ([C + b"\r" + D + b"\r"], [CODE, OTHER]),
    "the same code twice": ([C + b"\r" + C + b"\r"], [CODE, CODE]),
    "64-byte packets": ([b"A" * 64, b"A" * 64, b"A" * 22 + b"\r"], ["A" * 150]),
    "byte by byte": ([bytes([byte]) for byte in C + b"\r"], [CODE]),
    "only frame ends": ([b"\r\n\t\x03\0\x02\r"], []),
    "nothing": ([b""], []),
    "no suffix": ([C], [Barcode(CODE, ended_by="silence")]),
    "the longest frame": ([b"A" * 512 + b"\r"], ["A" * 512]),
    "a cut frame, then STX": ([C[:5] + b"\x02" + D + b"\x03"], [Barcode(CODE[:5], ended_by="prefix"), OTHER]),
    "spaces": ([b" " + C + b" \r"], [f" {CODE} "]),
    "AIM QR": ([b"]Q1" + C + b"\r"], [Barcode(CODE, "Q1")]),
    "AIM cut by a packet": ([b"]", b"Q", b"1" + C, b"\r"], [Barcode(CODE, "Q1")]),
    "AIM never heard of": ([b"]zA" + C + b"\r"], [Barcode(CODE, "zA")]),
    "AIM after STX": ([b"\x02]C0" + C + b"\x03"], [Barcode(CODE, "C0")]),
    "AIM with nothing behind": ([b"]Q1\r"], ["]Q1"]),
    "a bracket that is no AIM": ([b"]-1" + C + b"\r"], [f"]-1{CODE}"]),
    "GS1": ([b"]d2010950600013435210LOT7\x1d21BCDF\r"], [Barcode("010950600013435210LOT7\x1d21BCDF", "d2")]),
    "FNC1 right behind AIM": ([b"]C1\x1d10A\r"], [Barcode("\x1d10A", "C1")]),
    "not ASCII": ([b"\xc3\xa9\xff" + C + b"\r" + D + b"\r"], [Barcode("", fault="not_ascii"), OTHER]),
    "too long": ([b"A" * 513 + b"\r" + C + b"\r"], [Barcode("", fault="too_long"), CODE]),
    "far too long, in packets": ([b"A" * 64] * 90 + [b"\r" + C + b"\r"], [Barcode("", fault="too_long"), CODE]),
    "far too long, no suffix": ([b"A" * 9000], [Barcode("", fault="too_long", ended_by="silence")]),
    "too long and not ASCII": ([b"\xff" * 600 + b"\r"], [Barcode("", fault="too_long")]),
}


def barcodes_of(packets: list[bytes]) -> list[Barcode]:
    """What comes out when the packets follow each other closely and silence follows the last."""
    framer = Framer()
    barcodes = [barcode for packet in packets for barcode in framer.feed(packet, at_s=0.0)]
    return barcodes + list(framer.flush_if_silent(LATER_S))


@pytest.mark.parametrize("name", PATTERNS)
def test_each_way_a_scanner_sends_gives_the_codes_that_were_scanned(name: str) -> None:
    packets, expected = PATTERNS[name]
    assert barcodes_of(packets) == [Barcode(code) if isinstance(code, str) else code for code in expected]


def test_a_suffixed_code_is_there_at_once() -> None:
    assert Framer().feed(C + b"\r", at_s=0.0) == (Barcode(CODE),)


def test_a_code_without_suffix_is_there_after_the_silence_and_not_before() -> None:
    framer = Framer()
    assert framer.feed(C, at_s=10.0) == ()
    assert framer.flush_if_silent(10.0 + SILENCE_S - 0.001) == ()
    assert framer.flush_if_silent(10.0 + SILENCE_S + 0.001) == (SILENT,)
    assert framer.flush_if_silent(11.0) == ()


def test_the_silence_counts_from_the_last_byte() -> None:
    framer = Framer()
    framer.feed(C[:5], at_s=0.0)
    framer.feed(C[5:], at_s=0.1)
    assert framer.flush_if_silent(0.2) == ()
    assert framer.flush_if_silent(0.3) == (SILENT,)


def test_two_codes_without_suffix_400_ms_apart_stay_apart() -> None:
    framer = Framer()
    framer.feed(C, at_s=0.0)
    first = framer.flush_if_silent(0.16)
    framer.feed(D, at_s=0.4)
    assert first + framer.flush_if_silent(0.56) == (SILENT, Barcode(OTHER, ended_by="silence"))


def test_a_code_whose_second_packet_is_taken_late_stays_whole() -> None:
    framer = Framer()
    framer.feed(C[:5], at_s=0.0)
    assert framer.feed(C[5:] + b"\r", at_s=0.9) == (Barcode(CODE),)


def test_the_time_left_tells_how_long_to_wait() -> None:
    framer = Framer()
    assert framer.silence_left_s(5.0) == math.inf
    framer.feed(C, at_s=5.0)
    assert framer.silence_left_s(5.1) == pytest.approx(SILENCE_S - 0.1)
    framer.feed(b"\r", at_s=5.1)
    assert framer.silence_left_s(5.1) == math.inf


# Bytes that matter to framing come up often, every other byte sometimes.
scanner_bytes = st.lists(
    st.one_of(
        st.sampled_from([b"\r", b"\n", b"\r\n", b"\t", b"\x02", b"\x03", b"\0", b"\x1d", b"]Q1", b"]", b"\xff"]),
        st.text("BCDFGHJKLNPRSTVX", min_size=1, max_size=14).map(str.encode),
        st.binary(max_size=30),
        st.integers(250, 600).map(lambda length: b"A" * length),
    ),
    max_size=30,
).map(b"".join)


def expected_barcode(frame: bytes, end: bytes) -> Barcode:
    """The rules once more, written another way."""
    ended_by: EndedBy = "silence" if not end else "prefix" if end == b"\x02" else "suffix"
    if len(frame) > LONGEST_FRAME_BYTES:
        return Barcode("", fault="too_long", ended_by=ended_by)
    try:
        text = frame.decode("ascii")
    except UnicodeDecodeError:
        return Barcode("", fault="not_ascii", ended_by=ended_by)
    letter, modifier, rest = text[1:2], text[2:3], text[3:]
    if text[0] == "]" and letter.isalpha() and modifier.isalnum() and rest:
        return Barcode(rest, letter + modifier, ended_by=ended_by)
    return Barcode(text, ended_by=ended_by)


@given(stream=scanner_bytes)
@settings(deadline=None)
def test_any_stream_gives_the_frames_between_the_frame_ends(stream: bytes) -> None:
    frames = re.findall(rb"([^\r\n\t\x02\x03\x00]+)([\r\n\t\x02\x03\x00]?)", stream)
    assert barcodes_of([stream]) == [expected_barcode(frame, end) for frame, end in frames]


@given(stream=scanner_bytes, cuts=st.lists(st.integers(0, 3000)))
@settings(deadline=None)
def test_any_chunking_of_a_stream_gives_the_same_barcodes(stream: bytes, cuts: list[int]) -> None:
    edges = [0, *sorted(min(cut, len(stream)) for cut in cuts), len(stream)]
    packets = [stream[start:end] for start, end in itertools.pairwise(edges)]
    assert barcodes_of(packets) == barcodes_of([stream])


@given(junk=scanner_bytes, frame_end=st.sampled_from([b"\r", b"\n", b"\t", b"\x03", b"\0", b"\x02"]))
@settings(deadline=None)
def test_junk_never_breaks_the_next_code(junk: bytes, frame_end: bytes) -> None:
    assert barcodes_of([junk, frame_end, b"]Q1", C, b"\r"])[-1] == Barcode(CODE, "Q1")


@given(stream=scanner_bytes)
@settings(deadline=None)
def test_every_barcode_is_short_ascii_text_or_a_named_fault(stream: bytes) -> None:
    for barcode in barcodes_of([stream]):
        assert barcode.text.isascii()
        assert len(barcode.text) <= LONGEST_FRAME_BYTES
        assert bool(barcode.text) == (barcode.fault == "")
        assert barcode.fault in {"", "not_ascii", "too_long"}


def test_a_scanner_that_never_ends_a_frame_fills_no_memory() -> None:
    framer = Framer()
    for _ in range(1000):
        assert framer.feed(b"A" * 4096, at_s=0.0) == ()
    assert len(pickle.dumps(framer)) < 2 * LONGEST_FRAME_BYTES


ENDINGS = [
    (b"\r", "suffix"),
    (b"\r\n", "suffix"),
    (b"\t", "suffix"),
    (b"\x03", "suffix"),
    (b"\x02NEXT\r", "prefix"),
    (b"", "silence"),
]


@pytest.mark.parametrize(("sent_behind", "ended_by"), ENDINGS)
def test_what_ended_a_code_is_told_so_that_a_missing_suffix_is_found_out(sent_behind: bytes, ended_by: str) -> None:
    assert barcodes_of([C + sent_behind])[0].ended_by == ended_by


def test_a_suffix_that_comes_after_the_silence_does_not_count() -> None:
    framer = Framer()
    framer.feed(C, at_s=0.0)
    late = framer.flush_if_silent(SILENCE_S)
    assert late + framer.feed(b"\r", at_s=1.0) == (SILENT,)
