"""floor.toml: what is right is read, what is wrong is named with its line and its cure."""

import dataclasses
import re
import string
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.errors import DeviceMissing
from devices.ports import open_port
from devices.printers import LANGUAGES
from devices.scanners import scanner_at
from floor_app.config import (
    EXAMPLE_SITE,
    AtelierConfig,
    ConfigError,
    ConfigFault,
    PrinterConfig,
    ServerConfig,
    StationConfig,
    parse_config,
    read_config,
)
from floor_app.config_keys import SECTIONS
from floor_app.texts import LANGUAGES as TEXT_LANGUAGES
from floor_app.texts import words

ROOT = Path(__file__).parent.parent
EXAMPLE = ROOT / "floor.example.toml"
WORDS = ROOT / "floor_app" / "texts" / "fr" / "config_faults.toml"
KINDS = {"atelier": AtelierConfig, "server": ServerConfig, "station": StationConfig, "printer": PrinterConfig}

ATELIER = '[atelier]\ncode = "LYON-2"\nname = "Atelier des Lilas"\nsite = "BCDF"\n'
STATION = '[[station]]\nname = "coupe"\noperation = "cut"\n'
PRINTER = (
    '[[printer]]\nname = "étiquettes"\naddress = "/dev/usb/lp0"\n'
    'language = "escpos"\nwidth_dots = 576\ndots_per_mm = 8\n'
)


def faults_of(text: str) -> tuple[ConfigFault, ...]:
    with pytest.raises(ConfigError) as caught:
        parse_config(text)
    return caught.value.faults


def words_of(fault: ConfigFault) -> str:
    return words()("config_faults." + fault.code, key=fault.key, value=fault.value, expected=fault.expected)


def test_a_whole_floor_is_read_as_written() -> None:
    floor = parse_config(
        ATELIER
        + 'timezone = "Indian/Reunion"\nbundle_cap = 25\nbundle_tolerance = 3\nmissing_steps = "fill"\nfill_up_to = 2\n'
        + '[server]\nport = 80\npublic_url = "http://192.168.1.20/"\n'
        + STATION
        + 'scanner = "/dev/ttyACM0"\ntitle = "La coupe"\n'
        + '[[station]]\nname = "couture"\noperation = "sew"\nscanner = "none"\n'
        + '[[station]]\nname = "finition"\noperation = "finish"\nscanner = "socket://[fe80::1]:9000"\n'
        + PRINTER,
        source=Path("/etc/floor/floor.toml"),
    )
    assert floor.atelier == AtelierConfig(
        "LYON-2", "Atelier des Lilas", "BCDF", "Indian/Reunion", "fr", 25, 3, "fill", 2
    )
    assert floor.server == ServerConfig("0.0.0.0", 80, "http://192.168.1.20")
    assert floor.stations == (
        StationConfig("coupe", "cut", "/dev/ttyACM0", "La coupe"),
        StationConfig("couture", "sew", None, "couture"),
        StationConfig("finition", "finish", "socket://[fe80::1]:9000", "finition"),
    )
    assert floor.printers == (PrinterConfig("étiquettes", "/dev/usb/lp0", "escpos", 576, 8.0, "50x30"),)
    assert isinstance(floor.printers[0].dots_per_mm, float)
    assert floor.source == Path("/etc/floor/floor.toml")


def test_an_atelier_alone_is_enough_to_begin() -> None:
    floor = parse_config(ATELIER)
    assert (floor.stations, floor.printers, floor.server, floor.source) == ((), (), ServerConfig(), None)


