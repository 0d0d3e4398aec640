"""The one command `floor`: an atelier's commands and, under `floor central`, the centre's. The only place that knows both."""

import click

from central.cli import central
from floor_app.cli import floor


def floor_command() -> click.Group:
    floor.add_command(central)
    return floor


def main() -> None:
    floor_command()(prog_name="floor")
