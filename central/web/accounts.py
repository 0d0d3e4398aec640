"""Accounts of the network's people: who has one, a link on which a password is chosen (shown once), closing."""

import secrets

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection
from werkzeug.exceptions import NotFound

from central import letting_in
from central.store import accounts, ateliers
from central.store.accounts import ROLES
from central.web.form_fields import text
from central.web.language import t
from central.web.roles import Role, centre, open_to, visitor

accounts_screen = Blueprint("accounts", __name__, url_prefix="/accounts")
LONGEST_NAME = 80


@accounts_screen.get("", endpoint="accounts")
@open_to(Role.COORDINATOR)
def page() -> ResponseReturnValue:
    return _page()


@accounts_screen.post("")
@open_to(Role.COORDINATOR)
def add() -> ResponseReturnValue:
    name, role, atelier = (
        text("name", limit=LONGEST_NAME),
        request.form.get("role", ""),
        request.form.get("atelier", ""),
    )
    with centre().writing() as db:
        fault = _fault(name, role, atelier, known=ateliers.find(db, atelier) is not None, taken=_is_taken(db, name))
        if not fault:
            secret = secrets.token_urlsafe(24)
            own = atelier if role == Role.ATELIER else ""
            letting_in.open_account(db, secret, name, role=role, atelier=own, at_ms=centre().now_ms())
    if fault:
        return _page(fault=fault, typed=name), 422
    return _page(link=url_for("sign_in.set_up", secret=secret, _external=True), link_for=name)


@accounts_screen.post("/<name>/link")
@open_to(Role.COORDINATOR)
def new_link(name: str) -> ResponseReturnValue:
    """For whoever forgot her password; the old one stays good until a new one is chosen."""
    secret = secrets.token_urlsafe(24)
    with centre().writing() as db:
        found = accounts.find(db, name)
        if found is None or found.closed_at_ms:
            raise NotFound
        accounts.add_link(db, secret, name, expires_at_ms=centre().now_ms() + letting_in.LINK_LASTS_MS)
    return _page(link=url_for("sign_in.set_up", secret=secret, _external=True), link_for=name)


@accounts_screen.post("/<name>/close")
@open_to(Role.COORDINATOR)
def close(name: str) -> ResponseReturnValue:
    """One's own is never closed: somebody must be left to open the others."""
    if name == visitor().account:
        return _page(fault="own_account"), 422
    with centre().writing() as db:
        if accounts.find(db, name) is None:
            raise NotFound
        accounts.close(db, name, at_ms=centre().now_ms())
    flash(t("accounts.closed", name=name), "good")
    return redirect(url_for("accounts.accounts"), 303)


def _fault(name: str, role: str, atelier: str, *, known: bool, taken: bool) -> str:
    if not name or "/" in name:
        return "bad_name"
    if taken:
        return "taken"
    if role not in ROLES:
        return "bad_role"
    return "no_atelier" if role == Role.ATELIER and not (atelier and known) else ""


def _is_taken(db: Connection, name: str) -> bool:
    found = accounts.find(db, name)
    return found is not None and not found.closed_at_ms


def _page(*, fault: str = "", typed: str = "", link: str = "", link_for: str = "") -> str:
    with centre().reading() as db:
        found, places = accounts.listed(db), ateliers.listed(db)
    return render_template(
        "accounts/accounts.html",
        found=[one for one in found if not one.closed_at_ms],
        ateliers=[one.atelier for one in places],
        names={one.atelier.code: one.atelier.name for one in places},
        fault=fault,
        typed=typed,
        link=link,
        link_for=link_for,
        roles=ROLES,
    )
