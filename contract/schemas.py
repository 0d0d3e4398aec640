"""The contract as JSON Schema: `openapi.json`, the document the centre serves, and nothing beside it."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import jsonschema_rs

MOST_FAULTS = 50
LONGEST_DETAIL = 300


@dataclass(frozen=True, slots=True)
class FieldFault:
    """What is wrong with one field: a JSON pointer (RFC 6901) and a sentence."""

    pointer: str
    detail: str


@cache
def document() -> dict[str, Any]:
    """The OpenAPI 3.1 document."""
    text = (resources.files(__package__) / "openapi.json").read_text(encoding="utf-8")
    loaded: dict[str, Any] = json.loads(text)
    return loaded


def field_faults(name: str, value: Any) -> tuple[FieldFault, ...]:
    """Of a value that should be a `name` of the document's schemas, the first 50; empty: it is one."""
    return tuple(fault for fault, _ in zip(_faults(name, value), range(MOST_FAULTS), strict=False))


def _faults(name: str, value: Any) -> Iterator[FieldFault]:
    validator = _validator(name)
    if validator.is_valid(value):
        return
    for error in validator.iter_errors(value):
        pointer = "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in error.instance_path)
        yield FieldFault(pointer, error.message[:LONGEST_DETAIL])


@cache
def _validator(name: str) -> jsonschema_rs.Draft202012Validator:
    components = document()["components"]
    schema = {"$ref": f"#/components/schemas/{name}", "components": components}
    return jsonschema_rs.Draft202012Validator(schema, validate_formats=True)
