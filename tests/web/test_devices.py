"""« Appareils »: how scanners and printers are, live; and the test of a scanner, from its bytes or keys to the cure in words."""

import html
import re
import typing
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pypdfium2
import pytest
import sqlite_utils
import zxingcpp
from flask import Flask
from flask.testing import FlaskClient

from devices.printers import LANGUAGES
from devices.printers.printer import StatusCode
from devices.printers.simulated import Faults, SimulatedPrinter
from devices.scanners.simulated import SimulatedScanner
from floor_app import access
from floor_app.answer_board import MOST_READINGS
from floor_app.atelier import Atelier, open_atelier
from floor_app.config import ConfigError, parse_config
from floor_app.domain.scanner_faults import TEXTS, Check, Fault, RawReading, Verdict, Way
from floor_app.label_drawer import LabelDrawer
from floor_app.spooler import Spooler
from floor_app.stations import StationLoop
from floor_app.store import access as access_store
from floor_app.store import print_jobs
from floor_app.texts import words
from floor_app.web import create_app
from floor_app.web.scanner_test import visible
from tests.devices.printers.test_present import plug
from tests.devices.scanners.usb_tree import UsbTree
from tests.pages import text_of
from tests.waiting import LONG_S, wait_until

t = words("fr")
HEAD = '[atelier]\ncode = "A"\nname = "Les Tilleuls"\nsite = "BCDF"\n'
PRINTER = '[[printer]]\nname = "étiquettes"\naddress = "/dev/usb/lp0"\nlanguage = "escpos"\nwidth_dots = 576\ndots_per_mm = 8\n'
SHEET, LABEL, MICRO = TEXTS[Check.KEYBOARD], TEXTS[Check.LABEL], TEXTS[Check.MICRO]
TEST = "/devices/scanner-test/sew-1"


class Opened:
    """An atelier with one station whose scanner is a real pty, its printer, and a supervisor signed in there."""

    def __init__(self, folder: Path, *, config: str | None = None) -> None:
        self.address = str(folder / "scanner")
        station = f'[[station]]\nname = "sew-1"\noperation = "sew"\ntitle = "Couture 1"\nscanner = "{self.address}"\n'
        self.atelier: Atelier = open_atelier(
            parse_config(HEAD + (station + PRINTER if config is None else config)), folder / "data"
        )
        self.app: Flask = create_app(self.atelier)
        self.app.extensions["devices"].root = folder
        self.atelier.run(access_store.set_password, "cheffe", access.hash_password("peu importe"), at_ms=1)
        self.client: FlaskClient = self.app.test_client()
        with self.client.session_transaction() as session:
            session["account"], session["version"] = "cheffe", 1

    def page(self, path: str = "/devices") -> str:
        answer = self.client.get(path)
        assert answer.status_code == 200, path
        return html.unescape(text_of(answer))

    def ask_again(self, page: str) -> tuple[int, str]:
        """What the page's own next question is answered."""
        found = re.search(r'hx-get="([^"]+)"', page)
        assert found
        answer = self.client.get(found[1])
        return answer.status_code, html.unescape(text_of(answer))


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Opened]:
    made = Opened(tmp_path)
    yield made
    made.atelier.close()


@pytest.fixture
def scanner(opened: Opened) -> Iterator[SimulatedScanner]:
    """Plugged in at the station, and read by its loop."""
    plugged = SimulatedScanner(opened.address)
    loop = StationLoop(opened.atelier, opened.atelier.config.stations[0])
    loop.start()
    assert plugged.wait_for_reader(timeout_s=LONG_S)
    yield plugged
    loop.stop()
    loop.join()
    plugged.close()


def test_a_scanner_pulled_out_and_put_back_shows_on_the_open_page(opened: Opened, scanner: SimulatedScanner) -> None:
    wait_until(lambda: t("stations.scanner_ready") in opened.page(), "the scanner is ready")
    seen = opened.page()
    assert opened.ask_again(seen)[0] == 204
    scanner.unplug()
    wait_until(lambda: opened.ask_again(seen)[0] == 200, "the page hears that it is gone")
    wait_until(lambda: t("stations.scanner_missing_cure") in opened.page(), "it is said what to do")
    scanner.replug()
    wait_until(lambda: t("stations.scanner_ready") in opened.page(), "it is back")


