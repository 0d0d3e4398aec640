"""What pages ask of the store, on both databases."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import text

from central.centre import Centre
from central.store import alerts, ateliers, contracts, orders, sheets
from central.store.alerts import Alert
from central.store.contracts import Contract
from central.store.database import Database, Unavailable
from central.store.orders import OrderLine, SharedOrder
from contract.day_sheets import InsertionHours
from tests.central.conftest import NOW_MS
from tests.central.sheets import a_sheet, offered, with_gap


def test_an_order_is_kept_with_its_lines_and_may_be_changed_and_closed(centre: Centre) -> None:
    first = SharedOrder("OF-1", due="2027-01-15", routing=[{"code": "cut"}], added_at_ms=NOW_MS)
    lines = [OrderLine("XL", "Écru", 5), OrderLine("S", "Écru", 7)]
    with centre.writing() as db:
        orders.put(db, first, lines)
        orders.put(db, SharedOrder("OF-2"), [])
        orders.put(db, SharedOrder("OF-0", due="2026-12-01"), [OrderLine("M", "", 1)])
        assert orders.lines(db, "OF-1") == lines, "in the order they were given"
        assert [order.code for order in orders.listed(db)] == ["OF-0", "OF-1", "OF-2"]
        assert orders.pieces(db) == {"OF-0": 1, "OF-1": 12}
        orders.put(db, replace(first, client="Ville", added_at_ms=NOW_MS + 9), lines[:1])
        assert orders.find(db, "OF-1") == replace(first, client="Ville"), "it was added when it was added"
        assert orders.lines(db, "OF-1") == lines[:1]
        orders.close(db, "OF-1", at_ms=NOW_MS)
        assert [order.code for order in orders.listed(db)] == ["OF-0", "OF-2"]
        assert len(orders.listed(db, closed=True)) == 3
        assert orders.find(db, "OF-9") is None


def test_insertion_hours_of_a_contract_are_those_of_sheets_that_agree(centre: Centre) -> None:
    hours = (InsertionHours("M-1", 300, 6), InsertionHours("M-1", 60, "<5"), InsertionHours("M-2", 7, 5))
    for sheet in (
        a_sheet(day="2026-10-01", insertion_hours=hours),
        a_sheet(day="2026-11-02", insertion_hours=hours),
        a_sheet(atelier="calais", insertion_hours=hours[:1]),
        with_gap(a_sheet(atelier="lyon", insertion_hours=hours)),
    ):
        centre.take_sheet(offered(sheet))
    with centre.writing() as db:
        contracts.put(db, Contract("M-1", title="Masques"))
        contracts.put(db, Contract("M-1", title="Masques lavables", insertion_minutes_due=6000))
        assert [one.title for one in contracts.listed(db)] == ["Masques lavables"]
        assert contracts.insertion_minutes(db, "M-1") == {"calais": 300, "lille": 720}
        assert contracts.insertion_minutes(db, "M-1", from_day=date(2026, 11, 1)) == {"calais": 300, "lille": 360}


def test_an_alert_is_raised_once_until_it_is_settled(centre: Centre) -> None:
    silent = Alert("lille", "silent", "", {"since": "2026-11-20"}, NOW_MS)
    with centre.writing() as db:
        assert [alerts.raise_once(db, silent) for _ in range(3)] == [True, False, False]
        alerts.settle(db, "lille", "silent", "", at_ms=NOW_MS)
        assert alerts.open_ones(db) == []
        again = replace(silent, said={"since": "2026-12-01"}, raised_at_ms=NOW_MS + 5)
        assert alerts.raise_once(db, again)
        assert alerts.open_ones(db, atelier="lille") == [again]
        assert alerts.open_ones(db, atelier="calais") == []


def test_an_alert_is_sent_by_one_and_tried_again_when_it_failed(centre: Centre) -> None:
    with centre.writing() as db:
        for subject in "abc":
            alerts.raise_once(db, Alert("lille", "gap", subject, {}, NOW_MS))

    def claim(_: int) -> list[str]:
        with centre.writing() as db:
            return [one.subject for one in alerts.claim(db, at_ms=NOW_MS, until_ms=NOW_MS + 60_000, limit=2)]

    with ThreadPoolExecutor(4) as pool:
        claimed = [subject for subjects in pool.map(claim, range(4)) for subject in subjects]
    assert sorted(claimed) == ["a", "b", "c"]
    with centre.writing() as db:
        first, second, third = alerts.open_ones(db)
        alerts.note_sent(db, first, at_ms=NOW_MS)
        alerts.note_fault(db, second, "x" * 999, next_attempt_at_ms=NOW_MS + 3)
        due = alerts.claim(db, at_ms=NOW_MS + 3, until_ms=NOW_MS + 60_000)
        assert [(one.subject, one.attempts, len(one.fault)) for one in due] == [(second.subject, 1, 300)]
        late = alerts.claim(db, at_ms=NOW_MS + 60_000, until_ms=NOW_MS + 90_000)
        assert {one.subject for one in late} == {second.subject, third.subject}, "whoever took them may be gone"


def test_days_are_listed_by_day_and_those_with_a_gap_apart(centre: Centre) -> None:
    for day in (3, 1, 2):
        sheet = a_sheet(day=f"2026-11-0{day}")
        centre.take_sheet(offered(with_gap(sheet) if day == 2 else sheet))
    span = {"from_day": date(2026, 11, 1), "to_day": date(2026, 11, 3)}
    with centre.reading() as db:
        listed = sheets.of_atelier(db, "lille", **span, limit=9)
        assert [one.key.day.day for one in listed] == [1, 2, 3]
        assert [one.key.day.day for one in sheets.of_atelier(db, "lille", **span, limit=9, with_gap=True)] == [2]
        assert [one.key.day.day for one in sheets.of_atelier(db, "lille", **span, limit=2)] == [1, 2]


def test_ateliers_are_listed_by_name_and_found_by_letters(centre: Centre) -> None:
    with centre.writing() as db:
        ateliers.rename(db, "lyon", "Atelier du Rhône")
        assert [one.atelier.code for one in ateliers.listed(db)] == ["calais", "lyon", "lille"]
        found = ateliers.with_site(db, "GHJK")
        assert found is not None
        assert found.code == "calais"
        assert ateliers.with_site(db, "XXXX") is None
        assert ateliers.known(db, {"lille", "nobody"}) == {"lille"}


def test_a_reader_sees_one_moment_and_changes_nothing(centre: Centre) -> None:
    with centre.reading() as db:
        before = ateliers.listed(db)
        with centre.writing() as other:
            ateliers.rename(other, "lille", "Autre nom")
        assert ateliers.listed(db) == before
    with pytest.raises(Exception, match=r"read-?only"), centre.reading() as db:
        db.execute(text("DELETE FROM machine"))


def test_what_fails_leaves_nothing_behind(database: Database) -> None:
    with pytest.raises(ZeroDivisionError), database.writing() as db:
        ateliers.rename(db, "lille", "Autre nom")
        raise ZeroDivisionError
    with database.reading() as db:
        found = ateliers.find(db, "lille")
    assert found is not None
    assert found.name == "ESAT de Lille"


def test_a_statement_of_ours_that_is_wrong_is_no_excuse(database: Database) -> None:
    with pytest.raises(Exception, match="nonsense") as failed, database.reading() as db:
        db.execute(text("SELECT nonsense FROM atelier"))
    assert not isinstance(failed.value, Unavailable)
