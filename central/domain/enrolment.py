"""One-time codes, site letters and how long a certificate is good. Pure."""

import re
from datetime import date, timedelta

SITE_LETTERS = "BCDFGHJKLNPRSTVX"  # of bundle codes: every Latin keyboard layout leaves them unchanged
SITE = re.compile(rf"[{SITE_LETTERS}]{{4}}", re.ASCII)
ATELIER_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,31}", re.ASCII)
LONGEST_NAME = 120
CODE_RANDOM_BYTES = 10
CODE_LASTS_MS = 14 * 24 * 3_600_000
CERTIFICATE_LASTS = timedelta(days=5 * 365)
MOST_KEYS = 2  # one follows the other


def enrolment_code(random: bytes) -> str:
    """80 bits as twenty letters in fives: typed from a letter or a telephone."""
    letters = "".join(SITE_LETTERS[byte >> 4] + SITE_LETTERS[byte & 15] for byte in random)
    return "-".join(letters[at : at + 5] for at in range(0, len(letters), 5))


def plain_code(typed: str) -> str:
    """As it was given, however it was typed: small letters, spaces, no dashes."""
    return "".join(letter for letter in typed.upper() if letter in SITE_LETTERS)


def certificate_until(today: date) -> str:
    """ISO day."""
    return (today + CERTIFICATE_LASTS).isoformat()


def atelier_fault(code: str, name: str, site: str) -> str:
    """`bad_code`, `bad_name`, `bad_site`, or ""."""
    if not ATELIER_CODE.fullmatch(code):
        return "bad_code"
    if not name.strip() or len(name) > LONGEST_NAME or not name.isprintable():
        return "bad_name"
    return "" if SITE.fullmatch(site) else "bad_site"