PRINTER_STATES = typing.get_args(StatusCode)


@pytest.mark.parametrize("state", [*PRINTER_STATES, "busy", "lost", "never heard of"])
def test_a_printer_says_how_it_is_and_what_to_do(opened: Opened, state: str) -> None:
    opened.atelier.devices.tell("printer", "étiquettes", state, at_ms=opened.atelier.clock.now_ms())
    known = state if t.has(f"labels.fault_{state}") else "other"
    page = opened.page()
    assert t(f"labels.fault_{known}") in page
    assert t(f"labels.fault_{known}_cure") in page


# What each language has a flag for; nothing else can be said of such a printer.
SHOWN: list[tuple[str, Faults, StatusCode]] = [
    ("escpos", Faults(), "ready"),
    ("escpos", Faults(paper_near_end=True), "paper_near_end"),
    ("escpos", Faults(paper_left_rows=0), "paper_out"),
    ("escpos", Faults(cover_open=True), "cover_open"),
    ("escpos", Faults(too_hot=True), "too_hot"),
    ("escpos", Faults(paused=True), "offline"),
    ("escpos", Faults(cutter_error=True), "error"),
    ("escpos", Faults(silent=True), "unknown"),
    ("zpl", Faults(), "ready"),
    ("zpl", Faults(paper_left_rows=0), "paper_out"),
    ("zpl", Faults(cover_open=True), "cover_open"),
    ("zpl", Faults(too_hot=True), "too_hot"),
    ("zpl", Faults(paused=True), "offline"),
    ("zpl", Faults(ribbon_out=True), "error"),
    ("zpl", Faults(cover_open=True, mute_when_stopped=True), "unknown"),
    ("tspl", Faults(), "ready"),
    ("tspl", Faults(paper_left_rows=0), "paper_out"),
    ("tspl", Faults(cover_open=True), "cover_open"),
    ("tspl", Faults(paused=True), "offline"),
    ("tspl", Faults(too_hot=True), "error"),
]


@contextmanager
def printing(folder: Path, language: str, faults: Faults) -> Iterator[Opened]:
    """An atelier whose spooler asks a simulated printer over a socket."""
    with SimulatedPrinter(language=language, faults=faults) as simulated:
        printer = PRINTER.replace("/dev/usb/lp0", simulated.address).replace('"escpos"', f'"{language}"')
        opened = Opened(folder, config=printer)
        spooler = Spooler(opened.atelier, opened.atelier.config.printers[0], LabelDrawer())
        spooler.start()
        try:
            yield opened
        finally:
            spooler.stop()
            spooler.join()
            opened.atelier.close()


def picture_of_printer(page: str) -> str:
    found = re.search(r'id="printers".*?<svg class="picture".*?>(.*?)</svg>', page, re.DOTALL)
    assert found
    return " ".join(found[1].split())


@pytest.mark.parametrize(("language", "faults", "state"), SHOWN)
def test_what_a_printer_answers_is_on_the_page_with_what_to_do(
    tmp_path: Path, language: str, faults: Faults, state: StatusCode
) -> None:
    with printing(tmp_path, language, faults) as opened:
        wait_until(lambda: opened.atelier.devices.states("printer") != [], "the printer was asked")
        page = opened.page()
    assert f"<strong>{t(f'labels.fault_{state}')}</strong> {t(f'labels.fault_{state}_cure')}" in page
    assert (t("devices.silent_zebra") in page) == (language == "zpl" and state == "unknown")


def test_each_way_a_printer_can_be_has_a_picture_of_its_own(opened: Opened) -> None:
    pictures: dict[str, StatusCode] = {}
    for state in PRINTER_STATES:
        opened.atelier.devices.tell("printer", "étiquettes", state, at_ms=1)
        pictures[picture_of_printer(opened.page())] = state
    assert sorted(pictures.values()) == sorted(PRINTER_STATES)


