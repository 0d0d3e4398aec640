"""Day sheets for tests: of an atelier that cuts, sews and finishes, and whose figures agree with each other."""

import json
from dataclasses import replace
from datetime import date
from typing import Any

from central.exact_json import exact
from central.reading_sheets import SheetOffer, read_sheet
from contract import day_sheets
from contract.day_sheets import (
    Attendance,
    Control,
    Count,
    Cut,
    DaySheet,
    EventRange,
    InsertionHours,
    Lost,
    TransferLine,
)

DAY = "2026-11-23"
TODAY = date(2026, 11, 26)


def a_sheet(
    revision: int = 1,
    *,
    atelier: str = "lille",
    day: str = DAY,
    pieces: int = 100,
    order: str = "OF-1",
    last_event: int = 0,
    sizes: tuple[str, ...] = ("M",),
    transfers: tuple[TransferLine, ...] = (),
    **changed: Any,
) -> DaySheet:
    """Of each size `pieces` cut, 60 sewn, 40 finished; `last_event`: by itself later with each revision."""
    lines = [{"order": order, "allocation": "A1", "size": size, "colour": "Écru"} for size in sizes]
    counts = [
        count
        for line in lines
        for count in (
            Count(**line, operation="sew", section="sew", last=False, section_last=True, good=60, rejected=2),
            Count(**line, operation="finish", section="finish", last=True, section_last=True, good=38, presumed=2),
        )
    ]
    sheet = DaySheet(
        atelier,
        day,
        revision,
        "Europe/Paris",
        "ok",
        EventRange(1, last_event or 100 * revision, 9),
        cut=tuple(Cut(**line, pieces=pieces) for line in lines),
        counts=tuple(counts),
        transfers=transfers,
        attendance_minutes=(Attendance("sew", 2400, (Lost("panne", 30),)),),
        insertion_hours=(InsertionHours("M-2026-7", 420, "<5"),),
    )
    return with_control(replace(sheet, **changed))


def with_control(sheet: DaySheet) -> DaySheet:
    """Its control totals as its counts bear them out."""
    unsaid = day_sheets.control_gaps(day_sheets.to_plain(replace(sheet, control=Control())))
    return replace(sheet, control=Control(**{gap.total: gap.found for gap in unsaid}))


def with_gap(sheet: DaySheet, *, pieces: int = 7) -> DaySheet:
    """It says that so many more were finished than its counts say."""
    said = replace(sheet.control, pieces_finished=sheet.control.pieces_finished + pieces)
    return replace(sheet, control=said)


def a_note(
    note: str = "LILLE-1", *, to: str = "", of: str = "", sent: int = 0, received: int = 0, state: str = "in_transit"
) -> TransferLine:
    """`to`: on the sender's sheet; `of`: on the receiver's."""
    direction, other = ("sent", to) if to else ("received", of)
    return TransferLine(note, direction, other, "OF-1", "A1", "M", "Écru", sent, received, state)


def offered(sheet: DaySheet, *, if_match: str = "") -> SheetOffer:
    offer = read_sheet(exact(plain(sheet)), atelier=sheet.atelier, day=sheet.day, today=TODAY, if_match=if_match)
    assert isinstance(offer, SheetOffer), offer
    return offer


def plain(sheet: DaySheet) -> dict[str, Any]:
    said: dict[str, Any] = json.loads(day_sheets.to_bytes(sheet))
    return said
