"""Nonces the centre gives without noting them: each says until when it is good, and an HMAC says that it is ours. Pure."""

import base64
import hmac

RANDOM_BYTES = 12
_TIME_BYTES = 8
_MAC_BYTES = 16
LENGTH = 48  # base64 of 36 bytes


def make_nonce(secret: bytes, random: bytes, *, expires_at_ms: int) -> str:
    """`random`: 12 bytes never given before."""
    said = expires_at_ms.to_bytes(_TIME_BYTES, "big") + random
    return base64.urlsafe_b64encode(said + _mac(secret, said)).decode("ascii")


def nonce_is_ours(secret: bytes, nonce: str, *, now_ms: int) -> bool:
    """Given by a holder of the secret, and not too old. Whether it was used is not known here."""
    if len(nonce) != LENGTH or not nonce.isascii():
        return False
    try:
        raw = base64.b64decode(nonce, altchars=b"-_", validate=True)
    except ValueError:
        return False
    said, mac = raw[:-_MAC_BYTES], raw[-_MAC_BYTES:]
    if not hmac.compare_digest(mac, _mac(secret, said)):
        return False
    return int.from_bytes(said[:_TIME_BYTES], "big") >= now_ms


def _mac(secret: bytes, said: bytes) -> bytes:
    return hmac.digest(secret, b"floor nonce\n" + said, "sha256")[:_MAC_BYTES]
