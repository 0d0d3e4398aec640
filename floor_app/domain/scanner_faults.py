"""What is wrong with a scanner, told from what it made of the codes of the test sheet; and what cures it.

The sheet's texts are known, so each reading is laid against what every likely fault would make of them. None of them, whole
or spoilt, is a bundle or a card (`domain/codes.py`): scanning the sheet never counts anything.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum


class Check(StrEnum):
    """The codes of the sheet."""

    KEYBOARD = "keyboard"
    LABEL = "label"
    MICRO = "micro"


TEXTS: Mapping[Check, str] = {
    Check.KEYBOARD: "SETUP:0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-/",
    Check.LABEL: "XXVTSRPNLKJHGF",
    Check.MICRO: "9274618350",
}
"""Printed on paper: they never change. LABEL is as long as a bundle code and begins as no site does; MICRO is a Micro QR,
drawn in the sheet itself, which a scanner must not read: a torn QR can be taken for one, with other digits."""


class Fault(StrEnum):
    FRENCH_KEYBOARD = "french_keyboard"
    US_KEYBOARD = "us_keyboard"
    OTHER_KEYBOARD = "other_keyboard"
    CASE = "case"
    NO_ENTER = "no_enter"
    PREFIX = "prefix"
    SUFFIX = "suffix"
    TRUNCATED = "truncated"
    GARBLED = "garbled"
    NOT_ASCII = "not_ascii"
    TOO_LONG = "too_long"
    MICRO_QR = "micro_qr"


HINDERING = frozenset({Fault.PREFIX, Fault.SUFFIX, Fault.TRUNCATED, Fault.GARBLED, Fault.NOT_ASCII, Fault.TOO_LONG})
"""With one of these no label is read. With the others labels are read, but not always well, not always at once."""


class Way(StrEnum):
    """How a reading came: bytes of a port; a keyboard read by the machine itself; keys caught by a page."""

    BYTES = "bytes"
    KEYBOARD = "keyboard"
    PAGE = "page"


@dataclass(frozen=True, slots=True)
class RawReading:
    """`text`: of a page, by the place of the keys on a US keyboard. `understood`: what the host made of them, "" elsewhere.

    `fault`: as devices/scanners/barcode.py has it. `ended`: by Enter, or whatever else ends a code, not by silence alone.
    """

    way: Way
    text: str
    ended: bool
    fault: str = ""
    understood: str = ""
    caps_lock: bool = False


@dataclass(frozen=True, slots=True)
class Key:
    """A key as a browser tells it: `code` its place (KeyboardEvent.code), `key` what the host makes of it."""

    code: str
    key: str
    shift: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """`check`: the code of the sheet that was read, `None` for anything else. `before`, `after`: what stood round it."""

    way: Way
    check: Check | None
    faults: tuple[Fault, ...] = ()
    before: str = ""
    after: str = ""


def find_faults(reading: RawReading) -> Found:
    """What one reading says about the scanner. A code that is not of the sheet says nothing, but for a missing Enter."""
    ending = () if reading.ended else (Fault.NO_ENTER,)
    if reading.fault:
        return Found(reading.way, None, (_UNREADABLE.get((reading.way, reading.fault), Fault.NOT_ASCII), *ending))
    # Some tablets send capitals without their Shift: then the host's understanding is nearer to the sheet than the places.
    fits = [fit for text in (reading.text, reading.understood) if (fit := _best_fit(text, _AS_READ))]
    fit = max(fits, key=lambda found: (len(found.common), found.same), default=None)
    if fit is None:
        return Found(reading.way, None, ending)
    faults = [*_around(fit), *_layout(reading, fit), *_case(reading, fit), *ending]
    if fit.check == Check.MICRO:
        faults.insert(0, Fault.MICRO_QR)
    return Found(reading.way, fit.check, tuple(dict.fromkeys(faults)), before=fit.before, after=fit.after)


def read_keys(keys: Iterable[Key], *, ended: bool, caps_lock: bool = False) -> RawReading:
    """A reading caught by a page, from the keys of it. Keys that mean no sign are left out."""
    pressed = tuple(keys)
    by_place = "".join(_by_place(key) for key in pressed)
    understood = "".join(key.key for key in pressed if len(key.key) == 1)
    return RawReading(Way.PAGE, by_place, ended, understood=understood, caps_lock=caps_lock)


@dataclass(frozen=True, slots=True)
class _Fit:
    """The longest part that a reading has in common with what a keyboard makes of a text of the sheet.

    `same`: how many of its signs are the same as capitals and small letters too.
    """

    check: Check
    keyboard: str
    common: str
    same: int
    before: str
    after: str
    lost_before: str
    lost_after: str


# What a keyboard makes of the signs of the sheet; all others stay. Letters in capitals. From the keys of linux/
# input-event-codes.h and the keyboards of Windows: tests/domain/test_scanner_faults.py works them out anew.
AS_SENT = "sent"
_US, _FRENCH = "us_on_french", "french_on_us"
_SENT = "0123456789AMQWZ:-/"
KEYBOARDS: Mapping[str, Mapping[str, str]] = {
    AS_SENT: {},
    _US: dict(zip(_SENT, "à&é\"'(-è_çQ?AZWM)!", strict=True)),
    "us_on_french_locked": dict(zip(_SENT, "0123456789Q,AZWM°§", strict=True)),
    _FRENCH: dict(zip(_SENT, ")!@#$%^&*(Q:AZW.6>", strict=True)),
    "us_on_german": dict(zip("YZ:-/", "ZYÖß-", strict=True)),
}
_FAULTS_OF_KEYBOARDS = {
    _US: Fault.US_KEYBOARD,
    "us_on_french_locked": Fault.US_KEYBOARD,
    _FRENCH: Fault.FRENCH_KEYBOARD,
    "us_on_german": Fault.OTHER_KEYBOARD,
}
_AS_READ = tuple(
    (check, name, "".join(keyboard.get(sign, sign) for sign in text))
    for check, text in TEXTS.items()
    for name, keyboard in KEYBOARDS.items()
)
_LEAST_IN_COMMON = 5  # fewer letters in a row stand in other codes by chance

_UNREADABLE = {
    (Way.BYTES, "not_ascii"): Fault.NOT_ASCII,
    (Way.KEYBOARD, "not_ascii"): Fault.US_KEYBOARD,  # read as French: é and à are no code
    **{(way, "too_long"): Fault.TOO_LONG for way in Way},
}


def _best_fit(text: str, candidates: Iterable[tuple[Check, str, str]]) -> _Fit | None:
    """Capitals and small letters are one here; `None` where too little is common."""
    fits = [_fit(text, check, name, expected) for check, name, expected in candidates]
    best = max(fits, key=lambda fit: len(fit.common))
    return best if len(best.common) >= _LEAST_IN_COMMON else None


def _fit(text: str, check: Check, keyboard: str, expected: str) -> _Fit:
    found = SequenceMatcher(None, _small(text), _small(expected), autojunk=False).find_longest_match()
    in_text, in_expected = found.a + found.size, found.b + found.size
    return _Fit(
        check,
        keyboard,
        text[found.a : in_text],
        same=sum(one == other for one, other in zip(text[found.a :], expected[found.b : in_expected], strict=False)),
        before=text[: found.a],
        after=text[in_text:],
        lost_before=expected[: found.b],
        lost_after=expected[in_expected:],
    )


def _small(text: str) -> str:
    """Sign by sign, so that places stay: the small letter of « İ » is two signs."""
    return "".join(sign.lower() if len(sign.lower()) == 1 else sign for sign in text)


def _around(fit: _Fit) -> Iterable[Fault]:
    """More than the code, or less of it; on one side both, signs stand in the place of others."""
    if (fit.before and fit.lost_before) or (fit.after and fit.lost_after):
        return (Fault.GARBLED,)
    said = ((Fault.TRUNCATED, fit.lost_before or fit.lost_after), (Fault.PREFIX, fit.before), (Fault.SUFFIX, fit.after))
    return tuple(fault for fault, reason in said if reason)


def _layout(reading: RawReading, fit: _Fit) -> Iterable[Fault]:
    """A page reads keys by their place: there the host's own keyboard shows only in what the host understood."""
    if fit.keyboard != AS_SENT:
        return (_FAULTS_OF_KEYBOARDS[fit.keyboard],)
    host = _best_fit(reading.understood, [found for found in _AS_READ if found[0] == fit.check])
    if host is None or host.keyboard == AS_SENT:
        return ()
    return (_FAULTS_OF_KEYBOARDS[host.keyboard],)


