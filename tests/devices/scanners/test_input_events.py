"""A scanner in keyboard mode: whatever way it types a code, the code comes out, and never another one."""

import contextlib
import itertools
import os
import struct
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.errors import DeviceLost, DeviceMissing
from devices.scanners import Barcode, KeyboardScanner, Scanner
from devices.scanners.input_events import INPUT_EVENT, KeyDecoder
from devices.scanners.key_layouts import LAYOUTS
from tests.devices.scanners.key_typist import (
    AGAIN,
    ALT,
    CAPS_LOCK,
    CTRL,
    DOWN,
    ENTER,
    EVENT_32_BIT,
    EVENT_64_BIT,
    FRENCH,
    KEY,
    KEYPAD,
    MSC,
    MSC_SCAN,
    NUM_LOCK,
    SHIFT,
    SYN,
    SYN_DROPPED,
    SYN_REPORT,
    TAB,
    UP,
    US,
    alt_typed,
    keypad_typed,
    keys,
    packed,
    pressed,
    typed,
)

PATIENCE_S = 20.0
CODE, DIGITS = "BCDFGHJKLNPRSTVX", "0123456789"
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
ALT_GRAPH, KEYPAD_ENTER, F1 = 100, 96, 59
KEY_OF_B, DIGIT_2, RIGHT_BRACKET, RIGHT_SHIFT = 48, 3, 27, 54
ReadAll = Callable[[Scanner, int], list[Barcode]]
Moves = list[tuple[int, int]]


def decoded(data: bytes, *, layout: str = "us", event: struct.Struct = EVENT_64_BIT) -> bytes:
    return KeyDecoder(LAYOUTS[layout], event=event).feed(data)


WAYS_OF_TYPING: dict[str, tuple[str, Moves, str]] = {
    "US": ("us", typed(CODE), CODE),
    "US, every letter": ("us", typed(LETTERS + LETTERS.lower()), LETTERS + LETTERS.lower()),
    "US, every sign": ("us", typed("".join(map(chr, range(32, 127)))), "".join(map(chr, range(32, 127)))),
    "US, right Shift": ("us", [(RIGHT_SHIFT, DOWN), *typed(CODE.lower()), (RIGHT_SHIFT, UP)], CODE),
    "US, caps lock": ("us", [*pressed(CAPS_LOCK), *typed(CODE.lower()), *pressed(CAPS_LOCK)], CODE),
    "US, caps lock and Shift": ("us", [*pressed(CAPS_LOCK), *typed(CODE)], CODE.lower()),
    "US, digits with caps lock": ("us", [*pressed(CAPS_LOCK), *typed(DIGITS)], DIGITS),
    "French": ("fr", typed(CODE, FRENCH), CODE),
    "French, every letter": ("fr", typed(LETTERS + LETTERS.lower(), FRENCH), LETTERS + LETTERS.lower()),
    "French, digits": ("fr", typed(DIGITS, FRENCH), DIGITS),
    "French, signs": ("fr", typed("-/:._;", FRENCH), "-/:._;"),
    "French, caps lock is a shift lock": (
        "fr",
        [*pressed(CAPS_LOCK), *(m for k in range(2, 12) for m in pressed(k))],
        "1234567890",
    ),
    "French, AltGr": (
        "fr",
        [(ALT_GRAPH, DOWN), *(m for k in range(3, 14) for m in pressed(k)), (ALT_GRAPH, UP)],
        "~#{[|`\\^@]}",
    ),
    "ALT, read as US": ("us", alt_typed(CODE + DIGITS), CODE + DIGITS),
    "ALT, read as French": ("fr", alt_typed(CODE + DIGITS), CODE + DIGITS),
    "ALT, no leading zero": ("us", [(ALT, DOWN), *keypad_typed("66"), (ALT, UP)], "B"),
    "ALT, num lock first": ("us", [*pressed(NUM_LOCK), *alt_typed(CODE), *pressed(NUM_LOCK)], CODE),
    "keypad, read as US": ("us", keypad_typed(DIGITS), DIGITS),
    "keypad, read as French": ("fr", keypad_typed(DIGITS), DIGITS),
    "Ctrl-], US": ("us", pressed(CTRL, RIGHT_BRACKET), "\x1d"),
    "Ctrl-], French": ("fr", pressed(CTRL, ALT_GRAPH, 12), "\x1d"),
    "ALT 0029": ("us", alt_typed("\x1d"), "\x1d"),
    "Enter, Tab, keypad Enter": ("fr", [*pressed(ENTER), *pressed(TAB), *pressed(KEYPAD_ENTER)], "\r\t\r"),
    "a key held down": ("us", [(KEY_OF_B, DOWN), *[(KEY_OF_B, AGAIN)] * 20, (KEY_OF_B, UP)], "b"),
    "Shift held down": ("us", [(SHIFT, DOWN), (SHIFT, AGAIN), *typed("b"), (SHIFT, UP), *typed("b")], "Bb"),
    "a key let go that was held before": ("us", [(KEY_OF_B, UP), (SHIFT, UP), (ALT, UP), *typed("c")], "c"),
    "two keys at once": ("us", [(48, DOWN), (46, DOWN), (48, UP), (46, UP)], "bc"),
    "Alt with no number": ("us", pressed(ALT), ""),
    "locks alone": ("us", [*pressed(NUM_LOCK), *pressed(70), *pressed(CAPS_LOCK)], ""),
}


