"""Requests signed by an atelier: HTTP Message Signatures (RFC 9421), Ed25519, with a nonce the centre gave (as in RFC 8555).

A Pi may wake with a clock years behind, so the time in a signature is not looked at: the nonce says that it is fresh.
"""

from collections.abc import Callable, MutableMapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from http_message_signatures import (
    HTTPMessageSigner,
    HTTPMessageVerifier,
    HTTPSignatureKeyResolver,
    InvalidSignature,
    algorithms,
)

from contract import keys

NONCE_HEADER = "Replay-Nonce"
TAG = "floor-sync"
COVERED = ("@method", "@path", "@query", "content-digest")


class Unsigned(Exception):
    """No signature, not the key's, or not of this content."""


@dataclass(slots=True)
class Message:
    """A request as both sides see it. `url` whole; only its path and query are signed, because a proxy may change the rest."""

    method: str
    url: str
    headers: MutableMapping[str, str]


@dataclass(frozen=True, slots=True)
class Signed:
    key_id: str
    nonce: str


def sign_request(message: Message, body: bytes, *, private_key: str, nonce: str) -> None:
    """Adds `Content-Digest`, `Signature-Input` and `Signature`. `body` as it is sent, compressed if it is."""
    signer = HTTPMessageSigner(signature_algorithm=algorithms.ED25519, key_resolver=_OwnKey(private_key))
    signer.sign(
        message,
        key_id=keys.key_id(keys.public_of(private_key)),
        nonce=nonce,
        tag=TAG,
        label="floor",
        covered_component_ids=COVERED,
        body=body,
    )


def verify_request(message: Message, body: bytes, *, public_key: Callable[[str], str | None]) -> Signed:
    """Whose it is. `public_key`: the key of an id, `None` where there is none; what it raises comes through.

    The nonce is the caller's to judge.
    """
    known = _KnownKeys(public_key)
    verifier = _AnyTime(signature_algorithm=algorithms.ED25519, key_resolver=known)
    try:
        (result,) = verifier.verify(message, max_age=None, expect_tag=TAG, require_components=COVERED, body=body)
    except (InvalidSignature, ValueError) as error:
        if known.failed is not None:
            raise known.failed from error
        raise Unsigned(str(error)) from error
    return Signed(str(result.parameters["keyid"]), result.nonce or "")


class _AnyTime(HTTPMessageVerifier):
    def validate_created_and_expires(self, sig_input: Any, max_age: timedelta | None = None) -> None:
        """See above: the clock of who signed may be wrong."""


class _OwnKey(HTTPSignatureKeyResolver):
    def __init__(self, private_key: str) -> None:
        self._key = keys.private(private_key)

    def resolve_private_key(self, key_id: str) -> Any:
        return self._key


class _KnownKeys(HTTPSignatureKeyResolver):
    """The library takes whatever is raised here for a bad signature: a database that is away would make strangers of all."""

    def __init__(self, public_key: Callable[[str], str | None]) -> None:
        self._public_key = public_key
        self.failed: Exception | None = None

    def resolve_public_key(self, key_id: str) -> Any:
        try:
            found = self._public_key(key_id)
        except Exception as error:
            self.failed = error
            raise
        return keys.public(found) if found else None


__all__ = ["COVERED", "NONCE_HEADER", "TAG", "Message", "Signed", "Unsigned", "sign_request", "verify_request"]
