"""Day sheets: what each day says, to the piece, however late something is learned of it, and whatever happens on the floor."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import sqlite_utils

from contract import schemas
from contract.day_sheets import DaySheet, control_gaps
from floor_app.clock_correcting import put_clock_right
from floor_app.correcting import undo_count
from floor_app.cutting import cut_lay, undo_lay
from floor_app.domain.events import Moment
from floor_app.domain.scans import Choice, Quantities
from floor_app.drawing_up import SheetSettings, draw_up
from floor_app.importing import import_orders
from floor_app.scanning import Home, Scan, record_scan
from floor_app.sharing import share_order
from floor_app.store import day_events, day_sheets, events
from floor_app.store.bundles import BundleCard
from floor_app.summing_up import SheetsChanged, sum_up
from tests.floor import Floor, a_lay, an_order
from tests.store.full_day import live_a_full_day

PARIS = ZoneInfo("Europe/Paris")
MINUTE_MS = 60_000
SETTINGS = SheetSettings("ATL07", "Europe/Paris", 0)
MONDAY, TUESDAY = "2026-11-23", "2026-11-24"


def at(day: str, clock: str, *, trusted: bool = True, boot: str = "boot-1", monotonic_ms: int | None = None) -> Moment:
    local = datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=PARIS)
    at_ms = int(local.timestamp() * 1000)
    offset = local.utcoffset()
    assert offset is not None
    monotonic = at_ms if monotonic_ms is None else monotonic_ms
    return Moment(at_ms, at_ms, int(offset.total_seconds() // 60), boot, monotonic, trusted)


class Sheets:
    """A floor whose days are lived at chosen times, and the sheets it makes of them."""

    def __init__(self, floor: Floor) -> None:
        self.floor = floor
        self.home = Home("BCDF", floor.atelier.home.policy)
        self._ids = 0

    def begins(self, *, shared: bool = True, moment: Moment | None = None) -> list[BundleCard]:
        """S1 M2 L2 XL1 × 30 of a shared order, cut on Monday at eight: 10 bundles, 180 pieces."""
        when = moment or at(MONDAY, "08:00")
        run = self.floor.atelier.run
        run(import_orders, (an_order(),), import_id="i", source="x.csv", moment=when)
        if shared:
            assert run(share_order, "2026-0117", True, event_id="share", moment=when) == "done"
        return list(run(cut_lay, a_lay(), codes=self.floor.atelier.codes, moment=when).bundles)

    def scan(self, card: BundleCard, does: str, moment: Moment, **said: Any) -> int:
        self._ids += 1
        scan = Scan(f"scan-{self._ids}", card.code, f"{does}-1", does, **said)
        answer = self.floor.atelier.run(record_scan, scan, moment=moment, home=self.home)
        assert answer.event_seq is not None, answer.decision
        return answer.event_seq

    def sums_up(self, today: str = TUESDAY, settings: SheetSettings = SETTINGS) -> SheetsChanged:
        return sum_up(self.floor.atelier, settings, today=today, at_ms=1)

    def sheet(self, day: str) -> dict[str, Any]:
        with self.floor.reading() as db:
            kept = day_sheets.sheet(db, day)
        assert kept is not None, f"{day} has no sheet"
        found: dict[str, Any] = json.loads(kept.body)
        return found

    def good(self, day: str, operation: str) -> int:
        return sum(row["good"] for row in self.sheet(day)["counts"] if row["operation"] == operation)


@pytest.fixture
def sheets(tmp_path: Path) -> Iterator[Sheets]:
    floor = Floor(tmp_path)
    yield Sheets(floor)
    floor.close()


def test_a_day_is_said_to_the_piece(sheets: Sheets) -> None:
    first, second, *_ = sheets.begins()
    sheets.scan(first, "cut", at(MONDAY, "09:00"))
    sheets.scan(second, "cut", at(MONDAY, "09:05"))
    spoilt = Quantities(second=1, rejected=2, to_rework=3)
    sheets.scan(first, "sew", at(MONDAY, "10:00"), quantities=spoilt, choice=Choice.CONFIRM)
    sheets.scan(second, "sew", at(MONDAY, "10:05"))
    sheets.scan(second, "finish", at(MONDAY, "11:00"))
    assert sheets.sums_up().days == (MONDAY, TUESDAY)
    sheet = sheets.sheet(MONDAY)
    assert {row["size"]: row["pieces"] for row in sheet["cut"]} == {"S": 30, "M": 60, "L": 60, "XL": 30}
    sewn = next(row for row in sheet["counts"] if row["operation"] == "sew" and row["rejected"])
    assert first.size == second.size, "both are on one line of the sheet"
    good = first.quantity - 6 + second.quantity
    assert (sewn["good"], sewn["second"], sewn["rejected"], sewn["to_rework"]) == (good, 1, 2, 3)
    assert [row["last"] for row in sheet["counts"] if row["operation"] == "finish"] == [True]
    assert all(row["section_last"] for row in sheet["counts"])
    assert sheet["control"] == {
        "pieces_cut": 180,
        "pieces_received": 0,
        "pieces_finished": second.quantity,
        "pieces_second": 1,
        "pieces_rejected": 2,
        "pieces_missing": 0,
        "pieces_sent": 0,
        "pieces_in_rework": 3,
        "pieces_in_progress": 180 - second.quantity - 6,
    }
    assert (sheet["clock"], sheet["revision"]) == ("ok", 1)
    nothing = sheets.sheet(TUESDAY)
    assert (nothing["counts"], nothing["cut"], nothing["events"]) == ([], [], {"first": 0, "last": 0, "count": 0})


def test_without_news_nothing_changes(sheets: Sheets) -> None:
    first, *_ = sheets.begins()
    sheets.scan(first, "cut", at(MONDAY, "09:00"))
    sheets.sums_up()
    before = sheets.sheet(MONDAY)
    assert sheets.sums_up().days == ()
    assert sheets.sheet(MONDAY) == before


def test_an_undo_after_midnight_changes_the_day_it_belongs_to_and_only_that(sheets: Sheets) -> None:
    first, second, *_ = sheets.begins()
    counted = sheets.scan(first, "cut", at(MONDAY, "23:50"))
    sheets.scan(second, "cut", at(TUESDAY, "00:05"))
    sheets.sums_up()
    undone = sheets.floor.atelier.run(
        undo_count, counted, event_id="undo", reason="mal compté", moment=at(TUESDAY, "00:10")
    )
    assert undone.answer == "counted"
    assert sheets.sums_up().days == (MONDAY,)
    assert sheets.good(MONDAY, "cut") == 0
    assert sheets.good(TUESDAY, "cut") == second.quantity
    assert (sheets.sheet(MONDAY)["revision"], sheets.sheet(TUESDAY)["revision"]) == (2, 1)


def test_a_lay_taken_back_changes_the_day_it_was_cut(sheets: Sheets) -> None:
    sheets.begins()
    sheets.sums_up()
    undone = sheets.floor.atelier.run(
        undo_lay, "2026-0117", 1, event_id="u", reason="mauvais", moment=at(TUESDAY, "09:00")
    )
    assert undone == "undone"
    assert sheets.sums_up().days == (MONDAY,)
    assert sheets.sheet(MONDAY)["cut"] == []
    assert sheets.sheet(MONDAY)["control"]["pieces_cut"] == 0


def test_a_scan_a_tablet_had_kept_belongs_to_the_day_it_was_made(sheets: Sheets) -> None:
    first, *_ = sheets.begins()
    sheets.sums_up()
    kept = replace(at(TUESDAY, "08:00"), happened_at_ms=at(MONDAY, "17:00").happened_at_ms)
    sheets.scan(first, "cut", kept)
    assert sheets.sums_up().days == (MONDAY,)
    assert sheets.good(MONDAY, "cut") == first.quantity


@pytest.mark.parametrize(
    ("day", "following", "hours"), [("2026-03-29", "2026-03-30", 23), ("2026-10-25", "2026-10-26", 25)]
)
def test_days_of_23_and_25_hours_hold_every_hour_of_theirs(
    sheets: Sheets, day: str, following: str, hours: int
) -> None:
    bundles = sheets.begins(moment=at("2026-03-01", "08:00"))
    midnight = datetime.fromisoformat(day).replace(tzinfo=PARIS).astimezone(UTC)
    codes = iter(bundles * 3)
    counted = 0
    for hour, step in [(0, "cut"), (2, "cut"), (hours - 1, "cut"), (hours, "cut")]:
        card = next(codes)
        at_ms = int(midnight.timestamp() * 1000) + hour * 60 * MINUTE_MS + 5 * MINUTE_MS
        offset = datetime.fromtimestamp(at_ms / 1000, PARIS).utcoffset()
        assert offset is not None
        sheets.scan(card, step, Moment(at_ms, at_ms, int(offset.total_seconds() // 60), "b", at_ms, True))
        counted += card.quantity if hour < hours else 0
    sheets.sums_up(today=following)
    assert sheets.good(day, "cut") == counted
    assert sheets.good(following, "cut") == bundles[3].quantity


def test_a_night_shift_belongs_to_the_day_it_began(sheets: Sheets) -> None:
    first, second, third, *_ = sheets.begins()
    sheets.scan(first, "cut", at(MONDAY, "23:00"))
    sheets.scan(second, "cut", at(TUESDAY, "04:59"))
    sheets.scan(third, "cut", at(TUESDAY, "05:00"))
    sheets.sums_up()
    assert sheets.good(MONDAY, "cut") == first.quantity
    changed = sheets.sums_up(settings=replace(SETTINGS, day_starts=5))
    assert changed.days == (MONDAY, TUESDAY)
    assert sheets.good(MONDAY, "cut") == first.quantity + second.quantity
    assert sheets.good(TUESDAY, "cut") == third.quantity
    assert all(control_gaps(sheets.sheet(day)) == () for day in (MONDAY, TUESDAY))


def test_a_clock_put_right_moves_what_was_counted_into_its_own_day(sheets: Sheets) -> None:
    first, second, *_ = sheets.begins()
    an_hour_ms = 60 * MINUTE_MS
    sheets.scan(first, "cut", at("2026-10-01", "09:00", trusted=False, boot="b2", monotonic_ms=an_hour_ms))
    counted = sheets.scan(
        second, "cut", at("2026-10-01", "10:00", trusted=False, boot="b2", monotonic_ms=2 * an_hour_ms)
    )
    sheets.sums_up()
    assert sheets.good("2026-10-01", "cut") == first.quantity + second.quantity
    assert sheets.sheet("2026-10-01")["clock"] == "unsure"
    right = at(TUESDAY, "12:00", boot="b2", monotonic_ms=4 * an_hour_ms)  # so the first was at nine on Tuesday
    assert sheets.floor.atelier.run(put_clock_right, moment=right, event_id="clock")
    sheets.sums_up()
    assert sheets.good("2026-10-01", "cut") == 0
    assert sheets.good(TUESDAY, "cut") == first.quantity + second.quantity
    assert sheets.sheet(TUESDAY)["clock"] == "ok"
    assert sheets.sheet(TUESDAY)["events"]["count"] == 4, "both scans, what put them there, and the sharing"
    assert sheets.sheet("2026-10-01")["events"]["count"] == 2, "what took them away, and the sharing"
    sheets.floor.atelier.run(undo_count, counted, event_id="undo", reason="x", moment=right)
    sheets.sums_up()
    assert sheets.good(TUESDAY, "cut") == first.quantity


def test_a_clock_put_right_within_its_day_counts_nothing_twice(sheets: Sheets) -> None:
    cards = sheets.begins()
    for number, card in enumerate(cards[:3], start=1):
        for step in ("cut", "sew", "finish"):
            moment = at(MONDAY, f"{8 + number:02d}:00", trusted=False, boot="b2", monotonic_ms=number * 60 * MINUTE_MS)
            sheets.scan(card, step, moment)
    right = at(MONDAY, "14:00", boot="b2", monotonic_ms=4 * 60 * MINUTE_MS)
    assert sheets.floor.atelier.run(put_clock_right, moment=right, event_id="clock")
    sheets.sums_up()
    sheet, done = sheets.sheet(MONDAY), sum(card.quantity for card in cards[:3])
    assert sheet["control"]["pieces_finished"] == sheets.good(MONDAY, "finish") == done
    assert control_gaps(sheet) == ()
    assert sheet["events"]["count"] == 2 + 9 + 1, "the lay, the sharing, the scans, the clock"


def test_an_order_of_the_ateliers_own_stays_at_home_until_it_is_shared(sheets: Sheets) -> None:
    first, *_ = sheets.begins(shared=False)
    sheets.scan(first, "cut", at(MONDAY, "09:00"))
    sheets.sums_up()
    sheet = sheets.sheet(MONDAY)
    assert (sheet["cut"], sheet["counts"], sheet["events"]["count"]) == ([], [], 0)
    assert set(sheet["control"].values()) == {0}
    run = sheets.floor.atelier.run
    assert run(share_order, "2026-0117", True, event_id="s", moment=at(TUESDAY, "09:00")) == "done"
    assert sheets.sums_up().days == (MONDAY,)
    assert sheets.good(MONDAY, "cut") == first.quantity
    assert run(share_order, "2026-0117", True, event_id="s", moment=at(TUESDAY, "09:00")) == "done"
    assert run(share_order, "2026-0117", True, event_id="t", moment=at(TUESDAY, "09:00")) == "already"
    assert run(share_order, "none", True, event_id="u", moment=at(TUESDAY, "09:00")) == "unknown_order"
    assert run(share_order, "2026-0117", False, event_id="v", moment=at(TUESDAY, "10:00")) == "done"
    sheets.sums_up()
    assert sheets.sheet(MONDAY)["counts"] == []


def test_the_events_of_a_restored_copy_are_older_than_those_held(sheets: Sheets) -> None:
    """What the centre compares: the last event a day was ever made of never goes down while the log goes on."""
    first, *_ = sheets.begins()
    counted = sheets.scan(first, "cut", at(MONDAY, "09:00"))
    sheets.sums_up()
    last = sheets.sheet(MONDAY)["events"]["last"]
    sheets.floor.atelier.run(undo_count, counted, event_id="undo", reason="x", moment=at(TUESDAY, "09:00"))
    sheets.sums_up()
    assert sheets.sheet(MONDAY)["events"]["last"] > last


def test_what_the_centre_confirmed_is_not_sent_again_until_it_changes(sheets: Sheets) -> None:
    first, *_ = sheets.begins()
    sheets.sums_up()
    run = sheets.floor.atelier.run
    with sheets.floor.reading() as db:
        waiting = day_sheets.sheets_to_send(db)
    assert [kept.day for kept in waiting] == [MONDAY, TUESDAY]
    for kept in waiting:
        assert run(day_sheets.acknowledge, kept.day, kept.revision, kept.digest, 5)
        assert not run(day_sheets.acknowledge, kept.day, kept.revision + 1, kept.digest, 5)
    with sheets.floor.reading() as db:
        assert day_sheets.sheets_to_send(db) == []
        assert day_sheets.backlog_days(db) == 0
    sheets.scan(first, "cut", at(MONDAY, "18:00"))
    sheets.sums_up()
    run(day_sheets.mark_trouble, MONDAY, "refused", "x")
    with sheets.floor.reading() as db:
        assert day_sheets.sheets_to_send(db) == []
        assert [kept.day for kept in day_sheets.sheets_in_trouble(db)] == [MONDAY]
        assert day_sheets.held_range(db) == (MONDAY, TUESDAY)
    run(day_sheets.clear_trouble, MONDAY)
    with sheets.floor.reading() as db:
        assert [kept.revision for kept in day_sheets.sheets_to_send(db)] == [2]


def test_a_full_day_of_everything_is_valid_agrees_with_itself_and_with_the_floor(sheets: Sheets) -> None:
    live_a_full_day(sheets.floor)
    sheets.floor.atelier.run(share_order, "vestes", True, event_id="more", moment=at("2026-07-27", "09:00"))
    sheets.sums_up(today="2026-07-28")
    with sheets.floor.reading() as db:
        days = day_sheets.every_day(db)
        law = _law(db)
    found = [sheets.sheet(day) for day in days]
    assert len(found) > 2
    for sheet in found:
        assert schemas.field_faults("DaySheet", sheet) == ()
        assert control_gaps(sheet) == ()
    assert _together(found) == law
    again = Sheets(sheets.floor)
    changed = again.sums_up(today="2026-07-28", settings=replace(SETTINGS, timezone="Europe/Lisbon"))
    assert set(changed.days) == set(days), "from the beginning, each day once more"
    assert _together([sheets.sheet(day) for day in days]) == law


def test_it_tells_how_far_it_is_and_may_be_ended_after_any_day(sheets: Sheets) -> None:
    sheets.begins()
    told = list[tuple[int, int]]()

    def once(done: int, of: int) -> None:
        told.append((done, of))
        if done:
            raise InterruptedError

    floor = sheets.floor.atelier
    with pytest.raises(InterruptedError):
        sum_up(floor, SETTINGS, today="2026-11-26", at_ms=1, going=once)
    with sheets.floor.reading() as db:
        assert day_sheets.days_between(db, MONDAY, "2026-11-26") == [MONDAY]
    rest = sum_up(floor, SETTINGS, today="2026-11-26", at_ms=1, going=lambda done, of: told.append((done, of)))
    assert rest.days == (TUESDAY, "2026-11-25", "2026-11-26")
    assert told == [(0, 4), (1, 4), (0, 3), (1, 3), (2, 3)]


@pytest.mark.parametrize("piece", [1, 7])
def test_a_day_says_the_same_in_whatever_pieces_its_events_are_read(
    sheets: Sheets, piece: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    live_a_full_day(sheets.floor)

    def read() -> tuple[dict[str, DaySheet], set[str]]:
        with sheets.floor.reading() as db:
            touched = day_events.days_touched(db, 1, events.last_seq(db), starts=0)
            return {day: draw_up(db, day, SETTINGS) for day in touched}, touched

    whole, days = read()
    assert len(days) > 2 and any(sheet.events.count > 7 for sheet in whole.values())
    monkeypatch.setattr(day_events, "EVENTS_A_PIECE", piece)
    monkeypatch.setattr(day_events, "EVENTS_A_LOOK", piece)
    assert read() == (whole, days)


def _law(db: sqlite_utils.Database) -> dict[str, int]:
    """What the tables say of shared orders, whatever the day."""
    from floor_app.store import board

    codes = [row[0] for row in db.conn.execute("SELECT code FROM orders WHERE shared = 1 AND undone = 0")]
    orders = [order for code in codes if (order := board.order_by_code(db, code))]
    lines = [line.pieces for line in board.conservation(db, orders)]
    assert all(line.holds for line in lines)
    return {
        "pieces_cut": sum(line.cut for line in lines),
        "pieces_received": sum(line.received for line in lines),
        "pieces_finished": sum(line.finished_good for line in lines),
        "pieces_second": sum(line.second for line in lines),
        "pieces_rejected": sum(line.rejected for line in lines),
        "pieces_missing": sum(line.missing for line in lines),
        "pieces_sent": sum(line.sent for line in lines),
        "pieces_in_rework": sum(line.in_rework for line in lines),
        "pieces_in_progress": sum(line.in_progress for line in lines),
    }


def _together(found: list[dict[str, Any]]) -> dict[str, int]:
    return {name: sum(sheet["control"][name] for sheet in found) for name in found[0]["control"]}


def test_a_log_of_nothing_has_no_sheet(sheets: Sheets) -> None:
    assert sheets.sums_up().days == ()
    with sheets.floor.reading() as db:
        assert events.last_seq(db) == 0 and day_sheets.held_range(db) is None
