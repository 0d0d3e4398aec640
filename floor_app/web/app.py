"""`create_app`: the Flask application of one atelier."""

import secrets
from datetime import timedelta
from pathlib import Path

from flask import Blueprint, Flask, Response, current_app, request
from flask_htmx import HTMX  # type: ignore[import-untyped]  # flask-htmx ships no types
from flask_wtf import CSRFProtect  # type: ignore[import-untyped]  # flask-wtf ships no types

from floor_app.atelier import Atelier
from floor_app.web import errors, filters
from floor_app.web.roles import check_visitor
from floor_app.web.screens import SCREENS
from groundwork import look
from groundwork.durable_file import write_durably
from groundwork.session_cookie import SessionCookie

LARGEST_BODY = 6 * 1024 * 1024  # a spreadsheet of 2 MB, shown and sent again as text
CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self';"
    " media-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)

# The page's own policy lets nothing be compiled; only the worker that reads pictures may run WebAssembly, and nothing else.
PICTURE_READER = "camera_worker.js"
PICTURE_READER_CSP = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'"


def create_app(atelier: Atelier, *, control_token: str = "") -> Flask:
    """`control_token` lets the `floor` command on this machine in; empty: nobody is."""
    app = Flask("floor_app.web")
    app.session_interface = SessionCookie()
    app.extensions["atelier"] = atelier
    app.extensions["control_token"] = control_token
    app.extensions["visitors"] = {}
    app.config.update(
        SECRET_KEY=_session_key(atelier.data / "session.key"),
        MAX_CONTENT_LENGTH=LARGEST_BODY,
        MAX_FORM_MEMORY_SIZE=LARGEST_BODY,
        SESSION_COOKIE_NAME="floor_session",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=timedelta(days=30),
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,
    )
    app.before_request(check_visitor)  # before the CSRF check: a refusal's page too shows who is signed in
    app.before_request(_take_what_is_larger)  # likewise: the check reads the form
    csrf = CSRFProtect(app)
    HTMX(app)
    filters.add_to(app, atelier)
    errors.add_to(app)
    app.after_request(_protect)
    app.register_blueprint(Blueprint("look", __name__, static_folder=str(look.FOLDER), static_url_path="/look"))
    for screen in SCREENS:
        app.register_blueprint(screen)
        if getattr(screen, "tokens_only", False):
            csrf.exempt(screen)  # no cookie lets anyone in there, so no other site can borrow one
    return app


def _take_what_is_larger() -> None:
    """Where a view says so: `largest_body`, bytes."""
    view = current_app.view_functions.get(request.endpoint or "")
    largest: int = getattr(view, "largest_body", 0)
    if largest:
        request.max_content_length = largest


def _session_key(path: Path) -> str:
    """Made at the first start, kept in the data folder, readable by the service alone."""
    if not path.exists() or not path.read_text(encoding="ascii"):
        write_durably(path, secrets.token_hex(32))
    return path.read_text(encoding="ascii")


def _protect(response: Response) -> Response:
    reader = request.endpoint == "static" and (request.view_args or {}).get("filename") == PICTURE_READER
    response.headers.setdefault("Content-Security-Policy", PICTURE_READER_CSP if reader else CSP)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
    if response.mimetype in ("text/html", "application/json"):
        response.headers.setdefault("Cache-Control", "no-store")
    return response
