"""People of the network and buyers: one-time links, passwords, sessions that end, links that are revoked. Only hashes are kept."""

import pytest

from central import letting_in, sharing
from central.centre import Centre
from central.store import accounts, buyer_links
from central.store.accounts import Account
from tests.central.conftest import NOW_MS
from tests.central.test_sharing import LINES, MASKS
from tests.central.test_taking_sheets import everything

DAY_MS = 24 * 3_600_000


def opened(centre: Centre, secret: str = "secret", *, role: str = "coordinator", atelier: str = "") -> None:
    with centre.writing() as db:
        letting_in.open_account(db, secret, "Camille", role=role, atelier=atelier, at_ms=NOW_MS)


def chosen(
    centre: Centre, secret: str = "secret", password: str = "un long mot", *, at_ms: int = NOW_MS
) -> Account | None:
    with centre.writing() as db:
        return letting_in.choose_password(db, secret, letting_in.hash_password(password), at_ms=at_ms)


def signed_in(centre: Centre, password: str, name: str = "Camille") -> Account | None:
    with centre.reading() as db:
        return letting_in.signed_in(db, name, password)


def test_a_link_opens_an_account_once(centre: Centre) -> None:
    opened(centre)
    account = chosen(centre)
    assert account is not None
    assert (account.name, account.role) == ("Camille", "coordinator")
    assert chosen(centre) is None, "it was used"
    assert signed_in(centre, "un long mot") == account
    assert signed_in(centre, "un autre mot") is None
    assert signed_in(centre, "un long mot", "Dominique") is None
    with centre.reading() as db:
        kept = repr(everything(db))
    assert "un long mot" not in kept
    assert "'secret'" not in kept


@pytest.mark.parametrize(("after_ms", "good"), [(DAY_MS, True), (DAY_MS + 1, False)])
def test_a_link_is_good_for_a_day(centre: Centre, after_ms: int, good: bool) -> None:
    opened(centre)
    with centre.reading() as db:
        assert (accounts.link_is_good(db, "secret", at_ms=NOW_MS + after_ms) == "Camille") == good
    assert (chosen(centre, at_ms=NOW_MS + after_ms) is not None) == good


def test_nobody_signs_in_before_a_password_was_chosen(centre: Centre) -> None:
    opened(centre)
    assert signed_in(centre, "") is None


def test_a_new_password_another_role_or_closing_ends_open_sessions(centre: Centre) -> None:
    opened(centre)
    seen = [chosen(centre)]
    opened(centre, "again", role="atelier", atelier="lille")
    seen.append(signed_in(centre, "un long mot"))
    seen.append(chosen(centre, "again", "encore un mot"))
    assert [account and (account.role, account.atelier) for account in seen] == [
        ("coordinator", ""),
        ("atelier", "lille"),
        ("atelier", "lille"),
    ]
    assert len({account.session_version for account in seen if account}) == 3
    opened(centre, "unused")
    with centre.writing() as db:
        accounts.close(db, "Camille", at_ms=NOW_MS)
    assert signed_in(centre, "encore un mot") is None
    assert chosen(centre, "unused") is None


@pytest.mark.parametrize(("length", "fault"), [(7, "too_short"), (8, ""), (200, ""), (201, "too_long")])
def test_length_alone_makes_a_password(length: int, fault: str) -> None:
    assert letting_in.password_fault("é" * length) == fault


def test_a_buyers_link_shows_one_order_until_it_is_revoked_or_too_old(centre: Centre) -> None:
    with centre.writing() as db:
        sharing.keep_order(db, MASKS, LINES, at_ms=NOW_MS)
        buyer_links.add(db, "lasting", "OF-1", label="Ville", at_ms=NOW_MS, expires_at_ms=0)
        buyer_links.add(db, "short", "OF-1", label="Presse", at_ms=NOW_MS + 1, expires_at_ms=NOW_MS + 10)
    with centre.reading() as db:
        orders = [buyer_links.order_of(db, secret, at_ms=NOW_MS + 10) for secret in ("lasting", "short", "guessed")]
        assert orders == ["OF-1", "OF-1", None]
        assert buyer_links.order_of(db, "short", at_ms=NOW_MS + 11) is None
        newest, oldest = buyer_links.of_order(db, "OF-1")
        assert (newest.label, oldest.label) == ("Presse", "Ville")
    with centre.writing() as db:
        buyer_links.revoke(db, "OF-1", oldest.token_hash, at_ms=NOW_MS)
    with centre.reading() as db:
        assert buyer_links.order_of(db, "lasting", at_ms=NOW_MS) is None
