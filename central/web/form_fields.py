"""What a form sent, as far as it can be believed: one line of visible text, a number, a day."""

import unicodedata
from datetime import date

from flask import request

LARGEST_NUMBER = 10_000_000


def text(name: str, *, limit: int) -> str:
    """Cut after `limit` characters; "" where it is missing."""
    folded = " ".join(request.form.get(name, "")[: 4 * limit].split())
    visible = "".join(sign for sign in folded if unicodedata.category(sign)[0] != "C")
    return unicodedata.normalize("NFC", visible)[:limit].strip()


def whole_number(written: str) -> int | None:
    """12, « 1 200 »; `None` for anything else."""
    plain = "".join(written.split())
    if not (plain.isascii() and plain.isdigit() and len(plain) <= 9):
        return None
    return int(plain) if int(plain) <= LARGEST_NUMBER else None


def iso_day(written: str) -> str | None:
    """ISO; "" for an empty field, `None` for what is no day of this century."""
    if not written.strip():
        return ""
    try:
        found = date.fromisoformat(written.strip())
    except ValueError:
        return None
    return found.isoformat() if 2000 <= found.year < 2100 else None
