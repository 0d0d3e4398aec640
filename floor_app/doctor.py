"""`floor doctor`: looks at everything that could be wrong, changes nothing, and says it in words a technician can act on."""

import json
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from devices.errors import DeviceError, DeviceMissing
from devices.printers import printer_for
from devices.scanners import bindings
from floor_app.atelier import DATABASE
from floor_app.clock import Clock
from floor_app.config import EXAMPLE_SITE, FloorConfig, PrinterConfig
from floor_app.folder_lock import FolderLock, FolderTaken
from floor_app.keeping import LAST_BACKUP, compare_with_events
from floor_app.store import board, events, orders
from floor_app.store.database import PRAGMAS, open_reader
from floor_app.store.soundness import soundness
from floor_app.texts import words

LEAST_FREE_MB = 200
OLDEST_BACKUP_MS = 36 * 3_600_000
OLDEST_SQLITE = (3, 38, 0)  # RETURNING, STRICT json functions: what the tables use


@dataclass(frozen=True, slots=True)
class Finding:
    """`check` names the check; `healthy` False asks for action; `note` is a code of texts `doctor.toml`, `values` fill it in."""

    check: str
    healthy: bool
    note: str
    values: Mapping[str, str | int]


def examine(config: FloorConfig, data: Path) -> list[Finding]:
    """Every check, in an order in which the first bad one is the one to mend first."""
    database = data / DATABASE
    if not database.exists():
        return [Finding("database", False, "no_database", {"folder": str(data)})]
    findings = [*_set_up(config, data), *_integrity(config, data)]
    if all(finding.healthy for finding in findings if finding.check == "integrity"):
        findings += [finding for check in _ON_A_SOUND_FILE for finding in check(config, data)]
    findings += [finding for check in _AROUND_IT for finding in check(config, data)]
    return findings + [_printer(printer) for printer in config.printers] + list(_scanners(config))


def render(findings: list[Finding], *, as_json: bool = False) -> str:
    if as_json:
        return json.dumps(
            {
                "healthy": all(finding.healthy for finding in findings),
                "findings": [asdict(finding) for finding in findings],
            }
        )
    t = words()
    marks = {True: t("doctor.mark_good"), False: t("doctor.mark_bad")}
    return "\n".join(
        f"{marks[finding.healthy]} {t(f'doctor.{finding.note}', **finding.values)}" for finding in findings
    )


def _set_up(config: FloorConfig, data: Path) -> Iterator[Finding]:
    own = config.atelier.site != EXAMPLE_SITE
    yield Finding("site", own, "site_good" if own else "site_example", {"site": config.atelier.site})


def _integrity(config: FloorConfig, data: Path) -> Iterator[Finding]:
    found = soundness(data / DATABASE)
    whole = found.verdict == "ok"
    yield Finding("integrity", whole, "integrity_good" if whole else "integrity_bad", {"reason": found.verdict})
    log = {"events": found.events, "missing": found.missing, "triggers": found.triggers}
    yield Finding("log", found.log_is_whole, "log_good" if found.log_is_whole else "log_bad", log)
    # What a file keeps of its settings; the service asserts the others on its own connection at every start.
    good = found.journal_mode == PRAGMAS["journal_mode"]
    yield Finding("pragmas", good, "pragmas_good" if good else "pragmas_bad", {"mode": found.journal_mode})


def _sqlite(config: FloorConfig, data: Path) -> Iterator[Finding]:
    recent = sqlite3.sqlite_version_info >= OLDEST_SQLITE
    yield Finding("sqlite", recent, "sqlite_good" if recent else "sqlite_old", {"version": sqlite3.sqlite_version})


def _service(config: FloorConfig, data: Path) -> Iterator[Finding]:
    """Running or not is no fault: said because it changes what to do next."""
    try:
        with FolderLock(data):
            yield Finding("service", True, "service_stopped", {})
    except FolderTaken:
        yield Finding("service", True, "service_running", {})


