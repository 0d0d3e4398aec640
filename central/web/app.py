"""`create_app`: the Flask application of the centre."""

import secrets
from datetime import timedelta

from flask import Blueprint, Flask, Response, request
from flask_htmx import HTMX  # type: ignore[import-untyped]  # flask-htmx ships no types
from flask_wtf import CSRFProtect  # type: ignore[import-untyped]  # flask-wtf ships no types
from flask_wtf.csrf import generate_csrf  # type: ignore[import-untyped]  # as above
from markupsafe import Markup
from werkzeug.middleware.proxy_fix import ProxyFix

from central.centre import Centre
from central.store import facts
from central.web import errors, wording
from central.web.language import language, spoken, t
from central.web.menu import menu
from central.web.pace import Pace
from central.web.roles import STATIC, Role, check_visitor, visitor
from central.web.roles import centre as centre_of_app
from central.web.screens import SCREENS
from contract.signed_requests import NONCE_HEADER
from groundwork import look
from groundwork.session_cookie import SessionCookie

LARGEST_BODY = 17 * 1024 * 1024  # a file of sheets, with its form around it; the machine interface takes less
CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self';"
    " form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


def create_app(centre: Centre) -> Flask:
    app = Flask("central.web")
    app.session_interface = SessionCookie()
    app.extensions["centre"] = centre
    app.extensions["pace"] = Pace(centre.settings.limits)
    app.config.update(
        SECRET_KEY=_session_key(centre),
        MAX_CONTENT_LENGTH=LARGEST_BODY,
        MAX_FORM_MEMORY_SIZE=LARGEST_BODY,
        PROVIDE_AUTOMATIC_OPTIONS=False,
        SESSION_COOKIE_NAME="centre_session",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=timedelta(days=30),
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,
    )
    app.before_request(check_visitor)  # before the CSRF check: a refusal's page too shows who is signed in
    csrf = CSRFProtect(app)
    HTMX(app)
    errors.add_to(app)
    wording.add_to(app)
    _speak(app, centre)
    app.after_request(_protect)
    app.register_blueprint(Blueprint("look", __name__, static_folder=str(look.FOLDER), static_url_path="/look"))
    for screen in SCREENS:
        app.register_blueprint(screen)
        if getattr(screen, "signed_only", False):
            csrf.exempt(screen)  # no cookie lets anyone in there, so no other site can borrow one
    if centre.settings.proxies:
        count = centre.settings.proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=0)  # type: ignore[method-assign]  # as Flask's own documentation does
    return app


def _speak(app: Flask, centre: Centre) -> None:
    """What every template may ask for."""
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(
        t=t,
        has_words=lambda key: spoken().has(key),
        language=language,
        menu=menu,
        visitor=visitor,
        Role=Role,
        network=centre.settings.network,
        csrf=_csrf_field,
    )


def _csrf_field() -> Markup:
    return Markup('<input type="hidden" name="csrf_token" value="{}">').format(generate_csrf())


def _session_key(centre: Centre) -> str:
    """The same for every process."""
    with centre.writing() as db:
        return facts.keep_first(db, "session_secret", secrets.token_hex(32))


def _protect(response: Response) -> Response:
    response.headers.setdefault("Content-Security-Policy", CSP)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers.setdefault("Referrer-Policy", "same-origin")
    response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
    if request.is_secure:
        response.headers["Strict-Transport-Security"] = "max-age=31536000"
    if response.mimetype != "text/css" and request.endpoint not in STATIC:
        response.headers.setdefault("Cache-Control", "no-store")
    if request.path.startswith("/api/") and request.endpoint != "api_openapi.document":
        response.headers[NONCE_HEADER] = centre_of_app().new_nonce()
    return response
