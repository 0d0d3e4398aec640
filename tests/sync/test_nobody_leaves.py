"""No person leaves the site by any road: names planted wherever a person can be named here are in nothing that goes out."""

import logging
import tempfile
from contextlib import ExitStack
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from central.importing_files import ImportedFile, import_file
from central.store.tables import metadata
from central.texts import words
from contract import signed_files
from floor_app import access
from floor_app.confirming_hours import record_totals
from floor_app.correcting import undo_count
from floor_app.domain.insertion import Assignment, HalfDay
from floor_app.picturing import Place, put_picture
from floor_app.reports.day_export import day_csv
from floor_app.sending import SendRequest, cancel_transfer, send_bundles
from floor_app.store import access as accounts
from floor_app.store import day_counts, people, pictures, transfers
from floor_app.sync import stick
from groundwork.pictures import clean_picture
from tests.pictures import a_photo
from tests.sync.line import bad_line
from tests.sync.town import Member, Town, found_town

# Long enough never to be in a file by chance.
names = st.lists(
    st.text(alphabet="ABCDÉÈÇabcdéèçœ’-ёїمحد", min_size=9, max_size=24).filter(lambda name: len(set(name)) > 4),
    min_size=7,
    max_size=7,
    unique=True,
)


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
@given(names)
def test_no_planted_name_is_in_anything_that_goes_out(caplog: pytest.LogCaptureFixture, planted: list[str]) -> None:
    caplog.set_level(logging.DEBUG)
    with tempfile.TemporaryDirectory() as folder, ExitStack() as closing:
        town = found_town(Path(folder), closing)
        atelier = town.member(title=planted[0])
        _live(atelier, planted)
        with bad_line(town.centre.url) as line:
            atelier.moves_to(line.url)
            assert atelier.sync().attempt.outcome == "done"
        atelier.forgets_what_was_confirmed()
        carried = stick.write_file(atelier.floor.atelier).content
        imported = import_file(town.centre.process, carried, t=words())
        assert isinstance(imported, ImportedFile) and imported.held
        gone_out = {
            "network": b"\n".join(line.said),
            "stick": _inside(town.centre.process.key.public_key, "sheets", carried),
            "receipt": _inside(town.centre.process.key.public_key, "receipt", imported.receipt),
            "note": _inside(town.centre.process.key.public_key, "note", _note(atelier)),
            "day": _day_export(atelier),
            "picture": _style_picture(atelier),
            "centre": _everything_held(town),
            "log": caplog.text.encode(),
        }
        assert b"2026-0117" in gone_out["day"] and b"2026-0117" in gone_out["centre"]
        assert b"PUT" in gone_out["network"] and b"counts" in gone_out["stick"] and b"bundles" in gone_out["note"]
        for road, content in gone_out.items():
            for name in planted:
                assert name.encode() not in content, (road, name)
                assert name.encode("unicode-escape").decode().encode() not in content or name.isascii(), (road, name)
        assert all(name in _at_home(atelier) for name in planted[1:3]), "they were there to be found"


def _live(atelier: Member, planted: list[str]) -> None:
    """A day with a person's name in each place where somebody could write one."""
    here, moment = atelier.floor.atelier, atelier.floor.atelier.clock.moment
    bundles = atelier.begin_order()
    atelier.count(bundles[:6], "cut", "sew")
    day = here.clock.today()
    persons = [here.people.run(people.add_person, name, 420) for name in (planted[1], planted[2])]
    halves = tuple(Assignment(person, half, "M-2026-04", 210) for person in persons for half in HalfDay)
    here.people.run(people.keep_sheet, day, halves, at_ms=moment().happened_at_ms)
    here.run(record_totals, day, halves, event_id="hours-1", moment=moment())
    here.run(accounts.set_password, planted[3], access.hash_password("une phrase de passe"), at_ms=1)
    photo = clean_picture(a_photo(planted[6]))
    assert here.run(put_picture, Place("Tablier"), photo, event_id="picture-1", moment=moment()) == "done"
    with here.reading() as db:
        (seq,) = db.conn.execute("SELECT max(seq) FROM event WHERE type = 'step_done'").fetchone()
    here.run(undo_count, seq, event_id="undo-1", reason=planted[4], moment=moment())
    for number, codes in enumerate((bundles[6:7], bundles[7:8])):
        request = SendRequest(f"send-{number}", "2026-0117", "LYON-2", "ESAT de Lyon", tuple(one.code for one in codes))
        sent = here.run(send_bundles, request, dice=here.codes.random, moment=moment())
        assert not sent.faults
        if number:
            here.run(cancel_transfer, sent.note, reason=planted[5], event_id="cancel-1", moment=moment())


def _inside(centre: str, kind: str, content: bytes) -> bytes:
    said = signed_files.unpack(content, kind=kind, centre_public_key=centre)
    return repr((said.said, said.by)).encode()


def _style_picture(atelier: Member) -> bytes:
    with atelier.floor.reading() as db:
        found = pictures.png_of_style(db, "Tablier")
    assert found
    return found


def _note(atelier: Member) -> bytes:
    with atelier.floor.reading() as db:
        notes = transfers.listed(db)
        found = transfers.note_file(db, notes[-1].note)
    assert found
    return found


def _everything_held(town: Town) -> bytes:
    with town.centre.process.reading() as db:
        return repr([[tuple(row) for row in db.execute(table.select())] for table in metadata.sorted_tables]).encode()


def _day_export(atelier: Member) -> bytes:
    today = atelier.floor.atelier.clock.production_day()
    with atelier.floor.reading() as db:
        return day_csv(today.day, day_counts.of_day(db, today))


def _at_home(atelier: Member) -> str:
    return repr(atelier.floor.atelier.people.run(people.people_on, atelier.floor.atelier.clock.today()))
