"""A floor with years of history, written straight into the tables: what the app would have made, hundreds of times faster.

Bundles come in lays of 40, 6 lays an order, and go through cut, sew and finish, each step 250 bundles behind the one
before: the same 800 or so are open, however long the history. One bundle in 50 ends with a piece of second choice; an
order is closed when its last bundle is finished. That it is what the app would have made is not believed but compared:
`keeping.compare_with_events` must find nothing on a generated floor.
"""

import json
import sqlite3
import uuid
from collections import deque
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

from bench import generated_rows as rows
from bench.floors import SITE, Floor, Scans, give_board_token, give_tokens, scan_line, write_config
from bench.generated_rows import PIECES, STEPS, MadeBundle, MadeOrder, Rows
from floor_app.atelier import DATABASE, open_atelier
from floor_app.config import read_config
from floor_app.domain.codes import bundle_code
from floor_app.domain.events import Event, LayCut, OrderClosed, OrderImported, StepDone, to_body
from floor_app.store.database import open_writer

BUNDLES_A_LAY = 40
BUNDLES_AN_ORDER = 240
STEP_BEHIND = 250  # bundles
SECOND_CHOICE_EVERY = 50  # bundles
SIZES = ("S", "M", "L", "XL")
COLOUR = "Blanc"
PIECES_A_LINE = BUNDLES_AN_ORDER // len(SIZES) * PIECES
PLIES = BUNDLES_A_LAY // len(SIZES) * PIECES
EVENTS_A_TICK = len(STEPS) + 1 / BUNDLES_A_LAY + 2 / BUNDLES_AN_ORDER
TICK_MS = 12_000  # a scan at each step every 12 s of a day of eight hours
TICKS_A_DAY = 2_400
DAY_MS = 86_400_000
UTC_OFFSET_MINUTES = 60
CLIENT = "Ville de Lille"
BOOT_NUMBER = 1
ROWS_A_TIME = 50_000
CACHE_KIB = 2_000_000


def generated_floor(folder: Path, *, event_count: int, now_ms: int, printer: str = "") -> Floor:
    """A closed data folder of at least `event_count` events, the last of them now."""
    config, data = write_config(folder, printer=printer), folder / "data"
    with closing(open_atelier(read_config(config), data)) as atelier:
        tokens, board_token = give_tokens(atelier), give_board_token(atelier)
        boot_id = atelier.clock.boot_id
    with closing(sqlite3.connect(data / DATABASE, isolation_level=None)) as db:
        for pragma in ("synchronous=off", f"cache_size=-{CACHE_KIB}", "journal_mode=off"):
            db.execute(f"PRAGMA {pragma}")
        db.execute("BEGIN")
        db.execute("INSERT INTO boot VALUES (?, ?)", (BOOT_NUMBER, boot_id))
        _History(db, _ticks_for(event_count), now_ms).write()
        db.execute("COMMIT")
    open_writer(data / DATABASE).conn.close()  # in the floor's own mode again
    return Floor(config, data, tokens, board_token)


def scans_left(floor: Floor) -> Scans:
    """What is still to be scanned of the open bundles, in an order in which every scan counts."""
    with closing(sqlite3.connect(f"{(floor.data / DATABASE).as_uri()}?mode=ro", uri=True)) as db:
        lines = [line for step in reversed(range(len(STEPS))) for line in _lines_from(db, floor, step)]
    return Scans(iter(lines))


def _lines_from(db: sqlite3.Connection, floor: Floor, first_step: int) -> list[str]:
    """Of the bundles that wait at a step: that step for all, then the steps after it for all."""
    rows = db.execute(
        "SELECT b.code FROM bundle_step s JOIN bundle b ON b.id = s.bundle_id"
        " WHERE s.operation = ? AND s.waiting > 0 ORDER BY b.id",
        (STEPS[first_step],),
    ).fetchall()
    return [scan_line(code, floor.tokens[f"{step}-1"]) for step in STEPS[first_step:] for (code,) in rows]


def _ticks_for(event_count: int) -> int:
    started_late = STEP_BEHIND * sum(range(1, len(STEPS) + 1))  # scans that the first ticks do not have yet
    return int((event_count + started_late) / EVENTS_A_TICK) + 1


