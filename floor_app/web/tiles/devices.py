"""Whether the machines are well: scanners, printers, disk, clock, last backup."""

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import sqlite_utils

from floor_app.atelier import Atelier
from floor_app.config import StationConfig
from floor_app.device_board import DeviceState
from floor_app.domain import scanner_moves
from floor_app.domain.scanner_moves import Place, Places
from floor_app.keeping import LAST_BACKUP
from floor_app.store import print_jobs, scanner_places

GOOD, UNSURE, WARN, STOP = "good", "unsure", "warn", "stop"
DISK_WARN_BYTES = 2_000_000_000
DISK_STOP_BYTES = 500_000_000
BACKUP_WARN_MS = 48 * 3_600_000
BACKUP_STOP_MS = 7 * 24 * 3_600_000

# Of a scanner and of a printer: devices/errors.py and devices/printers/printer.py name the states.
_LEVELS = {"ready": GOOD, "unknown": UNSURE, "paper_near_end": WARN, "busy": WARN, "too_hot": WARN}


@dataclass(frozen=True, slots=True)
class Device:
    """`state`: as the device board has it, `unknown` until heard. `station`: the one a scanner serves. `labels`: to print.

    `place`: the scanner that is plugged in, and whether it moved, then `came_from` the station of that title. `away`: where
    the station's own is instead, at the station titled `went_to`.
    """

    kind: str
    name: str
    state: str
    level: str
    station: str
    title: str
    since_ms: int
    labels: int = 0
    place: Place | None = None
    came_from: str = ""
    away: Place | None = None
    went_to: str = ""


@dataclass(frozen=True, slots=True)
class Backup:
    """`at_ms` 0: none was ever made."""

    at_ms: int
    level: str


@dataclass(frozen=True, slots=True)
class DevicesTile:
    devices: tuple[Device, ...]
    disk_free_bytes: int
    disk_level: str
    clock_trusted: bool
    backup: Backup

    @property
    def in_trouble(self) -> tuple[Device, ...]:
        return tuple(device for device in self.devices if device.level in (WARN, STOP))


def load(db: sqlite_utils.Database, atelier: Atelier, *, at_ms: int) -> DevicesTile:
    free = shutil.disk_usage(atelier.data).free
    return DevicesTile(
        (*_scanners(db, atelier), *_printers(db, atelier)),
        disk_free_bytes=free,
        disk_level=STOP if free < DISK_STOP_BYTES else WARN if free < DISK_WARN_BYTES else GOOD,
        clock_trusted=atelier.clock.trusted,
        backup=_backup(atelier.data, at_ms),
    )


def _scanners(db: sqlite_utils.Database, atelier: Atelier) -> Iterator[Device]:
    """Those of the set-up: one nobody has heard of yet is shown as such."""
    heard = {state.serves: state for state in atelier.devices.states("scanner")}
    places = scanner_places.places(db)
    for station in atelier.config.stations:
        if station.scanner:
            yield _placed(_device("scanner", station.scanner, heard.get(station.name), serves=station), places, atelier)


def _placed(device: Device, places: Places, atelier: Atelier) -> Device:
    """A station whose own scanner is elsewhere is told so while nothing is plugged in."""
    place = scanner_moves.serving(places, device.station)
    away = None if place else scanner_moves.moved_from(places, device.station)
    came_from = title_of(atelier, place.moved.from_station) if place and place.moved else ""
    went_to = title_of(atelier, away.scanner.station) if away else ""
    return replace(device, place=place, came_from=came_from, away=away, went_to=went_to)


def title_of(atelier: Atelier, name: str) -> str:
    """Of a station; its name where the set-up has it no more."""
    station = atelier.station(name)
    return station.title if station else name


def _printers(db: sqlite_utils.Database, atelier: Atelier) -> Iterator[Device]:
    heard = {state.name: state for state in atelier.devices.states("printer")}
    for printer in atelier.config.printers:
        labels = print_jobs.waiting_count(db, printer.name)
        yield _device("printer", printer.name, heard.get(printer.name), labels=labels)


def _device(
    kind: str, name: str, heard: DeviceState | None, *, serves: StationConfig | None = None, labels: int = 0
) -> Device:
    state = heard.state if heard else "unknown"
    since_ms = heard.since_ms if heard else 0
    station, title = (serves.name, serves.title) if serves else ("", "")
    return Device(kind, name, state, _LEVELS.get(state, STOP), station, title, since_ms, labels)


def _backup(data: Path, at_ms: int) -> Backup:
    """As the backup itself noted it; where no note is readable, the newest file in the folder."""
    made_at_ms, ok = _noted(data / LAST_BACKUP) or (_newest(data / "backups"), True)
    if not made_at_ms:
        return Backup(0, WARN)
    age_ms = at_ms - made_at_ms
    if not ok or age_ms > BACKUP_STOP_MS:
        return Backup(made_at_ms, STOP)
    return Backup(made_at_ms, WARN if age_ms > BACKUP_WARN_MS else GOOD)


def _noted(note: Path) -> tuple[int, bool] | None:
    try:
        said = json.loads(note.read_text(encoding="utf-8"))
        return int(said["at_ms"]), said["ok"] is True
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _newest(folder: Path) -> int:
    try:
        return max((int(entry.stat().st_mtime * 1000) for entry in folder.iterdir() if entry.is_file()), default=0)
    except OSError:
        return 0
