"""What each key of floor.toml accepts; a value refused gets a code, and what would do instead."""

import difflib
import ipaddress
import re
import urllib.parse
import zoneinfo
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass

from devices.printers import LANGUAGES as PRINTER_LANGUAGES
from devices.scanners import scanner_at
from floor_app.domain.codes import ALPHABET, CARD_MARK, SITE_LETTERS
from floor_app.texts import LANGUAGES as TEXT_LANGUAGES

LABEL_SIZES = ("50x30", "58x40", "80x50")
MISSING_STEPS_POLICIES = ("warn", "allow", "fill")

DEFAULT_BUNDLE_CAP = 20
DEFAULT_BUNDLE_TOLERANCE = 2
DEFAULT_LABEL = "50x30"


@dataclass(frozen=True, slots=True)
class Refusal:
    """`expected`: choices, a range, or the nearest right spelling; empty when the words of the code say it all."""

    code: str
    expected: str = ""


Check = Callable[[object], Refusal | None]


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the file; `repeated`: written with two brackets, once for each station or printer."""

    keys: Mapping[str, Check]
    required: tuple[str, ...] = ()
    repeated: bool = False


def text_up_to(longest: int) -> Check:
    def check(value: object) -> Refusal | None:
        if not isinstance(value, str):
            return Refusal("not_text")
        if not value.strip():
            return Refusal("empty_text")
        if len(value) > longest:
            return Refusal("too_long", str(longest))
        return None if value.isprintable() else Refusal("control_character")

    return check


def text_like(pattern: str, code: str) -> Check:
    def check(value: object) -> Refusal | None:
        if not isinstance(value, str):
            return Refusal("not_text")
        return None if re.fullmatch(pattern, value) else Refusal(code)

    return check


def text_where(sound: Callable[[str], bool], code: str) -> Check:
    def check(value: object) -> Refusal | None:
        if not isinstance(value, str):
            return Refusal("not_text")
        return None if value.isprintable() and sound(value) else Refusal(code)

    return check


def one_of(choices: Collection[str], code: str) -> Check:
    def check(value: object) -> Refusal | None:
        if not isinstance(value, str):
            return Refusal("not_text")
        return None if value in choices else Refusal(code, ", ".join(choices))

    return check


def whole_number(lowest: int, highest: int) -> Check:
    def check(value: object) -> Refusal | None:
        if not isinstance(value, int) or isinstance(value, bool):
            return Refusal("not_whole_number", f"{lowest}–{highest}")
        return None if lowest <= value <= highest else Refusal("out_of_range", f"{lowest}–{highest}")

    return check


def number(lowest: float, highest: float) -> Check:
    def check(value: object) -> Refusal | None:
        if not isinstance(value, int | float) or isinstance(value, bool):
            return Refusal("not_number", f"{lowest:g}–{highest:g}")
        return None if lowest <= value <= highest else Refusal("out_of_range", f"{lowest:g}–{highest:g}")

    return check


def nearest(word: str, words: Iterable[str], *, likeness: float = 0.5) -> str:
    """The one of `words` most like `word`, whatever the case; empty when none is like enough (1.0: the same)."""
    by_folded = {candidate.casefold(): candidate for candidate in words}
    found = difflib.get_close_matches(word.casefold(), by_folded, n=1, cutoff=likeness)
    return by_folded[found[0]] if found else ""


def _site(value: object) -> Refusal | None:
    if not isinstance(value, str):
        return Refusal("not_text")
    if not re.fullmatch(f"[{ALPHABET}]{{{SITE_LETTERS}}}", value):
        return Refusal("site_letters", ALPHABET)
    return Refusal("site_reserved", CARD_MARK) if value.startswith(CARD_MARK) else None


def _time_zone(value: object) -> Refusal | None:
    if not isinstance(value, str):
        return Refusal("not_text")
    try:
        zoneinfo.ZoneInfo(value)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):  # OSError: a folder of zones, such as "Europe"
        close = _nearest_time_zone(value)
        return Refusal("unknown_timezone_near", close) if close else Refusal("unknown_timezone")
    return None


def _nearest_time_zone(value: str) -> str:
    """Paris means Europe/Paris."""
    zones = sorted(zoneinfo.available_timezones())
    of_city = [zone for zone in zones if zone.casefold().endswith("/" + value.casefold())]
    return of_city[0] if of_city else nearest(value, zones, likeness=0.8)


def _is_scanner(value: str) -> bool:
    bare = value.partition("?")[0]
    if bare.startswith(("socket://", "listen://")):
        return _is_socket(f"socket{bare[6:]}") and _understood(value)
    return value == "none" or (not bare.endswith("/") and _understood(value))


def _understood(value: str) -> bool:
    """By the scanners themselves, with what is written behind the address (`?layout=fr`)."""
    try:
        scanner_at(value)
    except ValueError:
        return False
    return True


def _is_printer(value: str) -> bool:
    path, _, line = value.partition("?")
    settled = not line or re.fullmatch(r"baud=\d+(&flow=(rtscts|xonxoff|none))?|flow=(rtscts|xonxoff|none)", line)
    return (_is_device(path) and bool(settled)) or _is_socket(value) or _is_queue(value) or _is_file(value)


def _is_device(value: str) -> bool:
    return value.startswith("/") and not value.endswith("/")


def _is_socket(value: str) -> bool:
    try:
        address = urllib.parse.urlsplit(value)
        host, port = address.hostname or "", address.port
    except ValueError:  # a port that is no number or over 65535, half a bracket
        return False
    return value == f"socket://{address.netloc}" and address.username is None and _is_host(host) and bool(port)


def _is_queue(value: str) -> bool:
    """The name of a CUPS queue (lpadmin(8)); no sign with which an option of a command could begin."""
    return bool(re.fullmatch(r"cups://[A-Za-z0-9_][A-Za-z0-9_.-]{0,126}", value))


def _is_file(value: str) -> bool:
    """A device written as a file would be replaced by one: its plain path is the way."""
    return value.startswith("file:///") and not value.startswith("file:///dev/") and not value.endswith("/")


def _is_host(value: str) -> bool:
    if re.fullmatch(r"[\d.]+|.*:.*", value):
        return _is_ip_address(value)
    return re.fullmatch(r"[A-Za-z0-9]([A-Za-z0-9.-]{0,252}[A-Za-z0-9])?", value) is not None


def _is_ip_address(value: str) -> bool:
    try:
        ipaddress.ip_address(value)
    except ValueError:
        return False
    return True


def _is_public_url(value: str) -> bool:
    try:
        url = urllib.parse.urlsplit(value)
        host, port = url.hostname or "", url.port
    except ValueError:  # a port that is no number or over 65535, half a bracket
        return False
    plain = not (url.query or url.fragment or url.username or " " in value)
    return not value or (url.scheme in ("http", "https") and _is_host(host) and port != 0 and plain)


_SLUG = text_like(r"(?=.{1,32}$)[a-z0-9]+(-[a-z0-9]+)*", "not_slug")

SECTIONS: Mapping[str, Section] = {
    "atelier": Section(
        required=("code", "name", "site"),
        keys={
            "code": text_like(r"[A-Za-z0-9][A-Za-z0-9-]{0,31}", "atelier_code"),
            "name": text_up_to(60),
            "site": _site,
            "timezone": _time_zone,
            "day_starts": text_like(r"([01]\d|2[0-3]):00", "not_whole_hour"),
            "language": one_of(TEXT_LANGUAGES, "unknown_language"),
            "bundle_cap": whole_number(1, 500),
            "bundle_tolerance": whole_number(0, 100),
            "missing_steps": one_of(MISSING_STEPS_POLICIES, "unknown_choice"),
            "fill_up_to": whole_number(1, 10),
        },
    ),
    "server": Section(
        keys={
            "host": text_where(_is_host, "bad_host"),
            "port": whole_number(1, 65535),
            "public_url": text_where(_is_public_url, "bad_public_url"),
        },
    ),
    "station": Section(
        repeated=True,
        required=("name", "operation"),
        keys={
            "name": _SLUG,
            "operation": _SLUG,
            "scanner": text_where(_is_scanner, "bad_scanner_address"),
            "title": text_up_to(40),
        },
    ),
    "printer": Section(
        repeated=True,
        required=("name", "address", "language", "width_dots", "dots_per_mm"),
        keys={
            "name": text_up_to(40),
            "address": text_where(_is_printer, "bad_printer_address"),
            "language": one_of(PRINTER_LANGUAGES, "unknown_printer_language"),
            "width_dots": whole_number(100, 2000),
            "dots_per_mm": number(5, 24),
            "label": one_of(LABEL_SIZES, "unknown_choice"),
            "speed_mm_s": whole_number(25, 355),
            "darkness": whole_number(0, 30),
            "gap_mm": number(0, 20),
        },
    ),
}
