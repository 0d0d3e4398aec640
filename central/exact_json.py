"""JSON of anybody, read so that both sides mean the same by it: what is stored is what was digested."""

import json
import re
from contextlib import suppress
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
        text = content.decode("utf-8")
        if _UNUSUAL.search(content) is None:
            with suppress(_Fraction):
                return _plain(text)
        return exact(json.loads(text))
    except (ValueError, RecursionError) as error:
        raise NotExact("no JSON") from error


def exact(value: Any) -> ExactJson:
    """Of a value that was read already."""
    try:
        content = canonical(value)
        return ExactJson(json.loads(content), content)
    except (ValueError, RecursionError) as error:
        raise NotExact("no exact JSON") from error


# Without these, Python's own encoder spells as RFC 8785 does, and ten times as fast as one written in Python: characters from U+D000
# on, whose order may be another in UTF-16, escapes of any character, and numbers that may be beyond 2^53.
_UNUSUAL = re.compile(rb"[\xed-\xff]|\\u|[0-9]{16}")


class _Fraction(Exception):
    """A number with a point or an exponent: spelling it is the library's."""


def _plain(text: str) -> ExactJson:
    value = json.loads(text, parse_float=_no_fraction, parse_constant=_no_fraction)
    content = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return ExactJson(value, content.encode("utf-8"))


def _no_fraction(said: str) -> None:
    raise _Fraction(said)
