"""docs/operations.md shows every command's help as it is. `python tests/test_operations.py` writes it anew."""

import re
from collections.abc import Iterator
from pathlib import Path

import click
from click.testing import CliRunner

from floor_command import floor_command

PAGE = Path(__file__).parent.parent / "docs" / "operations.md"
BLOCK = re.compile(r"(<!-- help: (?P<command>[a-z -]+?) -->\n```\n).*?(```\n)", re.DOTALL)


def commands(group: click.Group, path: str = "floor") -> Iterator[str]:
    yield path
    for name, command in sorted(group.commands.items()):
        if isinstance(command, click.Group):
            yield from commands(command, f"{path} {name}")
        else:
            yield f"{path} {name}"


def help_of(command: str) -> str:
    ran = CliRunner().invoke(floor_command(), [*command.split()[1:], "--help"], prog_name="floor", terminal_width=100)
    assert ran.exit_code == 0, ran.output
    return ran.output


def with_help(page: str) -> str:
    return BLOCK.sub(lambda block: block[1] + help_of(block["command"]) + block[3], page)


def test_every_command_is_shown_once() -> None:
    shown = [block["command"] for block in BLOCK.finditer(PAGE.read_text(encoding="utf-8"))]
    assert sorted(shown) == sorted(commands(floor_command()))


def test_the_help_shown_is_the_help_given() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert with_help(page) == page


if __name__ == "__main__":
    PAGE.write_text(with_help(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
