"""`floor sync …`: the network's centre, from a terminal."""

import base64
import json
import sys
from pathlib import Path
from typing import Any

import click

from floor_app.cli_common import ask_atelier, fail, settings, t
from floor_app.config import FloorConfig

WAIT_S = 60


@click.group(help=t("cli.sync_help"))
def sync() -> None: ...


@sync.command("enrol", help=t("cli.sync_enrol_help"))
@settings
@click.argument("url")
@click.argument("code")
def enrol(config: FloorConfig, data: Path, url: str, code: str) -> None:
    answer = ask_atelier(config, data, "sync_join", url=url, code=code)
    if answer["code"] != "joined":
        _refuse(f"network.join_{answer['code']}", value=answer["value"], code=config.atelier.code)
    click.echo(t("network.join_joined", network=answer["network"]))


@sync.command("run", help=t("cli.sync_run_help"))
@settings
def run(config: FloorConfig, data: Path) -> None:
    answer = ask_atelier(config, data, "sync_status", limit=1)
    if not answer["enrolled"]:
        fail("sync_not_enrolled")
    before = answer["runs"]
    answer = ask_atelier(config, data, "sync_run", wait_s=WAIT_S, after=before)
    while answer["runs"] == before:
        click.echo(t("cli.sync_going", count=answer["backlog_days"]))
        answer = ask_atelier(config, data, "sync_run", wait_s=WAIT_S, after=before, going=True)
    attempt = answer["attempts"][0]
    click.echo(_told(attempt))
    _tell_trouble(answer)
    sys.exit(0 if attempt["outcome"] == "done" else 1)


@sync.command("status", help=t("cli.sync_status_help"))
@settings
@click.option("--json", "as_json", is_flag=True, help=t("cli.option_json"))
def status(config: FloorConfig, data: Path, as_json: bool) -> None:
    answer = ask_atelier(config, data, "sync_status")
    if as_json:
        click.echo(json.dumps(answer, ensure_ascii=False))
        return
    if not answer["enrolled"]:
        fail("sync_not_enrolled")
    click.echo(t("cli.sync_network", network=answer["network"], url=answer["url"]))
    click.echo(t("cli.sync_backlog", count=answer["backlog_days"]))
    for attempt in answer["attempts"]:
        click.echo(_told(attempt))
    _tell_trouble(answer)


@sync.command("new-key", help=t("cli.sync_new_key_help"))
@settings
def new_key(config: FloorConfig, data: Path) -> None:
    answer = ask_atelier(config, data, "sync_new_key")
    if answer["code"] != "changed":
        _refuse(f"network.key_{answer['code']}")
    click.echo(t("network.key_changed"))


@sync.command("leave", help=t("cli.sync_leave_help"))
@settings
@click.confirmation_option(prompt=t("cli.sync_leave_sure"))
def leave(config: FloorConfig, data: Path) -> None:
    if not ask_atelier(config, data, "sync_leave")["left"]:
        fail("sync_not_enrolled")
    click.echo(t("network.left"))


@sync.command("export", help=t("cli.sync_export_help"))
@settings
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def export(config: FloorConfig, data: Path, file: Path) -> None:
    answer = ask_atelier(config, data, "sync_export")
    if not answer:
        fail("sync_not_enrolled")
    content = base64.b64decode(answer["content"])
    try:
        file.write_bytes(content)
    except OSError as error:
        fail("sync_file_failed", file=file, reason=error.strerror)
    click.echo(t("network.file_written", count=answer["days"], file=file))


@sync.command("import", help=t("cli.sync_import_help"))
@settings
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
def import_file(config: FloorConfig, data: Path, file: Path) -> None:
    from floor_app.sync.stick import LARGEST_RECEIPT

    with file.open("rb") as opened:
        content = opened.read(LARGEST_RECEIPT + 1)
    answer = ask_atelier(config, data, "sync_import", content=base64.b64encode(content).decode("ascii"))
    if answer["code"] != "read":
        _refuse(f"network.file_{answer['code']}")
    click.echo(t("network.file_read", **answer))


def _refuse(key: str, **values: object) -> None:
    click.echo(t(key, **values), err=True)
    sys.exit(1)


def _told(attempt: dict[str, Any]) -> str:
    from datetime import datetime

    when = datetime.fromtimestamp(attempt["started_at_ms"] / 1000).astimezone().strftime("%d/%m/%Y %H:%M")
    said = t(f"network.outcome_{attempt['outcome']}")
    counts = t("network.attempt_counts", sent=attempt["sent"], left=attempt["left"])
    return f"{when}  {said} {counts}"


def _tell_trouble(answer: dict[str, Any]) -> None:
    for one in answer["trouble"]:
        click.echo(t(f"network.trouble_{one['code']}_short", day=one["day"]))
