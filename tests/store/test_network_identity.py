"""Who this atelier is: its key on this machine alone, in no copy of the database; others' notes can still be checked."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import sqlite_utils

from contract import keys
from floor_app.keeping import back_up, restore
from floor_app.store import network_identity
from floor_app.store.code_reserve import HighWaterMark
from floor_app.store.database import open_reader, open_writer
from floor_app.store.network_identity import Trust
from floor_app.store.writer import StoreFull
from tests.network import CENTRE_PUBLIC, an_identity, key_file


@pytest.fixture
def db(tmp_path: Path) -> Iterator[sqlite_utils.Database]:
    opened = open_writer(tmp_path / "floor.db")
    yield opened
    opened.conn.close()


def test_before_it_enrolled_an_atelier_is_nobody_and_trusts_nobody(db: sqlite_utils.Database) -> None:
    assert (network_identity.identity(db), network_identity.trust(db)) == (None, None)


def test_what_was_kept_is_read_back_by_any_connection(db: sqlite_utils.Database, tmp_path: Path) -> None:
    kept = replace(an_identity(), revoked_keys=frozenset({"0123456789abcdef"}))
    network_identity.keep_identity(db, kept)
    reader = open_reader(tmp_path / "floor.db")
    assert network_identity.identity(db) == network_identity.identity(reader) == kept
    assert network_identity.trust(reader) == Trust("ATL07", CENTRE_PUBLIC, kept.revoked_keys)
    reader.conn.close()


def test_the_key_is_in_no_table_and_readable_by_the_service_alone(db: sqlite_utils.Database, tmp_path: Path) -> None:
    kept = an_identity()
    network_identity.keep_identity(db, kept)
    assert key_file(tmp_path).stat().st_mode & 0o077 == 0
    assert kept.private_key not in "\n".join(db.conn.iterdump())


def test_a_copy_of_the_database_cannot_speak_for_the_atelier_and_can_still_check_others(
    db: sqlite_utils.Database, tmp_path: Path
) -> None:
    network_identity.keep_identity(db, an_identity())
    copy = tmp_path / "elsewhere" / "copy.db"
    copy.parent.mkdir()
    back_up(tmp_path / "floor.db", copy, at_ms=1)
    restore(copy, copy.with_name("floor.db"), mark=HighWaterMark(copy.with_name("given")), at_ms=2)
    restored = open_reader(copy.with_name("floor.db"))
    assert network_identity.identity(restored) is None
    assert network_identity.trust(restored) is not None
    restored.conn.close()


@pytest.mark.parametrize(
    "content", ["", "\n\n", "no key\n", "é\n", f"{keys.new_private_key()}\n", "QUJD\n"], ids=range(6)
)
def test_a_key_that_is_not_the_certificates_is_no_key(db: sqlite_utils.Database, tmp_path: Path, content: str) -> None:
    network_identity.keep_identity(db, an_identity())
    key_file(tmp_path).write_text(content, encoding="utf-8")
    assert network_identity.identity(db) is None


def test_a_new_key_takes_over_with_its_certificate_and_not_before(db: sqlite_utils.Database, tmp_path: Path) -> None:
    """Power lost between the two: the key is on disk, the centre's word on it is not."""
    first, second, third = (an_identity() for _ in range(3))
    network_identity.keep_identity(db, first)
    db.conn.execute("BEGIN IMMEDIATE")
    network_identity.keep_identity(db, second)
    db.conn.execute("ROLLBACK")
    assert network_identity.identity(db) == first
    network_identity.keep_identity(db, second)
    network_identity.keep_identity(db, third)
    assert network_identity.identity(db) == third
    assert key_file(tmp_path).read_text(encoding="ascii").split() == [third.private_key, second.private_key]


def test_a_key_once_revoked_stays_so(db: sqlite_utils.Database) -> None:
    network_identity.keep_identity(db, replace(an_identity(), revoked_keys=frozenset({"a" * 16})))
    network_identity.keep_revoked(db, ["b" * 16, "b" * 16])
    network_identity.keep_identity(db, an_identity())
    found = network_identity.trust(db)
    assert found and found.revoked_keys == {"a" * 16, "b" * 16}


def test_leaving_the_network_leaves_no_key_behind(db: sqlite_utils.Database, tmp_path: Path) -> None:
    network_identity.keep_identity(db, an_identity())
    network_identity.forget_identity(db)
    network_identity.forget_identity(db)
    assert (network_identity.identity(db), key_file(tmp_path).exists()) == (None, False)


def test_a_folder_that_takes_no_key_is_said_before_anything_is_kept(db: sqlite_utils.Database, tmp_path: Path) -> None:
    network_identity.keep_identity(db, an_identity())
    before = network_identity.identity(db)
    (tmp_path / f"{network_identity.KEY_FILE}.new").mkdir()  # what writing aside meets
    with pytest.raises(StoreFull):
        network_identity.keep_identity(db, an_identity())
    assert network_identity.identity(db) == before
    shutil.rmtree(tmp_path / f"{network_identity.KEY_FILE}.new")
