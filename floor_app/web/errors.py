"""Faults turned into a page, a fragment or a problem document (RFC 9457): one place."""

import logging

from flask import Flask, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError  # type: ignore[import-untyped]  # flask-wtf ships no types
from werkzeug.exceptions import HTTPException

from floor_app.store.writer import StoreFull, WriterStopped
from floor_app.texts import words

log = logging.getLogger(__name__)


def add_to(app: Flask) -> None:
    app.register_error_handler(CSRFError, lambda error: _answer(400, "page_too_old"))
    app.register_error_handler(HTTPException, _http_fault)
    app.register_error_handler(StoreFull, lambda error: _answer(507, "store_full"))
    app.register_error_handler(WriterStopped, lambda error: _answer(503, "stopping"))
    app.register_error_handler(Exception, _our_fault)


def _http_fault(error: HTTPException) -> ResponseReturnValue:
    code = error.code or 500
    if code < 400:
        return error.get_response()
    return _answer(
        code, _NAMES.get(code, "bad_request" if code < 500 else "our_fault"), getattr(error, "description", "") or ""
    )


def _our_fault(error: Exception) -> ResponseReturnValue:
    """Nobody expected it: logged whole, told in one sentence."""
    log.exception("%s %s failed", request.method, request.path)
    return _answer(500, "our_fault")


_NAMES = {
    400: "bad_request",
    401: "sign_in_first",
    403: "not_allowed",
    404: "not_found",
    405: "bad_request",
    413: "too_large",
}
_NAMES |= {415: "bad_request", 422: "bad_request", 429: "too_often", 507: "store_full", 503: "stopping"}


def _answer(code: int, name: str, detail: str = "") -> ResponseReturnValue:
    t = words()
    title, cure = t(f"faults.{name}_title"), t(f"faults.{name}_cure")
    if (
        request.path.startswith(("/api/", "/control/"))
        or request.path == "/healthz"
        or request.accept_mimetypes.best == "application/json"
    ):
        problem = jsonify(
            {"type": "about:blank", "title": title, "status": code, "detail": detail or cure, "code": name}
        )
        problem.mimetype = "application/problem+json"
        return problem, code, {"WWW-Authenticate": "Bearer"} if code == 401 else {}
    return render_template("fault.html", title=title, cure=cure, code=code), code
