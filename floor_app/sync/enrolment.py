"""Joining the network with a one-time code, taking a new key, leaving. The private key is on disk before its public half leaves."""

import threading
from dataclasses import dataclass, replace
from pathlib import Path

import sqlite_utils

from contract import keys
from contract.canonical import canonical
from contract.keys import BadKey, Certificate
from floor_app.atelier import Atelier
from floor_app.store import network_identity, offers, sync_attempts
from floor_app.store.network_identity import NetworkIdentity
from floor_app.store.writer import StoreFull
from floor_app.sync.centre_link import CentreAway, CentreLink, KeyRefused, Patience, centre_url
from groundwork.durable_file import write_durably

PENDING_FILE = "network-pending.key"
LONGEST_CODE = 80
OFFERS_OF = "offers_of"  # the centre (its public key) whose offers are known here
SOMEBODY_WAITS = Patience(tries=2)


@dataclass(frozen=True, slots=True)
class Joined:
    """`code`: `joined`, or why not: `bad_url`, `bad_code`, `other_code`, `other_site` (`value`: what the network knows), a CentreAway's."""

    code: str
    value: str = ""
    network: str = ""


def join(atelier: Atelier, url: str, code: str) -> Joined:
    """Asking again after a lost answer is the same as asking once: the key waits in a file of its own until the centre has certified it."""
    found, typed = centre_url(url), code.strip()
    if found is None:
        return Joined("bad_url", url[:LONGEST_CODE])
    if not 0 < len(typed) <= LONGEST_CODE:
        return Joined("bad_code")
    private_key = _pending_key(atelier.data)
    body = canonical({"code": typed, "public_key": keys.public_of(private_key)})
    link = CentreLink(found, stopping=threading.Event(), patience=SOMEBODY_WAITS)
    try:
        answer = link.ask_unsigned("POST", "/api/v1/enrolments", "Enrolled", body)
    except CentreAway as away:
        return Joined(away.code, away.detail)
    finally:
        link.close()
    if answer.code:
        _forget_pending(atelier.data)
        return Joined("bad_code" if answer.code in ("bad_code", "bad_fields") else "refused", answer.code)
    certificate = _certificate(answer.said["certificate"], answer.said["centre_public_key"])
    if certificate is None or certificate.public_key != keys.public_of(private_key):
        return Joined("not_a_centre")
    own = atelier.config.atelier
    if certificate.atelier != own.code:
        return Joined("other_code", certificate.atelier)
    if certificate.site != own.site:
        return Joined("other_site", certificate.site)
    identity = NetworkIdentity(
        certificate.atelier,
        answer.said["network"],
        found,
        private_key,
        certificate,
        answer.said["centre_public_key"],
    )
    atelier.run(_enter, identity)
    _forget_pending(atelier.data)
    atelier.sync.ask()
    return Joined("joined", network=identity.network)


def take_new_key(atelier: Atelier) -> str:
    """A second key, then the first is given up. `changed`, `not_enrolled`, `two_keys` (there is a second already), a CentreAway's."""
    with atelier.reading() as db:
        identity = network_identity.identity(db)
    if identity is None:
        return "not_enrolled"
    private_key = _pending_key(atelier.data)
    try:
        certificate = _ask_for_key(identity, private_key)
        if isinstance(certificate, str):
            _forget_pending(atelier.data)
            return certificate
        atelier.run(network_identity.keep_identity, replace(identity, private_key=private_key, certificate=certificate))
        _forget_pending(atelier.data)
        _give_up(replace(identity, private_key=private_key), identity.certificate.key_id)
    except KeyRefused:
        return "key_refused"
    except CentreAway as away:
        return away.code
    return "changed"


def leave(atelier: Atelier) -> bool:
    """The key is gone from this machine; the coordinator revokes it at the centre. False where the atelier was in no network."""
    with atelier.reading() as db:
        known = network_identity.trust(db) is not None
    atelier.run(network_identity.forget_identity)
    _forget_pending(atelier.data)
    return known


def _enter(db: sqlite_utils.Database, identity: NetworkIdentity) -> None:
    """Another network, or a centre begun anew, has its own numbers of what changed, and its own offers."""
    before = network_identity.trust(db)
    network_identity.keep_identity(db, identity)
    if before is None or before.centre_public_key != identity.centre_public_key:
        sync_attempts.forget_cursors(db)
    heard_of = sync_attempts.fact(db, OFFERS_OF)
    if heard_of and heard_of != identity.centre_public_key:  # who comes back to the same network finds them there
        offers.forget_all(db)
    sync_attempts.keep_fact(db, OFFERS_OF, identity.centre_public_key)


def _ask_for_key(identity: NetworkIdentity, private_key: str) -> Certificate | str:
    link = _link(identity)
    try:
        answer = link.ask("POST", "keys", "GivenKey", canonical({"public_key": keys.public_of(private_key)}))
    finally:
        link.close()
    if answer.code:
        return answer.code
    found = _certificate(answer.said["certificate"], identity.centre_public_key)
    return found if found and found.public_key == keys.public_of(private_key) else "not_a_centre"


def _give_up(identity: NetworkIdentity, key_id: str) -> None:
    link = _link(identity)
    try:
        link.ask("DELETE", f"keys/{key_id}", "")
    finally:
        link.close()


def _link(identity: NetworkIdentity) -> CentreLink:
    return CentreLink(
        identity.url,
        atelier=identity.atelier,
        private_key=identity.private_key,
        stopping=threading.Event(),
        patience=SOMEBODY_WAITS,
    )


def _certificate(said: dict[str, str], centre_public_key: str) -> Certificate | None:
    try:
        return keys.read_certificate(said, centre_public_key=centre_public_key)
    except BadKey:
        return None


def _pending_key(data: Path) -> str:
    """Of an earlier try, or a new one."""
    path = data / PENDING_FILE
    try:
        kept = path.read_text(encoding="ascii").strip()
        keys.public_of(kept)
    except (OSError, ValueError):
        kept = keys.new_private_key()
        try:
            write_durably(path, f"{kept}\n")
        except OSError as error:
            raise StoreFull(str(error)) from error
    return kept


def _forget_pending(data: Path) -> None:
    (data / PENDING_FILE).unlink(missing_ok=True)
