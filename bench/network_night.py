"""A night of the network: every atelier sends its sheet to the real centre, over HTTP and signed; then the same night once more.

Beside it, on the same PostgreSQL, a bare COPY of the rows that the night left in the tables of sheets.
"""

import gc
import hashlib
import time
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import text

from bench import centres, night_clients, servers
from bench.effort import Workbench
from bench.figures import Outcome, Ratio, Times, times_of, times_of_work
from bench.network_sheets import COUNTS_A_SHEET, DAY, NightAtelier, ateliers, sheet_body
from bench.night_clients import Letter
from central.batching import MOST_IN_A_BATCH
from central.exact_json import read_json
from central.reading_sheets import SheetOffer, read_sheet
from central.store import tables
from central.store.database import Database
from central.taking_sheets import take_sheets

COPIED = (tables.sheet, tables.sheet_cut, tables.sheet_count, tables.sheet_attendance)
NOT_COMPARED = {"nonce_used"}
CHUNK_BYTES = 64 * 1024
AT_MS = 1_795_690_800_000


def measure_night(bench: Workbench) -> Outcome:
    """HTTP on both databases, then the store alone beside COPY."""
    members = list(ateliers(bench.effort.ateliers))
    night = night_clients.letters(members)
    ratios, times, notes = list[Ratio](), list[Times](), list[str]()
    for name in centres.DATABASES:
        found, said, note = _over_http(name, bench, members, night)
        ratios, times, notes = [*ratios, *found], [*times, *said], [*notes, note]
    ratio, stored, note = _store_and_copy(bench, members)
    per_night = f"{len(members):,} sheets of {COUNTS_A_SHEET} counts a night".replace(",", " ")
    return Outcome((ratio, *ratios), (*stored, *times), (per_night, note, *notes))


def _over_http(
    name: str, bench: Workbench, members: Sequence[NightAtelier], night: Sequence[Letter]
) -> tuple[list[Ratio], list[Times], str]:
    with centres.fresh_database(name, bench) as (folder, address):
        centres.let_in(address, members, [DAY])
        with servers.central_serve(folder, address) as server:
            empty_mb = server.memory_mb
            first = night_clients.send(server.port, night)
            full_mb = server.memory_mb
            before = _contents(address)
            again = night_clients.send(server.port, night)
        after = _contents(address)
        with centres.opened(address) as database, database.reading() as db:
            missing = len(night) * COUNTS_A_SHEET - _number(db, "SELECT count(*) FROM sheet_count")
    changed = sum(before[table] != after[table] for table in before)
    ratios = [
        Ratio(f"{name}: failed requests, both nights", 0, first.failed + again.failed),
        Ratio(f"{name}: counts of the night that are not held", 0, missing),
        Ratio(f"{name}: tables that differ after the same night once more", 0, changed),
    ]
    times = [
        times_of(f"{name}: sheets over HTTP", first, method="PUT"),
        times_of(f"{name}: the same night again", again, method="PUT"),
    ]
    note = f"{name}: memory of the centre's process {empty_mb:.0f} MB at the start, {full_mb:.0f} MB after the night"
    return ratios, times, note


def _store_and_copy(bench: Workbench, members: Sequence[NightAtelier]) -> tuple[Ratio, list[Times], str]:
    """Sheets as the store gets them: read, checked, their rows worked out. 64 in a transaction as when many wait; totals are kept too."""
    bodies = [sheet_body(one) for one in members]
    begun_at = time.perf_counter()
    offers = [_offer(one, body) for one, body in zip(members, bodies, strict=True)]
    read_s = time.perf_counter() - begun_at
    with centres.fresh_database("PostgreSQL", bench) as (_, address):
        centres.let_in(address, members, [DAY])
        with centres.opened(address) as database:
            gc.collect()
            gc.freeze()  # a million counts that wait here are no part of the store
            took_s = _stored(database, offers)
            gc.unfreeze()
            rows, copied_s = _copied(database)
    stored_s = sum(took_s)
    times = times_of_work("PostgreSQL: the store alone", [1000 * each for each in took_s], per_s=len(offers) / stored_s)
    ratio = Ratio(
        "PostgreSQL: rows/s into the tables of sheets, the store / a bare COPY", 0.4, copied_s / stored_s, at_most=False
    )
    note = (
        f"the store alone: {rows / stored_s:,.0f} rows/s of sheets, in transactions of {MOST_IN_A_BATCH} sheets whose times stand above,"
        f" totals kept up; before, each was read, checked and its rows and figures worked out, {1000 * read_s / len(offers):.1f} ms;"
        f" COPY of the same {rows:,} rows into like tables, with their keys and indexes: {rows / copied_s:,.0f} rows/s"
    )
    return ratio, [times], note.replace(",", " ").replace("  ", ", ")


def _offer(atelier: NightAtelier, body: bytes) -> SheetOffer:
    today = DAY + timedelta(days=1)
    offer = read_sheet(read_json(body), atelier=atelier.code, day=DAY.isoformat(), today=today)
    if not isinstance(offer, SheetOffer):
        raise RuntimeError(f"not as the contract says: {offer.faults[0]}")
    return offer


def _stored(database: Database, offers: Sequence[SheetOffer]) -> list[float]:
    """Seconds of each transaction, its commit with it."""
    took_s = []
    for start in range(0, len(offers), MOST_IN_A_BATCH):
        begun_at = time.perf_counter()
        with database.writing() as db:
            take_sheets(db, offers[start : start + MOST_IN_A_BATCH], at_ms=AT_MS)
        took_s.append(time.perf_counter() - begun_at)
    return took_s


def _copied(database: Database) -> tuple[int, float]:
    """Rows, and seconds: each table at once, from bytes in memory."""
    rows, lasted_s = 0, 0.0
    for table in COPIED:
        part, like = f"{table.name}_{DAY:%Y_%m}", f"like_{table.name}"
        with database.writing() as db:
            db.execute(text(f"CREATE TABLE {like} (LIKE {part} INCLUDING ALL)"))
            rows += _number(db, f"SELECT count(*) FROM {part}")
            content = b"".join(_copy_out(db, part))
        begun_at = time.perf_counter()
        with database.writing() as db:
            connection: Any = db.connection.driver_connection
            with connection.cursor() as cursor, cursor.copy(f"COPY {like} FROM STDIN") as copy:
                for start in range(0, len(content), CHUNK_BYTES):
                    copy.write(content[start : start + CHUNK_BYTES])
        lasted_s += time.perf_counter() - begun_at
    return rows, lasted_s


def _copy_out(db: Any, table: str) -> Iterator[bytes]:
    with db.connection.driver_connection.cursor() as cursor, cursor.copy(f"COPY {table} TO STDOUT") as copy:
        yield from map(bytes, copy)


def _contents(address: str) -> dict[str, tuple[int, int]]:
    """Of each table how many rows and a sum over what they say; used nonces left out."""
    found = {}
    with centres.opened(address) as database, database.reading() as db:
        for table in tables.metadata.sorted_tables:
            if table.name in NOT_COMPARED:
                continue
            count = total = 0
            for row in db.exec_driver_sql(f"SELECT * FROM {table.name}"):
                count += 1
                total += int.from_bytes(hashlib.blake2b(repr(tuple(row)).encode(), digest_size=8).digest())
            found[table.name] = count, total
    return found


def _number(db: Any, question: str) -> int:
    return int(db.execute(text(question)).scalar_one())
