"""`floor central …`. Each command asks, prints and ends; what it does is elsewhere, and imported only when it is run."""

import functools
import os
import secrets
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar
from urllib.parse import urlsplit

import click

from central.settings import Settings
from central.texts import words

if TYPE_CHECKING:
    from central.centre import Centre
    from central.sending_alerts import Road

t = words()
Command = TypeVar("Command", bound=Callable[..., Any])
ROLES = ("coordinator", "atelier", "reader")
_SECRETS = ("smtp_password", "alerts_secret")


def _settings(command: Command) -> Command:
    """`--database` and `--data`."""

    @click.option("--database", default="", envvar="FLOOR_CENTRAL_DATABASE", help=t("cli.option_database"))
    @click.option(
        "--data",
        type=click.Path(path_type=Path, file_okay=False),
        default=Path("central-data"),
        envvar="FLOOR_CENTRAL_DATA",
        help=t("cli.option_data"),
    )
    @functools.wraps(command)
    def with_settings(database: str, data: Path, **options: Any) -> Any:
        return command(Settings(data, database), **options)

    return with_settings  # type: ignore[return-value]  # click's decorators return what they wrap


@dataclass(frozen=True, slots=True)
class Telling:
    """Where alerts go, as it was asked for. Secrets come from the environment alone: a command line is seen by everybody."""

    to: str = ""
    smtp: str = ""
    sender: str = ""

    @property
    def shown(self) -> str:
        """An URL may hold a secret of its own after its host."""
        parts = urlsplit(self.to)
        return f"{parts.scheme}://{parts.hostname}" if parts.scheme and parts.hostname else self.to

    def road(self) -> "Road | None":
        from central.sending_alerts import BadRoad, road_to

        secrets_of = {name: os.environ.get(f"FLOOR_CENTRAL_{name.upper()}", "") for name in _SECRETS}
        try:
            return road_to(
                self.to,
                smtp=self.smtp,
                sender=self.sender,
                password=secrets_of["smtp_password"],
                secret=secrets_of["alerts_secret"],
            )
        except BadRoad as error:
            _fail("bad_road", address=error)


def _telling(command: Command) -> Command:
    """`--alerts-to`, `--smtp`, `--alerts-from`."""

    @click.option("--alerts-to", default="", envvar="FLOOR_CENTRAL_ALERTS_TO", help=t("cli.option_alerts_to"))
    @click.option("--smtp", default="", envvar="FLOOR_CENTRAL_SMTP", help=t("cli.option_smtp"))
    @click.option("--alerts-from", default="", envvar="FLOOR_CENTRAL_ALERTS_FROM", help=t("cli.option_alerts_from"))
    @functools.wraps(command)
    def with_telling(*given: Any, alerts_to: str, smtp: str, alerts_from: str, **options: Any) -> Any:
        return command(*given, telling=Telling(alerts_to, smtp, alerts_from), **options)

    return with_telling  # type: ignore[return-value]  # click's decorators return what they wrap


@click.group(help=t("cli.central_help"))
def central() -> None:
    """Words are in texts/."""


@central.command(help=t("cli.serve_help"))
@_settings
@click.option("--host", default="127.0.0.1", show_default=True, help=t("cli.option_host"))
@click.option("--port", type=click.IntRange(0, 65535), default=8090, show_default=True, help=t("cli.option_port"))
@click.option("--proxies", type=click.IntRange(0, 5), default=0, show_default=True, help=t("cli.option_proxies"))
@click.option(
    "--name", "network", default="Réseau", show_default=True, envvar="FLOOR_CENTRAL_NAME", help=t("cli.option_name")
)
@_telling
def serve(settings: Settings, telling: Telling, host: str, port: int, proxies: int, network: str) -> None:
    from central.serving import serve_until_stopped

    asked = replace(settings, proxies=proxies, network=network, alerts_told_to=telling.shown)
    with _faults_told(settings):
        sys.exit(serve_until_stopped(asked, host=host, port=port, say=click.echo, road=telling.road()))


@central.command(help=t("cli.upgrade_help"))
@_settings
def upgrade(settings: Settings) -> None:
    with _opened(settings) as centre:
        click.echo(t("cli.upgraded", database=centre.database.url))


@central.command("import", help=t("cli.import_help"))
@_settings
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--receipt", type=click.Path(path_type=Path, dir_okay=False), help=t("cli.option_receipt"))
def import_sheets(settings: Settings, file: Path, receipt: Path | None) -> None:
    from central.importing_files import RefusedFile, import_file

    with _opened(settings) as centre:
        done = import_file(centre, file.read_bytes(), t=t)
    if isinstance(done, RefusedFile):
        _fail(f"file_{done.code}", file=file)
    answer = receipt or file.with_name(f"{file.stem}-recu{file.suffix}")
    answer.write_bytes(done.receipt)
    click.echo(t("cli.imported", atelier=done.atelier, held=done.held, refused=done.refused))
    click.echo(t("cli.receipt_written", file=answer))


