"""Each way a scanner can be set up wrong, simulated as the bytes or the keys it would send, is named (row S11)."""

from collections.abc import Callable, Iterable, Sequence

import pytest

from devices.scanners import Barcode
from devices.scanners.framing import Framer
from devices.scanners.input_events import KeyDecoder
from devices.scanners.key_layouts import LAYOUTS
from floor_app.domain.codes import Found as Code
from floor_app.domain.codes import bundle_code, read_code
from floor_app.domain.scanner_faults import (
    AS_SENT,
    HINDERING,
    KEYBOARDS,
    TEXTS,
    Check,
    Fault,
    Key,
    RawReading,
    Verdict,
    Way,
    examine,
    find_faults,
    read_keys,
)
from tests.devices.scanners.key_typist import FRENCH, US, alt_typed, keys, typed

SHEET, LABEL, MICRO = TEXTS[Check.KEYBOARD], TEXTS[Check.LABEL], TEXTS[Check.MICRO]
HOME = "BCDF"
BUNDLE = bundle_code(HOME, 4711, 99)


def port(data: bytes) -> RawReading:
    """What the framing makes of a scanner's bytes, silence behind them."""
    framer = Framer()
    barcodes = (*framer.feed(data, at_s=0.0), *framer.flush_if_silent(1.0))
    return of_barcode(barcodes[0], Way.BYTES)


def machine(text: str, programmed: dict[str, tuple[int, bool]], *, layout: str = "us") -> RawReading:
    """A scanner in keyboard mode on the machine, read with `layout` as in its address."""
    return of_events(keys(*typed(text, programmed)), layout)


def of_events(events: bytes, layout: str = "us") -> RawReading:
    framer, decoder = Framer(), KeyDecoder(LAYOUTS[layout])
    barcodes = (*framer.feed(decoder.feed(events), at_s=0.0), *framer.flush_if_silent(1.0))
    return of_barcode(barcodes[0], Way.KEYBOARD)


def of_barcode(barcode: Barcode, way: Way) -> RawReading:
    return RawReading(way, barcode.text, barcode.ended_by == "suffix", fault=barcode.fault)


# Where a browser sees the keys of linux/input-event-codes.h (W3C, UI Events KeyboardEvent code Values).
PLACES = {
    **dict(zip(range(2, 14), [*(f"Digit{n}" for n in "1234567890"), "Minus", "Equal"], strict=True)),
    **dict(zip(range(16, 26), (f"Key{letter}" for letter in "QWERTYUIOP"), strict=True)),
    **dict(zip(range(30, 39), (f"Key{letter}" for letter in "ASDFGHJKL"), strict=True)),
    27: "BracketRight",
    39: "Semicolon",
    **dict(zip(range(44, 51), (f"Key{letter}" for letter in "ZXCVBNM"), strict=True)),
    **dict(zip(range(51, 54), ("Comma", "Period", "Slash"), strict=True)),
}


def page(
    text: str, programmed: dict[str, tuple[int, bool]] = US, *, host: str = "us", caps: bool = False, ended: bool = True
) -> RawReading:
    """A scanner that types into a page, on a tablet that believes in the keyboard `host`."""
    return read_keys([_key(*programmed[sign], host, caps) for sign in text], ended=ended, caps_lock=caps)


def _key(number: int, shift: bool, host: str, caps: bool) -> Key:
    sign = LAYOUTS[host].character(number, shift=shift, caps_lock=caps, alt_graph=False)
    return Key(PLACES[number], sign, shift)


