"""Command cards: printed on paper, so that what they mean may never change."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from floor_app.domain.cards import Card, Command, read_card
from floor_app.domain.codes import CARD_LETTERS, Found, card_code, card_numbers, read_code

PRINTED_NUMBERS = {
    Command.UNDO: 1,
    Command.HELP: 2,
    Command.YES: 3,
    Command.NO: 4,
    Command.QUANTITY: 16,
    Command.REJECT: 17,
    Command.SECOND: 18,
    Command.REWORK: 19,
    Command.DEFECT: 20,
    Command.PAUSE: 32,
    Command.END_OF_DAY: 33,
    Command.PRACTICE: 34,
    Command.LANGUAGE: 35,
}


@given(command=st.sampled_from(Command), parameter=st.integers(0, 255))
def test_every_card_scanned_says_what_it_was_printed_for(command: Command, parameter: int) -> None:
    card = Card(command, parameter)
    reading = read_code(card.code, home_site="BCDF")
    assert (reading.found, read_card(reading.code)) == (Found.CARD, card)


@pytest.mark.parametrize(("command", "number"), PRINTED_NUMBERS.items())
def test_a_card_printed_years_ago_still_means_the_same(command: Command, number: int) -> None:
    assert card_numbers(Card(command).code)[0] == number
    assert read_card(card_code(number, 0)) == Card(command)


def test_every_command_has_a_card_of_its_own() -> None:
    assert len({Card(command).code for command in Command}) == len(Command)
    assert {len(Card(command, 255).code) for command in Command} == {CARD_LETTERS}
    assert set(Command) >= set(PRINTED_NUMBERS)


@pytest.mark.parametrize("number", sorted({0, 5, 15, 99, 255} - set(PRINTED_NUMBERS.values())))
def test_a_card_of_a_later_version_is_known_to_be_unknown(number: int) -> None:
    assert read_card(card_code(number, 1)) is None


@pytest.mark.parametrize("parameter", [-1, 256, 10_000])
def test_a_number_no_card_can_hold_is_not_printed(parameter: int) -> None:
    with pytest.raises(ValueError, match="does not fit"):
        _ = Card(Command.QUANTITY, parameter).code