@central.group(help=t("cli.ateliers_help"))
def ateliers() -> None:
    """Words are in texts/."""


@ateliers.command("add", help=t("cli.ateliers_add_help"))
@_settings
@click.argument("code")
@click.argument("name")
@click.option("--site", required=True, help=t("cli.option_site"))
def add_atelier(settings: Settings, code: str, name: str, site: str) -> None:
    from central import enrolling
    from central.store.ateliers import Atelier

    with _opened(settings) as centre, centre.writing() as db:
        fault = enrolling.add_atelier(db, Atelier(code, name.strip(), site.upper()), at_ms=centre.now_ms())
    if fault:
        _fail(f"atelier_{fault}", code=code[:40], site=site[:10])
    click.echo(t("cli.atelier_added", code=code, name=name.strip()))


@ateliers.command("code", help=t("cli.ateliers_code_help"))
@_settings
@click.argument("code")
def give_code(settings: Settings, code: str) -> None:
    from central import enrolling
    from central.domain.enrolment import CODE_RANDOM_BYTES
    from central.store import ateliers as known

    with _opened(settings) as centre, centre.writing() as db:
        if known.find(db, code) is None:
            _fail("unknown_atelier", code=code[:40])
        given = enrolling.give_code(db, code, secrets.token_bytes(CODE_RANDOM_BYTES), at_ms=centre.now_ms())
    click.echo(given)


@central.group(help=t("cli.accounts_help"))
def accounts() -> None:
    """Words are in texts/."""


@accounts.command("link", help=t("cli.accounts_link_help"))
@_settings
@click.argument("name")
@click.option("--role", type=click.Choice(ROLES), required=True, help=t("cli.option_role"))
@click.option("--atelier", default="", help=t("cli.option_atelier"))
def link(settings: Settings, name: str, role: str, atelier: str) -> None:
    from central import letting_in
    from central.store import ateliers as known

    if (role == "atelier") != bool(atelier):
        _fail("atelier_of_role")
    secret = secrets.token_urlsafe(24)
    with _opened(settings) as centre, centre.writing() as db:
        if atelier and known.find(db, atelier) is None:
            _fail("unknown_atelier", code=atelier[:40])
        letting_in.open_account(db, secret, name.strip()[:80], role=role, atelier=atelier, at_ms=centre.now_ms())
    click.echo(f"/set-up/{secret}")


@central.command(help=t("cli.alerts_help"))
@_settings
@_telling
@click.option(
    "--name", "network", default="Réseau", show_default=True, envvar="FLOOR_CENTRAL_NAME", help=t("cli.option_name")
)
@click.option("--send", is_flag=True, help=t("cli.option_send"))
def alerts(settings: Settings, telling: Telling, network: str, send: bool) -> None:
    from central.alert_words import told
    from central.sending_alerts import tell
    from central.store import alerts as kept
    from central.store import ateliers as known
    from central.watching import bring_up_to_date

    road = telling.road()
    if send and road is None:
        _fail("nobody_to_tell")
    with _opened(replace(settings, network=network)) as centre:
        bring_up_to_date(centre)
        with centre.reading() as db:
            names = {one.atelier.code: one.atelier.name for one in known.listed(db)}
            waiting, found = kept.waiting(db), kept.open_ones(db)
        for one in found:
            click.echo(told(one, names, t))
        click.echo(t("cli.alerts_open", count=len(found), n=len(found), waiting=waiting))
        if send and road is not None:
            sent = tell(centre, road)
            with centre.reading() as db:
                left = kept.waiting(db)
            click.echo(t("cli.alerts_sent", sent=sent, left=left))
            if left:
                sys.exit(1)


@contextmanager
def _opened(settings: Settings) -> "Iterator[Centre]":
    with _faults_told(settings):
        from central.centre import opened

        with opened(settings) as centre:
            yield centre


@contextmanager
def _faults_told(settings: Settings) -> Iterator[None]:
    """What stands in the way of the centre, in one sentence."""
    if find_spec("sqlalchemy") is None:  # an atelier's Pi has none of it
        _fail("not_installed")
    from central.centre_key import WrongKey
    from central.store.database import BadAddress, Unavailable
    from central.store.migrations import NewerSchema

    try:
        yield
    except BadAddress as error:
        _fail("bad_address", address=error)
    except WrongKey as error:
        _fail("wrong_key", file=error)
    except NewerSchema:
        _fail("newer_schema")
    except Unavailable as error:
        _fail("unavailable", reason=error)
    except OSError as error:
        _fail("no_folder", folder=settings.data, reason=error)


def _fail(key: str, **values: object) -> NoReturn:
    click.echo(t(f"cli.{key}", **values), err=True)
    sys.exit(1)