CR = b"\r"
FAULTS: dict[str, tuple[RawReading, Check | None, set[Fault]]] = {
    "port, well set up": (port(SHEET.encode() + CR), Check.KEYBOARD, set()),
    "port, CR LF": (port(SHEET.encode() + b"\r\n"), Check.KEYBOARD, set()),
    "port, AIM identifier that the framing takes off": (port(b"]Q1" + SHEET.encode() + CR), Check.KEYBOARD, set()),
    "port, no Enter": (port(SHEET.encode()), Check.KEYBOARD, {Fault.NO_ENTER}),
    "port, prefix": (port(b"A1" + SHEET.encode() + CR), Check.KEYBOARD, {Fault.PREFIX}),
    "port, suffix": (port(SHEET.encode() + b"#\r"), Check.KEYBOARD, {Fault.SUFFIX}),
    "port, both": (port(b"<" + SHEET.encode() + b">\r"), Check.KEYBOARD, {Fault.PREFIX, Fault.SUFFIX}),
    "port, suffix and no Enter": (port(SHEET.encode() + b"#"), Check.KEYBOARD, {Fault.SUFFIX, Fault.NO_ENTER}),
    "port, end cut off": (port(SHEET[:10].encode() + CR), Check.KEYBOARD, {Fault.TRUNCATED}),
    "port, beginning cut off": (port(SHEET[9:].encode() + CR), Check.KEYBOARD, {Fault.TRUNCATED}),
    "port, prefix and end cut off": (
        port(b"A1" + SHEET[:12].encode() + CR),
        Check.KEYBOARD,
        {Fault.PREFIX, Fault.TRUNCATED},
    ),
    "port, label cut off": (port(LABEL[:10].encode() + CR), Check.LABEL, {Fault.TRUNCATED}),
    "port, signs replaced": (port(SHEET.replace("QRS", "???").encode() + CR), Check.KEYBOARD, {Fault.GARBLED}),
    "port, small letters": (port(SHEET.lower().encode() + CR), Check.KEYBOARD, {Fault.CASE}),
    "port, wrong speed": (port(b"\xfe\x80\xf3\x91" + CR), None, {Fault.NOT_ASCII}),
    "port, glued": (port(SHEET.encode() * 12), None, {Fault.TOO_LONG, Fault.NO_ENTER}),
    "port, Micro QR": (port(MICRO.encode() + CR), Check.MICRO, {Fault.MICRO_QR}),
    "port, Micro QR and no Enter": (port(MICRO.encode()), Check.MICRO, {Fault.MICRO_QR, Fault.NO_ENTER}),
    "port, label": (port(LABEL.encode() + CR), Check.LABEL, set()),
    "port, another code": (port(b"3250390000853\r"), None, set()),
    "machine, well set up": (machine(SHEET + "\r", US), Check.KEYBOARD, set()),
    "machine, ALT mode": (of_events(keys(*alt_typed(SHEET), *typed("\r"))), Check.KEYBOARD, set()),
    "machine, French scanner read as French": (machine(SHEET + "\r", FRENCH, layout="fr"), Check.KEYBOARD, set()),
    "machine, French scanner": (machine(SHEET + "\r", FRENCH), Check.KEYBOARD, {Fault.FRENCH_KEYBOARD}),
    "machine, French scanner, no Enter": (
        machine(SHEET, FRENCH),
        Check.KEYBOARD,
        {Fault.FRENCH_KEYBOARD, Fault.NO_ENTER},
    ),
    "machine, US scanner read as French": (machine(SHEET + "\r", US, layout="fr"), None, {Fault.US_KEYBOARD}),
    "page, well set up": (page(SHEET), Check.KEYBOARD, set()),
    "page, French scanner": (page(SHEET, FRENCH), Check.KEYBOARD, {Fault.FRENCH_KEYBOARD}),
    "page, French scanner on AZERTY": (page(SHEET, FRENCH, host="fr"), Check.KEYBOARD, {Fault.FRENCH_KEYBOARD}),
    "page, US scanner on AZERTY": (page(SHEET, host="fr"), Check.KEYBOARD, {Fault.US_KEYBOARD}),
    "page, caps lock": (page(SHEET, caps=True), Check.KEYBOARD, {Fault.CASE}),
    "page, caps lock on AZERTY": (
        page(SHEET, host="fr", caps=True),
        Check.KEYBOARD,
        {Fault.US_KEYBOARD, Fault.CASE},
    ),
    "page, small letters": (page("setup:" + SHEET[6:].lower()), Check.KEYBOARD, {Fault.CASE}),
    "page, no Enter": (page(SHEET, ended=False), Check.KEYBOARD, {Fault.NO_ENTER}),
    "page, AIM identifier": (page("]Q1" + SHEET, US | {"]": (27, False)}), Check.KEYBOARD, {Fault.PREFIX}),
    "page, prefix on AZERTY": (page("7" + SHEET, host="fr"), Check.KEYBOARD, {Fault.PREFIX, Fault.US_KEYBOARD}),
    "page, suffix": (page(SHEET + "9"), Check.KEYBOARD, {Fault.SUFFIX}),
    "page, cut off": (page(SHEET[:14]), Check.KEYBOARD, {Fault.TRUNCATED}),
    "page, Micro QR": (page(MICRO), Check.MICRO, {Fault.MICRO_QR}),
    "page, Micro QR on AZERTY": (page(MICRO, host="fr"), Check.MICRO, {Fault.MICRO_QR, Fault.US_KEYBOARD}),
    "page, German tablet": (
        RawReading(Way.BYTES, "SETUPÖ0123456789ABCDEFGHIJKLMNOPQRSTUVWXZYß-", True),
        Check.KEYBOARD,
        {Fault.OTHER_KEYBOARD},
    ),
    "page, nothing but dead keys": (read_keys([Key("BracketLeft", "Dead")], ended=True), None, set()),
    "page, capitals without their Shift": (
        read_keys([Key(PLACES[US[sign][0]], sign) for sign in SHEET], ended=True),
        Check.KEYBOARD,
        set(),
    ),
    "page, a label without Shift": (
        read_keys([Key(PLACES[US[sign][0]], sign) for sign in LABEL], ended=True),
        Check.LABEL,
        set(),
    ),
    "page, keys without a place": (read_keys([Key("", sign) for sign in SHEET], ended=True), Check.KEYBOARD, set()),
}