@pytest.mark.parametrize("way", WAYS_OF_TYPING)
@pytest.mark.parametrize("event", [EVENT_64_BIT, EVENT_32_BIT], ids=["64-bit", "32-bit"])
def test_each_way_a_scanner_types_gives_what_it_read(way: str, event: struct.Struct) -> None:
    layout, moves, text = WAYS_OF_TYPING[way]
    assert decoded(keys(*moves, event=event), layout=layout, event=event) == text.encode()


UNREADABLE: dict[str, tuple[str, Moves, bytes]] = {
    "an accent": ("fr", pressed(DIGIT_2), b"\xff"),
    "a sign with an accent above ASCII": ("us", alt_typed("é"), b"\xff"),
    "a very long ALT number": ("us", [(ALT, DOWN), *keypad_typed("9" * 500), (ALT, UP)], b"\xff"),
    "a function key": ("us", [*typed("b"), *pressed(F1), *typed("c")], b"b\xffc"),
    "a key that French AltGr leaves empty": ("fr", pressed(ALT_GRAPH, 16), b"\xff"),
    "Ctrl with a digit": ("us", pressed(CTRL, DIGIT_2), b"\xff"),
    "digits of a scanner programmed otherwise": ("fr", typed(DIGITS, US), b"\xff&\xff\"'(-\xff_\xff"),
}


@pytest.mark.parametrize("what", UNREADABLE)
def test_a_key_without_a_character_spoils_the_code_instead_of_leaving_a_letter_out(what: str) -> None:
    layout, moves, expected = UNREADABLE[what]
    assert decoded(keys(*moves), layout=layout) == expected


def test_events_that_are_no_keys_change_nothing() -> None:
    relative, led, repeat_rate = (2, 0, 5), (17, 1, 1), (20, 0, 250)
    events = [(MSC, MSC_SCAN, 458_757), relative, led, repeat_rate, (KEY, US["c"][0], DOWN), (SYN, SYN_REPORT, 0)]
    assert decoded(packed(*events)) == b"c"


def test_after_lost_events_the_code_is_spoiled_and_the_next_one_is_read() -> None:
    """What the kernel writes when it ran out of room: no Shift is let go, half a report follows."""
    lost = packed((SYN, SYN_DROPPED, 0), (KEY, US["d"][0], DOWN), (KEY, US["d"][0], UP), (SYN, SYN_REPORT, 0))
    before = keys((SHIFT, DOWN), *typed("bc"))
    assert decoded(before + lost + keys(*typed("f\rBCDF\r"))) == b"BC\xfff\rBCDF\r"


def test_an_event_has_the_size_that_the_kernel_of_this_machine_gives_it() -> None:
    assert INPUT_EVENT.size == 2 * struct.calcsize("l") + 8


STREAM = keys(*typed("]Q1BCDF-1\r"), *alt_typed("GH"), *pressed(F1), *typed("jk\t"))


@given(cuts=st.lists(st.integers(0, len(STREAM))))
def test_events_cut_anywhere_give_the_same_text(cuts: list[int]) -> None:
    edges = [0, *sorted(cuts), len(STREAM)]
    decoder = KeyDecoder(LAYOUTS["us"], event=EVENT_64_BIT)
    assert b"".join(decoder.feed(STREAM[a:b]) for a, b in itertools.pairwise(edges)) == decoded(STREAM)


