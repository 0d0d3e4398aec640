"""A scanner in keyboard mode, as the kernel shows it: one event per key going down or up, a report after each."""

import itertools
import struct
from collections.abc import Iterable

EVENT_64_BIT = struct.Struct("<qqHHi")
EVENT_32_BIT = struct.Struct("<iiHHi")
SYN, KEY, MSC = 0, 1, 4
SYN_REPORT, SYN_DROPPED, MSC_SCAN = 0, 3, 4
UP, DOWN, AGAIN = 0, 1, 2

ENTER, TAB, SPACE, CTRL, SHIFT, ALT, CAPS_LOCK, NUM_LOCK = 28, 15, 57, 29, 42, 56, 58, 69
KEYPAD = dict(zip("7894561230", (71, 72, 73, 75, 76, 77, 79, 80, 81, 82), strict=True))

# Where a US keyboard has its signs (linux/input-event-codes.h); the second of each pair needs Shift.
_US_KEYS = (
    (range(2, 14), "1234567890-=", "!@#$%^&*()_+"),
    (range(16, 28), "qwertyuiop[]", "QWERTYUIOP{}"),
    (range(30, 42), "asdfghjkl;'`", 'ASDFGHJKL:"~'),
    (range(43, 54), "\\zxcvbnm,./", "|ZXCVBNM<>?"),
)
_FIXED = {"\r": ENTER, "\t": TAB, " ": SPACE, "\x1b": 1, "\b": 14, "\x7f": 111}
Keyboard = dict[str, tuple[int, bool]]
US: Keyboard = {
    **{sign: (key, False) for keys, plain, _ in _US_KEYS for key, sign in zip(keys, plain, strict=True)},
    **{sign: (key, True) for keys, _, shifted in _US_KEYS for key, sign in zip(keys, shifted, strict=True)},
    **{sign: (key, False) for sign, key in _FIXED.items()},
}
# Where a French one has letters, digits and the signs that codes use; the signs left out stay those of the US keyboard.
FRENCH: Keyboard = US | {
    **{digit: (key, True) for key, digit in zip(range(2, 12), "1234567890", strict=True)},
    **dict(zip("azqwm", ((16, False), (17, False), (30, False), (44, False), (39, False)), strict=True)),
    **dict(zip("AZQWM", ((16, True), (17, True), (30, True), (44, True), (39, True)), strict=True)),
    "-": (7, False),
    "/": (52, True),
    ":": (52, False),
    ".": (51, True),
    "_": (9, False),
    ";": (51, False),
}


def packed(*events: tuple[int, int, int], event: struct.Struct = EVENT_64_BIT) -> bytes:
    """Kind, code and value of each event, at a time that does not matter."""
    return b"".join(event.pack(1_700_000_000, 1, *what) for what in events)


def keys(*moves: tuple[int, int], event: struct.Struct = EVENT_64_BIT) -> bytes:
    """Key and value of each move, with the report that the kernel writes after it."""
    return packed(*(what for code, value in moves for what in ((KEY, code, value), (SYN, SYN_REPORT, 0))), event=event)


def pressed(*codes: int) -> list[tuple[int, int]]:
    """Keys going down in this order and up in the other."""
    return [(code, DOWN) for code in codes] + [(code, UP) for code in reversed(codes)]


def typed(text: str, layout: Keyboard = US) -> list[tuple[int, int]]:
    """How a scanner types: Shift stays down over a run of signs that need it; signs without a key as ALT codes."""
    moves: list[tuple[int, int]] = []
    for shift, run in itertools.groupby(text, key=lambda sign: layout.get(sign, (0, False))[1]):
        inside = [move for sign in run for move in _sign(sign, layout)]
        moves += [(SHIFT, DOWN), *inside, (SHIFT, UP)] if shift else inside
    return moves


def alt_typed(text: str) -> list[tuple[int, int]]:
    """ALT mode: each sign as its number on the keypad, with Alt held."""
    return [move for sign in text for move in _alt_code(sign)]


def keypad_typed(digits: str) -> list[tuple[int, int]]:
    return [move for digit in digits for move in pressed(KEYPAD[digit])]


def _sign(sign: str, layout: Keyboard) -> Iterable[tuple[int, int]]:
    if sign in layout:
        return pressed(layout[sign][0])
    if "\x01" <= sign <= "\x1a":
        return pressed(CTRL, US[chr(ord(sign) + 0x60)][0])
    return _alt_code(sign)


def _alt_code(sign: str) -> list[tuple[int, int]]:
    return [(ALT, DOWN), *keypad_typed(f"{ord(sign):04}"), (ALT, UP)]