SAID: list[tuple[list[tuple[str, str]], str]] = [
    ([], "word_not_yet"),
    ([("unknown", "none")], "word_none"),
    ([("unknown", "none"), ("failed", "realtime_status")], "word_realtime_status"),
    ([("confirmed", "realtime_status"), ("unknown", "realtime_status")], "word_realtime_status_confirmed"),
    ([("unknown", "queued_status"), ("confirmed", "realtime_status")], "word_queued_status"),
    ([("confirmed", "queued_status")], "word_queued_status_confirmed"),
    ([("confirmed", "process_id"), ("unknown", "none")], "word_process_id_confirmed"),
    ([("unknown", "process_id")], "word_process_id"),
    ([("confirmed", "by_eye")], "word_not_yet"),
]


@pytest.mark.parametrize(("labels", "word"), SAID)
def test_what_a_printer_can_say_is_the_best_it_ever_said(
    opened: Opened, labels: list[tuple[str, str]], word: str
) -> None:
    def print_all(db: sqlite_utils.Database) -> None:
        print_jobs.queue(db, [("X", 0)] * (len(labels) + 1), printer="étiquettes", label="50x30", at_ms=1)
        for number, (state, rung) in enumerate(labels, start=1):
            print_jobs.note(db, number, state=state, sent=(9, 9), rung=rung, fault="", at_ms=2)

    opened.atelier.run(print_all)
    page = opened.page()
    assert t(f"devices.{word}") in page
    assert t(f"devices.{word}_worth") in page


def test_without_devices_the_page_says_what_to_write(tmp_path: Path) -> None:
    opened = Opened(tmp_path, config="")
    page = opened.page()
    assert "[[station]]" in page and "[[printer]]" in page and "floor.toml" in page
    assert t("stations.none") in opened.page("/devices/scanner-test")
    opened.atelier.close()


def test_what_is_plugged_in_and_not_set_up_is_shown_with_its_line(tmp_path: Path) -> None:
    tree = UsbTree(tmp_path)
    tree.plug("ttyACM0", "1.1", idProduct="0b61", serial="A7", manufacturer="Honeywell", product="Xenon <b>")
    tree.plug("ttyACM1", "1.2", idVendor="05f9", idProduct="4204", serial="B8", product="Gryphon")
    tree.plug("ttyACM2", "1.3", product="By its socket")
    used = '[[station]]\nname = "sew-1"\noperation = "sew"\nscanner = "usb:05F9:4204:B8"\n'
    used += f'[[station]]\nname = "sew-2"\noperation = "sew"\nscanner = "/dev/serial/by-path/{tree.name("1.3")}"\n'
    opened = Opened(tmp_path, config=used)
    page = text_of(opened.client.get("/devices"))
    assert "usb:0c2e:0b61:A7" in page and "Xenon &lt;b&gt;" in page
    assert "Gryphon" not in page and "By its socket" not in page
    opened.atelier.close()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (f"{SHEET}\r".encode(), ["devices.verdict_more_to_read"]),
        (f"{SHEET}\r{LABEL}\r".encode(), ["devices.verdict_good"]),
        (SHEET.encode(), ["devices.fault_no_enter", "devices.fault_no_enter_cure"]),
        (f"#{SHEET}\r".encode(), ["devices.verdict_hindered", "devices.fault_prefix_cure"]),
        (f"{SHEET[:12]}\r".encode(), ["devices.fault_truncated"]),
        (f"{MICRO}\r".encode(), ["devices.fault_micro_qr_cure"]),
        (b"\xe9\xa8\r", ["devices.fault_not_ascii"]),
        (b"3250390000853\r", ["devices.other_code"]),
    ],
)
def test_the_stations_own_scanner_is_examined_and_nothing_is_recorded(
    opened: Opened, scanner: SimulatedScanner, data: bytes, said: list[str]
) -> None:
    page = opened.page(TEST)
    assert t("devices.verdict_nothing_read") in page
    scanner.send(data)
    wait_until(lambda: all(t(key) in opened.ask_again(page)[1] for key in said), "the page says it")
    with opened.atelier.reading() as db:
        assert db.conn.execute("SELECT count(*) FROM event").fetchone()[0] == 0


def press(opened: Opened, text: str, **said: object) -> int:
    """As the page does for a scanner that types on a US keyboard; the token stands in the page."""
    token = re.search(r'X-CSRFToken": "([^"]+)"', text_of(opened.client.get(TEST)))
    assert token
    keys = [[f"Key{sign.upper()}" if sign.isalpha() else "", sign, sign.isupper()] for sign in text]
    body = {"keys": keys, "ended": True, "caps_lock": False, **said}
    return opened.client.post(f"{TEST}/reading", json=body, headers={"X-CSRFToken": token[1]}).status_code


