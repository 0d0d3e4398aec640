"""From the scanner's port to the event on disk and to an open page, and labels from the queue to a printer's confirmation."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench import servers
from bench.effort import Workbench
from bench.figures import Outcome, Ratio, Times
from bench.floors import Floor, made_floor
from bench.loading import percentile
from bench.lost_and_back import measure_lost_and_back
from devices.printers.simulated import SimulatedPrinter
from devices.scanners.simulated import SimulatedScanner
from floor_app.atelier import DATABASE
from floor_app.config import read_config
from floor_app.service_link import ask

READER_WITHIN_S = 20.0
QUEUED_WITHIN_S = 1.0
LABELS_A_S = 60
LOOKS_EVERY_S = 0.002


@dataclass(frozen=True, slots=True)
class _Labels:
    """`queued_s`: until the lay and its labels are on disk; `printed_s`: until the printer has confirmed the last."""

    count: int
    queued_s: float
    printed_s: float


def measure_devices(bench: Workbench) -> Outcome:
    scans, labels = _port_to_event(bench), _printed(bench)
    shown, said = measure_lost_and_back(bench)
    ratios = (
        *shown,
        Ratio(f"seconds until {labels.count} labels are queued", QUEUED_WITHIN_S, labels.queued_s),
        Ratio("labels/s drawn, sent and confirmed", LABELS_A_S, labels.count / labels.printed_s, at_most=False),
    )
    return Outcome(
        ratios, (scans,), notes=("port to event: from the scanner's last byte to the event that readers see.", said)
    )


def _port_to_event(bench: Workbench) -> Times:
    folder, count = bench.folder_for("port"), bench.effort.port_scans
    with ExitStack() as stack:
        scanner = SimulatedScanner(str(folder / "scanner"))
        stack.callback(scanner.close)
        floor = made_floor(folder, bundles=count, scanner=scanner.path)
        stack.enter_context(servers.floor_serve(floor.config, floor.data))
        if not scanner.wait_for_reader(timeout_s=READER_WITHIN_S):
            raise RuntimeError("nobody reads the scanner")
        db = stack.enter_context(_looking(floor.data))
        begun_at = time.perf_counter()
        times_ms = sorted(_scanned(scanner, db, code) for code in floor.codes)
        per_s = count / (time.perf_counter() - begun_at)
    p50, p95, p99 = (percentile(times_ms, percent) for percent in (50, 95, 99))
    return Times("port to event", per_s, p50, p95, p99, answered=count)


def _scanned(scanner: SimulatedScanner, db: sqlite3.Connection, code: str) -> float:
    """Milliseconds."""
    before = _last_seq(db)
    scanner.scan(code)
    begun_at = time.perf_counter()
    while _last_seq(db) == before:
        if time.perf_counter() - begun_at > READER_WITHIN_S:
            raise RuntimeError(f"the scan of {code} was not recorded")
    return (time.perf_counter() - begun_at) * 1000


def _printed(bench: Workbench) -> _Labels:
    folder, count = bench.folder_for("printer"), bench.effort.labels
    with SimulatedPrinter(keep_labels=1) as printer:
        floor = made_floor(folder, bundles=1, printer=printer.address)
        with servers.floor_serve(floor.config, floor.data), _looking(floor.data) as db:
            _cut(floor, db, labels=1)  # the drawer has started then, and read its fonts
            _wait_until_printed(db)
            begun_at = time.perf_counter()
            _cut(floor, db, labels=count)
            queued_s = time.perf_counter() - begun_at
            _wait_until_printed(db)
            return _Labels(count, queued_s, time.perf_counter() - begun_at)


def _cut(floor: Floor, db: sqlite3.Connection, *, labels: int) -> None:
    (order,) = db.execute("SELECT code FROM orders").fetchone()
    lay = {"order": order, "colour": "Blanc", "marker": "M1", "plies": labels, "cap": 1, "tolerance": 0}
    if ask(read_config(floor.config), floor.data, "cut", lay)["faults"]:
        raise RuntimeError("the lay was not cut")


def _wait_until_printed(db: sqlite3.Connection) -> None:
    while db.execute("SELECT count(*) FROM print_job WHERE state <> 'confirmed'").fetchone()[0]:
        time.sleep(LOOKS_EVERY_S)


def _last_seq(db: sqlite3.Connection) -> int:
    return int(db.execute("SELECT max(seq) FROM event").fetchone()[0])


@contextmanager
def _looking(data: Path) -> Iterator[sqlite3.Connection]:
    uri = f"{(data / DATABASE).as_uri()}?mode=ro"
    with closing(sqlite3.connect(uri, uri=True, isolation_level=None)) as db:
        yield db
