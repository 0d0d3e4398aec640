"""Signed, compressed files: day sheets on a stick, orders coming down, receipts, delivery notes. One form for all.

`FLOOR1 <kind> <signature>\\n` and then zlib of canonical JSON {"by": certificate or "centre", "said": …}. The signature covers the
kind and the compressed bytes; what is inflated to find the signer is bounded.
"""

import json
import zlib
from dataclasses import dataclass
from typing import Any

from contract import keys
from contract.canonical import canonical
from contract.keys import BadKey, Certificate

MAGIC = b"FLOOR1"
LARGEST_FILE = 16 * 1024 * 1024
LARGEST_INSIDE = 64 * 1024 * 1024
CENTRE = "centre"


class BadFile(ValueError):
    """Not a file of ours, altered, of another kind, or signed by nobody we trust. `code` says which."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Opened:
    """`by`: who signed, `None` for the centre itself."""

    said: Any
    by: Certificate | None


def pack(kind: str, said: Any, *, private_key: str, certificate: Certificate | None = None) -> bytes:
    """`certificate`: the signer's; `None` where the centre signs."""
    by = keys.to_plain(certificate) if certificate else CENTRE
    inside = zlib.compress(canonical({"by": by, "said": said}), 9)
    signature = keys.sign(private_key, _signed(kind.encode("ascii"), inside))
    return b"%b %b %b\n%b" % (MAGIC, kind.encode("ascii"), signature.encode("ascii"), inside)


def unpack(content: bytes, *, kind: str, centre_public_key: str, largest_inside: int = LARGEST_INSIDE) -> Opened:
    """BadFile: `not_ours`, `too_large`, `other_kind`, `damaged`, `forged`. `largest_inside`: bytes, for a kind that is small."""
    head, _, inside = content[:LARGEST_FILE].partition(b"\n")
    parts = head[:200].split(b" ")
    if len(parts) != 3 or parts[0] != MAGIC:
        raise BadFile("not_ours")
    if len(content) > LARGEST_FILE:
        raise BadFile("too_large")
    if parts[1] != kind.encode("ascii"):
        raise BadFile("other_kind")
    plain = _inflated(inside, largest_inside)
    by = _signer(plain, centre_public_key)
    public_key = by.public_key if by else centre_public_key
    if not keys.verified(public_key, _signed(parts[1], inside), parts[2].decode("ascii", "replace")):
        raise BadFile("forged")
    return Opened(plain["said"], by)


def _signer(plain: dict[str, Any], centre_public_key: str) -> Certificate | None:
    if plain["by"] == CENTRE:
        return None
    try:
        return keys.read_certificate(plain["by"], centre_public_key=centre_public_key)
    except BadKey as error:
        raise BadFile("forged") from error


def _inflated(inside: bytes, largest: int) -> dict[str, Any]:
    inflating = zlib.decompressobj()
    try:
        plain = inflating.decompress(inside, largest)
    except zlib.error as error:
        raise BadFile("damaged") from error
    if inflating.unconsumed_tail:
        raise BadFile("too_large")
    if not inflating.eof or inflating.unused_data:
        raise BadFile("damaged")
    try:
        value = json.loads(plain)
    except (ValueError, RecursionError) as error:
        raise BadFile("damaged") from error
    if not isinstance(value, dict) or not {"by", "said"} <= value.keys():
        raise BadFile("damaged")
    return value


def _signed(kind: bytes, inside: bytes) -> bytes:
    return b"floor file " + kind + b"\n" + inside