@pytest.mark.parametrize(
    ("said", "words_of"),
    [
        ({}, "devices.verdict_more_to_read"),
        ({"ended": False}, "devices.fault_no_enter"),
        ({"caps_lock": True}, "devices.fault_case_cure_page"),
        ({"ended": "yes"}, "devices.fault_no_enter"),
    ],
)
def test_a_scanner_that_types_into_the_page_is_examined(opened: Opened, said: dict[str, object], words_of: str) -> None:
    page = opened.page(TEST)
    assert press(opened, SHEET, **said) == 204
    status, fragment = opened.ask_again(page)
    assert status == 200 and t(words_of) in fragment


@pytest.mark.parametrize(
    "keys",
    [None, "AZE", {"a": 1}, [1], [["KeyA", "a"]], [["KeyA", "a", 1]], [["x" * 99, "a", True]], [["a", "a", True, 1]]],
)
def test_what_no_page_of_ours_sends_is_refused_and_changes_nothing(opened: Opened, keys: object) -> None:
    assert press(opened, "", keys=keys) == 422
    assert opened.atelier.answers.readings.since("sew-1", "") == ()


def test_too_much_is_refused(opened: Opened) -> None:
    assert press(opened, SHEET * 200) == 413
    assert press(opened, SHEET * 20) == 204
    assert len(opened.atelier.answers.readings.since("sew-1", "")[0].text) <= 300


def test_what_was_read_is_never_obeyed_by_the_page(opened: Opened) -> None:
    page = opened.page(TEST)
    hostile = RawReading(Way.BYTES, f"<script>{SHEET}\x1b\u202e", True)
    opened.atelier.answers.readings.tell("sew-1", hostile)
    found = re.search(r'hx-get="([^"]+)"', page)
    assert found
    fragment = text_of(opened.client.get(found[1]))
    assert "&lt;script&gt;" in fragment and "<script>" not in fragment
    assert "\u241b\ufffd" in fragment and "\u202e" not in fragment


def test_signs_without_a_picture_get_one() -> None:
    assert visible("\x02A \x7f\u00e9" + "x" * 99) == "\u2402A\u2423\ufffd\u00e9" + "x" * 35


def test_a_test_begins_anew_with_its_page_and_forgets_what_was_before(opened: Opened) -> None:
    readings = opened.atelier.answers.readings
    before = readings.mark("sew-1")
    for _ in range(MOST_READINGS + 5):
        readings.tell("sew-1", RawReading(Way.BYTES, SHEET, False))
    readings.tell("cut-1", RawReading(Way.BYTES, SHEET, True))
    assert t("devices.verdict_nothing_read") in opened.page(TEST)
    assert len(readings.since("sew-1", before)) == MOST_READINGS
    assert len(readings.since("sew-1", "of-another-run.999")) == MOST_READINGS
    assert readings.since("sew-1", readings.mark("sew-1")) == ()
    assert t("devices.fault_no_enter") in opened.page(f"{TEST}?since={before}")


@pytest.mark.parametrize("since", ["", ".", "a.b", "\u00b2", "9" * 5000, "<b>"])
def test_a_mark_of_no_run_shows_what_there_is(opened: Opened, since: str) -> None:
    answer = opened.client.get(f"{TEST}/now", query_string={"since": since})
    assert answer.status_code == 200 and "<b>" not in text_of(answer)


def test_a_scanner_that_is_gone_is_said_before_the_test(opened: Opened) -> None:
    opened.atelier.devices.tell("scanner", opened.address, "lost", at_ms=1, serves="sew-1")
    assert t("stations.scanner_lost_cure") in opened.page(TEST)


def test_an_unknown_station_has_no_test(opened: Opened) -> None:
    assert opened.client.get("/devices/scanner-test/gone-1").status_code == 404


