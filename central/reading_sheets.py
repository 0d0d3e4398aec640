"""A day sheet as it arrives: is it one, is it whose it says, is it of a day that can be?

Nothing is stored here, but everything is worked out that needs no database: what many sheets wait for together is then short.
"""

import zlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any

from central.domain.new_sheets import SheetContent, SheetKey
from central.domain.sheet_figures import figures_of
from central.domain.sheet_rules import Version
from central.exact_json import ExactJson
from central.store import sheet_rows
from contract import schemas
from contract.canonical import digest
from contract.day_sheets import SCHEMAS, control_gaps
from contract.schemas import FieldFault

BODY_LEVEL = 6
EARLIEST = date(2020, 1, 1)
DAYS_AHEAD = timedelta(days=2)  # an atelier overseas is a day before us; a day after that is a clock that is wrong


@dataclass(frozen=True, slots=True)
class SheetOffer:
    """`if_match`: the digest it is to be put in place of, or ""."""

    key: SheetKey
    version: Version
    content: SheetContent
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
    key, gaps = SheetKey(atelier, date.fromisoformat(day)), [asdict(gap) for gap in control_gaps(said)]
    rows, packed = sheet_rows.rows_of(said, key, counted=not gaps), zlib.compress(sent.content, BODY_LEVEL)
    return SheetOffer(key, version, SheetContent(said, packed, rows, figures_of(said), gaps), if_match.strip('"'))


def _faults(said: dict[str, Any], atelier: str, day: str, today: date) -> Iterator[FieldFault]:
    if said["atelier"] != atelier:
        yield FieldFault("/atelier", "is not the atelier of the address")
    if said["day"] != day:
        yield FieldFault("/day", "is not the day of the address")
    elif not EARLIEST <= date.fromisoformat(day) <= today + DAYS_AHEAD:
        yield FieldFault("/day", "is no day that has been: a clock is wrong")
