"""The cookie by which a paired tablet or wall screen is known."""

from flask import request
from werkzeug.wrappers import Response

from floor_app.web.roles import DEVICE_COOKIE, DEVICE_COOKIE_LASTS_S, Role, visitor


def set_device_cookie(response: Response, secret: str) -> Response:
    response.set_cookie(
        DEVICE_COOKIE,
        secret,
        max_age=DEVICE_COOKIE_LASTS_S,
        httponly=True,
        samesite="Lax",
        secure=request.is_secure,
    )
    return response


def renew_device_cookie(response: Response) -> Response:
    """A device in use never grows strange: each time it opens « / » its cookie lasts as long again."""
    known = visitor().role in (Role.STATION, Role.BOARD)
    secret = request.cookies.get(DEVICE_COOKIE, "")
    return set_device_cookie(response, secret) if known and secret else response
