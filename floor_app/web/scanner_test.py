"""The test of a scanner: the codes of an A4 sheet are scanned, the page says what is wrong and what cures it.

Readings come from the scanner of a station on this machine, or from the keys that the page itself catches. They are kept in
memory for this page (`answer_board.ReadingBoard`); nothing of them is recorded.
"""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, abort, current_app, render_template, request
from flask.typing import ResponseReturnValue

from floor_app.config import StationConfig
from floor_app.domain.scanner_faults import TEXTS, Check, Examination, Fault, Found, Key, RawReading, examine, read_keys
from floor_app.sheet_drawer import SheetDrawer
from floor_app.texts import Words, words
from floor_app.web.addresses import address_for_others
from floor_app.web.board_words import BoardWords
from floor_app.web.qr_drawing import draw_qr
from floor_app.web.roles import Role, atelier, open_to, station_named
from floor_app.web.tiles import devices as tile
from floor_app.web.tiles.devices import Device
from label_templates.mute_code import ScannerSheetWithMuteCode
from label_templates.sheet import Sheet, SheetGrid, SheetItem, sheet_pdf

screen = Blueprint("scanner_test", __name__, url_prefix="/devices/scanner-test")
PRINTED = (Check.KEYBOARD, Check.LABEL)
"""The codes of the sheet that must be read, in their order there; the Micro QR stands in its template."""

STEPS = ("step_open", "step_scan", "step_mute", "step_manual", "step_again")
LARGEST_BODY = 64 * 1024
MOST_KEYS = 300
LONGEST_NAMES = 48
MOST_SHOWN = 40


@dataclass(frozen=True, slots=True)
class FaultShown:
    """`code`: of the words. `cure`: the name of the words that fit the way it was read. `round_it`: signs to show, or ""."""

    code: str
    cure: str
    round_it: str = ""


@screen.get("")
@open_to(Role.SUPERVISOR)
def choose() -> ResponseReturnValue:
    address = address_for_others()
    drawn = {station.name: draw_qr(f"{address}{_path(station)}") for station in atelier().config.stations}
    return render_template("devices/choose.html", address=address, path=_path, drawn=drawn)


@screen.get("/sheet.pdf")
@open_to(Role.SUPERVISOR)
def sheet() -> ResponseReturnValue:
    t = _words()
    drawer: SheetDrawer = current_app.extensions["sheet_drawer"]
    drawn = drawer.draw(sheet_pdf, Sheet(t("devices.sheet_title"), (_sheet(t),), SheetGrid(1, 1)))
    response = Response(drawn, mimetype="application/pdf", headers={"Cache-Control": "private, no-cache"})
    response.headers.set("Content-Disposition", "attachment", filename=f"{t('devices.sheet_file')}.pdf")
    return response


@screen.get("/<name>")
@open_to(Role.STATION, Role.SUPERVISOR)
def test(name: str) -> ResponseReturnValue:
    """A test begins with the page; `since` goes on with one."""
    place = station_named(name)
    since = request.args.get("since") or atelier().answers.readings.mark(name)
    return render_template("devices/test.html", station=place, **_shown(place, since))


@screen.get("/<name>/now")
@open_to(Role.STATION, Role.SUPERVISOR)
def now(name: str) -> ResponseReturnValue:
    """204 while nothing new was read and the scanner is as it was."""
    place = station_named(name)
    if request.args.get("seen") == _version(name):
        return "", 204
    return render_template("devices/found.html", station=place, **_shown(place, request.args.get("since", "")))


@screen.post("/<name>/reading")
@open_to(Role.STATION, Role.SUPERVISOR)
def reading(name: str) -> ResponseReturnValue:
    """The keys of one reading, as the page caught them: {keys: [[code, key, shift], …], ended, caps_lock}."""
    place = station_named(name)
    atelier().answers.readings.tell(place.name, _said())
    return "", 204


def _shown(place: StationConfig, since: str) -> dict[str, Any]:
    """The version is read before the readings: one that comes in between is shown, and shown again."""
    version = _version(place.name)
    found = examine(atelier().answers.readings.since(place.name, since))
    return {
        "since": since,
        "version": version,
        "found": found,
        "faults": [_fault_shown(fault, one) for fault, one in found.faults.items()],
        "hint_other": found.last is not None and found.last.check is None,
        "checks": [(check, _state(found, check)) for check in (*PRINTED, Check.MICRO)],
        "scanner": _scanner(place),
        "say": BoardWords(_words(), atelier().clock, atelier().clock.now_ms()),
    }


def _version(name: str) -> str:
    return f"{atelier().answers.readings.mark(name)}.{atelier().devices.version}"


def _state(found: Examination, check: Check) -> str:
    """« good », « faulty », « waiting »; a Micro QR is good as long as it stays silent."""
    if check not in found.checks:
        return "silent" if check == Check.MICRO else "waiting"
    return "faulty" if found.checks[check].faults else "good"


def _fault_shown(fault: Fault, found: Found) -> FaultShown:
    own = f"fault_{fault}_cure_{found.way}"
    cure = own if _words().has(f"devices.{own}") else f"fault_{fault}_cure"
    return FaultShown(fault, cure, visible({Fault.PREFIX: found.before, Fault.SUFFIX: found.after}.get(fault, "")))


def visible(text: str) -> str:
    """What was read, shortened, with a picture for each sign that has none: a control character neither hides nor obeys."""
    signs = (chr(0x2400 + ord(sign)) if ord(sign) < 0x20 else sign for sign in text[:MOST_SHOWN])
    return "".join(sign if sign.isprintable() and sign != " " else "␣" if sign == " " else "\ufffd" for sign in signs)


def _scanner(place: StationConfig) -> Device | None:
    """The station's scanner on this machine; `None` where it has none."""
    if not place.scanner:
        return None
    with atelier().reading() as db:
        found = tile.load(db, atelier(), at_ms=atelier().clock.now_ms()).devices
    return next(device for device in found if device.station == place.name)


def _said() -> RawReading:
    """422 for anything that no page of ours sends."""
    if (request.content_length or 0) > LARGEST_BODY:
        abort(413)
    try:
        fields: Any = request.get_json()
    except RecursionError:  # brackets without end
        abort(400)
    if not isinstance(fields, dict) or not isinstance(fields.get("keys"), list):
        abort(422, "an object with the list keys is expected")
    keys = [_key(key) for key in fields["keys"][:MOST_KEYS]]
    return read_keys(keys, ended=fields.get("ended") is True, caps_lock=fields.get("caps_lock") is True)


def _key(said: Any) -> Key:
    if (
        not isinstance(said, list)
        or [type(part) for part in said] != [str, str, bool]
        or len(said[0] + said[1]) > LONGEST_NAMES
    ):
        abort(422, "each key: [code, key, shift]")
    return Key(*said)


def _sheet(t: Words) -> SheetItem:
    steps = tuple(t(f"devices.{step}", address=f"{address_for_others()}{screen.url_prefix}") for step in STEPS)
    checks = tuple((t(f"devices.sheet_{check}"), TEXTS[check]) for check in PRINTED)
    card = ScannerSheetWithMuteCode(code="", model=t("devices.sheet_model"), steps=steps, checks=checks)
    return SheetItem("scanner_sheet", card, t("devices.sheet_title"))


def _path(station: StationConfig) -> str:
    return f"{screen.url_prefix}/{station.name}"


def _words() -> Words:
    return words(atelier().config.atelier.language)
