"""« Réseau »: joining, what waits, every conversation with the centre, what needs a person, and the way by a stick.

What speaks with a centre is loaded by whoever asks for it: a floor in no network never needs it.
"""

from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from floor_app.domain.sync_times import next_night_run
from floor_app.hearing_centre import CLOCK_FACT, MAY_REPLACE_FACT
from floor_app.store import day_sheets, network_identity, sync_attempts
from floor_app.store.day_sheets import KeptSheet
from floor_app.store.network_identity import NetworkIdentity, Trust
from floor_app.store.sync_attempts import Attempt
from floor_app.texts import words
from floor_app.web.form_fields import text
from floor_app.web.roles import Role, atelier, open_to

screen = Blueprint("network", __name__, url_prefix="/network")
MOST_ATTEMPTS = 60
CLOCK_OFF_S = 120
FILE_TYPE = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class Trouble:
    """Days the centre does not take, all for the same reason. `days`: ISO; `detail`: of the first, for a technician."""

    code: str
    days: tuple[str, ...]
    detail: str


@dataclass(frozen=True, slots=True)
class Standing:
    """How the atelier stands with its network. `identity`: `None` where this machine has no key. `next_at`: local time."""

    trust: Trust | None
    identity: NetworkIdentity | None
    backlog_days: int
    troubles: tuple[Trouble, ...]
    may_replace: bool
    attempts: tuple[Attempt, ...]
    last_good: Attempt | None
    clock_off_minutes: int
    next_at: datetime


@screen.get("")
@open_to(Role.SUPERVISOR)
def network() -> ResponseReturnValue:
    return _page()


@screen.get("/now")
@open_to(Role.SUPERVISOR)
def now() -> ResponseReturnValue:
    """What a page asks while it is open: nothing (204) as long as it shows what there is."""
    if request.args.get("seen") == atelier().sync.version:
        return "", 204
    return render_template("network/standing.html", **_shown())


@screen.post("/join")
@open_to(Role.SUPERVISOR)
def join() -> ResponseReturnValue:
    from floor_app.sync import enrolment
    from floor_app.sync.centre_link import LONGEST_URL

    url, code = text("url", limit=LONGEST_URL), text("code", limit=enrolment.LONGEST_CODE)
    joined = enrolment.join(atelier(), url, code)
    if joined.code == "joined":
        flash(_t("network.join_joined", network=joined.network), "good")
        return redirect(url_for("network.network"), 303)
    fault = _t(f"network.join_{joined.code}", value=joined.value, code=atelier().config.atelier.code)
    return _page(fault=fault, url=url, code=code), 422


@screen.post("/send")
@open_to(Role.SUPERVISOR)
def send() -> ResponseReturnValue:
    atelier().sync.ask()
    if request.headers.get("HX-Request"):
        return render_template("network/standing.html", **_shown())
    return redirect(url_for("network.network"), 303)


@screen.post("/file")
@open_to(Role.SUPERVISOR)
def file() -> ResponseReturnValue:
    from floor_app.sync import stick
    from floor_app.sync.run import NotEnrolled

    try:
        written = stick.write_file(atelier())
    except NotEnrolled:
        return _page(fault=_t("network.file_not_enrolled")), 422
    name = f"{atelier().config.atelier.code}-{atelier().clock.today()}.floor"
    return Response(
        written.content, mimetype=FILE_TYPE, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


@screen.post("/receipt")
@open_to(Role.SUPERVISOR)
def receipt() -> ResponseReturnValue:
    from floor_app.sync import stick

    sent = request.files.get("file")
    if sent is None or not sent.filename:
        return _page(fault=_t("network.file_nothing")), 422
    content = sent.read(stick.LARGEST_RECEIPT + 1)
    sent.close()
    read = stick.read_receipt(atelier(), content)
    if read.code != "read":
        return _page(fault=_t(f"network.file_{read.code}")), 422
    said = _t("network.file_read", sent=read.sent, refused=read.refused, offers=read.offers, notes=read.notes)
    flash(said, "warn" if read.refused else "good")
    return redirect(url_for("network.network"), 303)


@screen.post("/key")
@open_to(Role.SUPERVISOR)
def new_key() -> ResponseReturnValue:
    from floor_app.sync import enrolment

    code = enrolment.take_new_key(atelier())
    flash(_t(f"network.key_{code}"), "good" if code == "changed" else "stop")
    return redirect(url_for("network.network"), 303)


@screen.post("/leave")
@open_to(Role.SUPERVISOR)
def leave() -> ResponseReturnValue:
    from floor_app.sync import enrolment

    if request.form.get("sure") == "yes" and enrolment.leave(atelier()):
        flash(_t("network.left"), "good")
    return redirect(url_for("network.network"), 303)


def _page(*, fault: str = "", url: str = "", code: str = "") -> str:
    return render_template("network/network.html", fault=fault, url=url, code=code, **_shown())


def _shown() -> dict[str, object]:
    desk = atelier().sync
    version, progress, wished = (
        desk.version,
        desk.progress,
        desk.wished,
    )  # the version first: what changes after it is asked for again
    return {"version": version, "progress": progress, "wished": wished, "standing": _standing()}


def _standing() -> Standing:
    here = atelier()
    with here.reading() as db:
        return Standing(
            trust=network_identity.trust(db),
            identity=network_identity.identity(db),
            backlog_days=day_sheets.backlog_days(db),
            troubles=_troubles(day_sheets.sheets_in_trouble(db)),
            may_replace=sync_attempts.fact(db, MAY_REPLACE_FACT) == "yes",
            attempts=tuple(sync_attempts.newest(db, limit=MOST_ATTEMPTS)),
            last_good=sync_attempts.last_good(db),
            clock_off_minutes=_clock_off_minutes(sync_attempts.fact(db, CLOCK_FACT)),
            next_at=next_night_run(here.config.atelier.code, here.clock.local(here.clock.now_ms())),
        )


def _troubles(sheets: list[KeptSheet]) -> tuple[Trouble, ...]:
    by_code: dict[str, list[KeptSheet]] = {}
    for one in sheets:
        by_code.setdefault(one.trouble, []).append(one)
    return tuple(
        Trouble(code, tuple(one.day for one in found), found[0].trouble_detail)
        for code, found in sorted(by_code.items())
    )


def _clock_off_minutes(fact: str) -> int:
    """0 where it is nothing to speak of, or nobody knows."""
    ahead_s = abs(int(fact)) if fact.lstrip("-").isdigit() else 0
    return round(ahead_s / 60) if ahead_s > CLOCK_OFF_S else 0


def _t(key: str, **values: object) -> str:
    return words(atelier().config.atelier.language)(key, **values)
