"""Free text from a spreadsheet made safe to print: what XML forbids, what is invisible and what reorders goes."""

from __future__ import annotations

import unicodedata

LONGEST_LETTERS = 120
MOST_MARKS_ON_A_LETTER = 2  # Arabic writes two (shadda and a vowel); more would climb into the line above
DROPPED = frozenset({"Cc", "Cf", "Cs", "Cn"})  # control, invisible, half a pair, no character
JOINERS = "\u200c\u200d"  # invisible, but Persian and Pashto spell with them
RIGHT_TO_LEFT_ISOLATE, POP_ISOLATE = "\u2067", "\u2069"


def clean(text: str) -> str:
    """One line of at most 120 characters, without control characters, lone surrogates or bidi overrides."""
    composed = unicodedata.normalize("NFC", text[: 4 * LONGEST_LETTERS])
    spaced = "".join(" " if _is_gap(letter) else letter for letter in composed)
    kept = "".join(letter for letter in spaced if letter in JOINERS or unicodedata.category(letter) not in DROPPED)
    return _with_few_marks(" ".join(kept.split()))[:LONGEST_LETTERS]


def is_simple(text: str) -> bool:
    """True where one letter is one shape, set left to right: a letter's width may then be added to the next one's."""
    return all(unicodedata.bidirectional(letter) not in {"R", "AL", "NSM"} and letter not in JOINERS for letter in text)


def in_its_direction(text: str) -> str:
    """Arabic, Dari or Hebrew text kept together right to left inside a French line."""
    strong = (unicodedata.bidirectional(letter) for letter in text)
    first = next((kind for kind in strong if kind in {"L", "R", "AL"}), "L")
    return text if first == "L" else f"{RIGHT_TO_LEFT_ISOLATE}{text}{POP_ISOLATE}"


def _is_gap(letter: str) -> bool:
    return letter in "\t\n\r\v\f\x85" or unicodedata.category(letter) in {"Zs", "Zl", "Zp"}


def _with_few_marks(text: str) -> str:
    marks = 0
    kept = []
    for letter in text:
        marks = marks + 1 if unicodedata.combining(letter) else 0
        if marks <= MOST_MARKS_ON_A_LETTER:
            kept.append(letter)
    return "".join(kept)
