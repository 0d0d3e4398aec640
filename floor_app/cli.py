"""Every command of `floor`. Each asks, prints and ends; what it does is elsewhere."""

import base64
import contextlib
import functools
import gc
import json
import sys
from pathlib import Path
from typing import Any

import click

from floor_app.cli_common import ask_atelier, fail, read_settings, settings, t
from floor_app.cli_sync import sync
from floor_app.config import FloorConfig
from floor_app.texts import grouped_number


def main() -> None:
    floor(prog_name="floor")


@click.group(
    help=t("cli.floor_help"), context_settings={"help_option_names": ["--help", "-h"], "max_content_width": 100}
)
@click.version_option(package_name="floor")
def floor() -> None: ...


floor.add_command(sync)


@floor.command(help=t("cli.serve_help"))
@settings
@click.option("--port", type=click.IntRange(0, 65535), help=t("cli.option_port"))
def serve(config: FloorConfig, data: Path, port: int | None) -> None:
    gc.disable()  # what a start loads stays: looking for garbage in it takes a tenth of the start; on again once it runs
    try:
        from floor_app.serving import serve_until_stopped

        code = serve_until_stopped(config, data, port=port, say=click.echo)
    finally:
        gc.enable()
    sys.exit(code)


@floor.command(help=t("cli.demo_help"))
@click.option("--port", type=click.IntRange(0, 65535), help=t("cli.option_port"))
def demo(port: int | None) -> None:
    from floor_app.demo import run_demo

    sys.exit(run_demo(port=port, say=click.echo))


@floor.command(help=t("cli.simulate_help"))
@click.option("--seed", type=click.IntRange(0, 999_999), default=2026, show_default=True, help=t("cli.option_seed"))
@click.option("--speed", type=click.FloatRange(min=1), default=600, show_default=True, help=t("cli.option_speed"))
@click.option(
    "--config", "config_file", type=click.Path(path_type=Path), default=Path("floor.toml"), help=t("cli.option_config")
)
@click.option("--data", type=click.Path(path_type=Path, file_okay=False), help=t("cli.option_simulate_data"))
def simulate(seed: int, speed: float, config_file: Path, data: Path | None) -> None:
    from floor_app.simulating.day import DayBroken
    from floor_app.simulating.equipment import RealMachine
    from floor_app.simulating.links import FloorGone
    from floor_app.simulating.own_floor import own_floor
    from floor_app.simulating.planning import NobodyWorks
    from floor_app.simulating.telling import floor_at, live_and_tell

    if data:
        _must_be_new(data)
    place = floor_at(read_settings(config_file), data) if data else own_floor()
    try:
        with place as simulated:
            export = functools.partial(_day_sheet, simulated.data, starts=simulated.config.atelier.day_starts)
            code = live_and_tell(simulated, seed=seed, speed=speed, export=export, say=click.echo)
    except RealMachine as error:
        fail("simulate_real_machine", path=error)
    except NobodyWorks as error:
        fail("simulate_nobody", step=t(f"operations.{error}_noun"))
    except (FloorGone, DayBroken) as error:
        fail("simulate_broken", reason=error)
    sys.exit(code)


def _must_be_new(data: Path) -> None:
    """What a simulation counts stays counted for ever: never on a floor that has counted anything."""
    from floor_app.store.database import open_reader
    from floor_app.store.events import last_seq

    reader = open_reader(_database(data))
    with contextlib.closing(reader.conn):
        counted = last_seq(reader)
    if counted:
        fail("simulate_not_new", folder=data)


def _day_sheet(data: Path, day: str, *, starts: int) -> bytes:
    from floor_app.domain.production_days import ProductionDay
    from floor_app.reports.day_export import day_csv
    from floor_app.store import day_counts
    from floor_app.store.database import open_reader

    reader = open_reader(_database(data))
    with contextlib.closing(reader.conn):
        return day_csv(day, day_counts.of_day(reader, ProductionDay(day, starts)))


@floor.command(help=t("cli.doctor_help"))
@settings
@click.option("--json", "as_json", is_flag=True, help=t("cli.option_json"))
def doctor(config: FloorConfig, data: Path, as_json: bool) -> None:
    from floor_app.doctor import examine, render

    findings = examine(config, data)
    click.echo(render(findings, as_json=as_json))
    sys.exit(0 if all(finding.healthy for finding in findings) else 1)


