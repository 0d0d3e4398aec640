"""Two machines that speak for one atelier: what happened, in words, and the way out for a coordinator."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from central.store import ateliers, conflicts, keys
from central.web.language import t
from central.web.roles import Role, centre, open_to

conflicts_screen = Blueprint("conflicts", __name__, url_prefix="/ateliers/<code>/dispute")
LEAVE_LASTS_MS = 48 * 3_600_000
"""Two nights: an atelier that is told by telephone presses its button the same day, another is heard at night."""


@conflicts_screen.get("")
@open_to(Role.COORDINATOR)
def of_atelier(code: str) -> ResponseReturnValue:
    with centre().reading() as db:
        found = ateliers.find(db, code)
        if found is None:
            raise NotFound
        return render_template(
            "conflicts/conflicts.html",
            atelier=found,
            conflicts=conflicts.open_ones(db, atelier=code),
            keys=[key for key in keys.of_atelier(db, code) if key.in_force],
            allowed=found.may_replace_until_ms >= centre().now_ms(),
        )


@conflicts_screen.post("/allow")
@open_to(Role.COORDINATOR)
def allow(code: str) -> ResponseReturnValue:
    return _set(code, centre().now_ms() + LEAVE_LASTS_MS, "conflicts.allowed")


@conflicts_screen.post("/forbid")
@open_to(Role.COORDINATOR)
def forbid(code: str) -> ResponseReturnValue:
    return _set(code, 0, "conflicts.forbidden")


@conflicts_screen.post("/settle")
@open_to(Role.COORDINATOR)
def settle(code: str) -> ResponseReturnValue:
    """The right machine is back: what is held stays, the alarm ends. It rings again if the other one speaks again with new figures."""
    with centre().writing() as db:
        if ateliers.find(db, code) is None:
            raise NotFound
        conflicts.settle(db, code, at_ms=centre().now_ms())
        ateliers.allow_replacing(db, code, until_ms=0)
    flash(t("conflicts.settled"), "good")
    return redirect(url_for("ateliers.atelier", code=code), 303)


def _set(code: str, until_ms: int, said: str) -> ResponseReturnValue:
    with centre().writing() as db:
        if ateliers.find(db, code) is None:
            raise NotFound
        ateliers.allow_replacing(db, code, until_ms=until_ms)
    flash(t(said), "good")
    return redirect(url_for("conflicts.of_atelier", code=code), 303)
