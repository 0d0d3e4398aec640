"""What a machine sends to have a scan counted. Checked by hand: every scan takes this road, and a schema costs more than the rule."""

import json
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

LARGEST_BODY_BYTES = 16_384
LONGEST_CODE = 512
FIELDS = frozenset({"id", "code", "station", "at"})

_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_STATION = re.compile(r"[a-z0-9-]{1,32}")
_TIME = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)", re.ASCII)  # RFC 3339


@dataclass(frozen=True, slots=True)
class ScanBody:
    """`station` "" when it was left out. `at_ms`: when it was scanned, UTC, if the machine said so."""

    id: str
    code: str
    station: str
    at_ms: int | None


@dataclass(frozen=True, slots=True)
class BodyFault:
    """`code`: not_json, not_an_object, unknown_field, missing_field, not_text, bad_id, too_long, bad_station, bad_time."""

    code: str
    field: str = ""

    @property
    def status(self) -> int:
        """400 when nothing could be read, 422 when what was read will not do."""
        return 400 if self.code in ("not_json", "not_an_object") else 422


def read_scan_body(body: bytes) -> ScanBody | BodyFault:
    try:
        sent = json.loads(body.decode())
    except (ValueError, RecursionError):  # not UTF-8, not JSON, a number of 5000 digits, brackets without end
        return BodyFault("not_json")
    if type(sent) is not dict:
        return BodyFault("not_an_object")
    return _fault(sent) or _read(sent)


def _fault(sent: dict[str, Any]) -> BodyFault | None:
    if not sent.keys() <= FIELDS:
        return BodyFault("unknown_field")
    for name in ("id", "code"):
        if name not in sent:
            return BodyFault("missing_field", name)
    for name, value in sent.items():
        if type(value) is not str:
            return BodyFault("not_text", name)
    return _text_fault(sent)


def _text_fault(sent: dict[str, str]) -> BodyFault | None:
    if not _ID.fullmatch(sent["id"]):
        return BodyFault("bad_id", "id")
    if len(sent["code"]) > LONGEST_CODE:
        return BodyFault("too_long", "code")
    return None if _STATION.fullmatch(sent.get("station", "none")) else BodyFault("bad_station", "station")


def _read(sent: dict[str, str]) -> ScanBody | BodyFault:
    at = sent.get("at")
    at_ms = None if at is None else _milliseconds(at)
    if at is not None and at_ms is None:
        return BodyFault("bad_time", "at")
    return ScanBody(sent["id"], sent["code"], sent.get("station", ""), at_ms)


def _milliseconds(written: str) -> int | None:
    if not _TIME.fullmatch(written):
        return None
    try:
        return int(datetime.fromisoformat(written.upper()).timestamp() * 1000)
    except (ValueError, OverflowError):  # the 31st of February, an offset of 99 hours
        return None
