"""JSON of anybody, read so that both sides mean the same by it: what is stored is what was digested."""

import json
from dataclasses import dataclass
from typing import Any

from contract.canonical import canonical


class NotExact(ValueError):
    """No JSON, or JSON that means different things to different readers: NaN, numbers beyond 2^53, half a surrogate, endless nesting."""


@dataclass(frozen=True, slots=True)
class ExactJson:
    """`content`: its canonical bytes; `value`: read back from them, so that 40.0 is 40 on both sides."""

    value: Any
    content: bytes


def read_json(content: bytes) -> ExactJson:
    """UTF-8 (RFC 8259): left to itself, Python would guess other encodings."""
    try:
        return exact(json.loads(content.decode("utf-8")))
    except (ValueError, RecursionError) as error:
        raise NotExact("no JSON") from error


def exact(value: Any) -> ExactJson:
    """Of a value that was read already."""
    try:
        content = canonical(value)
        return ExactJson(json.loads(content), content)
    except (ValueError, RecursionError) as error:
        raise NotExact("no exact JSON") from error