@floor.command(help=t("cli.backup_help"))
@settings
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def backup(config: FloorConfig, data: Path, file: Path) -> None:
    from floor_app.clock import Clock
    from floor_app.keeping import back_up
    from floor_app.people_copies import sealed_copy
    from floor_app.store.backup import BadCopy
    from floor_app.store.people import FILE

    at_ms = Clock(config.atelier.timezone).now_ms()
    try:
        people = sealed_copy(data, at_ms=at_ms)
        count = back_up(_database(data), file, at_ms=at_ms, people=people)
    except BadCopy as error:
        fail("bad_copy", file=file, reason=error.reason)
    except OSError as error:
        fail("cannot_write", file=file, reason=error.strerror)
    click.echo(t("cli.backed_up", file=file, events=count))
    if people or (data / FILE).exists():
        click.echo(t("cli.backed_up_hours" if people else "cli.hours_not_backed_up"))


@floor.command(help=t("cli.restore_help"))
@settings
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
def restore(config: FloorConfig, data: Path, file: Path) -> None:
    from floor_app.atelier import DATABASE, MARK_FILE
    from floor_app.clock import Clock
    from floor_app.folder_lock import FolderLock, FolderTaken
    from floor_app.keeping import restore as put_back
    from floor_app.store import sealed_people
    from floor_app.store.backup import BadCopy
    from floor_app.store.code_reserve import HighWaterMark
    from floor_app.store.database import open_reader

    try:
        with FolderLock(data):
            at_ms = Clock(config.atelier.timezone).now_ms()
            count = put_back(file, data / DATABASE, mark=HighWaterMark(data / MARK_FILE), at_ms=at_ms)
    except FolderTaken:
        fail("folder_taken", folder=data)
    except BadCopy as error:
        fail("bad_copy", file=file, reason=error.reason)
    click.echo(t("cli.restored", file=file, events=count, folder=data))
    reader = open_reader(data / DATABASE)
    with contextlib.closing(reader.conn):
        if sealed_people.waiting(reader):
            click.echo(t("cli.restored_hours"))


@floor.command(help=t("cli.rebuild_help"))
@settings
def rebuild(config: FloorConfig, data: Path) -> None:
    from floor_app.keeping import rebuild_tables

    def put_right(difference: Any) -> int:
        changed: int = ask_atelier(
            config, data, "put_right", table=difference.table, lacking=difference.lacking, extra=difference.extra
        )["changed"]
        return changed

    with click.progressbar(length=1, label=" ", file=sys.stderr) as bar:

        def progress(done: int, total: int) -> None:
            bar.length = total
            bar.update(done - bar.pos)

        answer = rebuild_tables(_database(data), data / "rebuild.db", put_right=put_right, progress=progress)
    if answer.left:
        fail("rebuilt_left", rows=sum(answer.left.values()), tables=", ".join(answer.left))
    key = "rebuilt_changed" if answer.different else "rebuilt_same"
    click.echo(
        t(f"cli.{key}", events=answer.events, rows=sum(answer.different.values()), tables=", ".join(answer.different))
    )


@floor.group(help=t("cli.orders_help"))
def orders() -> None: ...


@orders.command("import", help=t("cli.orders_import_help"))
@settings
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option("--json", "as_json", is_flag=True, help=t("cli.option_json"))
def import_orders(config: FloorConfig, data: Path, file: Path, as_json: bool) -> None:
    content = base64.b64encode(file.read_bytes()).decode()
    answer = ask_atelier(config, data, "import_file", filename=file.name, content=content)
    if as_json:
        click.echo(json.dumps(answer, ensure_ascii=False))
        sys.exit(1 if answer["faults"] else 0)
    if answer["faults"]:
        click.echo(t("cli.orders_refused", count=len(answer["faults"])), err=True)
        for fault in answer["faults"]:
            click.echo(
                t("cli.orders_row", row=fault["row"], words=t(f"import_faults.{fault['code']}", **fault)), err=True
            )
        sys.exit(1)
    count, codes = len(answer["imported"]), ", ".join(answer["imported"])
    click.echo(t("cli.orders_imported", count=count, codes=codes, pieces=grouped_number(answer["pieces"])))


@floor.group(help=t("cli.lays_help"))
def lays() -> None: ...


@lays.command("cut", help=t("cli.lays_cut_help"))
@settings
@click.argument("order")
@click.option("--colour", required=True, help=t("cli.option_colour"))
@click.option("--marker", required=True, help=t("cli.option_marker"))
@click.option("--plies", required=True, type=int, help=t("cli.option_plies"))
@click.option("--shade", default="", help=t("cli.option_shade"))
@click.option("--cap", type=click.IntRange(1, 500), help=t("cli.option_cap"))
@click.option("--print/--no-print", "prints", default=True, help=t("cli.option_print"))
@click.option("--json", "as_json", is_flag=True, help=t("cli.option_json"))
def cut_lay(config: FloorConfig, data: Path, prints: bool, as_json: bool, **lay: Any) -> None:
    answer = ask_atelier(config, data, "cut", print=prints, **lay)
    if as_json:
        click.echo(json.dumps(answer, ensure_ascii=False))
        sys.exit(1 if answer["faults"] else 0)
    for fault in answer["faults"]:
        fail("lay_refused", words=t(f"lays.fault_{fault['code']}", value=fault["value"]))
    for bundle in answer["bundles"]:
        click.echo(f"{bundle['code']}\t{bundle['number']}\t{bundle['size']}\t{bundle['quantity']}")
    pieces = sum(bundle["quantity"] for bundle in answer["bundles"])
    click.echo(
        t("cli.lay_cut", order=answer["order"], lay=answer["lay"], pieces=pieces, bundles=len(answer["bundles"]))
    )
    for over in answer["over_cut"]:
        click.echo(t("cli.over_cut", **over))