def _tables(config: FloorConfig, data: Path) -> Iterator[Finding]:
    with tempfile.TemporaryDirectory(dir=data, prefix="doctor-") as folder:
        different = compare_with_events(data / DATABASE, Path(folder) / "derived.db")
    tables = ", ".join(difference.table for difference in different)
    rows = sum(len(difference.lacking) + len(difference.extra) for difference in different)
    reader = open_reader(data / DATABASE)
    last = events.last_seq(reader)
    reader.conn.close()
    note = "tables_bad" if different else "tables_good"
    yield Finding("projections", not different, note, {"tables": tables, "rows": rows, "events": last})


def _law(config: FloorConfig, data: Path) -> Iterator[Finding]:
    reader = open_reader(data / DATABASE)
    every = [
        found
        for order in orders.all_orders(reader, limit=1_000_000)
        if (found := board.order_by_code(reader, order.code))
    ]
    lines = board.conservation(reader, every)
    reader.conn.close()
    broken = [line for line in lines if not line.pieces.holds]
    for line in broken[:10]:
        values: dict[str, str | int] = {
            "order": line.order,
            "size": line.size,
            "colour": line.colour,
            "gap": line.pieces.gap,
        }
        yield Finding("conservation", False, "law_broken", values)
    if not broken:
        yield Finding("conservation", True, "law_holds", {"lines": len(lines)})


def _disk(config: FloorConfig, data: Path) -> Iterator[Finding]:
    free_mb = shutil.disk_usage(data).free // 1_000_000
    good = free_mb >= LEAST_FREE_MB
    yield Finding("disk", good, "disk_good" if good else "disk_low", {"free_mb": free_mb, "least_mb": LEAST_FREE_MB})


def _clock(config: FloorConfig, data: Path) -> Iterator[Finding]:
    """An unsure clock is told, and is no fault: counting goes on, days are put right later."""
    clock = Clock(config.atelier.timezone)
    note = "clock_good" if clock.trusted else "clock_unsure"
    yield Finding("clock", True, note, {"now": f"{clock.local(clock.now_ms()):%d/%m/%Y %H:%M}"})


def _backup(config: FloorConfig, data: Path) -> Iterator[Finding]:
    try:
        last = json.loads((data / LAST_BACKUP).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        yield Finding("backup", True, "backup_none", {})
        return
    clock = Clock(config.atelier.timezone)
    fresh = clock.now_ms() - last["at_ms"] <= OLDEST_BACKUP_MS
    values = {"when": f"{clock.local(last['at_ms']):%d/%m/%Y %H:%M}", "file": last["file"]}
    yield Finding("backup", fresh, "backup_good" if fresh else "backup_old", values)


_ON_A_SOUND_FILE: tuple[Callable[[FloorConfig, Path], Iterator[Finding]], ...] = (_tables, _law)
_AROUND_IT: tuple[Callable[[FloorConfig, Path], Iterator[Finding]], ...] = (_sqlite, _service, _disk, _clock, _backup)


def _printer(config: PrinterConfig) -> Finding:
    try:
        state: str = printer_for(config.profile).status().state
    except (DeviceError, ValueError):
        state = "missing"
    good = state in ("ready", "paper_near_end", "unknown")
    return Finding("printer", good, f"printer_{state}", {"name": config.name, "address": config.address})


def _scanners(config: FloorConfig) -> Iterator[Finding]:
    """Only whether the port is there: opening it would take the bytes of a scan from the running service."""
    for station in config.stations:
        if station.scanner and not station.scanner.startswith(("socket://", "listen://")):
            there = _is_plugged_in(station.scanner)
            values = {"station": station.name, "address": station.scanner}
            yield Finding("scanner", there, "scanner_there" if there else "scanner_missing", values)


def _is_plugged_in(address: str) -> bool:
    bare = address.partition("?")[0]
    if bare.startswith("/"):
        return os.path.exists(bare)  # noqa: PTH110 - a device node, followed through its link
    try:
        return bool(bindings.found_at(address))
    except DeviceMissing:
        return False
