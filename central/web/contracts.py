"""Contracts and their insertion hours: against what they ask for, by month and by atelier. An atelier's account: its own hours alone."""

from datetime import date

from flask import Blueprint, Response, abort, flash, make_response, redirect, render_template, request, url_for

from central.counting_hours import ContractHours, hours_listed, hours_of
from central.reports import hours_paper, wording
from central.store import contracts as kept
from central.store.contracts import Contract
from central.web.downloads import CSV, PDF, XLSX, download
from central.web.language import spoken, t
from central.web.roles import Role, centre, open_to, visitor

contracts_screen = Blueprint("contracts", __name__)

LONGEST_CODE = 40
LONGEST_TEXT = 200
MOST_HOURS = 10_000_000
PEOPLE = (Role.COORDINATOR, Role.READER, Role.ATELIER)


@contracts_screen.get("/contracts")
@open_to(*PEOPLE)
def contracts() -> str:
    return _list_page()


@contracts_screen.post("/contracts")
@open_to(Role.COORDINATOR)
def keep() -> Response:
    """New, or another description of the one of that code."""
    contract, fault = _asked()
    if contract is None:
        return make_response(_list_page(fault=fault), 422)
    with centre().writing() as db:
        kept.put(db, contract)
    flash(t("contracts.kept", code=contract.contract), "good")
    return make_response(redirect(url_for("contracts.contract", code=contract.contract), code=303))


@contracts_screen.get("/contracts/<path:code>")
@open_to(*PEOPLE)
def contract(code: str) -> str:
    return render_template("contracts/contract.html", counted=_counted(code), **_words())


@contracts_screen.get("/contract-hours/<path:code>.csv")
@open_to(*PEOPLE)
def csv(code: str) -> Response:
    return download(hours_paper.hours_csv(_counted(code), spoken()), CSV, "heures", f"{code}.csv")


@contracts_screen.get("/contract-hours/<path:code>.xlsx")
@open_to(*PEOPLE)
def xlsx(code: str) -> Response:
    made = hours_paper.hours_xlsx(_counted(code), _network(), centre().now_ms(), spoken())
    return download(made, XLSX, "heures", f"{code}.xlsx")


@contracts_screen.get("/contract-hours/<path:code>.pdf")
@open_to(*PEOPLE)
def pdf(code: str) -> Response:
    made = hours_paper.hours_pdf(_counted(code), _network(), centre().now_ms(), spoken())
    return download(made, PDF, "heures", f"{code}.pdf")


def _own() -> str | None:
    """Whose hours alone are to be seen; `None`: all."""
    return visitor().atelier if visitor().role == Role.ATELIER else None


def _counted(code: str) -> ContractHours:
    with centre().reading() as db:
        return hours_of(db, code, atelier=_own(), today=centre().today()) or abort(404)


def _list_page(fault: str = "") -> str:
    own = _own()
    with centre().reading() as db:
        found = hours_listed(db, atelier=own, today=centre().today())
        described = {one.contract for one in kept.listed(db)}
    return render_template(
        "contracts/listed.html",
        listed=found,
        described=described,
        own=own is not None,
        fault=fault,
        given=request.form,
        **_words(),
    )


def _words() -> dict[str, object]:
    words = spoken()
    return {
        "hours": lambda minutes: wording.hours(minutes, words),
        "people": lambda count: wording.people(count, words),
    }


def _network() -> str:
    return centre().settings.network


def _asked() -> tuple[Contract | None, str]:
    """What the form says, or which fault is in it."""
    said = {name: request.form.get(name, "").strip() for name in ("code", "title", "buyer", "note", "first", "last")}
    if not said["code"] or len(said["code"]) > LONGEST_CODE or not said["code"].isprintable():
        return None, "code"
    if any(len(said[name]) > LONGEST_TEXT or not said[name].isprintable() for name in ("title", "buyer", "note")):
        return None, "text"
    if bool(said["first"]) != bool(said["last"]) or not _days_in_order(said["first"], said["last"]):
        return None, "days"
    hours = request.form.get("hours", "").strip() or "0"
    if not (hours.isascii() and hours.isdecimal()) or len(hours) > 9 or int(hours) > MOST_HOURS:
        return None, "hours"
    minutes = int(hours) * 60
    return Contract(said["code"], said["title"], said["buyer"], said["first"], said["last"], minutes, said["note"]), ""


def _days_in_order(first: str, last: str) -> bool:
    if not first:
        return True
    try:
        return date.fromisoformat(first) <= date.fromisoformat(last) and len(first) == len(last) == len("2026-11-26")
    except ValueError:
        return False
