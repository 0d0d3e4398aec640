"""The web of one atelier: `create_app` puts the screens together. One file per screen; every route says who may use it."""

from floor_app.web.app import create_app

__all__ = ["create_app"]
