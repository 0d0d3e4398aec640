"""The devices of the atelier: how each scanner and printer is, what to do about it, and how far a printer can be believed."""

import hashlib
import itertools
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlite_utils
from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue

from devices.printers import LANGUAGES
from devices.printers.present import PresentPrinter
from devices.printers.present import present as present_printers
from devices.scanners.bindings import ROOT, PresentScanner, present
from floor_app.config import PrinterConfig
from floor_app.domain.scanner_moves import Places, PluggedScanner
from floor_app.noticing_moves import dismiss_notice
from floor_app.store import scanner_places
from floor_app.store.print_words import PrinterWord, words_of_printers
from floor_app.texts import Words, words
from floor_app.web.board_words import BoardWords
from floor_app.web.roles import Role, atelier, open_to, station_named
from floor_app.web.tiles import devices as tile
from floor_app.web.tiles.devices import Device

screen = Blueprint("devices", __name__)
MINUTE_MS = 60_000


@dataclass(frozen=True, slots=True)
class PrinterShown:
    """`word`: the name of the words that say what the printer's word is worth."""

    device: Device
    printer: PrinterConfig
    word: str


@dataclass(slots=True)
class Surroundings:
    """`root`: the folder that holds the system's sys and dev. `start` tells the versions of two runs of the service apart."""

    root: Path
    start: str


@screen.record_once
def keep_surroundings(state: BlueprintSetupState) -> None:
    state.app.extensions["devices"] = Surroundings(ROOT, secrets.token_hex(3))


@screen.get("/devices")
@open_to(Role.SUPERVISOR)
def devices() -> ResponseReturnValue:
    return render_template(
        "devices/devices.html",
        unused=_unused(),
        unused_printers=[(one, _free_printer_name(place)) for place, one in enumerate(_unused_printers())],
        languages=LANGUAGES,
        source=atelier().config.source,
        **_live(),
    )


@screen.get("/devices/now")
@open_to(Role.SUPERVISOR)
def now() -> ResponseReturnValue:
    """What a page asks every second: nothing (204) as long as it shows what there is. Read by static/board.js."""
    shown = _live()
    if request.args.get("seen") == shown["version"]:
        return "", 204
    return render_template("devices/now.html", **shown), {"X-Board": shown["version"]}


@screen.post("/devices/notices/<name>")
@open_to(Role.SUPERVISOR)
def seen(name: str) -> ResponseReturnValue:
    """The supervisor has seen that another scanner serves this station."""
    atelier().run(dismiss_notice, station_named(name).name)
    return redirect(url_for("devices.devices"), 303)


def _live() -> dict[str, Any]:
    now_ms = atelier().clock.now_ms()
    with atelier().reading() as db:
        found = tile.load(db, atelier(), at_ms=now_ms).devices
        printers = _printers(db, found)
    t = words(atelier().config.atelier.language)
    scanners = [device for device in found if device.kind == "scanner"]
    return {
        "scanners": scanners,
        "printers": printers,
        "say": BoardWords(t, atelier().clock, now_ms),
        "version": _version(scanners, printers, now_ms // MINUTE_MS),
    }


def _version(*shown: object) -> str:
    start = current_app.extensions["devices"].start
    return f"{start}.{hashlib.blake2b(repr(shown).encode(), digest_size=8).hexdigest()}"


def _printers(db: sqlite_utils.Database, found: Iterable[Device]) -> list[PrinterShown]:
    said, t = words_of_printers(db), words(atelier().config.atelier.language)
    by_name = {device.name: device for device in found if device.kind == "printer"}
    return [
        PrinterShown(by_name[printer.name], printer, _word(said.get(printer.name), t))
        for printer in atelier().config.printers
    ]


def _word(said: PrinterWord | None, t: Words) -> str:
    if said is None:
        return "word_not_yet"
    confirmed = f"word_{said.rung}_confirmed"
    return confirmed if said.confirmed and t.has(f"devices.{confirmed}") else f"word_{said.rung}"


def _unused() -> list[tuple[PresentScanner, str]]:
    """What is plugged in and stands in no line of floor.toml, so far as its address tells; and the station it served, if any."""
    set_up = {station.scanner.partition("?")[0].lower() for station in atelier().config.stations if station.scanner}
    names = {address.removeprefix("port:").rpartition("/")[2] for address in set_up}
    found = present(current_app.extensions["devices"].root)
    unused = [one for one in found if one.address and not {one.address.lower(), *_names(one)} & (set_up | names)]
    with atelier().reading() as db:
        places = scanner_places.places(db)
    return [(one, _served(one, places)) for one in unused]


def _unused_printers() -> list[PresentPrinter]:
    """Plugged in by USB, and in no line of floor.toml."""
    set_up = {printer.address.partition("?")[0] for printer in atelier().config.printers}
    return [one for one in present_printers(current_app.extensions["devices"].root) if set_up.isdisjoint(one.names)]


def _free_printer_name(place: int) -> str:
    """For the lines to write of the `place`th printer, from 0: two of one name are refused."""
    wanted = words(atelier().config.atelier.language)("labels.example_printer")
    taken = {printer.name.casefold() for printer in atelier().config.printers}
    names = itertools.chain((wanted,), (f"{wanted} {number}" for number in itertools.count(2)))
    return next(itertools.islice((name for name in names if name.casefold() not in taken), place, None))


def _served(scanner: PresentScanner, places: Places) -> str:
    """ "" where its number does not tell."""
    now = PluggedScanner("", "", scanner.vendor, scanner.product, scanner.serial, numbered=scanner.numbered)
    served = next((place.scanner.station for place in places if place.is_sure and place.scanner.is_known_as(now)), "")
    return tile.title_of(atelier(), served) if served else ""


def _names(scanner: PresentScanner) -> set[str]:
    return {name.rpartition("/")[2].lower() for name in (scanner.node, *scanner.ports)}
