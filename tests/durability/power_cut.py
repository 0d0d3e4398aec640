"""A day at a real service, recorded; then its power is cut again and again, and the real code opens what is left."""

import shutil
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from floor_app.atelier import DATABASE, MARK_FILE, open_atelier
from floor_app.config import parse_config
from floor_app.cutting import CutRequest, cut_lay
from floor_app.domain.codes import ALPHABET, SEQUENCE_LETTERS, SITE_LETTERS
from floor_app.domain.lays import Roll
from floor_app.domain.orders import Order, OrderLine
from floor_app.importing import import_orders
from floor_app.keeping import compare_with_events
from floor_app.store.code_reserve import HighWaterMark
from floor_app.store.database import open_writer
from floor_app.web import create_app
from tests.durability.disk import Disk
from tests.durability.floor_process import COLOUR, CONFIG, ROOT, FloorProcess, Line, let_scan, running, tablets
from tests.durability.recording import Record, answers, read_recording
from tests.waiting import wait_until

PEOPLE = 8
SYNC_US = 4_000  # a card's sync takes time: what is answered too early is then seen to be
EVERY = 20  # of so many cuts, one is looked at whole


@dataclass(frozen=True, slots=True)
class RecordedDay:
    """`seqs`: scan id → event, as answered."""

    records: list[Record]
    seqs: dict[str, int]


@dataclass(frozen=True, slots=True)
class Promise:
    """What went out with record `index`: scans counted (id → event), codes given."""

    index: int
    seqs: dict[str, int]
    codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Cut:
    """After `at` records. `promised`: scan id → event, as answered by then; `faults`: what the floor would miss."""

    at: int
    faults: tuple[str, ...]
    promised: dict[str, int] = field(repr=False)


def record_a_day(folder: Path, recorder: Path, *, code: Path = ROOT) -> RecordedDay:
    """An empty folder, an order, lays, and 8 people who scan 330 times; with a pause, so that the log goes into the file."""
    written = folder / "recording"
    floor = FloorProcess(folder, environment=_recorded(folder / "data", written, recorder), code=code)
    with running(floor):
        floor.imports_an_order()
        seqs = let_scan(tablets(floor, floor.cuts(plies=30), count=PEOPLE))
        before = (floor.data / DATABASE).stat().st_size
        wait_until(lambda: (floor.data / DATABASE).stat().st_size > before, "the pause is used for a checkpoint")
        working = tablets(floor, floor.cuts(plies=25), count=PEOPLE)
        seqs |= let_scan(working, meanwhile=lambda: _cut_lays(floor, 12))
        with Line(floor) as line:  # answers are written down one by one: when this comes, the last scan's is there
            line.gets("/healthz")
    return RecordedDay(read_recording(written), seqs)


def cut_the_power(
    day: RecordedDay, scratch: Path, *, times: int, seed: int, first_fault_ends: bool = False
) -> Iterator[Cut]:
    """Two cuts of three anywhere, one of three right after something was answered, when it hurts most; the last at the end.

    What each leaves is in `scratch` until the next.
    """
    chance, disk, played, held = Random(seed), Disk(), 0, Promise(0, {})
    promises = list(_promises(day))
    waiting = list(promises)
    for number, at in enumerate(_moments(day, promises, times, chance)):
        for index in range(played, at):
            disk.play(index, day.records[index])
        while waiting and waiting[0].index < at:
            new = waiting.pop(0)
            held = Promise(new.index, held.seqs | new.seqs, held.codes + new.codes)
        played = at
        _put_down(scratch, disk.after_cut(chance))
        faults = tuple(_faults(scratch, held)) or tuple(
            _faults_of_the_whole(scratch, held) if not number % EVERY else ()
        )
        yield Cut(at, faults, held.seqs)
        if faults and first_fault_ends:
            return


def _recorded(data: Path, written: Path, recorder: Path) -> dict[str, str]:
    return {
        "LD_PRELOAD": str(recorder),
        "RECORD_UNDER": str(data.resolve()),
        "RECORD_TO": str(written),
        "RECORD_SYNC_DELAY_US": str(SYNC_US),
    }


