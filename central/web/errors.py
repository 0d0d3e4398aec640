"""Faults turned into a page or a problem document (RFC 9457): one place."""

import logging
from typing import Any

from flask import Flask, Response, jsonify, render_template, request
from flask_wtf.csrf import CSRFError  # type: ignore[import-untyped]  # flask-wtf ships no types
from werkzeug.exceptions import HTTPException

from central.store.database import RETRY_AFTER_S, Unavailable
from central.web.language import spoken
from central.web.problems import Problem

log = logging.getLogger(__name__)
CODES = {400: "bad_request", 401: "sign_in_first", 403: "not_permitted", 404: "not_found", 405: "bad_method"}
CODES |= {413: "too_large", 415: "not_json", 429: "too_often", 503: "unavailable"}


def add_to(app: Flask) -> None:
    app.register_error_handler(CSRFError, lambda error: _answer(Problem(400, "page_too_old")))
    app.register_error_handler(HTTPException, _http_fault)
    app.register_error_handler(Problem, _answer)
    app.register_error_handler(Unavailable, _unavailable)
    app.register_error_handler(Exception, _our_fault)


def _http_fault(error: HTTPException) -> Response:
    status = error.code or 500
    if status < 400:
        return error.get_response()  # type: ignore[return-value]  # werkzeug's Response
    answer = _answer(Problem(status, CODES.get(status, "bad_request" if status < 500 else "our_fault")))
    for name, value in error.get_headers():
        if name == "Allow":
            answer.headers[name] = value
    return answer


def _unavailable(error: Unavailable) -> Response:
    log.warning("%s %s: the database is not available: %s", request.method, request.path, error)
    return _answer(Problem(503, "unavailable", retry_after_s=RETRY_AFTER_S))


def _our_fault(error: Exception) -> Response:
    """Nobody expected it: logged whole, told in one sentence."""
    log.exception("%s %s failed", request.method, request.path)
    return _answer(Problem(500, "our_fault"))


def _answer(problem: Problem) -> Response:
    t = spoken()
    title, detail = t(f"faults.{problem.code}_title"), t(f"faults.{problem.code}_detail")
    if request.path.startswith("/api/") or request.path == "/healthz":
        answer = jsonify(_document(problem, title, detail))
        answer.mimetype = "application/problem+json"
    else:
        answer = Response(render_template("fault.html", title=title, detail=detail), mimetype="text/html")
    answer.status_code = problem.status
    if problem.retry_after_s:
        answer.headers["Retry-After"] = str(problem.retry_after_s)
    return answer


def _document(problem: Problem, title: str, detail: str) -> dict[str, Any]:
    said = {"type": "about:blank", "title": title, "status": problem.status, "code": problem.code, "detail": detail}
    return said | problem.said
