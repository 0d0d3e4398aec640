"""The board: what a supervisor sees at a glance, on a desk, a phone or the workshop's wall; and the bundles behind each figure."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from flask import Blueprint, Response, abort, current_app, flash, g, redirect, render_template, request, url_for
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue

from floor_app.scanning import answer_help
from floor_app.store import stations
from floor_app.texts import words
from floor_app.web import board_behind, order_codes
from floor_app.web.board_figures import BoardFigures, load_figures
from floor_app.web.board_wall import wall
from floor_app.web.board_words import BoardWords
from floor_app.web.kept import Kept
from floor_app.web.pace import Pace
from floor_app.web.roles import STRANGER, Role, atelier, open_to, visitor
from floor_app.web.tiles import TILES

screen = Blueprint("board", __name__)
MOST_KEPT = 12
DRAWN_EVERY_S = 0.5  # a page asks every second: what was scanned is on it within two


@dataclass(frozen=True, slots=True)
class Shown:
    """What this process keeps of the board. `start` tells the versions of two runs of the service apart."""

    start: str = field(default_factory=lambda: secrets.token_hex(3))
    figures: Kept[BoardFigures] = field(default_factory=lambda: Kept(MOST_KEPT))
    pages: Kept[str] = field(default_factory=lambda: Kept(MOST_KEPT))
    pace: Pace = field(default_factory=lambda: Pace(DRAWN_EVERY_S))


@dataclass(frozen=True, slots=True)
class Fragment:
    """The live part of the board. `version` changes with anything it shows, ages included."""

    version: str
    draw: Callable[[], str]


@screen.record
def _keep(state: BlueprintSetupState) -> None:
    state.app.extensions["board"] = Shown()
    order_codes.add_to(state)


@screen.after_app_request
def show_what_was_changed(response: Response) -> Response:
    """A supervisor's own change is on the board at once; scans, however many, at its pace."""
    if request.method == "POST" and getattr(g, "visitor", STRANGER).role in (Role.SUPERVISOR, Role.CONTROL):
        shown: Shown = current_app.extensions["board"]
        shown.pace.hurry()
    return response


@screen.get("/board")
@open_to(Role.SUPERVISOR, Role.BOARD)
def board() -> ResponseReturnValue:
    fragment = _fragment()
    template = "board/wall.html" if _on_wall() else "board/board.html"
    return render_template(template, fragment=fragment.draw())


@screen.get("/board/now")
@open_to(Role.SUPERVISOR, Role.BOARD)
def now() -> ResponseReturnValue:
    """What a page asks every second: nothing (204) as long as it shows what there is."""
    fragment = _fragment()
    if request.args.get("seen") == fragment.version:
        return "", 204
    return fragment.draw(), {"X-Board": fragment.version}


@screen.post("/board/help")
@open_to(Role.SUPERVISOR)
def answer() -> ResponseReturnValue:
    """« J'y vais »: names the call by its station and its time, so that pressing twice, here or elsewhere, is once."""
    station, _, since_ms = request.form.get("call", "").rpartition("@")
    with atelier().reading() as db:
        calls = stations.open_help_calls(db)
    call = next((call for call in calls if call.station == station and str(call.since_ms) == since_ms), None)
    t = words(atelier().config.atelier.language)
    if call is None:
        flash(t("board.help_gone"), "warn")
        return redirect(url_for("board.board"), 303)
    moment = atelier().clock.moment()
    atelier().run(answer_help, station, event_id=f"help-{since_ms}-{station}"[:80], moment=moment)
    flash(t("board.help_answered", station=_title(station)), "good")
    return redirect(url_for("board.board"), 303)


@screen.get("/board/waiting/<operation>")
@open_to(Role.SUPERVISOR, Role.BOARD)
def waiting(operation: str) -> ResponseReturnValue:
    found = board_behind.waiting_at(atelier(), operation)
    return render_template("board/waiting.html", behind=found, **_usual()) if found else abort(404)


@screen.get("/board/order/<order_code:code>")
@open_to(Role.SUPERVISOR, Role.BOARD)
def order(code: str) -> ResponseReturnValue:
    fate = request.args.get("show", "in_progress")
    found = board_behind.order_as_it_stands(atelier(), code, fate=fate)
    return render_template("board/order.html", behind=found, **_usual()) if found else abort(404)


@screen.get("/board/hour/<int:hour>")
@open_to(Role.SUPERVISOR, Role.BOARD)
def hour(hour: int) -> ResponseReturnValue:
    if hour > 23:
        abort(404)
    return render_template("board/hour.html", behind=board_behind.finished_in_hour(atelier(), hour), **_usual())


def _fragment() -> Fragment:
    """The version is read before the figures: a commit in between makes them newer than they say, and read again."""
    shown: Shown = current_app.extensions["board"]
    minute = atelier().clock.now_ms() // 60_000
    version = shown.pace.version(f"{shown.start}.{atelier().version}.{minute}")
    figures = shown.figures.get(version, lambda: load_figures(atelier()))
    if _on_wall():
        part = wall(figures, at_ms=atelier().clock.now_ms())
        return _kept(f"{version}.{part.page}", "board/wall_now.html", figures, wall=part)
    supervising = visitor().role == Role.SUPERVISOR
    return _kept(f"{version}.{'s' if supervising else 'b'}", "board/now.html", figures, supervising=supervising)


def _kept(version: str, template: str, figures: BoardFigures, **values: Any) -> Fragment:
    shown: Shown = current_app.extensions["board"]

    def draw() -> str:
        usual = _usual(figures.at_ms)
        return render_template(template, version=version, figures=figures, tiles=TILES, **usual, **values)

    return Fragment(version, lambda: shown.pages.get(f"{template}.{version}", draw))


def _usual(at_ms: int | None = None) -> dict[str, Any]:
    """What every template of the board uses."""
    now_ms = atelier().clock.now_ms() if at_ms is None else at_ms
    return {"say": BoardWords(words(atelier().config.atelier.language), atelier().clock, now_ms)}


def _on_wall() -> bool:
    return request.args.get("tv") == "1"


def _title(station: str) -> str:
    found = atelier().station(station)
    return found.title if found else station
