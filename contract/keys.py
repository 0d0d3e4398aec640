"""Keys of ateliers and of the centre: Ed25519 (RFC 8032). The private half never leaves the machine that made it.

The centre keeps public keys only, so nothing that is read there can speak for an atelier. What the centre says of a key is a
certificate, which one atelier can check of another with no network. The library that does the arithmetic is loaded with the first use: a
start after a power cut need not wait for it.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from contract.canonical import canonical

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

PUBLIC_BYTES = 32
SIGNATURE_BYTES = 64


class BadKey(ValueError):
    """A text that is no key, or a certificate nobody we trust has signed."""


@dataclass(frozen=True, slots=True)
class Certificate:
    """The centre's word on a key. `site`: the four letters of the atelier's bundle codes; `until`: ISO day, the last it is good for."""

    atelier: str
    name: str
    site: str
    public_key: str
    until: str
    signature: str

    @property
    def key_id(self) -> str:
        return key_id(self.public_key)


def new_private_key() -> str:
    """32 random bytes as base64: to be kept readable by its owner alone."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    return _text(Ed25519PrivateKey.generate().private_bytes_raw())


def public_of(private_key: str) -> str:
    return _text(_private(private_key).public_key().public_bytes_raw())


def key_id(public_key: str) -> str:
    """16 hexadecimal digits that name a key: the beginning of its SHA-256."""
    return hashlib.sha256(_raw(public_key, PUBLIC_BYTES)).hexdigest()[:16]


def sign(private_key: str, content: bytes) -> str:
    return _text(_private(private_key).sign(content))


def verified(public_key: str, content: bytes, signature: str) -> bool:
    """Whether the owner of the key signed exactly this."""
    from cryptography.exceptions import InvalidSignature

    try:
        public(public_key).verify(_raw(signature, SIGNATURE_BYTES), content)
    except (InvalidSignature, BadKey):
        return False
    return True


def public(public_key: str) -> Ed25519PublicKey:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    return Ed25519PublicKey.from_public_bytes(_raw(public_key, PUBLIC_BYTES))


def private(private_key: str) -> Ed25519PrivateKey:
    return _private(private_key)


def certify(centre_key: str, *, atelier: str, name: str, site: str, public_key: str, until: str) -> Certificate:
    """What the centre gives an atelier that enrolled."""
    said = {"atelier": atelier, "name": name, "site": site, "public_key": public_key, "until": until}
    return Certificate(**said, signature=sign(centre_key, _CERTIFICATE + canonical(said)))


def to_plain(certificate: Certificate) -> dict[str, str]:
    return {name: getattr(certificate, name) for name in (*_SAID, "signature")}


def read_certificate(plain: Any, *, centre_public_key: str) -> Certificate:
    """BadKey when it is none, or not signed by the centre. Whether `until` has passed is the caller's to judge: it has a clock."""
    if not isinstance(plain, Mapping) or not all(isinstance(plain.get(name), str) for name in (*_SAID, "signature")):
        raise BadKey("no certificate")
    said = {name: plain[name] for name in _SAID}
    if not verified(centre_public_key, _CERTIFICATE + canonical(said), plain["signature"]):
        raise BadKey("not signed by this network's centre")
    _raw(said["public_key"], PUBLIC_BYTES)
    return Certificate(**said, signature=plain["signature"])


_SAID = ("atelier", "name", "site", "public_key", "until")
_CERTIFICATE = b"floor certificate\n"  # a signature made for one purpose is worth nothing for another


def _private(text: str) -> Ed25519PrivateKey:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    return Ed25519PrivateKey.from_private_bytes(_raw(text, PUBLIC_BYTES))


def _text(raw: bytes) -> str:
    return base64.b64encode(raw).decode("ascii")


def _raw(text: str, length: int) -> bytes:
    try:
        raw = base64.b64decode(text, validate=True)
    except ValueError as error:
        raise BadKey("not base64") from error
    if len(raw) != length:
        raise BadKey(f"not {length} bytes")
    if _text(raw) != text:
        raise BadKey("not base64 in its one spelling")  # the last letter has bits that mean nothing
    return raw
