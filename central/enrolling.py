"""Ateliers let into the network: their codes, their keys, the centre's word on them. Secrets and times come in from outside."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from central.centre_key import CentreKey
from central.domain import enrolment
from central.store import ateliers, enrolment_codes
from central.store import keys as atelier_keys
from central.store.ateliers import Atelier
from central.store.keys import Key
from central.store.locks import lock_ateliers, lock_whole
from contract import keys
from contract.keys import BadKey, Certificate


@dataclass(frozen=True, slots=True)
class KeyFault:
    """`code`: what stands in the way, as each function says."""

    code: str


def add_atelier(db: Connection, new: Atelier, *, at_ms: int) -> str:
    """ "" when it is in the network from now on; else `bad_code`, `bad_name`, `bad_site`, `code_taken`, `site_taken`."""
    fault = enrolment.atelier_fault(new.code, new.name, new.site)
    if fault:
        return fault
    lock_whole(db, "ateliers")
    if ateliers.find(db, new.code):
        return "code_taken"
    if ateliers.with_site(db, new.site):
        return "site_taken"
    ateliers.add(db, new, at_ms=at_ms)
    return ""


def give_code(db: Connection, atelier: str, random: bytes, *, at_ms: int) -> str:
    """A one-time code, good for 14 days, in place of any that waits. `random`: 10 bytes."""
    code = enrolment.enrolment_code(random)
    plain = enrolment.plain_code(code)
    enrolment_codes.add(db, atelier, plain, at_ms=at_ms, expires_at_ms=at_ms + enrolment.CODE_LASTS_MS)
    return code


def enrol(
    db: Connection, code: str, public_key: str, *, centre: CentreKey, today: date, at_ms: int
) -> Certificate | KeyFault:
    """`bad_code`, `bad_key`, `dropped_key`. The same key may ask again: its answer may have been lost.

    Whoever enrols speaks for the atelier alone from now on: its other keys are replaced.
    """
    typed = enrolment.plain_code(code)
    found = enrolment_codes.find(db, typed)
    if found is None or found.expires_at_ms < at_ms:
        return KeyFault("bad_code")
    if not _is_key(public_key):
        return KeyFault("bad_key")
    key_id = keys.key_id(public_key)
    lock_ateliers(db, [found.atelier])
    known = atelier_keys.of_atelier(db, found.atelier)
    mine = next((key for key in known if key.key_id == key_id), None)
    if found.used_by:
        return (
            _certificate(db, mine, centre)
            if mine and mine.in_force and found.used_by == key_id
            else KeyFault("bad_code")
        )
    if mine is not None and not mine.in_force:
        return KeyFault("dropped_key")
    if not enrolment_codes.use(db, typed, by=key_id, at_ms=at_ms):
        return KeyFault("bad_code")
    for key in known:
        if key.in_force and key.key_id != key_id:
            atelier_keys.drop(db, found.atelier, key.key_id, why=atelier_keys.REPLACED, at_ms=at_ms)
    return _certificate(db, mine or _add(db, found.atelier, public_key, today, at_ms), centre)


def take_another_key(
    db: Connection, atelier: str, public_key: str, *, centre: CentreKey, today: date, at_ms: int
) -> Certificate | KeyFault:
    """Beside the one in force. `bad_key`, `dropped_key`, `two_keys`."""
    if not _is_key(public_key):
        return KeyFault("bad_key")
    key_id = keys.key_id(public_key)
    lock_ateliers(db, [atelier])
    known = atelier_keys.of_atelier(db, atelier)
    mine = next((key for key in known if key.key_id == key_id), None)
    if mine is not None:
        return _certificate(db, mine, centre) if mine.in_force else KeyFault("dropped_key")
    if sum(key.in_force for key in known) >= enrolment.MOST_KEYS:
        return KeyFault("two_keys")
    return _certificate(db, _add(db, atelier, public_key, today, at_ms), centre)


def give_up_key(db: Connection, atelier: str, key_id: str, *, at_ms: int) -> KeyFault | None:
    """`unknown_key`, `last_key`. One given up already stays so."""
    lock_ateliers(db, [atelier])
    known = atelier_keys.of_atelier(db, atelier)
    mine = next((key for key in known if key.key_id == key_id), None)
    if mine is None:
        return KeyFault("unknown_key")
    if not mine.in_force:
        return None
    if sum(key.in_force for key in known) == 1:
        return KeyFault("last_key")
    atelier_keys.drop(db, atelier, key_id, why=atelier_keys.GIVEN_UP, at_ms=at_ms)
    return None


def revoke_key(db: Connection, atelier: str, key_id: str, *, at_ms: int) -> bool:
    """The network's word: refused at once, and other ateliers hear of it. False for a key that is not this atelier's."""
    lock_ateliers(db, [atelier])
    if not any(key.key_id == key_id for key in atelier_keys.of_atelier(db, atelier)):
        return False
    atelier_keys.drop(db, atelier, key_id, why=atelier_keys.REVOKED, at_ms=at_ms)
    return True


def _is_key(public_key: str) -> bool:
    try:
        keys.key_id(public_key)
        keys.public(public_key)
    except (BadKey, ValueError):
        return False
    return True


def _add(db: Connection, atelier: str, public_key: str, today: date, at_ms: int) -> Key:
    until = enrolment.certificate_until(today)
    key = Key(atelier, keys.key_id(public_key), public_key, until, at_ms, dropped_at_ms=0, dropped="")
    atelier_keys.add(db, key)
    return key


def _certificate(db: Connection, key: Key, centre: CentreKey) -> Certificate:
    """The same for the same key, whenever it is asked for."""
    known = ateliers.find(db, key.atelier)
    assert known is not None, "keys belong to ateliers"
    return keys.certify(
        centre.private_key,
        atelier=known.code,
        name=known.name,
        site=known.site,
        public_key=key.public_key,
        until=key.until,
    )
