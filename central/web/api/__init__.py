"""The machine interface, as contract/openapi.json says it: one file for each thing an atelier asks."""

from flask import Blueprint


def machine_screen(name: str, module: str) -> Blueprint:
    """No cookie and no form counts there: requests are signed."""
    screen = Blueprint(f"api_{name}", module, url_prefix="/api/v1")
    screen.signed_only = True  # type: ignore[attr-defined]  # read by create_app
    return screen
