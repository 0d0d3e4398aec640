"""Which character a key means, by the keyboard that a scanner was programmed to imitate.

Key numbers are those of linux/input-event-codes.h. The French layout is the one of Windows, which scanners imitate; its
dead keys stand for themselves, because a scanner presses them for the sign alone.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

ENTER, LEFT_CTRL, LEFT_SHIFT, RIGHT_SHIFT, LEFT_ALT, CAPS_LOCK = 28, 29, 42, 54, 56, 58
NUM_LOCK, SCROLL_LOCK, KEYPAD_ENTER, RIGHT_CTRL, RIGHT_ALT = 69, 70, 96, 97, 100

SHIFTS = frozenset({LEFT_SHIFT, RIGHT_SHIFT})
CTRLS = frozenset({LEFT_CTRL, RIGHT_CTRL})
ALTS = frozenset({LEFT_ALT, RIGHT_ALT})
MODIFIERS = SHIFTS | CTRLS | ALTS

KEYPAD_DIGITS: Mapping[int, str] = {
    71: "7",
    72: "8",
    73: "9",
    75: "4",
    76: "5",
    77: "6",
    79: "1",
    80: "2",
    81: "3",
    82: "0",
}

# Keys that mean the same on every keyboard: Esc, Backspace, Tab, Enter, space, Delete, and the keypad.
FIXED_KEYS: Mapping[int, str] = {
    1: "\x1b",
    14: "\b",
    15: "\t",
    ENTER: "\r",
    57: " ",
    111: "\x7f",
    **KEYPAD_DIGITS,
    55: "*",
    74: "-",
    78: "+",
    83: ".",
    98: "/",
    KEYPAD_ENTER: "\r",
}

# Digit row, the two rows of letters below, the third with the key left of Enter first, and the one beside left Shift.
_ROWS: tuple[Iterable[int], ...] = (range(2, 14), range(16, 28), range(30, 42), range(43, 54), (86,))


def _level(*rows: str) -> dict[int, str]:
    """One character per key, in the order of `_ROWS`; a space where the key means nothing."""
    keys = ((key, sign) for row, signs in zip(_ROWS, rows, strict=True) for key, sign in zip(row, signs, strict=True))
    return {key: sign for key, sign in keys if sign != " "}


@dataclass(frozen=True, slots=True)
class Layout:
    """Characters by key number, alone, with Shift and with AltGr. `locked`: keys that caps lock turns round."""

    plain: Mapping[int, str]
    shifted: Mapping[int, str]
    locked: frozenset[int]
    alt_graph: Mapping[int, str] = field(default_factory=dict)

    def character(self, key: int, *, shift: bool, caps_lock: bool, alt_graph: bool) -> str:
        """One character, "" for a key that means none."""
        if alt_graph:
            return self.alt_graph.get(key, "")
        upper = shift != (caps_lock and key in self.locked)
        return (self.shifted if upper else self.plain).get(key, "")


_US_PLAIN = _level("1234567890-=", "qwertyuiop[]", "asdfghjkl;'`", "\\zxcvbnm,./", "\\")
_US_SHIFTED = _level("!@#$%^&*()_+", "QWERTYUIOP{}", 'ASDFGHJKL:"~', "|ZXCVBNM<>?", "|")

_FR_PLAIN = _level("&é\"'(-è_çà)=", "azertyuiop^$", "qsdfghjklmù²", "*wxcvbn,;:!", "<")
_FR_SHIFTED = _level("1234567890°+", "AZERTYUIOP¨£", "QSDFGHJKLM% ", "µWXCVBN?./§", ">")
_FR_ALT_GRAPH = _level(" ~#{[|`\\^@]}", "  €        ¤", " " * 12, " " * 11, " ")

LAYOUTS: Mapping[str, Layout] = {
    "us": Layout(_US_PLAIN, _US_SHIFTED, locked=frozenset(key for key, sign in _US_PLAIN.items() if sign.isalpha())),
    "fr": Layout(_FR_PLAIN, _FR_SHIFTED, locked=frozenset(_FR_PLAIN), alt_graph=_FR_ALT_GRAPH),  # a true shift lock
}
