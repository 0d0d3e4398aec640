"""Whose a signed request is: a key in force, of the atelier that is spoken of, with a nonce of ours that was never used."""

from dataclasses import dataclass

from flask import request

from central.centre import Centre
from central.store import keys
from central.store.keys import Key
from central.web.bodies import raw_body
from central.web.pace import Pace
from central.web.problems import Problem
from contract.signed_requests import Message, Unsigned, verify_request


@dataclass(frozen=True, slots=True)
class SignedBy:
    atelier: str
    key_id: str


def check_signature(centre: Centre, pace: Pace, atelier: str) -> SignedBy:
    """`atelier`: the one of the address. Raises Problem."""
    message = Message(request.method, _address(), dict(request.headers))
    found: list[Key] = []

    def known_key(key_id: str) -> str | None:
        with centre.reading() as db:
            key = keys.with_id(db, key_id, atelier=atelier)
        found.extend([key] if key else [])
        return key.public_key if key and key.in_force else None

    try:
        signed = verify_request(message, raw_body(), public_key=known_key)
    except Unsigned as error:
        dropped = any(not key.in_force for key in found)
        raise Problem(401, "key_dropped" if dropped else "unsigned") from error
    key = found[0]
    if key.atelier != atelier:
        raise Problem(403, "other_atelier")
    used = centre.use_nonce(atelier, signed.nonce)
    if used is None or not used.fresh:
        raise Problem(401, "bad_nonce")
    pace.check_atelier(used.pace)
    return SignedBy(atelier, key.key_id)


def _address() -> str:
    """As it was asked for, character by character: only path and query are looked at."""
    return f"https://centre{request.environ.get('REQUEST_URI') or request.full_path}"
