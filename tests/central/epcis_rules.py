"""What EPCIS 2.0 asks of a JSON document of the kinds of events we write, as JSON Schema (ISO/IEC 19987:2024, JSON/JSON-LD binding).

Stricter than the standard where we are: quantities by class alone, no serial numbers, no members of our own.
"""

from typing import Any

# CBV 2.0, 7.1 and 7.2: the words we use.
BIZ_STEPS = ["creating_class_instance", "assembling", "shipping", "receiving"]
URI = {"type": "string", "pattern": "^[A-Za-z][A-Za-z0-9+.-]*:[^\\s]+$"}
QUANTITIES = {
    "type": "array",
    "minItems": 1,
    "items": {
        "type": "object",
        "required": ["epcClass", "quantity"],
        "properties": {"epcClass": URI, "quantity": {"type": "number", "minimum": 0}, "uom": {"type": "string"}},
        "additionalProperties": False,
    },
}
PLACE = {"type": "object", "required": ["id"], "properties": {"id": URI}, "additionalProperties": False}
TRANSACTIONS = {
    "type": "array",
    "minItems": 1,
    "items": {
        "type": "object",
        "required": ["type", "bizTransaction"],
        "properties": {"type": {"enum": ["prodorder", "desadv"]}, "bizTransaction": URI},
        "additionalProperties": False,
    },
}


def _parties(name: str) -> dict[str, Any]:
    return {
        "type": "array",
        "items": {
            "type": "object",
            "required": ["type", name],
            "properties": {"type": {"enum": ["possessing_party"]}, name: URI},
            "additionalProperties": False,
        },
    }


EVERY_EVENT: dict[str, Any] = {
    "eventID": {"type": "string", "pattern": "^urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"},
    "eventTime": {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$"},
    "eventTimeZoneOffset": {"type": "string", "pattern": "^([+]|[-])((0[0-9]|1[0-3]):([0-5][0-9])|14:00)$"},
    "bizStep": {"enum": BIZ_STEPS},
    "readPoint": PLACE,
    "bizLocation": PLACE,
    "bizTransactionList": TRANSACTIONS,
}
NEEDED = ["type", "eventID", "eventTime", "eventTimeZoneOffset", "bizStep", "readPoint", "bizLocation"]
OBJECT_EVENT = {
    "type": "object",
    "required": [*NEEDED, "action", "quantityList"],
    "properties": EVERY_EVENT
    | {
        "type": {"const": "ObjectEvent"},
        "action": {"enum": ["ADD", "OBSERVE"]},
        "quantityList": QUANTITIES,
        "disposition": {"enum": ["in_transit", "in_progress"]},
        "sourceList": _parties("source"),
        "destinationList": _parties("destination"),
    },
    "additionalProperties": False,
}
TRANSFORMATION_EVENT = {
    "type": "object",
    "required": [*NEEDED, "inputQuantityList", "outputQuantityList"],
    "properties": EVERY_EVENT
    | {
        "type": {"const": "TransformationEvent"},
        "inputQuantityList": QUANTITIES,
        "outputQuantityList": QUANTITIES,
    },
    "additionalProperties": False,
}
DOCUMENT = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "required": ["@context", "type", "schemaVersion", "creationDate", "epcisBody"],
    "properties": {
        "@context": {"const": ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"]},
        "type": {"const": "EPCISDocument"},
        "schemaVersion": {"const": "2.0"},
        "creationDate": EVERY_EVENT["eventTime"],
        "epcisBody": {
            "type": "object",
            "required": ["eventList"],
            "properties": {"eventList": {"type": "array", "items": {"oneOf": [OBJECT_EVENT, TRANSFORMATION_EVENT]}}},
            "additionalProperties": False,
        },
    },
    "additionalProperties": False,
}
