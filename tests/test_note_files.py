"""A note as a signed file: read back as it was written, refused when it was altered, forged, revoked, too old or for another."""

import json
import zlib
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contract import keys, signed_files
from contract.keys import Certificate
from floor_app.domain.routings import MissingSteps, Operation, Policy, Routing, Section
from floor_app.domain.transfers import MOST_BUNDLES, Note
from floor_app.note_files import (
    LARGEST_FILE,
    LARGEST_INSIDE,
    NOTE_KIND,
    RECEIPT_KIND,
    Checking,
    Receipt,
    Refused,
    is_receipt,
    kept_note,
    open_note,
    open_receipt,
    pack_note,
    pack_receipt,
)
from floor_app.store.network_identity import NetworkIdentity, Trust
from tests.network import CENTRE, CENTRE_PUBLIC, UNTIL, a_note, a_note_bundle, an_identity

LYON = an_identity("LYON-2", name="ESAT de Lyon", site="CDFG")
TODAY = "2026-11-26"
HERE = Checking(Trust("ATL07", CENTRE_PUBLIC, frozenset()), TODAY)
NOTE = a_note(sender=LYON)
CONTENT = pack_note(NOTE, LYON)
RECEIPT = Receipt("ATL07-BCDFGH", "LYON-2", ((NOTE.bundles[0].code, 18),), 77)


def packed(
    said: Any, *, kind: str = NOTE_KIND, by: NetworkIdentity = LYON, certificate: Certificate | None = None
) -> bytes:
    return signed_files.pack(kind, said, private_key=by.private_key, certificate=certificate or by.certificate)


def said_by(content: bytes) -> dict[str, Any]:
    said: dict[str, Any] = json.loads(zlib.decompress(content.partition(b"\n")[2]))["said"]
    return said


def test_a_note_comes_back_as_it_was_written_and_says_who_signed() -> None:
    assert open_note(CONTENT, HERE) == NOTE == kept_note(CONTENT)
    assert pack_note(NOTE, LYON) == CONTENT


def test_how_strict_the_steps_are_does_not_travel() -> None:
    strict = Routing(
        (Operation("cut", Section.CUT, policy=Policy(MissingSteps.ALLOW)), Operation("sew", Section.SEW, ("cut",)))
    )
    note = a_note(sender=LYON, routing=strict, bundles=(a_note_bundle(1, steps=(("cut", 5),)),))
    opened = open_note(pack_note(note, LYON), HERE)
    assert isinstance(opened, Note)
    assert [step.policy for step in opened.routing.operations] == [None, None]


def test_a_receipt_comes_back_as_it_was_written() -> None:
    content = pack_receipt(RECEIPT, LYON)
    assert is_receipt(content) and not is_receipt(CONTENT)
    assert open_receipt(content, HERE) == RECEIPT


def test_the_largest_note_is_far_below_the_limits() -> None:
    bundles = tuple(
        a_note_bundle(
            number, size="XXL long", colour="Bleu pétrole foncé", shade="bain 12", roll=f"R{number}", lay=number % 40
        )
        for number in range(1, MOST_BUNDLES + 1)
    )
    content = pack_note(a_note(sender=LYON, bundles=bundles), LYON)
    assert len(content) < LARGEST_FILE / 4
    assert isinstance(open_note(content, HERE), Note)


