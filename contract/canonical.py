"""One spelling of a JSON value (RFC 8785), so that equal figures have equal digests on both sides."""

import hashlib
from typing import Any

import rfc8785


def canonical(value: Any) -> bytes:
    """UTF-8, keys sorted, no spaces. ValueError for what JSON cannot say exactly: NaN, whole numbers beyond 2^53."""
    try:
        return rfc8785.dumps(value)
    except rfc8785.CanonicalizationError as error:
        raise ValueError(str(error)) from error


def digest(content: bytes) -> str:
    """SHA-256, 64 hexadecimal digits: of a day sheet, taken over its canonical bytes."""
    return hashlib.sha256(content).hexdigest()