# Each row: what was written, the line and the code of the fault, and a part of the cure that must be in its words.
FAULTS = [
    ("", 1, "missing_section", "[atelier]"),
    (ATELIER + "[station]\nname = 'a'\n", 5, "section_repeated", "[[station]]"),
    ("[[atelier]]\ncode = 'A'\n", 1, "section_once", "[atelier]"),
    (ATELIER + "[stations]\n", 5, "unknown_section_near", "« station »"),
    (ATELIER + "[météo]\n".replace("é", "e"), 5, "unknown_section", "atelier, server, station, printer"),
    ("port = 80\n" + ATELIER, 1, "key_outside_section", "[server]"),
    ("couleur = 80\n" + ATELIER, 1, "key_outside_section", "atelier"),
    ("server = 80\n" + ATELIER, 1, "section_once", "[server]"),
    ("atelier = []\n", 1, "section_once", "[atelier]"),
    ("station = [1]\n" + ATELIER, 1, "section_repeated", "[[station]]"),
    (ATELIER.replace('site = "BCDF"\n', ""), 1, "missing_key", "site = …"),
    (ATELIER + STATION.replace('operation = "cut"\n', ""), 5, "missing_key", "operation = …"),
    (ATELIER + "Langage = 'fr'\n", 5, "unknown_key_near", "« language »"),
    (ATELIER + "zzz = 1\n", 5, "unknown_key", "bundle_cap"),
    (ATELIER + STATION + STATION.replace("cut", "sew"), 9, "name_twice", "ligne 6"),
    (ATELIER + PRINTER + PRINTER.replace("lp0", "lp1").replace("é", "É"), 12, "name_twice", "ligne 6"),
    (
        ATELIER + STATION + "scanner = '/dev/x'\n" + STATION.replace("coupe", "b") + "scanner = '/dev//x'\n",
        12,
        "address_twice",
        "ligne 8",
    ),
    (ATELIER + STATION + "scanner = '/dev/usb/lp0'\n" + PRINTER, 11, "address_twice", "ligne 8"),
    (ATELIER.replace("BCDF", "bcdf"), 4, "site_letters", "quatre majuscules"),
    (ATELIER.replace("BCDF", "BCDFG"), 4, "site_letters", "BCDFGHJKLNPRSTVX"),
    (ATELIER.replace("BCDF", "ABCD"), 4, "site_letters", "BCDFGHJKLNPRSTVX"),
    (ATELIER.replace("BCDF", "XXBC"), 4, "site_reserved", "cartes de commande"),
    (ATELIER.replace('"BCDF"', "12"), 4, "not_text", "guillemets"),
    (ATELIER.replace("LYON-2", "Lyon 2"), 2, "atelier_code", "tirets"),
    (ATELIER.replace("LYON-2", "A" * 33), 2, "atelier_code", "32"),
    (ATELIER.replace("Atelier des Lilas", "  "), 3, "empty_text", "Écrivez"),
    (ATELIER.replace("Atelier des Lilas", "A" * 61), 3, "too_long", "60"),
    (ATELIER.replace("Atelier des Lilas", "\\u0007"), 3, "control_character", "invisible"),
    (ATELIER + "timezone = 'Europe/Pari'\n", 5, "unknown_timezone_near", "Europe/Paris"),
    (ATELIER + "timezone = 'paris'\n", 5, "unknown_timezone_near", "Europe/Paris"),
    (ATELIER + "timezone = 'Europe'\n", 5, "unknown_timezone", "Europe/Paris"),
    (ATELIER + "timezone = '../../etc/passwd'\n", 5, "unknown_timezone", "Europe/Paris"),
    (ATELIER + "timezone = 1\n", 5, "not_text", "guillemets"),
    (ATELIER + "day_starts = '05:30'\n", 5, "not_whole_hour", "05:00"),
    (ATELIER + "day_starts = '24:00'\n", 5, "not_whole_hour", "05:00"),
    (ATELIER + "day_starts = 5\n", 5, "not_text", "guillemets"),
    (ATELIER + "language = 'tlh'\n", 5, "unknown_language", "fr"),
    (ATELIER + "language = true\n", 5, "not_text", "true"),
    (ATELIER + "bundle_cap = 0\n", 5, "out_of_range", "1–500"),
    (ATELIER + "bundle_cap = '20'\n", 5, "not_whole_number", "sans guillemets"),
    (ATELIER + "bundle_cap = true\n", 5, "not_whole_number", "true"),
    (ATELIER + "bundle_tolerance = -1\n", 5, "out_of_range", "0–100"),
    (ATELIER + "bundle_cap = 5\nbundle_tolerance = 5\n", 6, "tolerance_over_cap", "plus petite que bundle_cap"),
    (ATELIER + "bundle_cap = 2\n", 5, "tolerance_over_cap", "bundle_cap"),
    (ATELIER + "missing_steps = 'block'\n", 5, "unknown_choice", "warn, allow, fill"),
    (ATELIER + "fill_up_to = 11\n", 5, "out_of_range", "1–10"),
    (ATELIER + "[server]\nport = 65536\n", 6, "out_of_range", "1–65535"),
    (ATELIER + "[server]\nhost = '192.168.1.300'\n", 6, "bad_host", "0.0.0.0"),
    (ATELIER + "[server]\nhost = 'la machine'\n", 6, "bad_host", "0.0.0.0"),
    (ATELIER + "[server]\npublic_url = '192.168.1.20'\n", 6, "bad_public_url", "http://"),
    (ATELIER + "[server]\npublic_url = 'http://pi:99999'\n", 6, "bad_public_url", "http://"),
    (ATELIER + "[server]\npublic_url = 'http://pi/?a'\n", 6, "bad_public_url", "http://"),
    (ATELIER + STATION.replace("coupe", "Coupe 1"), 6, "not_slug", "coupe-1"),
    (ATELIER + STATION.replace("coupe", "a" * 33), 6, "not_slug", "32"),
    (ATELIER + STATION.replace("coupe", "coupe-"), 6, "not_slug", "tirets"),
    (ATELIER + STATION.replace("cut", "Couper"), 7, "not_slug", "minuscules"),
    (ATELIER + STATION + "scanner = 'COM3'\n", 8, "bad_scanner_address", "/dev/floor/scanners"),
    (ATELIER + STATION + "scanner = 'ttyACM0'\n", 8, "bad_scanner_address", "/dev/floor/scanners"),
    (ATELIER + STATION + "scanner = '/dev/'\n", 8, "bad_scanner_address", "/dev/floor/scanners"),
    (ATELIER + STATION + "scanner = 'socket://192.168.1.50'\n", 8, "bad_scanner_address", ":9000"),
    (ATELIER + STATION + "scanner = 'socket://192.168.1.50:port'\n", 8, "bad_scanner_address", ":9000"),
    (ATELIER + STATION + "scanner = 'socket://:9000'\n", 8, "bad_scanner_address", ":9000"),
    (ATELIER + STATION + "scanner = ''\n", 8, "bad_scanner_address", "none"),
    (ATELIER + STATION + "scanner = 'usb:honeywell'\n", 8, "bad_scanner_address", "usb:"),
    (ATELIER + STATION + "scanner = 'listen://:9000'\n", 8, "bad_scanner_address", "listen://"),
    (ATELIER + STATION + "scanner = '/dev/ttyACM0?feedback=loud'\n", 8, "bad_scanner_address", "/dev/floor/scanners"),
    (ATELIER + STATION + "title = ''\n", 8, "empty_text", "Écrivez"),
    (ATELIER + PRINTER.replace("/dev/usb/lp0", "usb"), 7, "bad_printer_address", "socket://"),
    (ATELIER + PRINTER.replace("/dev/usb/lp0", "none"), 7, "bad_printer_address", "file:///"),
    (ATELIER + PRINTER.replace("/dev/usb/lp0", "cups://-o"), 7, "bad_printer_address", "cups://"),
    (ATELIER + PRINTER.replace("/dev/usb/lp0", "cups://a/b"), 7, "bad_printer_address", "cups://"),
    (ATELIER + PRINTER.replace("/dev/usb/lp0", "file://tmp/x"), 7, "bad_printer_address", "file:///"),
    (ATELIER + PRINTER.replace("/dev/usb/lp0", "file:///dev/usb/lp0"), 7, "bad_printer_address", "file:///"),
    (ATELIER + PRINTER.replace("/dev/usb/lp0", "socket://10.0.0.9:9100/"), 7, "bad_printer_address", ":9100"),
    (ATELIER + PRINTER.replace("/dev/usb/lp0", "/dev/ttyUSB0?speed=9600"), 7, "bad_printer_address", "baud=9600"),
    (ATELIER + PRINTER.replace("escpos", "français"), 8, "unknown_printer_language", "escpos"),
    (ATELIER + PRINTER.replace("576", "72"), 9, "out_of_range", "100–2000"),
    (ATELIER + PRINTER.replace("= 8", "= '8'"), 10, "not_number", "un point"),
    (ATELIER + PRINTER.replace("= 8", "= nan"), 10, "out_of_range", "5–24"),
    (ATELIER + PRINTER + "label = '40x30'\n", 11, "unknown_choice", "50x30, 58x40, 80x50"),
    (ATELIER + PRINTER.replace("576", "384") + "label = '80x50'\n", 11, "label_too_wide", "48 mm"),
    (ATELIER + PRINTER + "speed_mm_s = 100\n", 11, "not_of_language", "boutons"),
    (ATELIER + PRINTER.replace("escpos", "tspl") + "darkness = 20\n", 11, "out_of_range", "0–15"),
    (ATELIER + PRINTER.replace("escpos", "zpl") + "gap_mm = 40\n", 11, "out_of_range", "0–20"),
    # what is not TOML
    (ATELIER + "language = fr\n", 5, "value_unquoted", "guillemets droits"),
    (ATELIER + "language = “fr”\n", 5, "value_unquoted", "guillemets droits"),
    (ATELIER + "language =\n", 5, "value_unquoted", "guillemets droits"),
    (ATELIER + 'language = "fr\n', 5, "quote_left_open", "guillemet"),
    (ATELIER + 'language = "fr', 5, "quote_left_open", "guillemet"),
    (ATELIER + "language = 'fr", 5, "quote_left_open", "guillemet"),
    (ATELIER + 'site = "BCDG"\n', 5, "key_twice", "une seule"),
    (ATELIER + 'site = "BCDG"', 5, "key_twice", "une seule"),
    (ATELIER + "[atelier]\n", 5, "section_twice", "[[station]]"),
    ("station = []\n" + STATION, 2, "section_twice", "Réunissez"),
    (ATELIER + "language 'fr'\n", 5, "equals_missing", "="),
    (ATELIER + "bundle_cap = 20 pièces\n", 5, "text_after_value", "en trop"),
    (ATELIER + "étape = 1\n", 5, "key_unwritable", "sans accent"),
    (ATELIER + "[server\n", 5, "bracket_left_open", "crochet"),
    (ATELIER + "[[station]\n", 5, "bracket_left_open", "crochet"),
    (ATELIER + "[server]\nx = {a = 1", 6, "bracket_left_open", "accolade"),
    (ATELIER + 'language = "C:\\Users"\n', 5, "backslash_in_text", "apostrophes"),
    (ATELIER + 'language = "C:\\pi"\n', 5, "backslash_in_text", "apostrophes"),
    (ATELIER + "language = 'f\x01r'\n", 5, "not_toml", "floor.example.toml"),
    (ATELIER + "bundle_cap = " + "1" * 5000, 5, "not_toml", "floor.example.toml"),
    (ATELIER + "bundle_cap = " + "[" * 5000 + "]" * 5000, 5, "not_toml", "floor.example.toml"),
]


