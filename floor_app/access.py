"""Letting people and machines in: tokens, one-time links, passwords. No default secret anywhere; only hashes are kept."""

import secrets

import sqlite_utils
from werkzeug.security import check_password_hash, generate_password_hash

from floor_app.store import access
from floor_app.store.access import Account, Token

PAIRING_LASTS_MS = 15 * 60_000
SETUP_LASTS_MS = 24 * 3_600_000
SHORTEST_PASSWORD = 8
LONGEST_PASSWORD = 200


def new_secret() -> str:
    """192 random bits, safe in a URL."""
    return secrets.token_urlsafe(24)


def give_token(db: sqlite_utils.Database, secret: str, *, kind: str, subject: str, label: str = "", at_ms: int) -> None:
    """A lasting token (`station` or `board`) until it is revoked."""
    access.add_token(db, secret, kind=kind, subject=subject, label=label, at_ms=at_ms)


def open_pairing(db: sqlite_utils.Database, secret: str, *, subject: str, at_ms: int) -> None:
    """A one-time link, good for 15 minutes, that makes the tablet which opens it the station's (or a wall screen: subject "")."""
    access.add_token(db, secret, kind="pairing", subject=subject, at_ms=at_ms, expires_at_ms=at_ms + PAIRING_LASTS_MS)


def pair(db: sqlite_utils.Database, secret: str, new_token: str, *, label: str, at_ms: int) -> Token | None:
    """Takes a pairing link and gives `new_token` for it; `None` when the link is unknown, used or too old."""
    link = access.use_once(db, secret, kind="pairing", at_ms=at_ms)
    if link is None:
        return None
    kind = "station" if link.subject else "board"
    access.add_token(db, new_token, kind=kind, subject=link.subject, label=label[:80], at_ms=at_ms)
    return access.token(db, new_token)


def open_setup(db: sqlite_utils.Database, secret: str, *, account: str, at_ms: int) -> None:
    """A one-time link, good for a day, on which a supervisor chooses her password."""
    access.add_token(db, secret, kind="setup", subject=account, at_ms=at_ms, expires_at_ms=at_ms + SETUP_LASTS_MS)


def password_fault(password: str) -> str:
    """`too_short`, `too_long`, or "" (NIST SP 800-63B: length counts, rules of composition do not)."""
    if len(password) < SHORTEST_PASSWORD:
        return "too_short"
    return "too_long" if len(password) > LONGEST_PASSWORD else ""


def set_up_account(db: sqlite_utils.Database, secret: str, password_hash: str, *, at_ms: int) -> Account | None:
    """Takes a set-up link and sets the account's password; `None` when the link is of no use any more."""
    link = access.use_once(db, secret, kind="setup", at_ms=at_ms)
    if link is None:
        return None
    access.set_password(db, link.subject, password_hash, at_ms=at_ms)
    return access.account(db, link.subject)


def hash_password(password: str) -> str:
    """Slow on purpose (scrypt): never inside the writer."""
    return generate_password_hash(password)


def signed_in(db: sqlite_utils.Database, name: str, password: str) -> Account | None:
    """The account, if the password is right. Takes as long for an unknown name."""
    account = access.account(db, name)
    right = check_password_hash(account.password_hash if account else _NOBODY, password)
    return account if account and right else None


# scrypt of a password nobody knows: an unknown name costs what a wrong password costs.
_NOBODY = "scrypt:32768:8:1$Yf1pJ8QmA0ZrXw3B$" + "0" * 128