@pytest.mark.parametrize("how", FAULTS)
def test_each_fault_is_named_and_no_other(how: str) -> None:
    reading, check, faults = FAULTS[how]
    found = find_faults(reading)
    assert (found.check, set(found.faults)) == (check, faults)


@pytest.mark.parametrize("how", FAULTS)
def test_no_code_of_the_sheet_however_spoilt_is_a_bundle_or_a_card(how: str) -> None:
    reading = FAULTS[how][0]
    for text in (reading.text, reading.understood):
        assert read_code(text, home_site=HOME).found not in (Code.BUNDLE, Code.CARD)


@pytest.mark.parametrize("text", [SHEET, LABEL, MICRO])
def test_no_part_of_a_code_of_the_sheet_is_a_bundle_or_a_card(text: str) -> None:
    parts = {text[start:end] for start in range(len(text)) for end in range(start + 1, len(text) + 1)}
    parts |= {part[::-1] for part in parts}
    assert not [part for part in parts if read_code(part, home_site=HOME).found in (Code.BUNDLE, Code.CARD)]


SPOILERS: dict[Fault, Callable[[str], RawReading]] = {
    Fault.FRENCH_KEYBOARD: lambda code: machine(code + "\r", FRENCH),
    Fault.US_KEYBOARD: lambda code: machine(code + "\r", US, layout="fr"),
    Fault.OTHER_KEYBOARD: lambda code: port(code.encode() + CR),  # no letter of a label moves on it
    Fault.CASE: lambda code: port(code.lower().encode() + CR),
    Fault.NO_ENTER: lambda code: port(code.encode()),
    Fault.MICRO_QR: lambda code: port(code.encode() + CR),
    Fault.PREFIX: lambda code: port(b"A1" + code.encode() + CR),
    Fault.SUFFIX: lambda code: port(code.encode() + b"#\r"),
    Fault.TRUNCATED: lambda code: port(code[:-1].encode() + CR),
    Fault.GARBLED: lambda code: port(b"?" + code[1:].encode() + CR),
    Fault.NOT_ASCII: lambda code: port(bytes(128 | byte for byte in code.encode()) + CR),
    Fault.TOO_LONG: lambda code: port(code.encode() * 20),
}


