"""floor.toml, read once into frozen dataclasses; every fault named with its line, all of them at once.

The words for each fault code are in texts/<language>/config_faults.toml; floor.example.toml shows every key.
"""

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from devices.printers import PrinterProfile
from floor_app.config_flaws import Flaw, flaws
from floor_app.config_keys import DEFAULT_BUNDLE_CAP, DEFAULT_BUNDLE_TOLERANCE, DEFAULT_LABEL
from floor_app.toml_lines import KeyPath, key_lines

EXAMPLE_SITE = "BBBB"
"""The site letters of floor.example.toml: no atelier may keep them, or two would print the same codes."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class AtelierConfig:
    """`site`: the letters every bundle code of this atelier starts with. `day_starts`: the hour. `bundle_…`: pieces.

    `fill_up_to`: steps.
    """

    code: str
    name: str
    site: str
    timezone: str = "Europe/Paris"
    language: str = "fr"
    bundle_cap: int = DEFAULT_BUNDLE_CAP
    bundle_tolerance: int = DEFAULT_BUNDLE_TOLERANCE
    missing_steps: str = "warn"
    fill_up_to: int = 1
    day_starts: int = 0


@dataclass(frozen=True, slots=True)
class StationConfig:
    """`name` as in /station/<name>; `scanner`: a device path, socket://host:port, or None where a tablet scans."""

    name: str
    operation: str
    scanner: str | None = None
    title: str = ""

    def __post_init__(self) -> None:
        if not self.title:
            object.__setattr__(self, "title", self.name)


@dataclass(frozen=True, slots=True)
class PrinterConfig:
    """`address`: a device path, socket://host:port or file:///path. `width_dots`: of the head, not of the roll."""

    name: str
    address: str
    language: str
    width_dots: int
    dots_per_mm: float
    label: str = DEFAULT_LABEL
    speed_mm_s: int | None = None
    darkness: int | None = None
    gap_mm: float | None = None

    @property
    def profile(self) -> PrinterProfile:
        """As the driver wants it."""
        return PrinterProfile(
            self.name,
            self.address,
            self.language,
            self.width_dots,
            self.dots_per_mm,
            self.speed_mm_s,
            self.darkness,
            self.gap_mm,
        )


@dataclass(frozen=True, slots=True)
class ServerConfig:
    """`public_url`: how tablets and printed cards name this machine, no slash at the end; empty when nobody said."""

    host: str = "0.0.0.0"  # noqa: S104 - the tablets on the workshop's network are its users
    port: int = 8080
    public_url: str = ""


@dataclass(frozen=True, slots=True)
class FloorConfig:
    atelier: AtelierConfig
    stations: tuple[StationConfig, ...]
    printers: tuple[PrinterConfig, ...]
    server: ServerConfig
    source: Path | None


@dataclass(frozen=True, slots=True)
class ConfigFault:
    """`line` counts from 1, 0 where there is no text. `key`: like station[2].scanner. `expected`: what would do."""

    line: int
    key: str
    code: str
    value: str
    expected: str = ""


class ConfigError(Exception):
    """The configuration cannot be used; `faults` holds every reason, in the order of the lines."""

    def __init__(self, faults: tuple[ConfigFault, ...], *, source: Path | None = None) -> None:
        self.faults = faults
        self.source = source
        super().__init__("; ".join(f"{source or 'config'}:{fault.line}: {fault.code} {fault.key}" for fault in faults))


def read_config(path: Path) -> FloorConfig:
    """The configuration in `path` (UTF-8). There is no silent default atelier: a missing file is a ConfigError."""
    try:
        content = path.read_bytes()
    except FileNotFoundError as error:
        raise _file_error("missing_file", path) from error
    except OSError as error:
        raise _file_error("unreadable_file", path) from error
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _file_error("not_utf8", path, line=content[: error.start].count(b"\n") + 1) from error
    return parse_config(text, source=path)


def parse_config(text: str, *, source: Path | None = None) -> FloorConfig:
    """The configuration written in `text`, or a ConfigError naming all its faults."""
    try:
        document, lines = tomllib.loads(text), key_lines(text)
    except (ValueError, RecursionError) as error:  # TOMLDecodeError; a number of 5000 digits; 1000 brackets
        raise ConfigError((_syntax_fault(str(error), text),), source=source) from error
    faults = tuple(_fault(flaw, lines) for flaw in flaws(document, lines))
    if faults:
        raise ConfigError(tuple(sorted(faults, key=lambda fault: fault.line)), source=source)
    return FloorConfig(
        atelier=_build(AtelierConfig, document["atelier"]),
        stations=tuple(_build(StationConfig, table) for table in document.get("station", ())),
        printers=tuple(_build(PrinterConfig, table) for table in document.get("printer", ())),
        server=_build(ServerConfig, document.get("server", {})),
        source=source,
    )


# tomllib's own sentences, by the part that stays the same from Python 3.11 to 3.13.
_SYNTAX_CODES = {
    "Cannot overwrite a value": "key_twice",
    "Cannot declare": "section_twice",
    "Cannot mutate immutable namespace": "section_twice",
    "Invalid value": "value_unquoted",
    "Invalid statement": "key_unwritable",
    "Invalid initial character": "key_unwritable",
    "Illegal character '\\n'": "quote_left_open",
    "Unterminated string": "quote_left_open",
    "Expected \"'": "quote_left_open",
    "Invalid hex value": "backslash_in_text",
    "Unescaped '\\' in a string": "backslash_in_text",
    "Expected '=' after a key": "equals_missing",
    "Expected newline or end of document": "text_after_value",
    "Expected ']": "bracket_left_open",
    "Unclosed": "bracket_left_open",
}

_LONGEST_SHOWN = 60


def _file_error(code: str, path: Path, *, line: int = 0) -> ConfigError:
    return ConfigError((ConfigFault(line, "", code, str(path)),), source=path)


def _syntax_fault(sentence: str, text: str) -> ConfigFault:
    found = re.search(r"\(at line (\d+), column \d+\)", sentence)
    rows = text.rstrip().split("\n")
    line = min(int(found[1]), len(rows)) if found else len(rows)
    code = next((code for start, code in _SYNTAX_CODES.items() if sentence.startswith(start)), "not_toml")
    return ConfigFault(line, "", code, _shown(rows[line - 1]))


def _fault(flaw: Flaw, lines: Mapping[KeyPath, int]) -> ConfigFault:
    return ConfigFault(_line(flaw.path, lines), _spelled(flaw.path), flaw.code, _shown(flaw.value), flaw.expected)


def _line(path: KeyPath, lines: Mapping[KeyPath, int]) -> int:
    """The line of `path`, or of the nearest section around it that does stand in the text."""
    while path and path not in lines:
        path = path[:-1]
    return lines.get(path, 1)


def _spelled(path: KeyPath) -> str:
    return "".join(f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in path).removeprefix(".")


def _shown(value: object) -> str:
    """`value` on one short line, as it would be written in the file: true, not True."""
    text = str(value).lower() if isinstance(value, bool) else " ".join(str(value).split())
    return text if len(text) <= _LONGEST_SHOWN else text[: _LONGEST_SHOWN - 1] + "…"


_READ: Mapping[str, Callable[[Any], object]] = {
    "scanner": lambda value: None if value == "none" else value,
    "dots_per_mm": float,
    "day_starts": lambda value: int(value[:2]),
    "public_url": lambda value: value.rstrip("/"),
}


def _build(kind: Callable[..., T], table: Mapping[str, object]) -> T:
    return kind(**{key: _READ[key](value) if key in _READ else value for key, value in table.items()})
