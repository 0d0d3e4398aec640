"""Both sides say the same to the piece: after a month away, with notes under way, with a sheet that is wrong, with a newer program."""

import json
import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from contract.canonical import canonical, digest
from floor_app.cutting import cut_lay
from floor_app.domain.events import Moment
from floor_app.importing import import_orders
from floor_app.note_files import Note, open_note
from floor_app.receiving import receive_note
from floor_app.scanning import Scan, record_scan
from floor_app.sending import SendRequest, send_bundles
from floor_app.sharing import share_order
from floor_app.store import transfers
from floor_app.store.bundles import BundleCard
from tests.floor import a_lay, an_order
from tests.network import checking
from tests.sync.line import Cut, Point, bad_line
from tests.sync.town import Member, Town

PARIS = ZoneInfo("Europe/Paris")


def at(day: date, hour: int) -> Moment:
    local = datetime(day.year, day.month, day.day, hour, tzinfo=PARIS)
    at_ms, offset = int(local.timestamp() * 1000), local.utcoffset()
    assert offset is not None
    return Moment(at_ms, at_ms, int(offset.total_seconds() // 60), "boot-1", at_ms, True)


def some_days(atelier: Member, first: date, count: int) -> Iterator[date]:
    """Each day with some bundles counted on: yields after each."""
    run, floor = atelier.floor.atelier.run, atelier.floor.atelier
    run(import_orders, (an_order(quantity=2000),), import_id="i", source="x.csv", moment=at(first, 7))
    assert run(share_order, "2026-0117", True, event_id="s", moment=at(first, 7)) == "done"
    for number in range(count):
        day = first + timedelta(days=number)
        lay = run(cut_lay, a_lay(f"lay-{number}"), codes=floor.codes, moment=at(day, 8))
        for place, bundle in enumerate(lay.bundles):
            for hour, step in enumerate(("cut", "sew", "finish")):
                if (place + number) % 4 >= hour:
                    scan = Scan(f"{day}-{place}-{step}", bundle.code, f"{step}-1", step)
                    run(record_scan, scan, moment=at(day, 9 + hour), home=floor.home)
        yield day


def test_thirty_nights_away_end_in_the_same_numbers(town: Town) -> None:
    atelier = town.member()
    first = datetime.now(PARIS).date() - timedelta(days=30)

    def gone(point: Point) -> None:
        raise Cut

    with bad_line(town.centre.url, at_point=gone) as line:
        atelier.moves_to(line.url)
        for day in some_days(atelier, first, 30):
            if day.day % 10 == 0:
                assert atelier.sync("night").attempt.outcome == "away"
    atelier.moves_to(town.centre.url)
    ended = atelier.sync("night")
    assert (ended.attempt.outcome, ended.attempt.sent, ended.attempt.left) == (
        "done",
        31,
        0,
    )  # today too: nothing done is news
    assert atelier.agrees_with_centre()
    assert town.centre.figures("ATL07")["2026-0117"]["cut"] == 30 * 180


def test_days_that_arrive_out_of_order_end_in_the_same_numbers(town: Town) -> None:
    atelier = town.member()
    for _ in some_days(atelier, datetime.now(PARIS).date() - timedelta(days=8), 8):
        pass
    chance = random.Random(3)

    def at_point(point: Point) -> None:
        if point == ("sheet", "asked") and chance.random() < 0.7:
            raise Cut

    with bad_line(town.centre.url, at_point=at_point) as line:
        atelier.moves_to(line.url)
        for _ in range(25):
            atelier.sync()
        line.at_point = lambda point: None
        assert atelier.sync().attempt.outcome == "done"
    assert atelier.agrees_with_centre()


def test_a_sheet_whose_totals_are_wrong_is_kept_and_shown_and_not_counted(town: Town) -> None:
    atelier = town.member()
    atelier.count(atelier.begin_order()[:4], "cut", "sew", "finish")
    atelier.sync()
    right = town.centre.figures("ATL07")
    atelier.floor.atelier.run(
        lambda db: db.conn.execute("UPDATE count_hour SET good = good + 7 WHERE operation = 'finish'")
    )
    atelier.count(atelier.bundles()[4:5], "cut")
    ended = atelier.sync()
    assert (ended.attempt.outcome, ended.attempt.gaps) == ("done", 1)
    held = town.centre.sheets("ATL07")
    assert [bool(sheet.gaps) for sheet in held] == [True]
    assert town.centre.figures("ATL07").get("2026-0117", {"finished": 0})["finished"] in (
        0,
        right["2026-0117"]["finished"],
    )
    atelier.floor.atelier.run(
        lambda db: db.conn.execute("UPDATE count_hour SET good = good - 7 WHERE operation = 'finish'")
    )
    atelier.count(atelier.bundles()[5:6], "cut")
    assert atelier.sync().attempt.gaps == 0
    assert atelier.agrees_with_centre()


@pytest.mark.parametrize("schema", [2, 3])
def test_a_sheet_of_a_newer_program_is_refused_with_a_sentence_and_nothing_is_lost(town: Town, schema: int) -> None:
    atelier = town.member()
    atelier.count(atelier.begin_order()[:4], "cut", "sew")
    atelier.sums_up()
    ours = atelier.kept_sheet()
    newer = canonical({**json.loads(ours.body), "schema": schema, "weather": "gris"})
    atelier.keeps_instead(replace(ours, body=newer, digest=digest(newer)))
    ended = atelier.sync()
    assert (ended.attempt.outcome, ended.attempt.refused, ended.attempt.left) == ("trouble", 1, 1)
    assert atelier.kept_sheet().trouble == "unknown_schema"
    assert town.centre.figures("ATL07") == {}
    atelier.keeps_instead(ours)  # the program of before, or a centre that has learned it
    assert (atelier.sync().attempt.outcome, atelier.kept_sheet().trouble) == ("done", "")
    assert atelier.agrees_with_centre()


def test_fields_that_a_centre_does_not_know_are_no_reason_to_refuse(town: Town) -> None:
    atelier = town.member()
    atelier.count(atelier.begin_order()[:4], "cut", "sew")
    atelier.sums_up()
    ours = atelier.kept_sheet()
    more = canonical({**json.loads(ours.body), "weather": {"morning": "gris"}})
    atelier.keeps_instead(replace(ours, body=more, digest=digest(more)))
    assert atelier.sync().attempt.outcome == "done"
    assert atelier.agrees_with_centre()


def test_a_note_under_way_is_known_at_the_centre_and_what_is_missing_comes_back_to_the_sender(town: Town) -> None:
    sender, receiver = town.member("ATL07"), town.member("LYON-2")
    bundles = sender.begin_order()
    sender.count(bundles, "cut")
    note, content = send(sender, "LYON-2", bundles[:4])
    sender.sync()
    pieces = sum(bundle.quantity for bundle in bundles[:4])
    assert town.centre.figures("ATL07")["2026-0117"]["shipped"] == pieces
    assert town.centre.notes("ATL07") == [(note, pieces, 0, "in_transit")]
    receive(receiver, content, short=2)
    receiver.sync()
    assert town.centre.notes("ATL07") == [(note, pieces, pieces - 2, "discrepancy")]
    ended = sender.sync()
    assert ended.attempt.notes == 1
    with sender.floor.reading() as db:
        found = transfers.by_note(db, note)
    assert found is not None
    assert (found.state, found.received, found.missing) == ("discrepancy", pieces - 2, 2)
    assert sender.sync().attempt.notes == 0
    for each in (sender, receiver):
        assert each.sync().attempt.outcome == "done"
        assert each.agrees_with_centre()


def send(sender: Member, to: str, bundles: list[BundleCard]) -> tuple[str, bytes]:
    """The note and its file."""
    asked = SendRequest("send-1", "2026-0117", to, "Un autre", tuple(bundle.code for bundle in bundles))
    atelier = sender.floor.atelier
    answer = atelier.run(send_bundles, asked, dice=atelier.codes.random, moment=atelier.clock.moment())
    assert not answer.faults
    with sender.floor.reading() as db:
        content = transfers.note_file(db, answer.note)
    assert content
    return answer.note, content


def receive(receiver: Member, content: bytes, *, short: int) -> None:
    """`short`: so many pieces of the first bundle did not come."""
    with receiver.floor.reading() as db:
        note = open_note(content, checking(db))
    assert isinstance(note, Note)
    taken = {bundle.code: bundle.pieces for bundle in note.bundles}
    taken[note.bundles[0].code] -= short
    moment = receiver.floor.atelier.clock.moment()
    answer = receiver.floor.atelier.run(receive_note, note, taken, content=content, event_id="r-1", moment=moment)
    assert not answer.faults
