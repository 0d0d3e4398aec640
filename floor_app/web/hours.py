"""« Heures d’insertion »: half-days proposed and confirmed, people, what each contract asks for, reports. Every look at names is noted."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from floor_app.confirming_hours import record_totals
from floor_app.domain.insertion import (
    MOST_MINUTES_A_HALF_DAY,
    USUAL_MINUTES,
    Assignment,
    HalfDay,
    Person,
    Target,
    forecast_minutes,
    kept_since,
    proposed,
    totals,
)
from floor_app.domain.orders import TEXT_LIMIT
from floor_app.domain.production_days import ProductionDay
from floor_app.reports.hours_report import HoursReport, PersonHours, hours_pdf, hours_xlsx
from floor_app.store import insertion_hours, people, sealed_people
from floor_app.texts import words
from floor_app.web.form_fields import asked_text, sent_id, text, whole_number
from floor_app.web.roles import Role, atelier, open_to, visitor

screen = Blueprint("hours", __name__, url_prefix="/hours")
LONGEST_NAME = 80
MOST_PEOPLE = 200
MOST_HOURS = 1_000_000
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class ContractShown:
    """`done`, `asked`: minutes; `asked` 0 and no forecast where nobody said what the contract asks for."""

    contract: str
    done: int
    target: Target | None
    forecast: int | None

    @property
    def share(self) -> float:
        return min(1.0, self.done / self.target.minutes) if self.target and self.target.minutes else 0.0


@screen.get("")
@open_to(Role.SUPERVISOR)
def hours() -> ResponseReturnValue:
    day = _day(request.args.get("day", ""))
    with atelier().reading() as db:
        ran = insertion_hours.contracts_run(db, ProductionDay(day.isoformat(), atelier().clock.day_starts))
        open_contracts = insertion_hours.contracts_of_orders(db)
    here = atelier().people.run(people.people_on, day.isoformat())
    confirmed_at_ms = atelier().people.run(people.confirmed_at, day.isoformat())
    before = atelier().people.run(people.last_contracts, day.isoformat())
    sheet = atelier().people.run(people.sheet_of, day.isoformat()) if confirmed_at_ms else proposed(here, ran, before)
    _note("sheet", day.isoformat())
    known = {*open_contracts, *atelier().people.run(people.contracts_known), *(one.contract for one in sheet)} - {""}
    return render_template(
        "hours/hours.html",
        day=day,
        today=_today(),
        yesterday=day - timedelta(days=1),
        tomorrow=day + timedelta(days=1),
        people=here,
        cells={(one.person, one.half_day): one for one in sheet},
        halves=tuple(HalfDay),
        contracts=sorted(known),
        confirmed_at_ms=confirmed_at_ms,
        totals=totals(sheet) if confirmed_at_ms else (),
        shown=_contracts_shown(),
        most_minutes=MOST_MINUTES_A_HALF_DAY,
        copies=_copies(),
    )


@screen.post("")
@open_to(Role.SUPERVISOR)
def confirm() -> ResponseReturnValue:
    """The sheet of a day as sent, whole; what cannot be understood changes nothing."""
    day = _day(request.form.get("day", ""))
    here = atelier().people.run(people.people_on, day.isoformat())
    assignments = tuple(_assignment(person, half_day) for person in here for half_day in HalfDay)
    now_ms = atelier().clock.now_ms()
    atelier().people.run(people.keep_sheet, day.isoformat(), assignments, at_ms=now_ms)
    moment = atelier().clock.moment()
    atelier().run(record_totals, day.isoformat(), assignments, event_id=f"hours-{sent_id()}", moment=moment)
    atelier().people.run(people.forget_before, kept_since(_today()).isoformat())
    flash(words()("hours.confirmed", day=_french(day)), "good")
    return redirect(url_for("hours.hours", day=day.isoformat()), 303)


@screen.get("/people")
@open_to(Role.SUPERVISOR)
def people_page() -> ResponseReturnValue:
    _note("people", "")
    here = atelier().people.run(people.people_on, _today().isoformat())
    return render_template(
        "hours/people.html",
        people=here,
        usual=USUAL_MINUTES,
        most=MOST_MINUTES_A_HALF_DAY,
        longest=LONGEST_NAME,
        looks=atelier().people.run(people.looks, limit=50),
    )


@screen.post("/people")
@open_to(Role.SUPERVISOR)
def add_person() -> ResponseReturnValue:
    name, minutes = text("name", limit=LONGEST_NAME), _minutes(request.form.get("minutes", ""))
    if not name or minutes is None:
        return _back("people_page", "person_refused", "stop")
    if len(atelier().people.run(people.people_on, _today().isoformat())) >= MOST_PEOPLE:
        return _back("people_page", "too_many_people", "stop")
    atelier().people.run(people.add_person, name, minutes)
    return _back("people_page", "person_added", "good")


@screen.post("/people/<int:person>")
@open_to(Role.SUPERVISOR)
def change_person(person: int) -> ResponseReturnValue:
    if request.form.get("left"):
        left = atelier().people.run(people.person_left, person, _today().isoformat())
        return _back("people_page", "person_left", "good") if left else abort(404)
    name, minutes = text("name", limit=LONGEST_NAME), _minutes(request.form.get("minutes", ""))
    if not name or minutes is None:
        return _back("people_page", "person_refused", "stop")
    if not atelier().people.run(people.change_person, person, name=name, minutes=minutes):
        abort(404)
    return _back("people_page", "person_changed", "good")


@screen.post("/contracts")
@open_to(Role.SUPERVISOR)
def keep_target() -> ResponseReturnValue:
    """What a contract asks for: hours, from a day to a day."""
    contract, asked = text("contract", limit=TEXT_LIMIT), whole_number(request.form.get("hours", ""))
    begins, ends = _iso(request.form.get("begins", "")), _iso(request.form.get("ends", ""))
    if not contract or asked is None or not 0 < asked <= MOST_HOURS or not begins or not ends or begins > ends:
        return _back("hours", "target_refused", "stop")
    atelier().people.run(people.keep_target, Target(contract, asked * 60, begins, ends))
    return _back("hours", "target_kept", "good")


@screen.get("/report.<kind>")
@open_to(Role.SUPERVISOR)
def report(kind: str) -> ResponseReturnValue:
    """One contract, one month, with names: for the facilitator of the social clause. Noted in the list of looks."""
    writers: dict[str, tuple[str, Callable[[HoursReport], bytes]]] = {
        "pdf": ("application/pdf", hours_pdf),
        "xlsx": (XLSX, hours_xlsx),
    }
    month, contract = _iso(f"{request.args.get('month', '')[:7]}-01"), asked_text("contract", limit=TEXT_LIMIT)
    if kind not in writers or month is None or not contract:
        abort(404)
    _note(f"report_{kind}", f"{contract} {month:%Y-%m}")
    mimetype, write = writers[kind]
    name = f"heures-insertion-{month:%Y-%m}.{kind}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(write(_report(contract, month)), mimetype=mimetype, headers=headers)


def _copies() -> str:
    """What there is to say of copies of the hours: waiting, missing, or ""."""
    with atelier().reading() as db:
        if sealed_people.waiting(db):
            return "waiting"
    safe = atelier().people.run(people.seal) or not atelier().people.run(people.anybody)
    return "" if safe else "missing"


def _report(contract: str, month: date) -> HoursReport:
    last = (month.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    rows = atelier().people.run(people.hours_of, contract, month.isoformat(), last.isoformat())
    shown = next((shown for shown in _contracts_shown() if shown.contract == contract), None)
    return HoursReport(
        atelier=atelier().config.atelier.name,
        contract=contract,
        month=month,
        rows=tuple(PersonHours(*row) for row in rows),
        done=shown.done if shown else sum(row[2] for row in rows),
        asked=shown.target.minutes if shown and shown.target else None,
        forecast=shown.forecast if shown else None,
        printed_on=_today(),
    )


def _contracts_shown() -> list[ContractShown]:
    targets = {target.contract: target for target in atelier().people.run(people.targets)}
    return [
        _contract_shown(contract, targets.get(contract)) for contract in atelier().people.run(people.contracts_known)
    ]


def _contract_shown(contract: str, target: Target | None) -> ContractShown:
    first, last = (target.begins.isoformat(), target.ends.isoformat()) if target else ("", "9999")
    done = atelier().people.run(people.minutes_done, contract, first, last)
    return ContractShown(contract, done, target, forecast_minutes(done, target, _today()) if target else None)


def _assignment(person: Person, half_day: HalfDay) -> Assignment:
    name = f"{person.id}-{half_day.value}"
    contract = text(f"contract-{name}", limit=TEXT_LIMIT)
    minutes = _minutes(request.form.get(f"minutes-{name}", ""))
    if minutes is None:
        abort(422, f"minutes-{name}: 0–{MOST_MINUTES_A_HALF_DAY}")
    return Assignment(person.id, half_day, contract, minutes if contract else 0)


def _minutes(written: str) -> int | None:
    minutes = whole_number(written)
    return minutes if minutes is not None and minutes <= MOST_MINUTES_A_HALF_DAY else None


def _note(what: str, about: str) -> None:
    at_ms = atelier().clock.now_ms()
    atelier().people.run(people.note_look, visitor().account, f"{what} {about}".strip(), at_ms=at_ms)


def _day(written: str) -> date:
    """A day not in the future; today for anything else."""
    found = _iso(written)
    return found if found and found <= _today() else _today()


def _iso(written: str) -> date | None:
    try:
        return date.fromisoformat(written)
    except ValueError:
        return None


def _today() -> date:
    return date.fromisoformat(atelier().clock.today())


def _french(day: date) -> str:
    return f"{day:%d/%m/%Y}"


def _back(view: str, said: str, look: str) -> ResponseReturnValue:
    flash(words()(f"hours.{said}"), look)
    return redirect(url_for(f"hours.{view}"), 303)
