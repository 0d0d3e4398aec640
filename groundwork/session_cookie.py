"""The cookie of a signed-in person."""

from flask import Flask, request
from flask.sessions import SecureCookieSessionInterface


class SessionCookie(SecureCookieSessionInterface):
    """Given over TLS, it goes over TLS alone; on a workshop's own line without TLS it goes as it came."""

    def get_cookie_secure(self, app: Flask) -> bool:
        return request.is_secure
