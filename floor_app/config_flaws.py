"""What is wrong in a floor.toml that reads as TOML: every flaw, not the first only."""

import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from devices.printers import LANGUAGES as PRINTER_LANGUAGES
from floor_app.config_keys import (
    DEFAULT_BUNDLE_CAP,
    DEFAULT_BUNDLE_TOLERANCE,
    DEFAULT_LABEL,
    SECTIONS,
    Section,
    nearest,
)
from floor_app.toml_lines import KeyPath

Table = Mapping[str, Any]

# A roll is wider than what the head prints: 58 mm against 48, 80 mm against 72. Beyond that the label is cut off.
_ROLL_BEYOND_HEAD_MM = 12


@dataclass(frozen=True, slots=True)
class Flaw:
    """What is wrong, and at which key; the line is looked up by whoever has the text."""

    path: KeyPath
    code: str
    value: object = ""
    expected: str = ""


def flaws(document: Table, lines: Mapping[KeyPath, int]) -> Iterator[Flaw]:
    """Every flaw of `document`; `lines` is only for naming the line a repeated name was first used on."""
    if "atelier" not in document:
        yield Flaw((), "missing_section", expected="[atelier]")
    for name, value in document.items():
        yield from _section_flaws(name, value)
    yield from _bundle_flaws(document)
    yield from _label_flaws(document)
    yield from _manner_flaws(document)
    for section in ("station", "printer"):
        names = [(path, name.casefold()) for path, name in _texts(document, section, "name")]
        yield from _twice(names, lines, code="name_twice")
    addresses = [*_texts(document, "station", "scanner"), *_texts(document, "printer", "address")]
    devices = [
        (path, posixpath.normpath(address.partition("?")[0])) for path, address in addresses if _is_one_device(address)
    ]
    yield from _twice(devices, lines, code="address_twice")


def _section_flaws(name: str, value: object) -> Iterator[Flaw]:
    section = SECTIONS.get(name)
    if section is None:
        yield _stranger(name, value)
    elif section.repeated != isinstance(value, list) or not _tables({name: value}, name):
        yield from _misshapen(name, value, section)
    else:
        for path, table in _tables({name: value}, name):
            yield from _table_flaws(path, table, section)


def _misshapen(name: str, value: object, section: Section) -> Iterator[Flaw]:
    if value != [] or not section.repeated:
        yield Flaw((name,), "section_repeated" if section.repeated else "section_once", expected=name)


def _stranger(name: str, value: object) -> Flaw:
    if not isinstance(value, dict | list):
        owner = next((f"[{section}]" for section, each in SECTIONS.items() if name in each.keys), "")
        return Flaw((name,), "key_outside_section", name, owner or ", ".join(SECTIONS))
    close = nearest(name, SECTIONS)
    return Flaw((name,), "unknown_section_near" if close else "unknown_section", name, close or ", ".join(SECTIONS))


def _table_flaws(path: KeyPath, table: Table, section: Section) -> Iterator[Flaw]:
    for key in section.required:
        if key not in table:
            yield Flaw((*path, key), "missing_key", expected=key)
    for key, value in table.items():
        if key not in section.keys:
            close = nearest(key, section.keys)
            yield Flaw(
                (*path, key), "unknown_key_near" if close else "unknown_key", key, close or ", ".join(section.keys)
            )
        elif refusal := section.keys[key](value):
            yield Flaw((*path, key), refusal.code, value, refusal.expected)


def _bundle_flaws(document: Table) -> Iterator[Flaw]:
    for path, table in _tables(document, "atelier"):
        cap = _sound("atelier", "bundle_cap", table.get("bundle_cap", DEFAULT_BUNDLE_CAP))
        tolerance = _sound("atelier", "bundle_tolerance", table.get("bundle_tolerance", DEFAULT_BUNDLE_TOLERANCE))
        if cap is not None and tolerance is not None and tolerance >= cap:
            written = "bundle_tolerance" if "bundle_tolerance" in table else "bundle_cap"
            yield Flaw((*path, written), "tolerance_over_cap", tolerance, str(cap))


def _label_flaws(document: Table) -> Iterator[Flaw]:
    for path, table in _tables(document, "printer"):
        label = _sound("printer", "label", table.get("label", DEFAULT_LABEL))
        dots = _sound("printer", "width_dots", table.get("width_dots"))
        dots_per_mm = _sound("printer", "dots_per_mm", table.get("dots_per_mm"))
        if label is None or dots is None or dots_per_mm is None:
            continue
        head_mm = dots / dots_per_mm
        if int(label.split("x")[0]) - head_mm > _ROLL_BEYOND_HEAD_MM:
            yield Flaw((*path, "label"), "label_too_wide", label, f"{head_mm:.0f}")


def _manner_flaws(document: Table) -> Iterator[Flaw]:
    """Speed, darkness, gap: what the printer's language can say, within its own scale."""
    for path, table in _tables(document, "printer"):
        language = _sound("printer", "language", table.get("language"))
        for key in ("speed_mm_s", "darkness", "gap_mm"):
            value = _sound("printer", key, table[key]) if language and key in table else None
            if value is None:
                continue
            scale = PRINTER_LANGUAGES[language].settings.get(key)
            if scale is None:
                yield Flaw((*path, key), "not_of_language", value, language)
            elif not scale[0] <= value <= scale[1]:
                yield Flaw((*path, key), "out_of_range", value, f"{scale[0]:g}–{scale[1]:g}")


def _sound(section: str, key: str, value: Any) -> Any:
    """`value`, or None where it is absent or refused, and so named already."""
    return value if SECTIONS[section].keys[key](value) is None else None


def _twice(named: list[tuple[KeyPath, str]], lines: Mapping[KeyPath, int], *, code: str) -> Iterator[Flaw]:
    first: dict[str, KeyPath] = {}
    for path, text in named:
        if text in first:
            yield Flaw(path, code, text, str(lines.get(first[text], 1)))
        first.setdefault(text, path)


def _texts(document: Table, section: str, key: str) -> list[tuple[KeyPath, str]]:
    found = [((*path, key), table.get(key)) for path, table in _tables(document, section)]
    return [(path, value) for path, value in found if isinstance(value, str)]


def _tables(document: Table, name: str) -> list[tuple[KeyPath, Table]]:
    """The tables of a section with their paths; none when it is written in the wrong shape."""
    value = document.get(name)
    if isinstance(value, dict):
        return [((name,), value)]
    if isinstance(value, list) and all(isinstance(table, dict) for table in value):
        return [((name, index), table) for index, table in enumerate(value)]
    return []


def _is_one_device(address: str) -> bool:
    """Two may write to one file; a scanner or a printer answers to one only."""
    return address != "none" and not address.startswith("file:")
