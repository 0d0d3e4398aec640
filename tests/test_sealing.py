"""What is sealed is read by who knows the passphrase, and by nobody else."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from floor_app import sealing
from floor_app.sealing import CannotOpen, close, letters_of, reopen, seal_by

PHRASE = "BCDF GHJK LNPR STVX BCDF"
CONTENT = "Zélie Planté, 210 min".encode()


@pytest.fixture(scope="module")
def closed() -> bytes:
    return close(CONTENT, seal_by(PHRASE))


def test_it_opens_with_the_passphrase_as_people_write_it_down(closed: bytes) -> None:
    for written in (PHRASE, "bcdfghjklnprstvxbcdf", "  BCDF-GHJK LNPR STVX BCDF".replace("-", "\n")):
        assert reopen(closed, written)[0] == CONTENT
    assert letters_of("E\u0301te\u0301  Long") == letters_of("étélong")


def test_it_closes_again_without_the_passphrase(closed: bytes) -> None:
    _, seal = reopen(closed, PHRASE)
    again = close(b"more", seal)
    assert reopen(again, PHRASE)[0] == b"more"
    assert again[: len(sealing.MAGIC) + sealing.SALT_BYTES] == closed[: len(sealing.MAGIC) + sealing.SALT_BYTES]
    assert repr(seal.key) not in repr(seal)


def test_another_passphrase_opens_nothing(closed: bytes) -> None:
    with pytest.raises(CannotOpen) as refused:
        reopen(closed, PHRASE + "B")
    assert refused.value.code == "passphrase"


@settings(max_examples=15, deadline=None)
@given(st.data())
def test_not_a_byte_can_be_changed(closed: bytes, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(closed) - 1))
    changed = bytearray(closed)
    changed[place] ^= data.draw(st.integers(1, 255))
    with pytest.raises(CannotOpen):
        reopen(bytes(changed), PHRASE)


@pytest.mark.parametrize("broken", [b"", b"x" * 100, sealing.MAGIC, sealing.MAGIC + b"x" * 20])
def test_what_is_no_sealed_content_is_said(broken: bytes) -> None:
    with pytest.raises(CannotOpen) as refused:
        reopen(broken, PHRASE)
    assert refused.value.code == "damaged"


def test_two_closings_of_one_content_have_nothing_in_common_but_their_head(closed: bytes) -> None:
    other = close(CONTENT, seal_by(PHRASE))
    head = len(sealing.MAGIC)
    assert other[head : head + sealing.SALT_BYTES] != closed[head : head + sealing.SALT_BYTES]
    assert CONTENT not in closed and CONTENT[:5] not in closed
