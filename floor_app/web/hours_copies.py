"""« Copies de sauvegarde » of insertion hours: the passphrase that closes them, and back from a copy after a restore."""

import secrets

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from floor_app import people_copies
from floor_app.domain.codes import ALPHABET
from floor_app.sealing import CannotOpen, letters_of
from floor_app.store import people, sealed_people
from floor_app.texts import words
from floor_app.web.roles import Role, atelier, open_to

screen = Blueprint("hours_copies", __name__, url_prefix="/hours/copies")
SHORTEST, LONGEST = 16, 200
PROPOSED_GROUPS, GROUP_LETTERS = 5, 4  # 80 bits, and nothing that looks like something else on paper


@screen.get("")
@open_to(Role.SUPERVISOR)
def copies() -> ResponseReturnValue:
    with atelier().reading() as db:
        waiting = sealed_people.waiting(db)
    file = atelier().people
    return render_template(
        "hours/copies.html",
        chosen=file.run(people.seal) is not None,
        waiting=waiting,
        takes_nothing_away=not file.run(people.anybody),
        proposed=_proposed(),
        shortest=SHORTEST,
        longest=LONGEST,
    )


@screen.post("")
@open_to(Role.SUPERVISOR)
def choose() -> ResponseReturnValue:
    passphrase = _passphrase()
    if len(letters_of(passphrase)) < SHORTEST:
        return _back("refused", "stop", shortest=SHORTEST)
    people_copies.choose_passphrase(atelier().people, passphrase)
    return _back("chosen", "good")


@screen.post("/check")
@open_to(Role.SUPERVISOR)
def check() -> ResponseReturnValue:
    known = people_copies.knows_passphrase(atelier().people, _passphrase())
    return _back("right", "good") if known else _back("wrong", "stop")


@screen.post("/open")
@open_to(Role.SUPERVISOR)
def take_back() -> ResponseReturnValue:
    """Only while there is nothing here that it could take the place of."""
    with atelier().reading() as db:
        waiting = sealed_people.waiting(db)
    if waiting is None:
        abort(404)
    if atelier().people.run(people.anybody):
        return _back("not_empty", "stop")
    try:
        people_copies.take_back(atelier().people, waiting, _passphrase())
    except CannotOpen as error:
        return _back("wrong" if error.code == "passphrase" else "damaged", "stop")
    atelier().run(sealed_people.forget)
    return _back("taken_back", "good")


@screen.post("/forget")
@open_to(Role.SUPERVISOR)
def forget() -> ResponseReturnValue:
    """The copy that waits; the backup it came with still has it."""
    atelier().run(sealed_people.forget)
    return _back("forgotten", "good")


def _passphrase() -> str:
    return request.form.get("passphrase", "")[:LONGEST]


def _proposed() -> str:
    groups = ("".join(secrets.choice(ALPHABET) for _ in range(GROUP_LETTERS)) for _ in range(PROPOSED_GROUPS))
    return " ".join(groups)


def _back(said: str, look: str, **about: object) -> ResponseReturnValue:
    flash(words()(f"hours_copies.{said}", **about), look)
    return redirect(url_for("hours_copies.copies"), 303)