@pytest.mark.parametrize(("text", "line", "code", "cure"), FAULTS)
def test_a_fault_is_named_with_its_line_and_its_cure(text: str, line: int, code: str, cure: str) -> None:
    (fault,) = [fault for fault in faults_of(text) if fault.code == code]
    assert fault.line == line
    assert cure in words_of(fault)


def test_all_faults_are_told_at_once_in_the_order_of_the_lines() -> None:
    text = (
        ATELIER.replace("BCDF", "ABCD")
        + "bundle_cap = 0\nnom = 'x'\n[server]\nport = 0\n"
        + STATION
        + 'scanner = "COM3"\n'
        + STATION
    )
    found = [(fault.line, fault.key, fault.code) for fault in faults_of(text)]
    assert found == [
        (4, "atelier.site", "site_letters"),
        (5, "atelier.bundle_cap", "out_of_range"),
        (6, "atelier.nom", "unknown_key_near"),
        (8, "server.port", "out_of_range"),
        (12, "station[1].scanner", "bad_scanner_address"),
        (14, "station[2].name", "name_twice"),
    ]


def test_two_sheets_of_labels_may_go_to_one_file_and_two_stations_may_have_no_scanner() -> None:
    printer = PRINTER.replace("/dev/usb/lp0", "file:///tmp/labels")
    station = STATION + 'scanner = "none"\n'
    text = ATELIER + station + station.replace("coupe", "b") + printer + printer.replace("étiquettes", "b")
    assert len(parse_config(text).printers) == 2


