"""Ateliers of the network: the list, one of them with its keys, figures, sheets and machine. An atelier's account sees its own alone."""

import secrets

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import Forbidden, NotFound

from central import enrolling
from central.domain.proposals import Capacity
from central.domain.silence import is_silent
from central.store import alerts, allocations, ateliers, capacities, conflicts, keys, machines, progress, sheets
from central.store.ateliers import Atelier
from central.web.form_fields import iso_day, text, whole_number
from central.web.language import t
from central.web.roles import Role, centre, open_to, visitor

ateliers_screen = Blueprint("ateliers", __name__, url_prefix="/ateliers")
LONGEST_NAME, LONGEST_CODE, SITE_LETTERS = 120, 32, 4
DAYS_SHOWN = 31
PEOPLE = (Role.COORDINATOR, Role.READER, Role.ATELIER)


@ateliers_screen.get("", endpoint="ateliers")
@open_to(*PEOPLE)
def listed() -> ResponseReturnValue:
    if visitor().role == Role.ATELIER:
        return redirect(url_for("ateliers.atelier", code=visitor().atelier))
    return _list()


@ateliers_screen.post("")
@open_to(Role.COORDINATOR)
def add() -> ResponseReturnValue:
    new = Atelier(
        text("code", limit=LONGEST_CODE), text("name", limit=LONGEST_NAME), text("site", limit=SITE_LETTERS).upper()
    )
    with centre().writing() as db:
        fault = enrolling.add_atelier(db, new, at_ms=centre().now_ms())
    if fault:
        return _list(fault=fault, typed=new), 422
    flash(t("ateliers.added", name=new.name), "good")
    return redirect(url_for("ateliers.atelier", code=new.code), 303)


@ateliers_screen.get("/<code>")
@open_to(*PEOPLE)
def atelier(code: str) -> ResponseReturnValue:
    return _page(code)


@ateliers_screen.post("/<code>/code")
@open_to(Role.COORDINATOR)
def give_code(code: str) -> ResponseReturnValue:
    """Shown on this answer alone."""
    with centre().writing() as db:
        if ateliers.find(db, code) is None:
            raise NotFound
        given = enrolling.give_code(db, code, secrets.token_bytes(10), at_ms=centre().now_ms())
    return _page(code, enrolment_code=given)


@ateliers_screen.post("/<code>/capacity")
@open_to(Role.COORDINATOR, Role.ATELIER)
def declare(code: str) -> ResponseReturnValue:
    """What the atelier can take, by its own word or the coordinator's."""
    if visitor().role == Role.ATELIER and visitor().atelier != code:
        raise Forbidden
    pieces, from_day = whole_number(request.form.get("pieces", "")), iso_day(request.form.get("from", ""))
    if pieces is None or from_day is None:
        return _page(code, fault="bad_capacity"), 422
    with centre().writing() as db:
        if ateliers.find(db, code) is None:
            raise NotFound
        capacities.declare(db, Capacity(code, pieces, from_day), at_ms=centre().now_ms())
    flash(t("ateliers.declared"), "good")
    return redirect(url_for("ateliers.atelier", code=code), 303)


@ateliers_screen.post("/<code>/keys/<key_id>/revoke")
@open_to(Role.COORDINATOR)
def revoke(code: str, key_id: str) -> ResponseReturnValue:
    with centre().writing() as db:
        known = enrolling.revoke_key(db, code, key_id, at_ms=centre().now_ms())
    if not known:
        raise NotFound
    flash(t("ateliers.revoked"), "good")
    return redirect(url_for("ateliers.atelier", code=code), 303)


def _list(*, fault: str = "", typed: Atelier | None = None) -> str:
    with centre().reading() as db:
        found, open_conflicts = ateliers.listed(db), conflicts.open_by_atelier(db)
    now = centre().now_ms()
    return render_template(
        "ateliers/ateliers.html",
        found=found,
        conflicts=open_conflicts,
        silent={one.atelier.code for one in found if is_silent(one.heard_at_ms, now)},
        now=now,
        fault=fault,
        typed=typed,
    )


def _page(code: str, *, enrolment_code: str = "", fault: str = "") -> str:
    if visitor().role == Role.ATELIER and visitor().atelier != code:
        raise Forbidden
    now, today = centre().now_ms(), centre().today()
    with centre().reading() as db:
        found = ateliers.find(db, code)
        if found is None:
            raise NotFound
        news = next(one for one in ateliers.listed(db) if one.atelier.code == code)
        held = sheets.of_atelier(db, code, from_day=today.replace(year=today.year - 1), to_day=today.max, limit=4000)
        return render_template(
            "ateliers/atelier.html",
            atelier=found,
            news=news,
            silent=is_silent(news.heard_at_ms, now),
            keys=keys.of_atelier(db, code),
            machine=machines.of_atelier(db, code),
            figures=progress.of_atelier(db, code),
            shares=allocations.of_atelier(db, code),
            held=held[::-1][:DAYS_SHOWN],
            conflicts=conflicts.open_ones(db, atelier=code),
            alerts=alerts.open_ones(db, atelier=code),
            enrolment_code=enrolment_code,
            capacity=capacities.of_atelier(db, code),
            fault=fault,
            now=now,
        )
