"""The door: where « / » leads each visitor, signing in and out, and the link on which a supervisor chooses her password."""

import time

from flask import Blueprint, current_app, flash, redirect, render_template, request, session
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue

from floor_app import access
from floor_app.store import access as access_store
from floor_app.store.access import Account, Token
from floor_app.texts import words
from floor_app.web.device_cookie import renew_device_cookie
from floor_app.web.roles import Role, atelier, open_to, visitor
from floor_app.web.sign_in_attempts import SignInAttempts

screen = Blueprint("sign_in", __name__)
LONGEST_NAME = 40
LONGEST_NEXT = 500


@screen.record_once
def keep_attempts(state: BlueprintSetupState) -> None:
    state.app.extensions["sign_in_attempts"] = SignInAttempts()


@screen.get("/")
@open_to(*Role)
def home() -> ResponseReturnValue:
    return renew_device_cookie(redirect(_own_page()))


@screen.get("/sign-in")
@open_to(*Role)
def sign_in() -> ResponseReturnValue:
    if visitor().role == Role.SUPERVISOR:
        return redirect(_local_path(request.args.get("next", "")))
    return _sign_in_page(_local_path(request.args.get("next", "")))


@screen.post("/sign-in")
@open_to(*Role)
def enter() -> ResponseReturnValue:
    go_on_to = _local_path(request.form.get("next", ""))
    name = request.form.get("name", "").strip()
    password = request.form.get("password", "")
    address = request.remote_addr or ""
    if not _attempts().begin(address, now_s=time.monotonic()):
        return _sign_in_page(go_on_to, fault="too_often", name=name), 429, {"Retry-After": "60"}
    account = _account(name, password)
    if account is None:
        return _sign_in_page(go_on_to, fault="wrong", name=name), 422
    _attempts().succeeded(address)
    _open_session(account)
    return redirect(go_on_to, 303)


@screen.post("/sign-out")
@open_to(*Role)
def sign_out() -> ResponseReturnValue:
    session.clear()
    return redirect("/", 303)


@screen.get("/set-up/<secret>")
@open_to(*Role)
def set_up(secret: str) -> ResponseReturnValue:
    link = _setup_link(secret)
    return _set_up_page(link) if link else _link_gone()


@screen.post("/set-up/<secret>")
@open_to(*Role)
def choose_password(secret: str) -> ResponseReturnValue:
    link = _setup_link(secret)
    if link is None:
        return _link_gone()
    password = request.form.get("password", "")
    fault = access.password_fault(password) or ("" if password == request.form.get("again") else "not_the_same")
    if fault:
        return _set_up_page(link, fault=fault), 422
    with _attempts().checking:
        password_hash = access.hash_password(password)
    account = atelier().run(access.set_up_account, secret, password_hash, at_ms=atelier().clock.now_ms())
    if account is None:
        return _link_gone()
    _open_session(account)
    flash(words(atelier().config.atelier.language)("sign_in.password_chosen"), "good")
    return redirect("/", 303)


def _own_page() -> str:
    who = visitor()
    if who.role == Role.SUPERVISOR:
        return "/board"
    if who.role == Role.STATION and atelier().station(who.station):
        return f"/station/{who.station}"
    return "/board?tv=1" if who.role == Role.BOARD else "/sign-in"


def _local_path(text: str) -> str:
    """The page to go on to; « / » for what could lead elsewhere (browsers read « \\ » as « / » and drop tabs)."""
    local = text.startswith("/") and not text.startswith("//") and "\\" not in text and text.isprintable()
    door = text.startswith(("/sign-in", "/sign-out", "/set-up/", "/pair/"))
    return text if local and not door and len(text) <= LONGEST_NEXT else "/"


def _sign_in_page(go_on_to: str, *, fault: str = "", name: str = "") -> str:
    with atelier().reading() as db:
        known = access_store.has_accounts(db)
    return render_template(
        "sign_in/sign_in.html", next=go_on_to, fault=fault, name=name[:LONGEST_NAME], has_accounts=known
    )


def _attempts() -> SignInAttempts:
    found: SignInAttempts = current_app.extensions["sign_in_attempts"]
    return found


def _account(name: str, password: str) -> Account | None:
    """As slow for a name nobody has, and for a password too long to be one."""
    with _attempts().checking, atelier().reading() as db:
        return access.signed_in(db, name[:LONGEST_NAME], password[: access.LONGEST_PASSWORD + 1])


def _open_session(account: Account) -> None:
    """A session that was there before, whoever began it, is not carried on."""
    session.clear()
    session["account"], session["version"] = account.name, account.session_version
    session.permanent = True


def _setup_link(secret: str) -> Token | None:
    with atelier().reading() as db:
        link = access_store.token(db, secret)
    usable = link and link.kind == "setup" and not link.used_at_ms and link.usable(atelier().clock.now_ms())
    return link if usable else None


def _set_up_page(link: Token, *, fault: str = "") -> str:
    return render_template(
        "sign_in/set_up.html",
        name=link.subject,
        fault=fault,
        shortest=access.SHORTEST_PASSWORD,
        longest=access.LONGEST_PASSWORD,
    )


def _link_gone() -> ResponseReturnValue:
    """Pressed twice: the first press has signed her in, and the second is led to the same page."""
    if visitor().role == Role.SUPERVISOR and request.method == "POST":
        return redirect("/", 303)
    return render_template("sign_in/link_gone.html"), 410