@pytest.mark.parametrize(
    "address", ["/dev/x", "socket://10.0.0.9:9100", "socket://[fe80::1]:9100", "socket://hp.local:1"]
)
def test_a_scanner_address_that_is_accepted_is_one_the_scanners_understand(address: str) -> None:
    (station,) = parse_config(ATELIER + STATION + f'scanner = "{address}"\n').stations
    assert scanner_at(str(station.scanner)).address == address


@pytest.mark.parametrize(
    "address",
    [
        "/dev/floor-absent/lp0",
        "/dev/floor-absent/ttyUSB0?baud=9600&flow=none",
        "socket://127.0.0.1:1",
        "file:///floor-absent/labels",
    ],
)
def test_a_printer_address_that_is_accepted_is_one_the_printers_understand(address: str) -> None:
    (printer,) = parse_config(ATELIER + PRINTER.replace("/dev/usb/lp0", address)).printers
    with pytest.raises(DeviceMissing):
        open_port(printer.address)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_printer_language_there_is_may_be_written(language: str) -> None:
    assert parse_config(ATELIER + PRINTER.replace("escpos", language)).printers[0].language == language


def test_a_missing_file_is_no_silent_default_but_says_what_to_copy(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        read_config(tmp_path / "floor.toml")
    (fault,) = caught.value.faults
    assert (fault.code, fault.line, fault.value) == ("missing_file", 0, str(tmp_path / "floor.toml"))
    assert "Copiez floor.example.toml" in words_of(fault)


def test_a_folder_in_place_of_the_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        read_config(tmp_path)
    assert [fault.code for fault in caught.value.faults] == ["unreadable_file"]


def test_a_file_saved_by_an_old_notepad_is_told_with_the_line_of_the_accent(tmp_path: Path) -> None:
    path = tmp_path / "floor.toml"
    path.write_bytes(ATELIER.replace("Lilas", "Théâtres").encode("cp1252"))
    with pytest.raises(ConfigError) as caught:
        read_config(path)
    assert [(fault.line, fault.code) for fault in caught.value.faults] == [(3, "not_utf8")]


def test_a_file_saved_on_windows_is_read_like_any_other(tmp_path: Path) -> None:
    path = tmp_path / "floor.toml"
    path.write_bytes(b"\xef\xbb\xbf" + (ATELIER + STATION).replace("\n", "\r\n").encode())
    floor = read_config(path)
    assert (floor.atelier, floor.stations) == (parse_config(ATELIER).atelier, parse_config(ATELIER + STATION).stations)
    path.write_bytes(path.read_bytes() + b"zzz = 1\r\n")
    with pytest.raises(ConfigError) as caught:
        read_config(path)
    assert caught.value.faults[0].line == 8


def test_every_fault_code_has_french_words_and_no_word_is_left_over() -> None:
    sources = "".join(path.read_text("utf-8") for path in (ROOT / "floor_app").glob("config*.py"))
    words = tomllib.loads(WORDS.read_text("utf-8"))
    proved = {code for _, _, code, _ in FAULTS} | {"missing_file", "unreadable_file", "not_utf8"}
    assert set(words) == proved
    assert all(f'"{code}"' in sources for code in words)


def test_the_words_of_a_fault_hold_nothing_but_its_own_fields() -> None:
    fields = {"key", "value", "expected"}
    for code, sentence in tomllib.loads(WORDS.read_text("utf-8")).items():
        assert {name for _, name, _, _ in string.Formatter().parse(sentence) if name} <= fields, code
        assert sentence[0].isupper() or sentence[0] in "«{", code


@pytest.mark.parametrize("section", SECTIONS)
def test_each_key_that_can_be_written_is_a_field_and_the_needed_ones_have_no_default(section: str) -> None:
    fields = dataclasses.fields(KINDS[section])
    assert set(SECTIONS[section].keys) == {field.name for field in fields}
    assert set(SECTIONS[section].required) == {field.name for field in fields if field.default is dataclasses.MISSING}


@pytest.mark.parametrize("language", TEXT_LANGUAGES)
def test_every_language_there_are_words_for_may_be_written(language: str) -> None:
    assert parse_config(ATELIER + f'language = "{language}"\n').atelier.language == language


@pytest.mark.parametrize(("written", "hour"), [("00:00", 0), ("05:00", 5), ("23:00", 23)])
def test_the_hour_at_which_the_day_begins_is_read_as_an_hour(written: str, hour: int) -> None:
    assert parse_config(ATELIER + f'day_starts = "{written}"\n').atelier.day_starts == hour


def test_the_example_parses_and_its_site_is_the_one_no_atelier_may_keep() -> None:
    assert read_config(EXAMPLE).atelier.site == EXAMPLE_SITE


LEFT_TO_THE_PRINTER = (
    "speed_mm_s",
    "darkness",
    "gap_mm",
)  # without them its buttons decide: the example can state no default


def test_the_example_mentions_every_key() -> None:
    parts = re.split(r"^(?=\[)", EXAMPLE.read_text("utf-8"), flags=re.MULTILINE)
    for name, section in SECTIONS.items():
        brackets = f"[[{name}]]\n" if section.repeated else f"[{name}]\n"
        text = "".join(part for part in parts if part.startswith(brackets))
        assert all(re.search(rf"^#? *{key} = ", text, re.MULTILINE) for key in section.keys), name


def test_each_default_the_example_states_is_the_one_in_force() -> None:
    text = EXAMPLE.read_text("utf-8")
    written_out, stated = re.subn(r"^#(?=\w)", "", text, flags=re.MULTILINE)
    optional = sum(len(section.keys) - len(section.required) for section in SECTIONS.values())
    assert stated == optional - len(LEFT_TO_THE_PRINTER)
    assert parse_config(written_out) == parse_config(text)


def test_each_range_and_choice_the_example_states_is_the_one_checked() -> None:
    text = EXAMPLE.read_text("utf-8")
    assert "de 1 à 500" in text
    assert faults_of(ATELIER + "bundle_cap = 501\n")[0].expected == "1–500"
    assert "de 1 à 10" in text
    assert faults_of(ATELIER + "fill_up_to = 0\n")[0].expected == "1–10"
    assert all(language in text for language in LANGUAGES)
    assert "50x30, 58x40 ou 80x50" in text
    assert faults_of(ATELIER + PRINTER + "label = ''\n")[0].expected == "50x30, 58x40, 80x50"


@st.composite
def changed_examples(draw: st.DrawFn) -> tuple[str, int, str]:
    """The shipped example with comments and blank lines strewn in and one value made wrong; its line and its key."""
    rows = EXAMPLE.read_text("utf-8").splitlines()
    keys = [row for row in rows if re.match(r"\w+ = ", row)]
    spoiled = draw(st.sampled_from(range(len(keys))))
    noise = st.sampled_from(["", '# scanner = "[[station]]"', "  # [atelier]", "\t"])
    text, seen, line, key = [], -1, 0, ""
    for row in rows:
        text += draw(st.lists(noise, max_size=2))
        seen += bool(re.match(r"\w+ = ", row))
        if seen == spoiled and not key:
            key = row.split(" = ")[0]
            row, line = f"{key} = [ # pas une liste", len(text) + 1
            text += [row, "]"]
            continue
        text.append(row)
    return "\n".join(text), line, key


@given(changed_examples())
def test_wherever_a_value_is_wrong_in_the_example_its_own_line_is_named(changed: tuple[str, int, str]) -> None:
    text, line, key = changed
    (fault,) = faults_of(text)
    assert (fault.line, fault.key.rsplit(".")[-1]) == (line, key)


KEYS = sorted({key for section in SECTIONS.values() for key in section.keys} | {"nom", ""})
NUMBERS = ["1", "0", "-1", "nan", "inf", "1e400", "8.5", "true", "9" * 400, "2026-03-01"]
TEXTS = ["'BCDF'", "''", "'a'", "'/dev/x'", "'socket://[::'", "'http://a:b'", "'Europe'", "'\\'", '"\\u0000"']
ODD = st.sampled_from([*NUMBERS, *TEXTS, "[]", "[[]]", "{}", "{a = 1}", "[{name = 'a'}]"])
SECTION = st.sampled_from(
    ["[atelier]", "[server]", "[[station]]", "[[printer]]", "[station]", "[[atelier]]", "[autre]"]
)


@st.composite
def scribbles(draw: st.DrawFn) -> str:
    """A floor.toml by somebody who tries everything."""
    text = ""
    for header in ["", *draw(st.lists(SECTION, max_size=6))]:
        values = draw(st.dictionaries(st.sampled_from([*KEYS, *(SECTIONS if not header else [])]), ODD, max_size=8))
        text += "\n".join([header, *(f'"{key}" = {value}' for key, value in values.items())]) + "\n"
    return text


@given(scribbles())
def test_whatever_is_written_the_answer_is_a_floor_or_faults_that_can_be_said(text: str) -> None:
    try:
        floor = parse_config(text)
    except ConfigError as error:
        assert error.faults
        assert all(1 <= fault.line <= text.count("\n") + 1 for fault in error.faults)
        assert all(words_of(fault) for fault in error.faults)
    else:
        assert floor.atelier.site


def test_speed_darkness_and_gap_reach_the_printers_profile() -> None:
    text = ATELIER + PRINTER.replace("escpos", "zpl") + "speed_mm_s = 100\ndarkness = 20\ngap_mm = 3\n"
    profile = parse_config(text).printers[0].profile
    assert (profile.speed_mm_s, profile.darkness, profile.gap_mm) == (100, 20, 3)
