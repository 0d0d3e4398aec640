"""The one command `floor`: an atelier's commands and, under `floor central`, the centre's. The only place that knows both."""

import sys

import click

from central.cli import central
from floor_app.cli import floor
from floor_app.texts import words

t = words()


def floor_command() -> click.Group:
    floor.add_command(central)
    floor.add_command(demo)  # in place of the atelier's own, which knows no network
    return floor


def main() -> None:
    floor_command()(prog_name="floor")


@click.command("demo", help=t("cli.demo_help"))
@click.option("--network", is_flag=True, help=t("cli.option_network"))
@click.option("--port", type=click.IntRange(0, 65535), help=t("cli.option_port"))
def demo(network: bool, port: int | None) -> None:
    if network:
        from floor_command.network_demo import run_network_demo  # a Pi has no centre's libraries

        sys.exit(run_network_demo(port=port, say=click.echo))
    from floor_app.demo import run_demo

    sys.exit(run_demo(port=port, say=click.echo))
