"""A note in several codes: any order, any code twice, one missing or damaged is named; nothing else is taken for a part."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from floor_app.domain.cards import Card, Command
from floor_app.domain.codes import ALPHABET, LONGEST_READ, MOST_NOTE_PARTS, NOTE_MARK, Found, bundle_code, read_code
from floor_app.domain.note_parts import (
    BYTES_A_PART,
    LEAST_BYTES,
    LONGEST_PART,
    gather,
    parts_of,
    read_part,
    set_id_of,
)
from tests.devices.scanners.test_key_layouts import XKB, typed_by_a_us_scanner

CONTENT = bytes(range(256)) * 5
PARTS = parts_of(CONTENT)
sizes = st.sampled_from([LEAST_BYTES, BYTES_A_PART, BYTES_A_PART + 1, 3 * BYTES_A_PART, MOST_NOTE_PARTS * BYTES_A_PART])


@given(
    content=st.binary(min_size=LEAST_BYTES, max_size=2_000) | sizes.map(bytes),
    order=st.randoms(),
    again=st.integers(0, 5),
)
@settings(max_examples=60, deadline=None)
def test_parts_scanned_in_any_order_and_again_are_the_note(content: bytes, order: random.Random, again: int) -> None:
    parts = list(parts_of(content)) * 2
    order.shuffle(parts)
    found = gather([*parts, *parts[:again]])
    assert (found.content, found.missing, found.unread, found.of_another) == (content, (), (), 0)


@pytest.mark.parametrize("left_out", range(len(PARTS)))
def test_a_missing_part_is_named(left_out: int) -> None:
    found = gather(part for place, part in enumerate(PARTS) if place != left_out)
    assert (found.missing, found.whole, found.count) == ((left_out + 1,), False, len(PARTS))


@given(place=st.integers(0, len(PARTS) - 1), at=st.integers(0, LONGEST_PART - 1), letter=st.sampled_from(ALPHABET))
def test_a_letter_read_wrong_is_noticed(place: int, at: int, letter: str) -> None:
    part = PARTS[place]
    at %= len(part)
    if part[at] != letter:
        assert read_part(part[:at] + letter + part[at + 1 :]) is None


@given(place=st.integers(0, len(PARTS) - 1), at=st.integers(0, LONGEST_PART - 1), lost=st.integers(1, 4))
def test_keys_lost_or_doubled_on_the_way_are_noticed(place: int, at: int, lost: int) -> None:
    part = PARTS[place]
    at %= len(part) - lost
    assert read_part(part[:at] + part[at + lost :]) is None
    assert read_part(part[:at] + part[at : at + lost] + part[at:]) is None


def test_a_part_of_another_note_is_told_apart() -> None:
    other = parts_of(CONTENT[::-1])
    found = gather([PARTS[0], other[1], PARTS[2]])
    assert (found.of_another, found.set_id, found.missing) == (
        1,
        set_id_of(CONTENT),
        tuple({1, 2, 3, 4, 5, 6} - {1, 3}),
    )


def test_a_part_names_its_place_and_its_set() -> None:
    read = [read_part(part) for part in PARTS]
    assert [(part.number, part.count, part.set_id) for part in read if part] == [
        (number, len(PARTS), set_id_of(CONTENT)) for number in range(1, len(PARTS) + 1)
    ]


def test_a_note_too_long_to_be_scanned_has_no_codes() -> None:
    assert len(parts_of(bytes(MOST_NOTE_PARTS * BYTES_A_PART))) == MOST_NOTE_PARTS
    assert parts_of(bytes(MOST_NOTE_PARTS * BYTES_A_PART + 1)) == ()
    assert parts_of(b"x" * (LEAST_BYTES - 1)) == ()


def test_every_part_is_short_enough_for_its_code_and_about_as_long_as_the_others() -> None:
    lengths = {len(part) for part in PARTS}
    assert max(lengths) <= LONGEST_PART
    assert max(lengths) - min(lengths) <= 2


@pytest.mark.parametrize("host", sorted(XKB))
def test_a_part_survives_every_latin_keyboard(host: str) -> None:
    typed = typed_by_a_us_scanner(PARTS[0], host)
    assert read_part(typed) == read_part(PARTS[0])


@pytest.mark.parametrize("written", ["{part}", "{lower}", " {part} ", "{part}\n"])
def test_case_and_space_around_a_part_do_not_matter(written: str) -> None:
    text = written.format(part=PARTS[1], lower=PARTS[1].lower()).strip()
    assert read_part(text) == read_part(PARTS[1])


@given(cut=st.integers(LONGEST_READ + 1, LONGEST_PART))
def test_at_a_station_a_part_whole_or_cut_is_a_note_and_never_a_bundle_or_a_card(cut: int) -> None:
    for part in PARTS:
        assert read_code(part[:cut], home_site="BCDF").found == Found.NOTE_PART


@pytest.mark.parametrize(
    "text",
    [
        "",
        "X" * 64,
        NOTE_MARK,
        bundle_code("BCDF", 7, 7),
        Card(Command.HELP).code,
        "é" * 100,
        "\ud800" * 100,
        "A" * 100,
        "XXXX" + "A" * 100,
        NOTE_MARK + "B" * 200,
        NOTE_MARK + "B" * 1_000_000,
        PARTS[0] + PARTS[1],
        PARTS[0][:-1],
    ],
    ids=range(13),
)
def test_what_is_no_part_is_not_taken_for_one(text: str) -> None:
    assert read_part(text) is None


@given(text=st.text(alphabet=ALPHABET, min_size=LONGEST_READ + 1, max_size=LONGEST_PART))
def test_letters_at_random_are_no_part(text: str) -> None:
    assert read_part(text) is None and not gather([text]).parts
