"""A proof as EPCIS 2.0 JSON-LD (GS1, ISO/IEC 19987:2024) with the words of CBV 2.0: quantities alone, no serial number, no person.

Names are private URNs made of the network's own codes: no GS1 key is claimed for anybody. A day sheet knows the day and not the
hour, so the time of an event is the last second of its day, in the atelier's own time.
"""

import json
from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Any
from urllib.parse import quote
from uuid import NAMESPACE_URL, uuid5
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from central.proving import Proof
from central.store.proof_rows import NoteRow, SectionRow

CONTEXT = "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"
SCHEME = "urn:x-floor"
MEDIA_TYPE = "application/ld+json"
_BIZ_STEPS = {"cut": "creating_class_instance", "sew": "assembling"}
_FINISHING = "creating_class_instance"
_MADE_OF = {"sew": "cut", "finish": "sew"}


def epcis_document(proof: Proof) -> dict[str, Any]:
    """Events by day, then by atelier. The same proof gives the same document."""
    written = [*_section_events(proof), *_note_events(proof)]
    return {
        "@context": [CONTEXT],
        "type": "EPCISDocument",
        "schemaVersion": "2.0",
        "creationDate": _instant(proof.as_of_ms),
        "epcisBody": {"eventList": sorted(written, key=lambda event: (event["eventTime"], event["eventID"]))},
    }


def epcis_json(proof: Proof) -> bytes:
    return json.dumps(epcis_document(proof), ensure_ascii=False, indent=1).encode()


def _section_events(proof: Proof) -> Iterable[dict[str, Any]]:
    """One for each section, atelier and day."""
    days = defaultdict[tuple[str, str, date], list[SectionRow]](list)
    for row in proof.rows:
        days[row.section, row.atelier, row.day].append(row)
    for (section, atelier, day), rows in days.items():
        made = [_quantity(proof, row, section) for row in rows]
        event = _event(proof, atelier, day, section)
        if section in _MADE_OF:
            used = [_quantity(proof, row, _MADE_OF[section]) for row in rows]
            what = {"type": "TransformationEvent", "inputQuantityList": used, "outputQuantityList": made}
        else:
            what = {"type": "ObjectEvent", "action": "ADD", "quantityList": made}
        yield what | event | {"bizStep": _BIZ_STEPS.get(section, _FINISHING), **_where(atelier)}


def _note_events(proof: Proof) -> Iterable[dict[str, Any]]:
    """One for each note, side and day. What was cancelled did not leave."""
    days = defaultdict[tuple[str, str, str, str, date], list[NoteRow]](list)
    for row in proof.note_rows:
        if row.state != "cancelled":
            days[row.note, row.direction, row.atelier, row.other, row.day].append(row)
    for (note, direction, atelier, other, day), rows in days.items():
        sent = direction == "sent"
        moved = [_moved(proof, row, row.sent if sent else row.received) for row in rows]
        sender, receiver = (atelier, other) if sent else (other, atelier)
        transaction = {"type": "desadv", "bizTransaction": _urn("note", sender, note)}
        event = _event(proof, atelier, day, direction, note, other, transaction)
        yield {
            "type": "ObjectEvent",
            "action": "OBSERVE",
            "quantityList": moved,
            **event,
            "bizStep": "shipping" if sent else "receiving",
            "disposition": "in_transit" if sent else "in_progress",
            **_where(atelier),
            "sourceList": [{"type": "possessing_party", "source": _urn("party", sender)}],
            "destinationList": [{"type": "possessing_party", "destination": _urn("party", receiver)}],
        }


def _event(proof: Proof, atelier: str, day: date, *parts: str | dict[str, str]) -> dict[str, Any]:
    """What every event has. Its id is made of what it is about: drawn up anew, it is the same event."""
    names = [part for part in parts if isinstance(part, str)]
    transactions = [part for part in parts if not isinstance(part, str)]
    id_ = uuid5(NAMESPACE_URL, _urn("event", proof.order.code, atelier, day.isoformat(), *names))
    ended = _end_of(day, proof.zones.get(atelier, "UTC"))
    order = {"type": "prodorder", "bizTransaction": _urn("order", proof.order.code)}
    return {
        "eventID": f"urn:uuid:{id_}",
        "eventTime": ended.isoformat(),
        "eventTimeZoneOffset": ended.isoformat()[-6:],
        "bizTransactionList": [order, *transactions],
    }


def _where(atelier: str) -> dict[str, Any]:
    return {"readPoint": {"id": _urn("place", atelier)}, "bizLocation": {"id": _urn("place", atelier)}}


def _quantity(proof: Proof, row: SectionRow, section: str) -> dict[str, Any]:
    return {"epcClass": _urn("class", proof.order.code, row.size, row.colour, section), "quantity": row.pieces}


def _moved(proof: Proof, row: NoteRow, pieces: int) -> dict[str, Any]:
    """A note does not say how far its pieces are."""
    return {"epcClass": _urn("class", proof.order.code, row.size, row.colour, "any"), "quantity": pieces}


def _urn(*parts: str) -> str:
    """RFC 8141: what is not allowed there is percent-encoded; an empty part is a hyphen."""
    return ":".join((SCHEME, *(quote(part, safe="-._~") or "-" for part in parts)))


def _end_of(day: date, zone: str) -> datetime:
    try:
        there = ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError):
        return datetime.combine(day, time(23, 59, 59), UTC)
    offset = datetime.combine(day, time(23, 59, 59), there).utcoffset() or timedelta()
    whole = timezone(timedelta(minutes=round(offset.total_seconds() / 60)))  # as EPCIS writes it
    return datetime.combine(day, time(23, 59, 59), whole)


def _instant(ms: int) -> str:
    return datetime.fromtimestamp(ms // 1000, UTC).isoformat()
