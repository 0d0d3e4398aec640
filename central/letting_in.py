"""Accounts of the network's people: a one-time link, a password chosen on it, a session. No default secret; only hashes are kept."""

from sqlalchemy import Connection
from werkzeug.security import check_password_hash, generate_password_hash

from central.store import accounts
from central.store.accounts import Account

LINK_LASTS_MS = 24 * 3_600_000
SHORTEST_PASSWORD = 8
LONGEST_PASSWORD = 200


def open_account(db: Connection, secret: str, name: str, *, role: str, atelier: str = "", at_ms: int) -> None:
    """New, or with another role; `secret`: of a one-time link, good for a day, on which a password is chosen."""
    accounts.put(db, name, role=role, atelier=atelier, at_ms=at_ms)
    accounts.add_link(db, secret, name, expires_at_ms=at_ms + LINK_LASTS_MS)


def password_fault(password: str) -> str:
    """`too_short`, `too_long`, or "" (NIST SP 800-63B: length counts, rules of composition do not)."""
    if len(password) < SHORTEST_PASSWORD:
        return "too_short"
    return "too_long" if len(password) > LONGEST_PASSWORD else ""


def hash_password(password: str) -> str:
    """Slow on purpose (scrypt): never inside a transaction."""
    return generate_password_hash(password)


def choose_password(db: Connection, secret: str, password_hash: str, *, at_ms: int) -> Account | None:
    """Takes a link and sets the password of its account; `None` when the link is of no use any more."""
    name = accounts.use_link(db, secret, at_ms=at_ms)
    if name is None:
        return None
    accounts.set_password(db, name, password_hash)
    return accounts.find(db, name)


def signed_in(db: Connection, name: str, password: str) -> Account | None:
    """The account, if the password is right. Takes as long for an unknown name."""
    account = accounts.find(db, name)
    right = check_password_hash((account and account.password_hash) or _NOBODY, password)
    return account if account and right and not account.closed_at_ms else None


# scrypt of a password nobody knows: an unknown name costs what a wrong password costs.
_NOBODY = "scrypt:32768:8:1$Yf1pJ8QmA0ZrXw3B$" + "0" * 128
