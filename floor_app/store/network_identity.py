"""Who this atelier is in the network: its certificate, its private key, the centre's public key, the keys nobody may trust.

The private key stands in a file of its own beside the database and is in no backup: a copied or restored database alone
cannot speak for the atelier. It can still check what others signed.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import sqlite_utils

from contract import keys
from contract.keys import BadKey, Certificate
from floor_app.store.writer import StoreFull
from groundwork.durable_file import write_durably

KEY_FILE = "network.key"
KEYS_KEPT = 2  # the newest first; the one before stays until the centre's word on the new one is on disk


@dataclass(frozen=True, slots=True)
class Trust:
    """What an atelier needs to check another's signature, with no key of its own. `revoked_keys`: key ids."""

    atelier: str
    centre_public_key: str
    revoked_keys: frozenset[str]


@dataclass(frozen=True, slots=True)
class NetworkIdentity:
    """`network`: the network's name; `url`: of its centre. `certificate`: the centre's word on the key; `revoked_keys`: key ids."""

    atelier: str
    network: str
    url: str
    private_key: str
    certificate: Certificate
    centre_public_key: str
    revoked_keys: frozenset[str] = frozenset()


def keep_identity(db: sqlite_utils.Database, identity: NetworkIdentity) -> None:
    """In place of the one before. The key is on disk before the row is; StoreFull where it cannot be written."""
    path = _key_path(db)
    kept = [identity.private_key, *(key for key in _keys_in(path) if key != identity.private_key)]
    try:
        write_durably(path, "".join(f"{key}\n" for key in kept[:KEYS_KEPT]))
    except OSError as error:
        raise StoreFull(str(error)) from error
    certificate = json.dumps(keys.to_plain(identity.certificate), ensure_ascii=False)
    db.conn.execute(
        "INSERT OR REPLACE INTO network_identity VALUES (1, ?, ?, ?, ?, ?)",
        (identity.atelier, identity.network, identity.url, certificate, identity.centre_public_key),
    )
    keep_revoked(db, identity.revoked_keys)


def identity(db: sqlite_utils.Database) -> NetworkIdentity | None:
    """`None` before the atelier enrolled, and where the key of its certificate is not on this machine."""
    row = db.conn.execute(
        "SELECT atelier, network, url, certificate, centre_public_key FROM network_identity WHERE id = 1"
    ).fetchone()
    if row is None:
        return None
    atelier, network, url, certificate, centre_public_key = row
    certified = Certificate(**json.loads(certificate))
    private_key = next((key for key in _keys_in(_key_path(db)) if _opens(key, certified)), None)
    if private_key is None:
        return None
    return NetworkIdentity(atelier, network, url, private_key, certified, centre_public_key, _revoked(db))


def trust(db: sqlite_utils.Database) -> Trust | None:
    """`None` before the atelier enrolled; there even where its private key is not."""
    row = db.conn.execute("SELECT atelier, centre_public_key FROM network_identity WHERE id = 1").fetchone()
    return Trust(row[0], row[1], _revoked(db)) if row else None


def keep_revoked(db: sqlite_utils.Database, key_ids: Iterable[str]) -> None:
    """More keys nobody may trust; a key once revoked stays so."""
    db.conn.executemany("INSERT OR IGNORE INTO revoked_key VALUES (?)", [(key_id,) for key_id in sorted(set(key_ids))])


def forget_identity(db: sqlite_utils.Database) -> None:
    """The atelier leaves the network, or enrolls anew: its key is gone from this machine. Revoked keys stay known."""
    db.conn.execute("DELETE FROM network_identity")
    _key_path(db).unlink(missing_ok=True)


def _opens(private_key: str, certificate: Certificate) -> bool:
    try:
        return keys.public_of(private_key) == certificate.public_key
    except BadKey:
        return False  # half a line, of a file somebody wrote by hand


def _revoked(db: sqlite_utils.Database) -> frozenset[str]:
    return frozenset(key_id for (key_id,) in db.conn.execute("SELECT key_id FROM revoked_key"))


def _keys_in(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="ascii").split()
    except (OSError, UnicodeDecodeError):
        return []


def _key_path(db: sqlite_utils.Database) -> Path:
    """Beside the database file, whichever connection asks."""
    path: str = next(row[2] for row in db.conn.execute("PRAGMA database_list") if row[1] == "main")
    return Path(path).with_name(KEY_FILE)