def test_a_tablet_tests_its_own_scanner_and_no_other(station_client: Callable[[str], FlaskClient]) -> None:
    tablet = station_client("sew-1")
    page = text_of(tablet.get(TEST))
    assert "/station/sew-1" in page and 'href="/devices/scanner-test"' not in page
    assert tablet.get("/devices/scanner-test/cut-1").status_code == 403
    assert tablet.get("/devices").status_code == 403


def test_the_sheet_is_read_back_as_it_is_meant(opened: Opened) -> None:
    answer = opened.client.get("/devices/scanner-test/sheet.pdf")
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    pages = list(pypdfium2.PdfDocument(answer.data))
    image = np.asarray(pages[0].render(scale=4).to_pil().convert("L"))
    read = {code.text: code.format for code in zxingcpp.read_barcodes(image)}
    assert len(pages) == 1 and read.keys() == {SHEET, LABEL, MICRO}
    assert [text for text, kind in read.items() if kind == zxingcpp.BarcodeFormat.MicroQRCode] == [MICRO]


def test_every_fault_check_and_verdict_has_its_words() -> None:
    for fault in Fault:
        assert all(t.has(f"devices.fault_{fault}{part}") for part in ("", "_means", "_cure")), fault
    assert all(t.has(f"devices.sheet_{check}") for check in Check)
    assert all(t.has(f"devices.verdict_{verdict}{part}") for verdict in Verdict for part in ("", "_then"))


def lines_to_write(page: str) -> list[str]:
    return [block for block in re.findall(r"<pre[^>]*><code>(.*?)</code>", page, re.DOTALL) if "/printers/" in block]


def test_a_printer_that_is_plugged_in_and_not_set_up_is_shown_with_the_lines_to_write(tmp_path: Path) -> None:
    plug(tmp_path, "lp0", "MFG:EPSON;CMD:ESC/POS;MDL:TM-T20III;")
    plug(tmp_path, "lp1", "MFG:TSC;CMD:TSPL2;MDL:<i>TTP</i>;", socket="platform-usb-0:1.4:1.0")
    opened = Opened(tmp_path)
    raw = text_of(opened.client.get("/devices"))
    opened.atelier.close()
    assert "TM-T20III" not in raw and "<i>TTP</i>" not in raw  # the first is in floor.toml
    assert t("devices.language_guessed", language="tspl") in html.unescape(raw)
    (lines,) = lines_to_write(html.unescape(raw))
    printers = parse_config(HEAD + PRINTER + lines).printers
    assert [printer.language for printer in printers] == ["escpos", "tspl"]
    assert printers[1].address == "/dev/floor/printers/by-path/platform-usb-0:1.4:1.0"


@pytest.mark.parametrize(
    ("device_id", "said", "choice"),
    [
        ("MFG:Xprinter;CMD:TSPL,ESC/POS;MDL:XP-350B;", "language_several", "escpos, tspl"),
        ("MFG:Rongta;CMD:ESC/POS;MDL:EPOSN TM-T88V;", "language_unsure", ", ".join(LANGUAGES)),
        ("", "language_unsure", ", ".join(LANGUAGES)),
    ],
)
def test_where_a_printer_names_several_languages_or_none_a_person_must_choose(
    tmp_path: Path, device_id: str, said: str, choice: str
) -> None:
    plug(tmp_path, "lp0", device_id, socket="platform-usb-0:1.2:1.0")
    opened = Opened(tmp_path, config="")
    page = opened.page()
    opened.atelier.close()
    assert t(f"devices.{said}", languages=choice) in page
    (lines,) = lines_to_write(page)
    assert f'language = "?"  # {choice}\n' in lines
    with pytest.raises(ConfigError) as refused:
        parse_config(HEAD + lines)
    assert [fault.code for fault in refused.value.faults] == ["unknown_printer_language"]


def test_a_printer_set_up_by_any_path_that_leads_to_it_is_not_shown_again(tmp_path: Path) -> None:
    plug(tmp_path, "lp3", "MFG:TSC;CMD:TSPL;", socket="platform-usb-0:1.2:1.0", serial="1203-0230-A1")
    printer = PRINTER.replace("/dev/usb/lp0", "/dev/floor/printers/by-serial/1203-0230-A1")
    opened = Opened(tmp_path, config=printer)
    page = opened.page()
    opened.atelier.close()
    assert t("devices.unused_printers") not in page
