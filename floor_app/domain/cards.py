"""Command cards: what an operator without a screen can say. A card is a number in a code of its own namespace (`codes.card_code`)."""

from dataclasses import dataclass
from enum import Enum, StrEnum

from floor_app.domain.codes import card_code, card_numbers


class Command(StrEnum):
    UNDO = "undo"
    HELP = "help"
    YES = "yes"  # accept the first choice offered
    NO = "no"  # drop what was offered or typed
    QUANTITY = "quantity"  # parameter: good pieces of the next bundle
    REJECT = "reject"  # parameter: pieces of the next bundle
    SECOND = "second"
    REWORK = "rework"
    DEFECT = "defect"  # parameter: number of the defect
    PAUSE = "pause"
    END_OF_DAY = "end_of_day"
    PRACTICE = "practice"
    LANGUAGE = "language"  # parameter: index of the language


class _Number(Enum):
    """Printed on paper: a number never changes its meaning."""

    UNDO = 1
    HELP = 2
    YES = 3
    NO = 4
    QUANTITY = 16
    REJECT = 17
    SECOND = 18
    REWORK = 19
    DEFECT = 20
    PAUSE = 32
    END_OF_DAY = 33
    PRACTICE = 34
    LANGUAGE = 35


@dataclass(frozen=True, slots=True)
class Card:
    command: Command
    parameter: int = 0

    @property
    def code(self) -> str:
        return card_code(_Number[self.command.name].value, self.parameter)


_COMMANDS = {number.value: Command[number.name] for number in _Number}


def read_card(code: str) -> Card | None:
    """The card of a well-formed card code; `None` for a number this version does not know."""
    number, parameter = card_numbers(code)
    command = _COMMANDS.get(number)
    return Card(command, parameter) if command else None
