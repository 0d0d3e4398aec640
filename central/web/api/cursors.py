"""Where an atelier stopped, in the query of its address."""

import re

from flask import request

from central.web.problems import bad_field

_CURSOR = re.compile(r"\d{0,18}", re.ASCII)


def cursor() -> int:
    """0 where it says none. Raises Problem."""
    said = request.args.get("cursor", "")
    if not _CURSOR.fullmatch(said):
        raise bad_field("cursor", "is no cursor of ours")
    return int(said or 0)