@floor.group(help=t("cli.labels_help"))
def labels() -> None: ...


@labels.command("render", help=t("cli.labels_render_help"))
@settings
@click.argument("code")
@click.option("--out", required=True, type=click.Path(path_type=Path, dir_okay=False), help=t("cli.option_out"))
@click.option("--size", type=click.Choice(["50x30", "58x40", "80x50"]), help=t("cli.option_size"))
def render_label(config: FloorConfig, data: Path, code: str, out: Path, size: str | None) -> None:
    from floor_app.domain.codes import Found, read_code
    from floor_app.labels import pictured_label
    from floor_app.store import bundles, own_templates
    from floor_app.store.database import open_reader
    from label_templates.render import render_label as render

    reading = read_code(code, home_site=config.atelier.site)
    if reading.found != Found.BUNDLE:
        fail("unreadable_code", code=code[:40])
    db = open_reader(_database(data))
    card = bundles.card(db, reading.code)
    if card is None:
        fail("unknown_bundle", code=reading.code)
        return
    printer = next(iter(config.printers), None)
    paper = size or (printer.label if printer else "50x30")
    image = render(
        "bundle",
        pictured_label(db, card, duplicate=card.duplicates),
        size=paper,
        dots_per_mm=printer.dots_per_mm if printer else 8,
        own=own_templates.folder_in(data),
    )
    image.save(out, format="PNG")
    click.echo(t("cli.written", file=out))


@floor.group(help=t("cli.export_help"))
def export() -> None: ...


@export.command("day", help=t("cli.export_day_help"))
@settings
@click.argument("date")
@click.option("--out", required=True, type=click.Path(path_type=Path, dir_okay=False), help=t("cli.option_out"))
def export_day(config: FloorConfig, data: Path, date: str, out: Path) -> None:
    from datetime import date as iso_date

    from floor_app.domain.production_days import ProductionDay
    from floor_app.reports.day_export import day_csv
    from floor_app.store import day_counts
    from floor_app.store.database import open_reader

    try:
        day = iso_date.fromisoformat(date).isoformat()
    except ValueError:
        fail("bad_date", value=date[:40])
    counted = day_counts.of_day(open_reader(_database(data)), ProductionDay(day, config.atelier.day_starts))
    out.write_bytes(day_csv(day, counted))
    click.echo(t("cli.written", file=out))


@floor.group(help=t("cli.stations_help"))
def stations() -> None: ...


@stations.command("token", help=t("cli.stations_token_help"))
@settings
@click.argument("name")
def station_token(config: FloorConfig, data: Path, name: str) -> None:
    _known_station(config, name)
    click.echo(ask_atelier(config, data, "station_token", station=name)["token"])


@stations.command("pair", help=t("cli.stations_pair_help"))
@settings
@click.argument("name")
def pair_station(config: FloorConfig, data: Path, name: str) -> None:
    _known_station(config, name)
    click.echo(_url(config, data) + ask_atelier(config, data, "pairing_link", station=name)["path"])


@floor.group(help=t("cli.boards_help"))
def boards() -> None: ...


@boards.command("pair", help=t("cli.boards_pair_help"))
@settings
def pair_board(config: FloorConfig, data: Path) -> None:
    click.echo(_url(config, data) + ask_atelier(config, data, "pairing_link", station="")["path"])


@floor.group(help=t("cli.supervisors_help"))
def supervisors() -> None: ...


@supervisors.command("add", help=t("cli.supervisors_add_help"))
@settings
@click.argument("name")
def add_supervisor(config: FloorConfig, data: Path, name: str) -> None:
    click.echo(_url(config, data) + ask_atelier(config, data, "supervisor_link", name=name)["path"])


def _known_station(config: FloorConfig, name: str) -> None:
    known = [station.name for station in config.stations]
    if name not in known:
        fail("unknown_station", name=name[:60], known=", ".join(known))


def _database(data: Path) -> Path:
    from floor_app.atelier import DATABASE

    if not (data / DATABASE).exists():
        fail("no_database", folder=data)
    return data / DATABASE


def _url(config: FloorConfig, data: Path) -> str:
    from floor_app.serving import address_of

    return address_of(config, data)
