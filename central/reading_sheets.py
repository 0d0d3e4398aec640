"""A day sheet as it arrives: is it one, is it whose it says, is it of a day that can be? Nothing is stored here."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from central.domain.new_sheets import SheetKey
from central.domain.sheet_rules import Version
from central.exact_json import ExactJson
from contract import schemas
from contract.canonical import digest
from contract.day_sheets import SCHEMAS
from contract.schemas import FieldFault

EARLIEST = date(2020, 1, 1)
DAYS_AHEAD = timedelta(days=2)  # an atelier overseas is a day before us; a day after that is a clock that is wrong


@dataclass(frozen=True, slots=True)
class SheetOffer:
    """`body`: canonical bytes. `if_match`: the digest it is to be put in place of, or ""."""

    key: SheetKey
    version: Version
    said: dict[str, Any]
    body: bytes
    if_match: str = ""


@dataclass(frozen=True, slots=True)
class Refused:
    """`code`: unknown_schema, bad_fields; of a sheet in a file bad_json."""

    code: str
    faults: tuple[FieldFault, ...] = ()


def read_sheet(sent: ExactJson, *, atelier: str, day: str, today: date, if_match: str = "") -> SheetOffer | Refused:
    """`atelier`, `day`: whose and of which day it has to be."""
    said = sent.value
    schema = said.get("schema") if isinstance(said, dict) else None
    if isinstance(schema, int) and schema not in SCHEMAS:
        return Refused("unknown_schema")
    faults = schemas.field_faults("DaySheet", said) or tuple(_faults(said, atelier, day, today))
    if faults:
        return Refused("bad_fields", faults)
    version = Version(said["revision"], digest(sent.content), said["events"]["last"])
    return SheetOffer(SheetKey(atelier, date.fromisoformat(day)), version, said, sent.content, if_match.strip('"'))


def _faults(said: dict[str, Any], atelier: str, day: str, today: date) -> Iterator[FieldFault]:
    if said["atelier"] != atelier:
        yield FieldFault("/atelier", "is not the atelier of the address")
    if said["day"] != day:
        yield FieldFault("/day", "is not the day of the address")
    elif not EARLIEST <= date.fromisoformat(day) <= today + DAYS_AHEAD:
        yield FieldFault("/day", "is no day that has been: a clock is wrong")
