"""Stations: where each one is, how its scanner is, and which tablets and scripts may speak for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue

from floor_app import access
from floor_app.config import StationConfig
from floor_app.device_board import DeviceState
from floor_app.store import access as access_store
from floor_app.store.access import Token
from floor_app.texts import words
from floor_app.web.addresses import address_for_others, is_loopback
from floor_app.web.form_fields import sent_id, text
from floor_app.web.given_secrets import GivenSecrets
from floor_app.web.pairing import TABLET
from floor_app.web.qr_drawing import draw_qr
from floor_app.web.roles import Role, atelier, forget_visitors, open_to
from floor_app.web.step_names import step_name

screen = Blueprint("stations", __name__)
LONGEST_LABEL = 40
WALL_SCREEN = ""  # a pairing for no station


@dataclass(frozen=True, slots=True)
class Scanner:
    """`state`: as the device board has it; `none` where a tablet scans. `level`: how bad that is."""

    state: str
    level: str
    since_ms: int = 0


@dataclass(frozen=True, slots=True)
class StationShown:
    station: StationConfig
    step: str
    scanner: Scanner
    tablets: tuple[Token, ...]
    scripts: tuple[Token, ...]


@screen.record_once
def keep_given_secrets(state: BlueprintSetupState) -> None:
    state.app.extensions["given_secrets"] = GivenSecrets()


@screen.get("/stations")
@open_to(Role.SUPERVISOR)
def stations() -> ResponseReturnValue:
    with atelier().reading() as db:
        tokens = access_store.tokens(db, "station", "board")
    known = {station.name for station in atelier().config.stations}
    return render_template(
        "stations/stations.html",
        shown=_stations_shown(tokens),
        boards=[token for token in tokens if token.kind == "board"],
        orphans=[token for token in tokens if token.kind == "station" and token.subject not in known],
        source=atelier().config.source,
        tablet_name=_tablet_name,
        version=atelier().devices.version,
        longest_label=LONGEST_LABEL,
    )


@screen.get("/stations/scanners")
@open_to(Role.SUPERVISOR)
def scanners() -> ResponseReturnValue:
    """The scanners' states alone: the page's forms are left as they are, half filled in."""
    version = atelier().devices.version
    if request.args.get("seen") == str(version):
        return "", 204
    return render_template("stations/scanners.html", shown=_stations_shown(()), version=version)


@screen.post("/stations/<name>/pair")
@open_to(Role.SUPERVISOR)
def pair_tablet(name: str) -> ResponseReturnValue:
    return _link_page(_station(name))


@screen.post("/wall-screens/pair")
@open_to(Role.SUPERVISOR)
def pair_wall_screen() -> ResponseReturnValue:
    return _link_page(None)


@screen.get("/stations/links/<int:token_id>")
@open_to(Role.SUPERVISOR)
def link_state(token_id: int) -> ResponseReturnValue:
    """Nothing while the link waits; then that it was used, or is too old."""
    with atelier().reading() as db:
        link = next((token for token in access_store.tokens(db, "pairing") if token.id == token_id), None)
    if link is None:
        abort(404)
    if not link.used_at_ms and link.usable(atelier().clock.now_ms()):
        return "", 204
    return render_template("stations/link_state.html", used=bool(link.used_at_ms))


@screen.post("/stations/<name>/token")
@open_to(Role.SUPERVISOR)
def give_token(name: str) -> ResponseReturnValue:
    """Shown on this answer and nowhere else."""
    station = _station(name)
    label = text("label", limit=LONGEST_LABEL).removeprefix(f"{TABLET} ")

    def keep(secret: str) -> None:
        at_ms = atelier().clock.now_ms()
        atelier().run(access.give_token, secret, kind="station", subject=name, label=label, at_ms=at_ms)

    secret = _given().for_form(request.path, sent_id(), keep=keep)
    return render_template(
        "stations/token.html", station=station, token=secret, label=label, address=address_for_others()
    )


@screen.post("/stations/tokens/<int:token_id>/revoke")
@open_to(Role.SUPERVISOR)
def revoke(token_id: int) -> ResponseReturnValue:
    with atelier().reading() as db:
        known = any(token.id == token_id for token in access_store.tokens(db, "station", "board"))
    t = words(atelier().config.atelier.language)
    if known and atelier().run(access_store.revoke, token_id, atelier().clock.now_ms()):
        forget_visitors()
        flash(t("stations.revoked"), "good")
    else:
        flash(t("stations.already_revoked"), "warn")
    return redirect("/stations", 303)


def _stations_shown(tokens: Sequence[Token]) -> list[StationShown]:
    heard = {state.serves: state for state in atelier().devices.states("scanner")}
    return [_shown(station, heard.get(station.name), tokens) for station in atelier().config.stations]


def _shown(station: StationConfig, heard: DeviceState | None, tokens: Sequence[Token]) -> StationShown:
    own = [token for token in tokens if token.kind == "station" and token.subject == station.name]
    return StationShown(
        station,
        step_name(words(atelier().config.atelier.language), station.operation),
        _scanner(station, heard),
        tablets=tuple(token for token in own if _is_tablet(token)),
        scripts=tuple(token for token in own if not _is_tablet(token)),
    )


_LEVELS = {"ready": "good", "missing": "stop", "lost": "stop", "busy": "warn", "unknown": "warn"}


def _scanner(station: StationConfig, heard: DeviceState | None) -> Scanner:
    if not station.scanner:
        return Scanner("none", "")
    state = heard.state if heard and heard.state in _LEVELS else "unknown"
    return Scanner(state, _LEVELS[state], heard.since_ms if heard else 0)


def _is_tablet(token: Token) -> bool:
    return token.label.startswith(f"{TABLET} ")


def _tablet_name(token: Token) -> str:
    return token.label.removeprefix(f"{TABLET} ")


def _station(name: str) -> StationConfig:
    station = atelier().station(name)
    if station is None:
        abort(404)
    return station


def _given() -> GivenSecrets:
    found: GivenSecrets = current_app.extensions["given_secrets"]
    return found


def _link_page(station: StationConfig | None) -> str:
    subject = station.name if station else WALL_SCREEN

    def keep(secret: str) -> None:
        atelier().run(access.open_pairing, secret, subject=subject, at_ms=atelier().clock.now_ms())

    secret = _given().for_form(request.path, sent_id(), keep=keep)
    with atelier().reading() as db:
        link = access_store.token(db, secret)
    assert link is not None, "kept just now, and never deleted"
    address = address_for_others()
    url = f"{address}/pair/{secret}"
    return render_template(
        "stations/link.html",
        station=station,
        link=link,
        url=url,
        qr=draw_qr(url),
        only_here=is_loopback(urlsplit(address).hostname or ""),
    )