def _cut_lays(floor: FloorProcess, count: int) -> None:
    for _ in range(count):
        floor.cuts(plies=2)


def _promises(day: RecordedDay) -> Iterator[Promise]:
    scan_of = {seq: scan_id for scan_id, seq in day.seqs.items()}
    for answered in answers(day.records):
        said = answered.said
        if said.get("event_seq") is not None:
            yield Promise(answered.index, {scan_of[said["event_seq"]]: said["event_seq"]})
        elif "bundles" in said:
            yield Promise(answered.index, {}, tuple(bundle["code"] for bundle in said["bundles"]))


def _moments(day: RecordedDay, promises: list[Promise], times: int, chance: Random) -> list[int]:
    after_answers = [chance.choice(promises).index + 1 for _ in range(times // 3)]
    anywhere = [chance.randint(0, len(day.records)) for _ in range(times - len(after_answers) - 1)]
    return sorted([*after_answers, *anywhere, len(day.records)])


def _put_down(folder: Path, files: dict[str, bytes]) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)


def _faults(folder: Path, promised: Promise) -> Iterator[str]:
    """What every cut must leave: a sound log without gaps, with all that was answered, and no code to be given twice."""
    try:
        connection = open_writer(folder / DATABASE).conn
    except sqlite3.Error as error:
        yield f"the database does not open: {error}"
        return
    try:
        (verdict,) = connection.execute("PRAGMA integrity_check").fetchone()
        count, last = connection.execute("SELECT count(*), coalesce(max(seq), 0) FROM event").fetchone()
        stored = dict(connection.execute("SELECT id, seq FROM event"))
        codes = {code for (code,) in connection.execute("SELECT code FROM bundle")}
    except sqlite3.Error as error:
        yield f"the database cannot be read: {error}"
        return
    finally:
        connection.close()
    if verdict != "ok":
        yield f"integrity: {verdict}"
    if count != last:
        yield f"{last - count} events are missing in the sequence"
    if lost := [scan_id for scan_id, seq in promised.seqs.items() if stored.get(scan_id) != seq]:
        yield f"{len(lost)} of {len(promised.seqs)} counted scans are lost"
    if lost_codes := set(promised.codes) - codes:
        yield f"{len(lost_codes)} codes of labels are lost"
    if HighWaterMark(folder / MARK_FILE).read() < max(map(_next_number, codes | set(promised.codes)), default=0):
        yield "a number of a label is not known as given"


def _faults_of_the_whole(folder: Path, promised: Promise) -> Iterator[str]:
    """The tables are what the events say; and work goes on: people sign in, a lay cut now gets codes no label has."""
    different = compare_with_events(folder / DATABASE, folder / "derived.db")
    if different:
        yield f"tables differ from the events: {[difference.table for difference in different]}"
    atelier = open_atelier(parse_config(CONFIG), folder)
    try:
        if not create_app(atelier).config["SECRET_KEY"]:
            yield "nobody can sign in"
        lines = (OrderLine("S", COLOUR, 100),)
        moment = atelier.clock.moment()
        order = Order("after-the-cut", "Ville de Lille", "", "Tablier", None, lines)
        atelier.run(import_orders, (order,), import_id="after", source="", moment=moment)
        lay = CutRequest("after-lay", order.code, COLOUR, "S1", (Roll(9),), cap=1, tolerance=0)
        given = {bundle.code for bundle in atelier.run(cut_lay, lay, codes=atelier.codes, moment=moment).bundles}
        if len(given) != 9 or {_next_number(code) for code in given} & set(map(_next_number, promised.codes)):
            yield "a number was given twice"
    finally:
        atelier.close()


def _next_number(code: str) -> int:
    """One more than the number in a bundle's code."""
    number = 0
    for letter in code[SITE_LETTERS : SITE_LETTERS + SEQUENCE_LETTERS]:
        number = number * 16 + ALPHABET.index(letter)
    return number + 1
