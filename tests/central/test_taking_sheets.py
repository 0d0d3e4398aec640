"""Day sheets stored: once, whatever arrives how often, in what order and by how many at a time."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, func, select, text

from central.centre import Centre
from central.domain.new_sheets import SheetKey
from central.domain.sheet_figures import NAMES, Figures
from central.domain.sheet_rules import Outcome
from central.store import alerts, ateliers, conflicts, progress, sheets
from central.store.tables import FIGURES, metadata, sheet_count, sheet_cut, sheet_hours
from contract.day_sheets import DaySheet
from tests.central.conftest import NOW_MS
from tests.central.sheets import DAY, a_note, a_sheet, offered, with_control, with_gap

LILLE = SheetKey("lille", date.fromisoformat(DAY))


def outcomes(centre: Centre, *offers: DaySheet, if_match: str = "") -> list[str]:
    return [str(centre.take_sheet(offered(sheet, if_match=if_match)).outcome) for sheet in offers]


def everything(db: Connection) -> dict[str, Any]:
    """All rows of all tables. Of PostgreSQL with the transaction that wrote each."""
    hidden = ", xmin::text AS written_by" if db.dialect.name == "postgresql" else ""
    return {
        table.name: sorted(map(tuple, db.execute(text(f"SELECT *{hidden} FROM {table.name}"))), key=repr)
        for table in metadata.sorted_tables
    }


def of_order(db: Connection, order: str = "OF-1") -> Figures:
    return progress.totals(db).get(order, Figures())


def test_the_first_sheet_of_a_day_is_held_with_all_its_rows(centre: Centre) -> None:
    assert outcomes(centre, a_sheet(sizes=("M", "L"))) == ["first"]
    with centre.reading() as db:
        held = sheets.held(db, {LILLE})[LILLE]
        rows = db.execute(select(func.count(), func.sum(sheet_count.c.good)).where(sheet_count.c.counted)).one()
        hours = db.execute(select(sheet_hours.c.minutes, sheet_hours.c.people)).one()
        body = sheets.bodies(db, {LILLE})[LILLE]
    assert (held.version.revision, held.version.last_event, held.gaps) == (1, 100, [])
    assert tuple(rows) == (4, 196)
    assert tuple(hours) == (420, "<5")
    assert offered(a_sheet(sizes=("M", "L"))).content.said == body


def test_the_totals_are_those_of_the_newest_revision(centre: Centre) -> None:
    outcomes(centre, a_sheet(), a_sheet(atelier="calais"), a_sheet(2, pieces=90, sizes=("M", "L")))
    with centre.reading() as db:
        total = of_order(db)
        assert total == Figures(cut=280, sewn=180, finished=120, rejected=6, presumed=6, mentions=3)
        assert total.in_progress == 280 - 120 - 6
        assert {row.atelier: row.figures.cut for row in progress.of_orders(db)} == {"calais": 100, "lille": 180}
        assert {size: figures.cut for (size, _), figures in progress.lines_of_order(db, "OF-1").items()} == {
            "L": 90,
            "M": 190,
        }
        (day,) = progress.days_of_order(db, "OF-1", from_day=LILLE.day, to_day=LILLE.day, atelier="lille")
        assert day.figures.finished == 80
        assert progress.finished_lately(db, LILLE.day) == {"OF-1": {LILLE.day: 120}}


def test_an_order_that_a_correction_takes_back_is_in_no_total_any_more(centre: Centre) -> None:
    outcomes(centre, a_sheet(order="OF-9"), a_sheet(2))
    with centre.reading() as db:
        assert set(progress.totals(db)) == {"OF-1"}


def test_ten_replays_write_nothing(centre: Centre) -> None:
    outcomes(centre, a_sheet(), a_sheet(2))
    with centre.reading() as db:
        before = everything(db)
    assert outcomes(centre, *[a_sheet(2)] * 10) == ["same"] * 10
    with centre.reading() as db:
        assert everything(db) == before


def test_a_correction_writes_only_the_rows_it_changes(centre: Centre) -> None:
    outcomes(centre, a_sheet(sizes=("M", "L", "S")))
    with centre.reading() as db:
        before = everything(db)["sheet_count"]
    sheet = a_sheet(2, sizes=("M", "L", "S"))
    changed = replace(sheet.counts[0], good=61)
    outcomes(centre, with_control(replace(sheet, counts=(changed, *sheet.counts[1:]))))
    with centre.reading() as db:
        after = everything(db)["sheet_count"]
    assert len(set(after) - set(before)) == 1


def test_rows_that_a_correction_takes_back_are_gone(centre: Centre) -> None:
    outcomes(centre, a_sheet(sizes=("M", "L", "S")), a_sheet(2, sizes=("L",), insertion_hours=()))
    with centre.reading() as db:
        assert db.execute(select(sheet_cut.c.size)).scalars().all() == ["L"]
        assert db.execute(select(func.count()).select_from(sheet_hours)).scalar() == 0


@pytest.mark.parametrize("processes", [1, 2])
def test_eight_parallel_posts_of_one_sheet_count_once(
    address: str, open_a_centre: Callable[[str], Centre], processes: int
) -> None:
    centres = [open_a_centre(address) for _ in range(processes)]
    sheet = a_sheet(transfers=(a_note(to="calais", sent=10),))
    with ThreadPoolExecutor(8) as pool:
        taken = pool.map(lambda number: centres[number % processes].take_sheet(offered(sheet)).outcome, range(8))
    assert Counter(map(str, taken)) == {"first": 1, "same": 7}
    with centres[0].reading() as db:
        assert of_order(db).cut == 100
        assert of_order(db).shipped == 10


def test_two_processes_and_many_ateliers_lose_nothing(address: str, open_a_centre: Callable[[str], Centre]) -> None:
    """Notes between them make each write rows of the others; revisions arrive in any order."""
    centres = [open_a_centre(address) for _ in range(2)]
    names = ("lille", "calais", "lyon")
    offers = [
        a_sheet(
            revision,
            atelier=name,
            day=f"2026-11-{day:02}",
            transfers=tuple(a_note(f"{name}-{day}", to=other, sent=1) for other in names if other != name),
        )
        for revision in (3, 1, 2)
        for day in range(1, 8)
        for name in names
    ]
    with ThreadPoolExecutor(16) as pool:
        list(pool.map(lambda at: centres[at % 2].take_sheet(offered(offers[at])), range(len(offers))))
    with centres[0].reading() as db:
        assert of_order(db) == Figures(
            cut=2100, sewn=1260, finished=840, rejected=42, presumed=42, shipped=42, mentions=21
        )
        assert all(one.version.revision == 3 for one in sheets.held(db, _keys(offers)).values())


def _keys(offers: list[DaySheet]) -> set[SheetKey]:
    return {offered(sheet).key for sheet in offers}


@given(data=st.data())
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_order_revisions_arrive_in_the_newest_is_held(centre: Centre, data: st.DataObject) -> None:
    day = data.draw(st.integers(0, 27).map(lambda number: f"2026-02-{number + 1:02}"))
    order = f"OF-{data.draw(st.uuids())}"
    revisions = [
        a_sheet(number, day=day, order=order, pieces=100 + number, sizes=("S", "M", "L")[: 1 + number % 3])
        for number in range(1, 6)
    ]
    shuffled = data.draw(st.permutations(revisions * 2))
    with centre.writing() as db:
        for table in reversed(metadata.sorted_tables):
            if table.name.startswith(("sheet", "progress", "conflict", "alert")):
                db.execute(table.delete())
    seen = data.draw(st.lists(st.sampled_from(range(1, 10)), min_size=1))
    start = 0
    for size in [*seen, len(shuffled)]:
        together = shuffled[start : start + size]
        with centre.writing() as db:
            _take(centre, db, together)
        start += size
    key = SheetKey("lille", date.fromisoformat(day))
    with centre.reading() as db:
        assert sheets.held(db, {key})[key].version == offered(revisions[-1]).version
        assert of_order(db, order) == _from_rows(db, order)
        assert of_order(db, order).cut == 105 * 3
        assert conflicts.open_ones(db) == []


def _take(centre: Centre, db: Connection, together: list[DaySheet]) -> None:
    from central.taking_sheets import take_sheets

    if together:
        centre.partitions.ensure(offered(sheet).key.day for sheet in together)
        take_sheets(db, [offered(sheet) for sheet in together], at_ms=NOW_MS)


def _from_rows(db: Connection, order: str) -> Figures:
    """The same totals, from the rows of the sheets."""
    cut, count = sheet_cut, sheet_count
    cut_pieces, cut_rows = db.execute(
        select(func.sum(cut.c.pieces), func.count()).where(cut.c.order_code == order, cut.c.counted)
    ).one()
    passed = count.c.good + count.c.presumed
    where = (count.c.order_code == order) & count.c.counted
    return Figures(
        cut=int(cut_pieces),
        sewn=db.execute(select(func.sum(passed)).where(where, count.c.section == "sew", count.c.section_last)).scalar(),
        finished=db.execute(select(func.sum(passed)).where(where, count.c.last)).scalar(),
        rejected=db.execute(select(func.sum(count.c.rejected)).where(where)).scalar(),
        presumed=db.execute(select(func.sum(count.c.presumed)).where(where, count.c.last)).scalar(),
        mentions=cut_rows,
    )


def test_an_old_copy_overwrites_nothing_and_is_one_alarm(centre: Centre) -> None:
    clone = a_sheet(2, pieces=90)
    assert outcomes(centre, a_sheet(2), clone, clone, clone) == ["first"] + ["other_digest"] * 3
    assert outcomes(centre, a_sheet(3, last_event=150)) == ["older_sequence"]
    with centre.reading() as db:
        assert of_order(db).cut == 100
        found = conflicts.open_ones(db, atelier="lille")
        assert Counter(one.code for one in found) == {"other_digest": 1, "older_sequence": 1}
        assert {(one.held_revision, one.held_last_event) for one in found} == {(2, 200)}
        assert conflicts.open_by_atelier(db) == {"lille": 2}
        assert [alert.kind for alert in alerts.open_ones(db)] == [alerts.CONFLICT]


def test_a_sheet_that_only_came_late_is_no_alarm(centre: Centre) -> None:
    assert outcomes(centre, a_sheet(2), a_sheet(1)) == ["first", "older_revision"]
    with centre.reading() as db:
        assert conflicts.open_ones(db) == alerts.open_ones(db) == []


def test_what_is_held_is_replaced_only_where_the_coordinator_allowed_it(centre: Centre) -> None:
    outcomes(centre, a_sheet(5))
    restored, held = a_sheet(3, pieces=80), offered(a_sheet(5)).version.digest
    assert outcomes(centre, restored, if_match=held) == ["not_allowed"]
    with centre.writing() as db:
        ateliers.allow_replacing(db, "lille", until_ms=NOW_MS + 1)
    assert outcomes(centre, restored) == ["older_revision"], "it has to say what it replaces"
    assert outcomes(centre, restored, if_match="0" * 64) == ["older_revision"]
    assert outcomes(centre, restored, if_match=f'"{held}"') == ["replaced"]
    assert outcomes(centre, a_sheet(4, pieces=81, last_event=301)) == ["newer"], "it goes on from there"
    with centre.reading() as db:
        assert of_order(db).cut == 81
    with centre.writing() as db:
        ateliers.allow_replacing(db, "lille", until_ms=NOW_MS - 1)
    held = offered(a_sheet(4, pieces=81, last_event=301)).version.digest
    assert outcomes(centre, a_sheet(2, pieces=70), if_match=held) == ["not_allowed"], "no longer"


def test_replacing_ends_the_alarm(centre: Centre) -> None:
    outcomes(centre, a_sheet(2), a_sheet(2, pieces=80))
    with centre.writing() as db:
        ateliers.allow_replacing(db, "lille", until_ms=NOW_MS + 1)
    assert outcomes(centre, a_sheet(2, pieces=80), if_match=offered(a_sheet(2)).version.digest) == ["replaced"]
    with centre.reading() as db:
        assert conflicts.open_ones(db) == alerts.open_ones(db) == []


def test_a_sheet_whose_figures_do_not_agree_is_kept_and_shown_and_counts_nowhere(centre: Centre) -> None:
    outcomes(centre, a_sheet(1))
    answer = centre.take_sheet(offered(with_gap(a_sheet(2, pieces=90))))
    assert (answer.outcome, answer.gap) == (Outcome.NEWER, True)
    with centre.reading() as db:
        assert of_order(db) == Figures()
        assert db.execute(select(func.count()).where(sheet_cut.c.counted)).scalar() == 0
        assert db.execute(select(sheet_cut.c.pieces)).scalars().all() == [90]
        (held,) = sheets.with_gaps(db)
        assert [gap["total"] for gap in held.gaps] == ["pieces_finished"]
        assert [alert.kind for alert in alerts.open_ones(db)] == [alerts.GAP]
        (news,) = [one for one in ateliers.listed(db) if one.atelier.code == "lille"]
        assert (news.days, news.days_with_gap) == (1, 1)
    assert not centre.take_sheet(offered(a_sheet(3))).gap
    with centre.reading() as db:
        assert of_order(db).cut == 100
        assert alerts.open_ones(db) == []
        assert {one.days_with_gap for one in ateliers.listed(db)} == {0}


def test_silence_and_a_day_with_nothing_done_are_told_apart(centre: Centre) -> None:
    outcomes(centre, with_control(replace(a_sheet(), cut=(), counts=(), insertion_hours=(), attendance_minutes=())))
    with centre.reading() as db:
        news = {one.atelier.code: one for one in ateliers.listed(db)}
    assert news["lille"].newest_day == LILLE.day
    assert news["calais"].newest_day is None
    assert news["calais"].heard_at_ms == 0 < news["lille"].heard_at_ms


def test_one_sheet_that_cannot_be_stored_takes_no_other_with_it(centre: Centre) -> None:
    """Of an atelier nobody knows: the machine interface lets none in."""
    stranger = offered(a_sheet(atelier="nobody"))
    with ThreadPoolExecutor(8) as pool:
        waiting = [
            pool.submit(centre.take_sheet, offer)
            for day in range(1, 5)
            for offer in (offered(a_sheet(day=f"2026-11-0{day}")), stranger)
        ]
        failed = [one for one in waiting if one.exception() is not None]
    assert len(failed) == 4
    with centre.reading() as db:
        assert of_order(db).cut == 400


def test_the_figures_kept_are_those_worked_out() -> None:
    assert (*FIGURES, "mentions") == NAMES
