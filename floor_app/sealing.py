"""Content that nobody reads without a passphrase: AES-256-GCM (NIST SP 800-38D), its key from the passphrase by scrypt (RFC 7914).

A seal once made closes again without the passphrase being asked: the key is kept where the content itself stands open. The library, 30 MB,
is loaded with the first use: most days a service needs none of this.
"""

import os
import unicodedata
import zlib
from dataclasses import dataclass, field

MAGIC = b"FLOOR-SEALED-1\n"
SALT_BYTES, NONCE_BYTES, KEY_BYTES = 16, 12, 32
COST, BLOCK, LANES = 2**15, 8, 1  # 32 MB and half a second on a Pi, for each guess too
LARGEST_CONTENT = 64 * 1024 * 1024


class CannotOpen(Exception):
    """`code`: passphrase, or damaged: nothing of it is believed."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Seal:
    salt: bytes
    key: bytes = field(repr=False)


def letters_of(passphrase: str) -> str:
    """What of it counts: it is copied from paper, so spaces and capitals do not."""
    return "".join(unicodedata.normalize("NFC", passphrase).split()).casefold()


def seal_by(passphrase: str, salt: bytes = b"") -> Seal:
    """`salt`: of an earlier seal, to find it again."""
    from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

    salt = salt or os.urandom(SALT_BYTES)
    return Seal(
        salt, Scrypt(salt=salt, length=KEY_BYTES, n=COST, r=BLOCK, p=LANES).derive(letters_of(passphrase).encode())
    )


def close(content: bytes, seal: Seal) -> bytes:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    nonce = os.urandom(NONCE_BYTES)
    return MAGIC + seal.salt + nonce + AESGCM(seal.key).encrypt(nonce, zlib.compress(content), MAGIC)


def reopen(closed: bytes, passphrase: str) -> tuple[bytes, Seal]:
    """The content, and the seal by which it was closed. Raises CannotOpen."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    head = len(MAGIC) + SALT_BYTES + NONCE_BYTES
    if not closed.startswith(MAGIC) or len(closed) <= head:
        raise CannotOpen("damaged")
    salt, nonce = closed[len(MAGIC) : len(MAGIC) + SALT_BYTES], closed[len(MAGIC) + SALT_BYTES : head]
    seal = seal_by(passphrase, salt)
    try:
        packed = AESGCM(seal.key).decrypt(nonce, closed[head:], MAGIC)
    except InvalidTag as error:
        raise CannotOpen("passphrase") from error
    return zlib.decompressobj().decompress(packed, LARGEST_CONTENT), seal
