"""Machines of the network: which are silent and what to do, and how each is; as a page and as a table."""

from dataclasses import dataclass

from flask import Blueprint, Response, render_template
from flask.typing import ResponseReturnValue

from central.domain.silence import is_silent
from central.store import ateliers, machines
from central.store.ateliers import AtelierNews
from central.store.machines import Machine
from central.web.downloads import table_file
from central.web.language import t
from central.web.roles import Role, centre, open_to
from central.web.wording import moment
from groundwork.spreadsheets import Cell

fleet_screen = Blueprint("fleet", __name__, url_prefix="/fleet")
OFFICE = (Role.COORDINATOR, Role.READER)
DISK_LOW_MB = 2000
CLOCK_OFF_S = 120


@dataclass(frozen=True, slots=True)
class Standing:
    """`machine`: `None` before it said anything. `worries`: keys of the texts, worst first."""

    news: AtelierNews
    machine: Machine | None
    silent: bool
    worries: tuple[str, ...]


@fleet_screen.get("", endpoint="fleet")
@open_to(*OFFICE)
def page() -> ResponseReturnValue:
    found = _standings()
    return render_template(
        "fleet/fleet.html", found=found, silent=[one for one in found if one.silent], now=centre().now_ms()
    )


@fleet_screen.get("/machines.<kind>")
@open_to(*OFFICE)
def table(kind: str) -> Response:
    return table_file(t("fleet.file"), kind, _rows())


def _standings() -> list[Standing]:
    now = centre().now_ms()
    with centre().reading() as db:
        found, states = ateliers.listed(db), machines.listed(db)
    return [_standing(one, states.get(one.atelier.code), now) for one in found]


def _standing(news: AtelierNews, machine: Machine | None, now: int) -> Standing:
    silent = is_silent(news.heard_at_ms, now)
    worries = []
    if machine:
        worries += ["disk_low"] if machine.disk_free_mb < DISK_LOW_MB else []
        worries += ["no_backup"] if not machine.last_backup else []
        worries += ["clock_off"] if abs(machine.clock_ahead_s or 0) > CLOCK_OFF_S else []
    return Standing(news, machine, silent, tuple(worries))


def _rows() -> list[list[Cell]]:
    names = ("atelier", "code", "heard", "silent", "version", "backlog", "disk", "backup", "clock", "clock_ahead")
    return [[t(f"fleet.column_{name}") for name in names], *map(_row, _standings())]


def _row(one: Standing) -> list[Cell]:
    said = one.machine
    state: list[Cell] = (
        [said.version, said.backlog_days, said.disk_free_mb, said.last_backup, said.clock, said.clock_ahead_s]
        if said
        else [None] * 6
    )
    heard = moment(one.news.heard_at_ms) if one.news.heard_at_ms else t("common.never")
    return [one.news.atelier.name, one.news.atelier.code, heard, t(f"common.{'yes' if one.silent else 'no'}"), *state]
