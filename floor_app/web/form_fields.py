"""What a form sent, as far as it can be believed: bounded, on one line, and with the form's own id."""

import re

from flask import request
from werkzeug.exceptions import BadRequest

from floor_app.domain.orders import clean_text

_ID = re.compile(r"[A-Za-z0-9-]{8,64}")
_WHOLE_NUMBER = re.compile(r"\d{1,7}")
LONGEST_REASON = 200


def sent_id() -> str:
    """The id the form was given: sent twice, it is done once. A page of ours always has one."""
    found = request.form.get("id", "")
    if not _ID.fullmatch(found):
        raise BadRequest
    return found


def text(name: str, *, limit: int) -> str:
    """A field as one line of visible text, cut after `limit` characters; "" when it is missing."""
    return clean_text(request.form.get(name, ""), limit=limit)


def asked_text(name: str, *, limit: int) -> str:
    """The same from the address."""
    return clean_text(request.args.get(name, ""), limit=limit)


def whole_number(written: str) -> int | None:
    """12, « 1 200 »; `None` for anything else."""
    plain = "".join(written.split())
    return int(plain) if plain.isascii() and _WHOLE_NUMBER.fullmatch(plain) else None
