"""Order codes in addresses. People write them as they like: « OF 2026/0117 » has a space and a slash."""

from urllib.parse import quote

from flask.blueprints import BlueprintSetupState
from werkzeug.routing import BaseConverter, ValidationError

RESERVED = ("import", "imports", "new", "offers", "preview")
_ESCAPE = "~"


class OrderCode(BaseConverter):
    """A code as it is, slashes included; in hexadecimal after « ~ » where an address could not hold it (`..`, `a//b`)."""

    regex = "[^/].*?"
    part_isolating = False
    weight = 200  # tried after fixed words and single parts, as werkzeug's own path converter

    def to_python(self, value: str) -> str:
        if not value.startswith(_ESCAPE):
            return value
        try:
            return bytes.fromhex(value[1:]).decode()
        except ValueError as error:
            raise ValidationError from error

    def to_url(self, value: str) -> str:
        return _ESCAPE + value.encode().hex() if _is_awkward(value) else quote(value, safe="/")


def add_to(state: BlueprintSetupState) -> None:
    """Makes `<order_code:…>` known to the application; before the first route that uses it."""
    state.app.url_map.converters["order_code"] = OrderCode


def _is_awkward(code: str) -> bool:
    """Browsers take `.` and `..` for folders, werkzeug one slash for two, and some first words are pages of ours."""
    parts = code.split("/")
    return code.startswith(_ESCAPE) or parts[0] in RESERVED or any(part in ("", ".", "..") for part in parts)