@pytest.mark.parametrize("fault", list(Fault))
def test_what_is_said_to_hinder_hinders_and_the_rest_does_not(fault: Fault) -> None:
    read = read_code(SPOILERS[fault](BUNDLE).text, home_site=HOME)
    assert (read.found == Code.BUNDLE) == (fault not in HINDERING)


def swap(text: str, host: str, programmed: dict[str, tuple[int, bool]], *, caps: bool = False) -> str:
    """What a host makes of the keys of a scanner, in capitals as the table has them."""
    signs = (
        LAYOUTS[host].character(*programmed[sign][:1], shift=programmed[sign][1], caps_lock=caps, alt_graph=False)
        for sign in text
    )
    return "".join(sign.upper() if caps or not sign.isalpha() else sign for sign in signs)


@pytest.mark.parametrize(
    ("keyboard", "host", "programmed", "caps"),
    [
        ("us_on_french", "fr", US, False),
        ("us_on_french_locked", "fr", US, True),
        ("french_on_us", "us", FRENCH, False),
        (AS_SENT, "us", US, False),
        (AS_SENT, "fr", FRENCH, False),
    ],
)
@pytest.mark.parametrize("text", [SHEET, MICRO])
def test_the_keyboards_are_those_of_the_devices(
    keyboard: str, host: str, programmed: dict[str, tuple[int, bool]], caps: bool, text: str
) -> None:
    made = "".join(KEYBOARDS[keyboard].get(sign, sign) for sign in text)
    assert made.lower() == swap(text, host, programmed, caps=caps).lower()


def test_what_stood_round_the_code_is_told() -> None:
    found = find_faults(port(b"A1" + SHEET.encode() + b"\x1d\r"))
    assert (found.before, found.after) == ("A1", "\x1d")


def well(*texts: str) -> list[RawReading]:
    return [port(text.encode() + CR) for text in texts]


@pytest.mark.parametrize(
    ("readings", "verdict"),
    [
        ([], Verdict.NOTHING_READ),
        (well("3250390000853"), Verdict.MORE_TO_READ),
        (well(SHEET), Verdict.MORE_TO_READ),
        (well(LABEL, SHEET), Verdict.GOOD),
        ([port(SHEET.encode()), *well(LABEL)], Verdict.FAULTY),
        ([port(b"A" + SHEET.encode()), *well(LABEL)], Verdict.HINDERED),
        ([port(b"A" + SHEET.encode()), *well(LABEL, SHEET)], Verdict.GOOD),
        (well(LABEL, SHEET, MICRO), Verdict.FAULTY),
        ([*well(LABEL, SHEET), port(b"\xff" + CR)], Verdict.HINDERED),
        ([port(b"\xff" + CR), *well(LABEL, SHEET)], Verdict.GOOD),
    ],
)
def test_all_readings_of_a_test_together(readings: Sequence[RawReading], verdict: Verdict) -> None:
    assert examine(readings).verdict == verdict


def test_the_worst_is_said_first() -> None:
    both: Iterable[RawReading] = [port(SHEET.encode() + b"#")]
    assert list(examine(both).faults) == [Fault.SUFFIX, Fault.NO_ENTER]


def test_a_text_of_any_signs_is_examined_without_harm() -> None:
    for text in ("", "\u0130" * 60 + SHEET, "\x00\u202e" * 500, SHEET * 40):
        assert find_faults(RawReading(Way.PAGE, text, True, understood=text)).way == Way.PAGE
