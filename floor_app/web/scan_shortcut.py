"""The shortcut of the usual scan: a known station's token, a well-formed body, counted for the first time.

Flask's own way of a request costs twice what the scan itself does. So the usual one is answered before it; whatever is
not usual (another method, an unknown token, a body with a fault, a replay, a full disk) goes the usual way and is judged
there alone. Nothing is decided twice: an id that was recorded on the way is the same scan to the usual way.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable
from functools import cached_property
from typing import TYPE_CHECKING

from flask import Flask, Response
from flask.blueprints import BlueprintSetupState

from floor_app.atelier import Atelier
from floor_app.config import StationConfig
from floor_app.scanning import Scan, ScanAnswer
from floor_app.store import access
from floor_app.store.writer import StoreFull, WriterStopped
from floor_app.web.roles import Role, Visitor
from floor_app.web.scan_bodies import LARGEST_BODY_BYTES, ScanBody, read_scan_body

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

Write = Callable[[ScanAnswer], str]


def add_to(state: BlueprintSetupState, path: str, write: Write) -> None:
    """Puts the shortcut of `path` before the application that `state` is registered with."""
    app = state.app
    assert isinstance(app, Flask), "Flask's own registration says less than it gives"
    app.wsgi_app = ScanShortcut(app, path, write)  # type: ignore[assignment]  # how Flask's documentation wraps it


class ScanShortcut:
    """A WSGI application in front of `app`. `write` makes the body of an answer, inside the application's context."""

    def __init__(self, app: Flask, path: str, write: Write) -> None:
        self._app, self._path, self._write = app, path, write
        self._usual_way = app.wsgi_app
        self._atelier: Atelier = app.extensions["atelier"]
        self._visitors: dict[str, Visitor] = app.extensions["visitors"]

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        told = self._told(environ) if environ["PATH_INFO"] == self._path else None
        if told is None:
            return self._usual_way(environ, start)
        start("200 OK", [*self._headers, ("Content-Length", str(len(told)))])
        return (told,)

    def _told(self, environ: WSGIEnvironment) -> bytes | None:
        """The answer of a usual scan; `None` for any other, with its body put back to be read again."""
        station, length = self._station(environ), _length(environ)
        if station is None or length is None:
            return None
        sent = environ["wsgi.input"].read(length)
        environ["wsgi.input"] = io.BytesIO(sent)
        body = read_scan_body(sent)
        if not isinstance(body, ScanBody) or body.station not in ("", station.name):
            return None
        return self._count(body, station)

    def _count(self, body: ScanBody, station: StationConfig) -> bytes | None:
        scan = Scan(body.id, body.code, station.name, station.operation)
        try:
            answer, told = self._atelier.take_scan_with(scan, self._written, said_at_ms=body.at_ms)
        except (StoreFull, WriterStopped):
            return None
        return None if answer.replayed else told

    def _written(self, answer: ScanAnswer) -> bytes:
        with self._app.app_context():
            return self._write(answer).encode()

    def _station(self, environ: WSGIEnvironment) -> StationConfig | None:
        """Whose token it is, once the usual way has let it in."""
        token = environ.get("HTTP_AUTHORIZATION", "")
        if environ["REQUEST_METHOD"] != "POST" or not token.startswith("Bearer "):
            return None
        known = self._visitors.get(access.hashed(token[7:].strip()))
        return self._atelier.station(known.station) if known and known.role == Role.STATION else None

    @cached_property
    def _headers(self) -> list[tuple[str, str]]:
        """Those of the usual way, whatever they are."""
        with self._app.test_request_context(self._path, method="POST"):
            usual = self._app.process_response(Response(mimetype="application/json"))
        return usual.headers.to_wsgi_list()


def _length(environ: WSGIEnvironment) -> int | None:
    said = environ.get("CONTENT_LENGTH", "")
    if environ.get("CONTENT_TYPE") != "application/json" or not (said.isascii() and said.isdigit()):
        return None
    return int(said) if int(said) <= LARGEST_BODY_BYTES else None
