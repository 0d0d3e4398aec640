"""Bundle codes and command-card codes: letters that survive every Latin keyboard layout, with two Reed-Solomon check letters.

A bundle code is 14 letters `SSSS NNNN NNRR CC`: site 4, sequence 6, random 2, check 2 (over GF(16), x^4+x+1).
A command card is 8 letters `XX MM PP CC`: mark, command, parameter, check. No site begins with XX, so half a bundle code is never a card.
A part of a delivery note begins with XXXX and is longer than anything else (`note_parts`).
"""

from dataclasses import dataclass
from enum import StrEnum

ALPHABET = "BCDFGHJKLNPRSTVX"
SITE_LETTERS = 4
SEQUENCE_LETTERS = 6
RANDOM_LETTERS = 2
CHECK_LETTERS = 2
BUNDLE_LETTERS = SITE_LETTERS + SEQUENCE_LETTERS + RANDOM_LETTERS + CHECK_LETTERS
HOME_LETTERS = BUNDLE_LETTERS - SITE_LETTERS
CARD_MARK = "XX"
CARD_LETTERS = 8
SEQUENCES = 16**SEQUENCE_LETTERS
RANDOMS = 16**RANDOM_LETTERS
NOTE_MARK = "XXXX"
NOTE_SET_LETTERS = 8
NOTE_NUMBER_LETTERS = 2
MOST_NOTE_PARTS = 48  # four A4 pages; a larger note goes by file
LONGEST_READ = 64

_VALUE = {letter: value for value, letter in enumerate(ALPHABET)}
_POWER = [1, 2, 4, 8, 3, 6, 12, 11, 5, 10, 7, 14, 15, 13, 9]  # powers of alpha in GF(16) with x^4 = x + 1
_LOG = {value: exponent for exponent, value in enumerate(_POWER)}
_TIMES_2, _TIMES_3 = ([0, *(_POWER[(_LOG[value] + _LOG[by]) % 15] for value in range(1, 16))] for by in (2, 3))
_CARD_SALT = "VXTR"  # the cards' own check: the same letters never check as both
_SEPARATORS = str.maketrans("", "", " -.")


class Found(StrEnum):
    """What a read text is. All but BUNDLE and CARD change nothing."""

    BUNDLE = "bundle"
    CARD = "card"
    NOTE_PART = "note_part"
    WRONG_CHECK = "wrong_check"
    EMPTY = "empty"
    HALF_CODE = "half_code"
    PRODUCT_CODE = "product_code"
    NUMBER = "number"
    WEB_ADDRESS = "web_address"
    GARBLED_KEYBOARD = "garbled_keyboard"
    OTHER_ALPHABET = "other_alphabet"
    CONTROL_CHARACTERS = "control_characters"
    TOO_LONG = "too_long"
    OTHER_TEXT = "other_text"


@dataclass(frozen=True, slots=True)
class Reading:
    """A read text, understood. `code` is the full code without separators, empty unless BUNDLE or CARD."""

    found: Found
    code: str = ""


def bundle_code(site: str, sequence: int, random: int) -> str:
    """The 14 letters of a new bundle: `sequence` in 0..16^6-1, `random` in 0..255."""
    if not is_site(site):
        raise ValueError(
            f"a site is {SITE_LETTERS} letters of {ALPHABET} and does not begin with {CARD_MARK}: {site!r}"
        )
    body = site + _letters(sequence, SEQUENCE_LETTERS) + _letters(random, RANDOM_LETTERS)
    return body + _check(body)


def card_code(command: int, parameter: int) -> str:
    """The 8 letters of a command card: both numbers in 0..255."""
    body = CARD_MARK + _letters(command, 2) + _letters(parameter, 2)
    return body + _check(_CARD_SALT + body)


def card_numbers(code: str) -> tuple[int, int]:
    """(command, parameter) of a well-formed card code."""
    return _number(code[2:4]), _number(code[4:6])


def is_site(site: str) -> bool:
    return len(site) == SITE_LETTERS and all(letter in _VALUE for letter in site) and not site.startswith(CARD_MARK)