FORGER = an_identity("LYON-2", name="ESAT de Lyon", centre=keys.new_private_key())
THIEF = an_identity("LILLE")
SAID = said_by(CONTENT)
REFUSED = {
    "altered": (CONTENT[:-20] + bytes([CONTENT[-20] ^ 1]) + CONTENT[-19:], ("damaged", "forged")),
    "signature of another note": (
        pack_note(a_note("LYON-2-XXXXXX", sender=LYON), LYON).partition(b"\n")[0] + b"\n" + CONTENT.partition(b"\n")[2],
        ("forged",),
    ),
    "certified by another centre": (pack_note(NOTE, FORGER), ("forged",)),
    "signed with another key than the certificate's": (packed(SAID, by=THIEF, certificate=LYON.certificate), ("forged",)),
    "a certificate changed by hand": (
        packed(SAID, certificate=replace(LYON.certificate, atelier="LILLE")),
        ("forged",),
    ),
    "signed by the centre itself": (
        signed_files.pack(NOTE_KIND, SAID, private_key=CENTRE),
        ("forged",),
    ),
    "under another sender's number": (packed({**SAID, "note": "LILLE-BCDFGH"}), ("damaged",)),
    "for another atelier": (packed({**SAID, "to": "LILLE", "to_name": "Atelier de Lille"}), ("other_atelier",)),
    "a day sheet": (packed({"schema": 1}, kind="days"), ("not_ours",)),
    "a receipt in place of a note": (pack_receipt(RECEIPT, LYON), ("not_ours",)),
    "of a later program": (packed({**SAID, "schema": 2}), ("unknown_schema",)),
    "not an object": (packed([1, 2]), ("damaged",)),
    "too large": (CONTENT + b"x" * LARGEST_FILE, ("too_large",)),
    "a bomb": (b"FLOOR1 note c2ln\n" + zlib.compress(b" " * (LARGEST_INSIDE + 1)), ("too_large",)),
    "cut": (CONTENT[: len(CONTENT) // 2], ("damaged",)),
    "nothing": (b"", ("not_ours",)),
    "a spreadsheet": (b"PK\x03\x04" + bytes(200), ("not_ours",)),
    "half a pair of surrogates": (
        b"FLOOR1 note c2ln\n" + zlib.compress(
            json.dumps({"by": {**keys.to_plain(LYON.certificate), "name": "\ud800"}, "said": 1}).encode()
        ),
        ("damaged", "forged"),
    ),
    "brackets without end": (b"FLOOR1 note c2ln\n" + zlib.compress(b"[" * 100_000), ("damaged",)),
}  # fmt: skip


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_no_note_for_us_is_refused_and_said_why(what: str) -> None:
    content, codes = REFUSED[what]
    opened = open_note(content, HERE)
    assert isinstance(opened, Refused)
    assert opened.code in codes


def test_a_note_of_ours_scanned_here_is_said_to_be_ours() -> None:
    lyon = Checking(replace(HERE.trust, atelier="LYON-2"), TODAY)
    assert open_note(CONTENT, lyon) == Refused("own_note", NOTE.to_name)


def test_a_revoked_key_signs_nothing_any_more() -> None:
    revoked = Checking(replace(HERE.trust, revoked_keys=frozenset({LYON.certificate.key_id})), "")
    assert (
        open_note(CONTENT, revoked)
        == open_receipt(pack_receipt(RECEIPT, LYON), revoked)
        == Refused("revoked", "ESAT de Lyon")
    )


@pytest.mark.parametrize(
    ("today", "good"),
    [(UNTIL, True), ("2032-01-01", False), ("", True)],
    ids=["last day", "after", "no clock to trust"],
)
def test_a_certificate_is_too_old_only_where_the_clock_is_to_be_trusted(today: str, good: bool) -> None:
    opened = open_note(CONTENT, Checking(HERE.trust, today))
    assert isinstance(opened, Note) if good else opened == Refused("expired", "ESAT de Lyon")


WRONG: list[Any] = [None, True, -1, 1.5, 2**60, "", "x" * 300, "\u202e", [], {}, [[]], ["x"], {"x": 1}, "2026-13-40", 0]
wrong = st.sampled_from(WRONG) | st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@given(field=st.sampled_from(sorted(SAID)), value=wrong)
@settings(max_examples=300, deadline=None)
def test_any_field_may_hold_anything_and_the_note_is_read_or_refused(field: str, value: Any) -> None:
    """Signed by an atelier of the network all the same: its program may be faulty, or hostile."""
    try:
        content = packed({**SAID, field: value})
    except ValueError:
        return  # what JSON cannot say
    opened = open_note(content, HERE)
    assert isinstance(opened, Note | Refused)
    if isinstance(opened, Note):
        assert kept_note(pack_note(opened, LYON)) == opened


@given(place=st.integers(0, 12), value=wrong)
@settings(max_examples=300, deadline=None)
def test_any_part_of_a_bundle_may_hold_anything(place: int, value: Any) -> None:
    row = list(SAID["bundles"][0])
    row[place] = value
    try:
        content = packed({**SAID, "bundles": [row]})
    except ValueError:
        return
    assert isinstance(open_note(content, HERE), Note | Refused)


@given(field=st.sampled_from(["note", "bundles", "as_of", "schema"]), value=wrong)
@settings(max_examples=150, deadline=None)
def test_any_field_of_a_receipt_may_hold_anything(field: str, value: Any) -> None:
    said = said_by(pack_receipt(RECEIPT, LYON))
    try:
        content = packed({**said, field: value}, kind=RECEIPT_KIND)
    except ValueError:
        return
    assert isinstance(open_receipt(content, HERE), Receipt | Refused)


@given(content=st.binary(max_size=300), behind=st.booleans())
@settings(max_examples=200, deadline=None)
def test_bytes_at_random_are_refused(content: bytes, behind: bool) -> None:
    for head in (b"", b"FLOOR1 note c2ln\n"):
        opened = open_note(head + (zlib.compress(content) if behind else content), HERE)
        assert isinstance(opened, Refused)


@given(at=st.integers(0, len(CONTENT) - 1), bit=st.integers(0, 7))
@settings(max_examples=300, deadline=None)
def test_not_a_bit_of_a_note_can_be_changed(at: int, bit: int) -> None:
    changed = bytearray(CONTENT)
    changed[at] ^= 1 << bit
    assert isinstance(open_note(bytes(changed), HERE), Refused)
