"""What a day of an atelier weighs on the line, drawn up by its own program; and days away, caught up over a line of 1 Mbit/s."""

import gzip
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bench import servers
from bench.effort import Workbench
from bench.figures import Outcome
from bench.narrow_line import MBIT_BYTES_S, narrow_line
from central import enrolling
from central.centre import opened
from central.settings import Settings
from central.store.ateliers import Atelier as Member
from floor_app.atelier import Atelier, open_atelier
from floor_app.config import parse_config
from floor_app.cutting import CutRequest, cut_lay
from floor_app.domain.events import Moment
from floor_app.domain.lays import Roll
from floor_app.domain.orders import Order, OrderLine
from floor_app.importing import import_orders
from floor_app.scanning import Home, Scan, record_scan
from floor_app.sharing import share_order
from floor_app.store.day_sheets import KeptSheet, sheets_to_send
from floor_app.sync import enrolment
from floor_app.sync.run import bring_sheets_up_to_date, sync

CODE, SITE = "BENCH", "BCDF"
ORDERS = ("2026-0117", "2026-0118", "2026-0121")
SIZES = ("XS", "S", "M", "L", "XL")
COLOURS = ("Bleu marine", "Écru")
STEPS = ("cut", "sew", "finish")
SCANS_A_DAY = 5_000
PIECES_A_BUNDLE = 10
BUNDLES_A_LAY = 56  # 56 × 3 steps × 3 orders × 10 lays: 5,040 scans
LAYS_A_DAY = SCANS_A_DAY // (BUNDLES_A_LAY * len(STEPS)) + 1
DAY_MS = 86_400_000
ORDERED = 1_000_000
_CONFIG = f"""
[atelier]
code = "{CODE}"
name = "Atelier"
site = "{SITE}"
""" + "".join(f'[[station]]\nname = "{step}-1"\noperation = "{step}"\n' for step in STEPS)


def measure_day_sheets(bench: Workbench) -> Outcome:
    """`bench.effort.days_away` days of 5,000 scans each, of three shared orders in five sizes and two colours."""
    folder, days = bench.folder_for("days"), bench.effort.days_away
    atelier = open_atelier(parse_config(_CONFIG), folder / "data")
    try:
        scans = _work(atelier, days)
        bring_sheets_up_to_date(atelier, CODE)
        with atelier.reading() as db:
            kept = [one for one in sheets_to_send(db) if len(one.body) > 1_000]
        with running_centre(folder) as (port, code), narrow_line(port) as line:
            joined = enrolment.join(atelier, f"http://127.0.0.1:{line.port}", code)
            before, begun_at = line.up.spent + line.down.spent, time.monotonic()
            ended = sync(atelier, "asked", stopping=threading.Event())
            lasted_s = time.monotonic() - begun_at
            up, down = line.up.spent, line.down.spent
    finally:
        atelier.close()
    if joined.code != "joined" or ended.attempt.outcome != "done" or ended.attempt.left:
        raise RuntimeError(f"{joined.code}, {ended.attempt.outcome}: {ended.attempt.detail}")
    carried = up + down - before
    return Outcome((), notes=(_weight(kept, scans), _caught_up(kept, ended.attempt.sent, carried, lasted_s)))


def _weight(kept: list[KeptSheet], scans: int) -> str:
    raw, zipped = [len(one.body) for one in kept], [len(gzip.compress(one.body, 6, mtime=0)) for one in kept]
    return (
        f"a day of {scans} scans, {len(ORDERS)} shared orders in {len(SIZES)} sizes and {len(COLOURS)} colours: a sheet of"
        f" {max(raw)} bytes, {max(zipped)} as it is sent (gzip)"
    )


def _caught_up(kept: list[KeptSheet], sent: int, carried: int, lasted_s: float) -> str:
    zipped = sum(len(gzip.compress(one.body, 6, mtime=0)) for one in kept)
    return (
        f"{len(kept)} such days away, {sent} sheets sent over a line of 1 Mbit/s each way: {lasted_s:.1f} s from the first word to the"
        f" last, {carried} bytes both ways with all headers, of which {zipped} bytes of sheets, which alone take"
        f" {zipped / MBIT_BYTES_S:.2f} s"
    )


def _work(atelier: Atelier, days: int) -> int:
    """Scans a day: as many as 5,000 asks for, of the days before today."""
    first_ms = atelier.clock.now_ms() - days * DAY_MS
    run, scans = atelier.run, 0
    lines = tuple(OrderLine(size, colour, ORDERED) for colour in COLOURS for size in SIZES)
    orders = tuple(Order(code, "Ville de Lille", "M-2026-04", "Tablier", None, lines) for code in ORDERS)
    run(import_orders, orders, import_id="bench", source="bench.csv", moment=_moment(atelier, first_ms))
    for code in ORDERS:
        run(share_order, code, True, event_id=f"share-{code}", moment=_moment(atelier, first_ms))
    for day in range(days):
        scans = 0
        for number in range(LAYS_A_DAY):
            at_ms = first_ms + day * DAY_MS
            asked = _lay(
                f"lay-{day}-{number}", ORDERS[number % len(ORDERS)], COLOURS[number // len(ORDERS) % len(COLOURS)]
            )
            made = run(cut_lay, asked, codes=atelier.codes, moment=_moment(atelier, at_ms))
            if made.faults:
                raise ValueError(made.faults)
            scans += run(
                _through_all_steps, [bundle.code for bundle in made.bundles], atelier.home, _moment(atelier, at_ms)
            )
    return scans


def _lay(lay_id: str, order: str, colour: str) -> CutRequest:
    """One bundle of each of seven places of the marker from every ten plies."""
    plies = BUNDLES_A_LAY // 7 * PIECES_A_BUNDLE
    return CutRequest(lay_id, order, colour, "XS1 S1 M2 L2 XL1", (Roll(plies, "A"),), PIECES_A_BUNDLE, 0)


def _through_all_steps(db: Any, codes: list[str], home: Home, moment: Moment) -> int:
    """In one transaction."""
    scans = [(f"{code}-{step}", code, step) for step in STEPS for code in codes]
    for scan_id, code, step in scans:
        record_scan(db, Scan(scan_id, code, f"{step}-1", step), moment=moment, home=home)
    return len(scans)


def _moment(atelier: Atelier, at_ms: int) -> Moment:
    return atelier.clock.moment(said_at_ms=at_ms)


@contextmanager
def running_centre(folder: Path, *, limits: bool = True) -> Iterator[tuple[int, str]]:
    """A running centre on SQLite: its port, and a code to enrol with. `limits`: on how often an atelier may ask, its usual ones."""
    data = folder / "centre"
    with opened(Settings(data)) as centre, centre.writing() as db:
        enrolling.add_atelier(db, Member(CODE, "Atelier", SITE), at_ms=centre.now_ms())
        code = enrolling.give_code(db, CODE, secrets.token_bytes(10), at_ms=centre.now_ms())
    served = servers.central_serve(data, "", proxies=0) if limits else servers.central_without_limits(data)
    with served as server:
        yield server.port, code
