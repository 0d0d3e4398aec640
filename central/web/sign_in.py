"""The door: signing in and out, the one-time link on which a password is chosen, the language."""

import threading

from flask import Blueprint, current_app, flash, redirect, render_template, request, session
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from central import letting_in
from central.letting_in import LONGEST_PASSWORD, SHORTEST_PASSWORD
from central.store import accounts
from central.store.accounts import Account
from central.web import language
from central.web.roles import EVERYBODY, Role, centre, open_to, pace, visitor

sign_in_screen = Blueprint("sign_in", __name__)
PEOPLE = (Role.COORDINATOR, Role.ATELIER, Role.READER)
LONGEST_NAME = 80
LONGEST_NEXT = 500
LONGEST_SECRET = 100


@sign_in_screen.record_once
def _keep(state: BlueprintSetupState) -> None:
    state.app.extensions["checking_password"] = threading.Lock()  # one slow hash at a time takes 32 MB


@sign_in_screen.get("/sign-in")
@open_to(*EVERYBODY)
def sign_in() -> ResponseReturnValue:
    go_on_to = local_path(request.args.get("next", ""))
    if visitor().role in PEOPLE:
        return redirect(go_on_to)
    return _page(go_on_to)


@sign_in_screen.post("/sign-in")
@open_to(*EVERYBODY)
def enter() -> ResponseReturnValue:
    go_on_to = local_path(request.form.get("next", ""))
    pace().check_address("sign_in")
    name, password = request.form.get("name", "").strip()[:LONGEST_NAME], request.form.get("password", "")
    account = _signed_in(name, password[: LONGEST_PASSWORD + 1])
    if account is None:
        return _page(go_on_to, fault="wrong", name=name), 422
    _open_session(account)
    return redirect(go_on_to, 303)


@sign_in_screen.post("/sign-out")
@open_to(*EVERYBODY)
def sign_out() -> ResponseReturnValue:
    kept = session.get(language.CHOSEN, "")
    session.clear()
    language.choose(kept)
    return redirect("/", 303)


@sign_in_screen.post("/language")
@open_to(*EVERYBODY)
def choose_language() -> ResponseReturnValue:
    language.choose(request.form.get("language", ""))
    return redirect(local_path(request.form.get("next", "")), 303)


@sign_in_screen.get("/set-up/<secret>")
@open_to(*EVERYBODY)
def set_up(secret: str) -> ResponseReturnValue:
    return _set_up_page(_name_of(secret))


@sign_in_screen.post("/set-up/<secret>")
@open_to(*EVERYBODY)
def choose_password(secret: str) -> ResponseReturnValue:
    pace().check_address("sign_in")
    name, fault = _name_of(secret), _chosen_fault()
    if fault:
        return _set_up_page(name, fault=fault), 422
    password_hash = _hashed(request.form["password"])
    with centre().writing() as db:
        account = letting_in.choose_password(db, secret, password_hash, at_ms=centre().now_ms())
    if account is None:
        raise NotFound
    _open_session(account)
    flash(language.t("sign_in.password_chosen"), "good")
    return redirect("/", 303)


@sign_in_screen.get("/password")
@open_to(*PEOPLE)
def own_password() -> ResponseReturnValue:
    return _password_page()


@sign_in_screen.post("/password")
@open_to(*PEOPLE)
def change_password() -> ResponseReturnValue:
    pace().check_address("sign_in")
    if _signed_in(visitor().account, request.form.get("before", "")[: LONGEST_PASSWORD + 1]) is None:
        return _password_page(fault="wrong_before"), 422
    if fault := _chosen_fault():
        return _password_page(fault=fault), 422
    password_hash = _hashed(request.form["password"])
    with centre().writing() as db:
        accounts.set_password(db, visitor().account, password_hash)
        account = accounts.find(db, visitor().account)
    assert account is not None, "signed in"
    _open_session(account)
    flash(language.t("sign_in.password_chosen"), "good")
    return redirect("/", 303)


def local_path(text: str) -> str:
    """The page to go on to; « / » for what could lead elsewhere (browsers read « \\ » as « / » and drop tabs)."""
    local = text.startswith("/") and not text.startswith("//") and "\\" not in text and text.isprintable()
    door = text.startswith(("/sign-in", "/sign-out", "/set-up/", "/language"))
    return text if local and not door and len(text) <= LONGEST_NEXT else "/"


def _signed_in(name: str, password: str) -> Account | None:
    with _checking(), centre().reading() as db:
        return letting_in.signed_in(db, name, password)


def _hashed(password: str) -> str:
    with _checking():
        return letting_in.hash_password(password)


def _checking() -> threading.Lock:
    found: threading.Lock = current_app.extensions["checking_password"]
    return found


def _open_session(account: Account) -> None:
    kept = session.get(language.CHOSEN, "")
    session.clear()
    session.permanent = True
    session["account"], session["version"] = account.name, account.session_version
    language.choose(kept)


def _name_of(secret: str) -> str:
    """Raises NotFound for a link that is of no use any more."""
    with centre().reading() as db:
        name = accounts.link_is_good(db, secret[:LONGEST_SECRET], at_ms=centre().now_ms())
    if name is None:
        raise NotFound
    return name


def _chosen_fault() -> str:
    password = request.form.get("password", "")
    return letting_in.password_fault(password) or ("" if password == request.form.get("again") else "not_the_same")


def _page(go_on_to: str, *, fault: str = "", name: str = "") -> str:
    with centre().reading() as db:
        known = accounts.exist(db)
    return render_template("sign_in/sign_in.html", next=go_on_to, fault=fault, name=name, has_accounts=known)


def _set_up_page(name: str, *, fault: str = "") -> str:
    return render_template("sign_in/set_up.html", name=name, fault=fault, **_LIMITS)


def _password_page(*, fault: str = "") -> str:
    return render_template("sign_in/password.html", fault=fault, **_LIMITS)


_LIMITS = {"shortest": SHORTEST_PASSWORD, "longest": LONGEST_PASSWORD}
