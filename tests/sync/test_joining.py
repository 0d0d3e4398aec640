"""Joining the network, changing the key, leaving: the key is never lost and never leaves."""

import pytest

from contract import keys
from floor_app.store import network_identity
from floor_app.sync import enrolment
from floor_app.sync.centre_link import centre_url
from tests.sync.line import Cut, Point, bad_line
from tests.sync.town import Member, Town


def identity_of(atelier: Member) -> network_identity.NetworkIdentity:
    with atelier.floor.reading() as db:
        found = network_identity.identity(db)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("centre.exemple.fr", "https://centre.exemple.fr"),
        (" https://centre.exemple.fr/ ", "https://centre.exemple.fr"),
        ("https://centre.exemple.fr:8443/reseau/", "https://centre.exemple.fr:8443/reseau"),
        ("http://127.0.0.1:8090", "http://127.0.0.1:8090"),
        ("http://[::1]:8090", "http://[::1]:8090"),
        ("http://localhost:8090", "http://localhost:8090"),
        ("http://centre.exemple.fr", None),
        ("http://192.168.1.5", None),
        ("ftp://centre.exemple.fr", None),
        ("https://moi:secret@centre.exemple.fr", None),
        ("https://centre.exemple.fr/?x=1", None),
        ("https://", None),
        ("", None),
        ("javascript:alert(1)", None),
        ("https://" + "a" * 300, None),
    ],
)
def test_only_a_protected_address_or_this_machine_is_a_centres(typed: str, kept: str | None) -> None:
    assert centre_url(typed) == kept


def test_a_code_is_good_once_and_only_for_its_atelier(town: Town) -> None:
    lyon, tilleuls = town.member("LYON-2", enrolled=False), town.member("ATL07", enrolled=False)
    code = town.centre.enrolment_code("ATL07")
    refused = lyon.join(code=code)
    assert (refused.code, refused.value) == ("other_code", "ATL07")
    fresh = town.centre.enrolment_code("ATL07")
    assert tilleuls.join(code=fresh).code == "joined"
    again = town.twin(tilleuls, town.new_folder("thief"))
    assert again.join(code=fresh).code == "bad_code"


def test_letters_that_differ_from_the_networks_are_named(town: Town) -> None:
    atelier = town.member("ATL07", enrolled=False, site="DFGH")
    refused = atelier.join()
    assert (refused.code, refused.value) == ("other_site", "BCDF")


def test_a_lost_answer_to_the_code_is_asked_again_with_the_same_key(town: Town) -> None:
    atelier = town.member(enrolled=False)
    code = town.centre.enrolment_code("ATL07")
    lost = []

    def at_point(point: Point) -> None:
        if point[1] == "answered" and len(lost) < 2:
            lost.append(point)
            raise Cut

    with bad_line(town.centre.url, at_point=at_point) as line:
        assert atelier.join(url=line.url, code=code).code == "away"
        assert atelier.join(url=line.url, code=code).code == "joined"
    assert not (atelier.floor.atelier.data / enrolment.PENDING_FILE).exists()
    atelier.moves_to(town.centre.url)
    assert atelier.sync().attempt.outcome == "done"


def test_the_private_key_is_nowhere_but_in_its_own_file(town: Town) -> None:
    atelier = town.member()
    atelier.begin_order()
    atelier.sync()
    private_key = identity_of(atelier).private_key
    data = atelier.floor.atelier.data
    holding = [path.name for path in data.rglob("*") if path.is_file() and private_key.encode() in path.read_bytes()]
    assert holding == [network_identity.KEY_FILE]
    assert (data / network_identity.KEY_FILE).stat().st_mode & 0o077 == 0


def test_a_new_key_takes_the_place_of_the_old_one(town: Town) -> None:
    atelier = town.member()
    before = identity_of(atelier)
    assert enrolment.take_new_key(atelier.floor.atelier) == "changed"
    after = identity_of(atelier)
    assert after.certificate.key_id != before.certificate.key_id
    assert keys.public_of(after.private_key) == after.certificate.public_key
    assert atelier.sync().attempt.outcome == "done"
    assert town.centre.keys_in_force("ATL07") == [after.certificate.key_id]


def test_a_revoked_key_is_told_in_words_and_a_new_code_is_the_cure(town: Town) -> None:
    atelier = town.member()
    bundles = atelier.begin_order()
    town.centre.revoke("ATL07", identity_of(atelier).certificate.key_id)
    assert atelier.sync().attempt.outcome == "key_refused"
    atelier.count(bundles[:2], "cut", "sew", "finish")
    assert atelier.join().code == "joined"
    assert atelier.sync().attempt.outcome == "done"
    assert atelier.agrees_with_centre()


def test_an_atelier_hears_of_keys_nobody_may_trust(town: Town) -> None:
    lyon, tilleuls = town.member("LYON-2"), town.member("ATL07")
    revoked = identity_of(lyon).certificate.key_id
    town.centre.revoke("LYON-2", revoked)
    assert tilleuls.sync().attempt.outcome == "done"
    assert revoked in identity_of(tilleuls).revoked_keys


def test_who_left_talks_no_more_and_keeps_its_floor(town: Town) -> None:
    atelier = town.member()
    atelier.begin_order()
    atelier.sync()
    assert enrolment.leave(atelier.floor.atelier) is True
    assert atelier.sync().attempt.outcome == "not_enrolled"
    assert not (atelier.floor.atelier.data / network_identity.KEY_FILE).exists()
    assert atelier.figures("2026-0117")["cut"] == 180
    assert enrolment.leave(atelier.floor.atelier) is False