def site_of(code: str) -> str:
    return code[:SITE_LETTERS]


def sequence_of(code: str) -> int:
    return _number(code[SITE_LETTERS : SITE_LETTERS + SEQUENCE_LETTERS])


def grouped(code: str) -> str:
    """The code as printed: `SSSS NNNN NNRR CC`."""
    return " ".join(code[start : start + 4] for start in range(0, len(code), 4))


def read_code(text: str, *, home_site: str) -> Reading:
    """What a scanned or typed text is. Site letters may be left out at home; case and separators do not matter."""
    if len(text) > LONGEST_READ:
        return Reading(Found.NOTE_PART if _begins_a_note(text[:LONGEST_READ]) else Found.TOO_LONG)
    letters = text.upper().translate(_SEPARATORS) if text.isascii() else ""
    if not letters or letters.strip(ALPHABET):
        return Reading(_describe(text))
    if len(letters) == CARD_LETTERS and letters.startswith(CARD_MARK):
        return _checked(letters, Found.CARD, checked=_CARD_SALT + letters)
    if len(letters) == HOME_LETTERS:
        letters = home_site + letters
    if len(letters) == BUNDLE_LETTERS and letters.startswith(CARD_MARK):
        return Reading(Found.WRONG_CHECK)
    if len(letters) == BUNDLE_LETTERS:
        return _checked(letters, Found.BUNDLE, checked=letters)
    return Reading(Found.HALF_CODE if len(letters) < BUNDLE_LETTERS else Found.OTHER_TEXT)


def _begins_a_note(text: str) -> bool:
    """Mark, set, number, count: enough where the rest was cut off on the way."""
    letters = text.upper() if text.isascii() else ""
    if not letters.startswith(NOTE_MARK) or letters.strip(ALPHABET):
        return False
    at = len(NOTE_MARK) + NOTE_SET_LETTERS
    count_at, end = at + NOTE_NUMBER_LETTERS, at + 2 * NOTE_NUMBER_LETTERS
    return 1 <= _number(letters[at:count_at]) <= _number(letters[count_at:end]) <= MOST_NOTE_PARTS


def _checked(letters: str, found: Found, *, checked: str) -> Reading:
    if _check(checked[:-CHECK_LETTERS]) != checked[-CHECK_LETTERS:]:
        return Reading(Found.WRONG_CHECK)
    return Reading(found, letters)


def _describe(text: str) -> Found:
    shown = text.strip()
    if not shown:
        return Found.EMPTY if not text.strip(" ") else Found.CONTROL_CHARACTERS
    if any(ord(character) < 32 or ord(character) == 127 for character in shown):
        return Found.CONTROL_CHARACTERS
    if shown.isascii() and shown.isdigit():
        return Found.PRODUCT_CODE if len(shown) in (8, 12, 13, 14) else Found.NUMBER
    if "://" in shown or shown.lower().startswith("www."):
        return Found.WEB_ADDRESS
    return _describe_letters(shown)


def _describe_letters(shown: str) -> Found:
    azerty_digits = set("&é\"'(-è_çà")
    if len(shown) >= 4 and set(shown) <= azerty_digits | set(ALPHABET) and set(shown) & azerty_digits:
        return Found.GARBLED_KEYBOARD
    if any(ord(character) > 0x24F for character in shown):
        return Found.OTHER_ALPHABET
    return Found.OTHER_TEXT


def _letters(number: int, count: int) -> str:
    if not 0 <= number < 16**count:
        raise ValueError(f"{number} does not fit {count} letters")
    return "".join(ALPHABET[number >> shift & 15] for shift in range(4 * (count - 1), -1, -4))


def _number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number << 4 | _VALUE[letter]
    return number


def _check(body: str) -> str:
    """Remainder of body(x)·x² by the generator (x+1)(x+α) = x² + (1+α)x + α: two letters, distance 3."""
    high = low = 0
    for letter in body:
        feedback = _VALUE[letter] ^ high
        high = low ^ _TIMES_3[feedback]
        low = _TIMES_2[feedback]
    return ALPHABET[high] + ALPHABET[low]
