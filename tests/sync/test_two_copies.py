"""Old copies and cloned cards: found out, nothing overwritten, an alarm on both sides, and a way out."""

import shutil
import sqlite3
from pathlib import Path

from central.importing_files import ImportedFile, import_file
from central.store import alerts, ateliers, conflicts
from central.texts import words
from floor_app import hearing_centre
from floor_app.keeping import back_up, restore
from floor_app.store import day_sheets
from floor_app.store.code_reserve import HighWaterMark
from floor_app.sync import stick
from tests.sync.town import Centre, Member, Town


def days_in_dispute(atelier: Member) -> list[str]:
    with atelier.floor.reading() as db:
        return [one.day for one in day_sheets.sheets_in_trouble(db) if one.trouble == hearing_centre.OTHER_COPY]


def alarms(centre: Centre) -> list[tuple[str, str]]:
    with centre.process.reading() as db:
        return [(one.atelier, one.code) for one in conflicts.open_ones(db)]


def allow(town: Town, atelier: str, *, for_ms: int = 3_600_000) -> None:
    with town.centre.process.writing() as db:
        ateliers.allow_replacing(db, atelier, until_ms=town.centre.process.now_ms() + for_ms)


def a_day(atelier: Member, *, finished: int) -> None:
    bundles = atelier.begin_order()
    atelier.count(bundles, "cut")
    atelier.count(bundles[:finished], "sew", "finish")


def restored(atelier: Member, copy: Path) -> Member:
    """The machine after `floor restore`, started again."""
    data = atelier.floor.atelier.data
    atelier.floor.close()
    restore(copy, data / "floor.db", mark=HighWaterMark(data / "codes-given.txt"), at_ms=1)
    return atelier.again()


def a_copy(atelier: Member, folder: Path) -> Path:
    copy = folder / "copy.db"
    back_up(atelier.floor.atelier.data / "floor.db", copy, at_ms=1)
    return copy


def test_an_atelier_restored_to_an_old_copy_is_found_out_and_overwrites_nothing(town: Town, tmp_path: Path) -> None:
    atelier = town.member()
    a_day(atelier, finished=2)
    atelier.sync()
    copy = a_copy(atelier, tmp_path)
    bundles = atelier.bundles()
    atelier.count(bundles[2:6], "sew", "finish")
    atelier.sync()
    told = town.centre.figures("ATL07")
    back = restored(atelier, copy)
    for _ in range(3):
        ended = back.sync()
        assert (ended.attempt.outcome, ended.attempt.sent) == ("trouble", 0)
    assert town.centre.figures("ATL07") == told
    assert len(days_in_dispute(back)) == 1
    assert alarms(town.centre) == [("ATL07", "other_digest")]


def test_work_that_goes_on_after_a_restore_still_replaces_nothing(town: Town, tmp_path: Path) -> None:
    """Its events and its revision have passed those of before: only what was never sent from here tells."""
    atelier = town.member()
    a_day(atelier, finished=1)
    atelier.sync()
    copy = a_copy(atelier, tmp_path)
    atelier.count(atelier.bundles()[1:2], "sew")
    atelier.sync()
    told = town.centre.figures("ATL07")
    back = restored(atelier, copy)
    for each in back.bundles()[1:8]:
        back.count([each], "sew", "finish")
        assert back.sync().attempt.outcome == "trouble"
        assert town.centre.figures("ATL07") == told
    with back.floor.reading() as db:
        (held,) = town.centre.sheets("ATL07")
        kept = day_sheets.sheet(db, held.key.day.isoformat())
    assert kept is not None and kept.revision > held.version.revision and kept.last_event > held.version.last_event
    imported = import_file(town.centre.process, stick.write_file(back.floor.atelier).content, t=words())
    assert isinstance(imported, ImportedFile) and imported.refused == 1
    assert town.centre.figures("ATL07") == told
    assert alarms(town.centre)


def test_with_the_networks_leave_the_restored_atelier_replaces_what_is_held(town: Town, tmp_path: Path) -> None:
    atelier = town.member()
    a_day(atelier, finished=2)
    atelier.sync()
    copy = a_copy(atelier, tmp_path)
    atelier.count(atelier.bundles()[2:6], "sew", "finish")
    atelier.sync()
    back = restored(atelier, copy)
    back.sync()
    allow(town, "ATL07")
    ended = back.sync()
    assert (ended.attempt.outcome, ended.attempt.sent) == ("done", 1)
    assert back.agrees_with_centre()
    assert days_in_dispute(back) == []
    assert alarms(town.centre) == []
    with town.centre.process.reading() as db:
        assert [one for one in alerts.open_ones(db) if one.kind == alerts.CONFLICT] == []
    back.count(back.bundles()[2:4], "sew")
    assert back.sync().attempt.outcome == "done"
    assert back.agrees_with_centre()


def test_a_cloned_card_is_found_out_by_whichever_talks_second(town: Town, tmp_path: Path) -> None:
    atelier = town.member()
    a_day(atelier, finished=2)
    atelier.sync()
    shutil.copytree(atelier.floor.atelier.data, tmp_path / "clone" / "data")
    clone = town.twin(atelier, tmp_path / "clone")
    atelier.count(atelier.bundles()[2:4], "sew")
    atelier.sync()
    told = town.centre.figures("ATL07")
    clone.count(clone.bundles()[4:8], "sew", "finish")
    assert clone.sync().attempt.outcome == "trouble"
    assert town.centre.figures("ATL07") == told
    assert alarms(town.centre)
    atelier.count(atelier.bundles()[4:5], "sew")
    assert atelier.sync().attempt.outcome == "done"  # the right one goes on undisturbed
    assert atelier.agrees_with_centre()


def test_the_right_card_put_back_ends_the_quarrel(town: Town, tmp_path: Path) -> None:
    atelier = town.member()
    a_day(atelier, finished=2)
    atelier.sync()
    shutil.copytree(atelier.floor.atelier.data, tmp_path / "clone" / "data")
    clone = town.twin(atelier, tmp_path / "clone")
    clone.count(clone.bundles()[4:6], "sew")
    clone.sync()
    assert atelier.sync().attempt.outcome == "trouble"
    assert clone.sync().attempt.outcome == "done"
    assert clone.agrees_with_centre()


def test_a_centre_restored_to_an_old_copy_is_healed_by_one_talk(town: Town, tmp_path: Path) -> None:
    atelier = town.member()
    a_day(atelier, finished=2)
    atelier.sync()
    address = town.centre.process.settings.address
    with sqlite3.connect(address.removeprefix("sqlite:///")) as source, sqlite3.connect(tmp_path / "old.db") as target:
        source.backup(target)
    atelier.count(atelier.bundles()[2:9], "sew", "finish")
    atelier.sync()
    old = town.centre.restored(tmp_path / "old.db")
    atelier.moves_to(old.url)
    assert old.figures("ATL07") != town.centre.figures("ATL07")
    ended = atelier.sync()
    assert (ended.attempt.outcome, ended.attempt.sent) == ("done", 1)
    assert old.figures("ATL07") == town.centre.figures("ATL07")