def _case(reading: RawReading, fit: _Fit) -> Iterable[Fault]:
    small = sum(sign.islower() for sign in fit.common) > sum(sign.isupper() for sign in fit.common)
    return (Fault.CASE,) if small or reading.caps_lock else ()


# The keys of a US keyboard by KeyboardEvent.code: alone, with Shift (W3C, UI Events KeyboardEvent code Values).
_SIGN_KEYS: Mapping[str, str] = {
    **{f"Digit{digit}": digit + sign for digit, sign in zip("1234567890", "!@#$%^&*()", strict=True)},
    "Minus": "-_",
    "Equal": "=+",
    "BracketLeft": "[{",
    "BracketRight": "]}",
    "Semicolon": ";:",
    "Quote": "'\"",
    "Backquote": "`~",
    "Backslash": "\\|",
    "Comma": ",<",
    "Period": ".>",
    "Slash": "/?",
    "Space": "  ",
}


def _by_place(key: Key) -> str:
    """A key without a place, as some tablets send them, stands for what the host made of it."""
    if key.code in _SIGN_KEYS:
        return _SIGN_KEYS[key.code][key.shift]
    if len(key.code) == 4 and key.code.startswith("Key"):
        return key.code[3] if key.shift else key.code[3].lower()
    if key.code.startswith("Numpad") and key.code[6:].isdigit():
        return key.code[6:]
    return key.key if len(key.key) == 1 else ""


class Verdict(StrEnum):
    NOTHING_READ = "nothing_read"
    HINDERED = "hindered"
    FAULTY = "faulty"
    MORE_TO_READ = "more_to_read"
    GOOD = "good"


@dataclass(frozen=True, slots=True)
class Examination:
    """What all readings of one test say together. `last`: the newest, of the sheet or not."""

    checks: Mapping[Check, Found]
    last: Found | None = None

    @property
    def faults(self) -> Mapping[Fault, Found]:
        """Each once, the worst first, with a reading that shows it."""
        other = [self.last] if self.last and self.last.check is None else []
        shown = {fault: found for found in (*self.checks.values(), *other) for fault in found.faults}
        return dict(sorted(shown.items(), key=lambda one: one[0] not in HINDERING))

    @property
    def verdict(self) -> Verdict:
        if self.last is None:
            return Verdict.NOTHING_READ
        if self.faults:
            return Verdict.FAULTY if HINDERING.isdisjoint(self.faults) else Verdict.HINDERED
        return Verdict.GOOD if {Check.KEYBOARD, Check.LABEL} <= self.checks.keys() else Verdict.MORE_TO_READ


def examine(readings: Iterable[RawReading]) -> Examination:
    """Of each code of the sheet the last reading counts: a scanner set right meanwhile is right."""
    found = [find_faults(reading) for reading in readings]
    return Examination({one.check: one for one in found if one.check is not None}, found[-1] if found else None)