events = st.lists(
    st.tuples(
        st.sampled_from([SYN, KEY, MSC, 2]), st.one_of(st.integers(0, 130), st.integers(0, 0xFFFF)), st.integers(-1, 3)
    )
)


@given(happened=events, layout=st.sampled_from(sorted(LAYOUTS)))
def test_whatever_keys_are_pressed_each_gives_at_most_one_ascii_character_or_a_spoiled_one(
    happened: list[tuple[int, int, int]], layout: str
) -> None:
    text = decoded(packed(*happened), layout=layout)
    assert len(text) <= len(happened)
    assert all(byte < 128 or byte == 255 for byte in text)


@pytest.fixture
def typing() -> Iterator[tuple[KeyboardScanner, int]]:
    """An open scanner on the reading end of a pipe, and the writing end."""
    reading, writing = os.pipe()
    with contextlib.closing(KeyboardScanner(f"/dev/fd/{reading}?layout=fr")) as scanner:
        scanner.open()
        os.close(reading)
        yield scanner, writing
        os.close(writing)


def test_a_french_scanner_is_read_from_a_pipe(typing: tuple[KeyboardScanner, int], read_all: ReadAll) -> None:
    scanner, pipe = typing
    for end in (ENTER, KEYPAD_ENTER, TAB):
        os.write(pipe, keys(*pressed(ALT_GRAPH, 12), *typed(f"Q1{CODE}", FRENCH), *pressed(end)))
    assert read_all(scanner, 3) == [Barcode(CODE, "Q1")] * 3


def test_a_scanner_without_enter_is_read_after_the_silence(
    typing: tuple[KeyboardScanner, int], read_all: ReadAll
) -> None:
    scanner, pipe = typing
    os.write(pipe, keys(*typed(CODE, FRENCH)))
    assert read_all(scanner, 1) == [Barcode(CODE, ended_by="silence")]


def test_a_code_with_a_key_that_means_nothing_is_answered_as_unreadable(
    typing: tuple[KeyboardScanner, int], read_all: ReadAll
) -> None:
    scanner, pipe = typing
    os.write(pipe, keys(*pressed(F1), *typed(CODE, FRENCH), *pressed(ENTER), *typed(CODE, FRENCH), *pressed(ENTER)))
    assert read_all(scanner, 2) == [Barcode("", fault="not_ascii"), Barcode(CODE)]


def test_a_shift_held_down_when_the_cable_was_pulled_is_forgotten(tmp_path: Path, read_all: ReadAll) -> None:
    path = tmp_path / "scanner-event-kbd"
    os.mkfifo(path)
    with contextlib.closing(KeyboardScanner(str(path))) as scanner:
        scanner.open()
        with path.open("wb", buffering=0) as pipe:
            pipe.write(keys((SHIFT, DOWN), *typed("b"), *pressed(ENTER)))
            assert read_all(scanner, 1) == [Barcode("B")]
        with pytest.raises(DeviceLost):
            scanner.read(timeout_s=PATIENCE_S)
        scanner.open()
        with path.open("wb", buffering=0) as pipe:
            pipe.write(keys(*typed("b"), *pressed(ENTER)))
            assert read_all(scanner, 1) == [Barcode("b")]


@pytest.mark.parametrize("what", ["absent", "file", "folder", "dead link", "no keyboard"])
def test_what_is_no_keyboard_is_missing_and_is_left_as_it_was(tmp_path: Path, what: str) -> None:
    (tmp_path / "file").write_text("kept")
    (tmp_path / "folder").mkdir()
    (tmp_path / "dead link").symlink_to("/dev/input/by-path/none")
    (tmp_path / "no keyboard").symlink_to("/dev/null")
    before = sorted(tmp_path.iterdir())
    open_files_before = _open_files()
    with pytest.raises(DeviceMissing) as missing:
        KeyboardScanner(str(tmp_path / what)).open()
    assert str(tmp_path / what) in str(missing.value)
    assert _open_files() == open_files_before
    assert sorted(tmp_path.iterdir()) == before
    assert (tmp_path / "file").read_text() == "kept"


def test_a_keyboard_without_a_path_is_refused_with_the_cure() -> None:
    with pytest.raises(ValueError, match="write /dev/input/by-path/"):
        KeyboardScanner("event3")


def _open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def test_every_digit_of_the_keypad_is_known() -> None:
    assert decoded(keys(*(move for key in KEYPAD.values() for move in pressed(key)))) == "".join(KEYPAD).encode()
