"""What every command of an atelier needs: its settings read and checked, the atelier asked, a sentence and an exit code."""

import functools
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn, TypeVar

import click

from floor_app.config import ConfigError, FloorConfig, read_config
from floor_app.texts import words

t = words()
Command = TypeVar("Command", bound=Callable[..., Any])


def settings(command: Command) -> Command:
    """`--config` and `--data`, read and checked."""

    @click.option(
        "--config",
        "config_file",
        type=click.Path(path_type=Path),
        default=Path("floor.toml"),
        help=t("cli.option_config"),
    )
    @click.option(
        "--data", type=click.Path(path_type=Path, file_okay=False), default=Path("data"), help=t("cli.option_data")
    )
    @functools.wraps(command)
    def with_settings(config_file: Path, data: Path, **options: Any) -> Any:
        return command(config=read_settings(config_file), data=data, **options)

    return with_settings  # type: ignore[return-value]  # click's decorators return what they wrap


def read_settings(config_file: Path) -> FloorConfig:
    try:
        return read_config(config_file)
    except ConfigError as error:
        for fault in error.faults:
            said = t(f"config_faults.{fault.code}", key=fault.key, value=fault.value, expected=fault.expected)
            key = "config_fault" if fault.line else "config_missing"
            click.echo(t(f"cli.{key}", file=config_file, line=fault.line, words=said), err=True)
        sys.exit(2)


def fail(key: str, **values: object) -> NoReturn:
    click.echo(t(f"cli.{key}", **values), err=True)
    sys.exit(1)


def ask_atelier(config: FloorConfig, data: Path, command: str, **asked: Any) -> dict[str, Any]:
    from floor_app.service_link import ServiceGone, ServiceRefused, ask  # a command that asks nobody starts sooner

    try:
        return ask(config, data, command, asked)
    except ServiceGone:
        fail("service_gone")
    except ServiceRefused as error:
        fail("service_refused", detail=error)