class _History:
    """Goes tick by tick: a lay when one is due, then one scan at each step."""

    def __init__(self, db: sqlite3.Connection, ticks: int, now_ms: int) -> None:
        self._rows = Rows(db)
        self._ticks, self._now_ms = ticks, now_ms
        self._seq = self._bundle_count = 0
        self._orders: deque[MadeOrder] = deque()
        self._waiting: tuple[deque[MadeBundle], ...] = tuple(deque() for _ in STEPS)
        self._hour = ("", -1)
        self._in_hour: dict[tuple[int, str], list[int]] = {}

    def write(self) -> None:
        for tick in range(self._ticks):
            at_ms = self._at_ms(tick)
            if tick % BUNDLES_AN_ORDER == 0:
                self._import_order(at_ms)
            if tick % BUNDLES_A_LAY == 0:
                self._cut_lay(self._orders[-1], at_ms)
            for step in range(len(STEPS)):
                if tick >= STEP_BEHIND * (step + 1):
                    self._scan(step, at_ms)
            self._rows.write(when_more_than=ROWS_A_TIME)
        self._write_what_is_open()
        self._rows.write()

    def _at_ms(self, tick: int) -> int:
        days, ticks = divmod(self._ticks - 1 - tick, TICKS_A_DAY)
        return self._now_ms - days * DAY_MS - ticks * TICK_MS

    def _import_order(self, at_ms: int) -> None:
        lines = tuple((size, COLOUR, PIECES_A_LINE) for size in SIZES)
        number, import_id = self._bundle_count // BUNDLES_AN_ORDER, uuid.uuid4().hex
        code = f"OF-{number:06d}"
        seq = self._record(OrderImported(import_id, code, lines, 0, CLIENT), import_id, at_ms)
        self._orders.append(MadeOrder(seq, code, import_id, at_ms, number * len(SIZES) + 1))

    def _cut_lay(self, order: MadeOrder, at_ms: int) -> None:
        made = [self._bundle(order, place, at_ms) for place in range(BUNDLES_A_LAY)]
        order.bundles_cut += len(made)
        event = LayCut(
            order.code,
            order.bundles_cut // BUNDLES_A_LAY,
            COLOUR,
            tuple((size, 1) for size in SIZES),
            ((PLIES, "A", ""),),
            tuple((each.code, each.number, each.size, "A", "", each.ply_from, each.ply_to, PIECES) for each in made),
        )
        seq = self._record(event, uuid.uuid4().hex, at_ms)
        for bundle in made:
            bundle.lay = seq
        self._rows.add("lay", rows.lay_row(seq, order, event, at_ms))
        self._waiting[0].extend(made)

    def _bundle(self, order: MadeOrder, place: int, at_ms: int) -> MadeBundle:
        self._bundle_count += 1
        size, part = divmod(place, BUNDLES_A_LAY // len(SIZES))
        return MadeBundle(
            self._bundle_count,
            bundle_code(SITE, self._bundle_count, self._bundle_count * 97 % 256),
            order,
            SIZES[size],
            order.first_line + size,
            order.bundles_cut + place + 1,
            part * PIECES + 1,
            at_ms,
        )

    def _scan(self, step: int, at_ms: int) -> None:
        bundle, last = self._waiting[step].popleft(), step == len(STEPS) - 1
        second = int(last and bundle.id % SECOND_CHOICE_EVERY == 0)
        done = StepDone(bundle.code, STEPS[step], good=PIECES - second, second=second)
        seq = self._record(done, uuid.uuid4().hex, at_ms, station=f"{STEPS[step]}-1")
        bundle.scans.append((seq, at_ms, done.good, second))
        self._count(bundle, done, at_ms)
        if not last:
            self._waiting[step + 1].append(bundle)
            return
        self._write_bundle(bundle)
        if bundle.number == BUNDLES_AN_ORDER:
            self._record(OrderClosed(bundle.order.code), uuid.uuid4().hex, at_ms)
            self._write_order(self._orders.popleft(), closed=True)

    def _count(self, bundle: MadeBundle, done: StepDone, at_ms: int) -> None:
        minutes = at_ms // 60_000 + UTC_OFFSET_MINUTES
        hour = ((date(1970, 1, 1) + timedelta(days=minutes // 1440)).isoformat(), minutes // 60 % 24)
        if hour != self._hour:
            self._write_hour()
            self._hour = hour
        counts = bundle.order.counted, self._in_hour
        for counted in (each.setdefault((bundle.line, done.operation), [0, 0]) for each in counts):
            counted[0] += done.good
            counted[1] += done.second

    def _record(self, event: Event, event_id: str, at_ms: int, *, station: str = "") -> int:
        self._seq += 1
        body = json.dumps(to_body(event), ensure_ascii=False, separators=(",", ":"))
        moment = (at_ms, at_ms, UTC_OFFSET_MINUTES, BOOT_NUMBER, at_ms, 1)
        self._rows.add("event", (self._seq, event_id, event.type, *moment, station, body))
        return self._seq

    def _write_what_is_open(self) -> None:
        for bundle in sorted((bundle for waiting in self._waiting for bundle in waiting), key=lambda made: made.id):
            self._write_bundle(bundle)
        for order in self._orders:
            self._write_order(order, closed=False)
        self._write_hour()
        self._rows.add("code_reserve", (SITE, self._bundle_count + 1))

    def _write_bundle(self, bundle: MadeBundle) -> None:
        self._rows.add("bundle", rows.bundle_row(bundle))
        self._rows.add("bundle_step", *rows.bundle_step_rows(bundle))
        self._rows.add("bundle_event", rows.bundle_event_row(bundle))

    def _write_order(self, order: MadeOrder, *, closed: bool) -> None:
        planned, cut = PIECES_A_LINE * len(SIZES), order.bundles_cut // len(SIZES) * PIECES
        self._rows.add("orders", rows.order_row(order, CLIENT, planned=planned, closed=closed))
        lines = ((order.first_line + place, order.id, size, COLOUR, PIECES_A_LINE) for place, size in enumerate(SIZES))
        self._rows.add("order_line", *((*line, cut, 0, 0) for line in lines))
        self._rows.add("line_step", *rows.line_step_rows(order))

    def _write_hour(self) -> None:
        for (line, step), (good, second) in self._in_hour.items():
            self._rows.add("count_hour", (*self._hour, step, line, good, second, 0, 0, 0, 0, 0, 0))
        self._in_hour.clear()
