"""The log keeps every fact as it was said, in the order it came."""

import sqlite3
from pathlib import Path
from typing import Any, get_args, get_origin, get_type_hints

import pytest
import sqlite_utils

from floor_app.domain.events import EVENTS, Event, HelpCalled, Moment, StepDone
from floor_app.store import events
from floor_app.store.database import open_writer
from tests.floor import Floor

AT = Moment(
    happened_at_ms=1_785_001_200_123,
    recorded_at_ms=1_785_001_260_456,
    utc_offset_minutes=120,
    boot_id="f1d0-boot",
    monotonic_ms=86_400_000,
    clock_trusted=False,
)
SAMPLES: dict[object, object] = {int: 7, str: "Écru « œuvre » 3 €"}


@pytest.fixture
def db(tmp_path: Path) -> Any:
    opened = open_writer(tmp_path / "floor.db")
    yield opened
    opened.conn.close()


def sample(hint: Any) -> Any:
    """A value of a field's type that is not its default."""
    if hint in SAMPLES:
        return SAMPLES[hint]
    if get_origin(hint) is tuple:
        inner = [part for part in get_args(hint) if part is not Ellipsis]
        return tuple(sample(part) for part in inner)
    return {"code": "sew", "section": "sew"}


def full(kind: type[Event]) -> Event:
    hints = {name: hint for name, hint in get_type_hints(kind).items() if name != "type"}
    return kind(**{name: sample(hint) for name, hint in hints.items()})


@pytest.mark.parametrize("kind", EVENTS.values(), ids=EVENTS)
def test_every_kind_of_event_is_read_back_as_it_was_written(kind: type[Event], db: sqlite_utils.Database) -> None:
    written = events.append(db, full(kind), event_id="one", moment=AT, station="couture-1")
    assert written.event == full(kind)
    assert events.find(db, "one") == events.by_seq(db, 1) == next(events.between(db, 1, 1)) == written


def test_the_moment_is_kept_whole(db: sqlite_utils.Database) -> None:
    events.append(db, HelpCalled(), event_id="one", moment=AT)
    row = db.conn.execute(
        "SELECT happened_at_ms, recorded_at_ms, utc_offset_minutes, boot_id, monotonic_ms, clock_trusted"
        " FROM event JOIN boot ON boot.number = event.boot"
    ).fetchone()
    assert row == (1_785_001_200_123, 1_785_001_260_456, 120, "f1d0-boot", 86_400_000, 0)


def test_the_name_of_a_start_is_kept_once(db: sqlite_utils.Database) -> None:
    for number, boot in enumerate(("first", "first", "second", "first")):
        moment = Moment(1, 1, 0, boot, 1, clock_trusted=True)
        events.append(db, HelpCalled(), event_id=f"call-{number}", moment=moment)
    assert db.conn.execute("SELECT boot FROM event ORDER BY seq").fetchall() == [(1,), (1,), (2,), (1,)]
    assert db.conn.execute("SELECT boot_id FROM boot ORDER BY number").fetchall() == [("first",), ("second",)]


def test_a_clock_that_jumps_back_changes_no_order(db: sqlite_utils.Database) -> None:
    for number, at_ms in enumerate((5_000, 1_000, 9_000, 0)):
        moment = Moment(at_ms, at_ms, 60, "boot", at_ms, clock_trusted=False)
        events.append(db, HelpCalled(), event_id=f"call-{number}", moment=moment)
    read = list(events.between(db, 1, 4))
    assert [stored.id for stored in read] == ["call-0", "call-1", "call-2", "call-3"]
    assert [stored.happened_at_ms for stored in read] == [5_000, 1_000, 9_000, 0]
    assert events.last_seq(db) == 4


@pytest.mark.parametrize(
    ("first", "last", "found"), [(1, 3, [1, 2, 3]), (2, 2, [2]), (3, 99, [3]), (4, 9, []), (3, 1, [])]
)
def test_between_takes_both_ends(first: int, last: int, found: list[int], db: sqlite_utils.Database) -> None:
    for number in range(3):
        events.append(db, HelpCalled(), event_id=f"call-{number}", moment=AT)
    assert [stored.seq for stored in events.between(db, first, last)] == found


def test_what_was_never_recorded_is_not_found(db: sqlite_utils.Database) -> None:
    assert events.find(db, "never") is None
    assert events.by_seq(db, 1) is None
    assert events.last_seq(db) == 0


def test_an_id_is_recorded_once_for_ever(db: sqlite_utils.Database) -> None:
    events.append(db, HelpCalled(), event_id="one", moment=AT)
    with pytest.raises(sqlite3.IntegrityError, match="recorded once"):
        events.append(db, StepDone("B", "sew", good=3), event_id="one", moment=AT)
    assert events.last_seq(db) == 1


def test_an_event_says_only_what_is_not_plain(db: sqlite_utils.Database) -> None:
    """Ten million of them have to fit on a card."""
    events.append(db, StepDone("BCDFBBBBBBBBBB", "sew", good=20), event_id="one", moment=AT)
    (body,) = db.conn.execute("SELECT body FROM event").fetchone()
    assert body == '{"bundle":"BCDFBBBBBBBBBB","operation":"sew","good":20}'


def test_a_day_of_every_kind_has_no_gap(full_day: Floor) -> None:
    with full_day.reading() as db:
        seqs = [stored.seq for stored in events.between(db, 1, events.last_seq(db))]
    assert seqs == list(range(1, len(seqs) + 1))
    assert len(seqs) > 50
