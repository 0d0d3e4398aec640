"""What day sheets say of one order: by section, place and day, and its delivery notes. Of sheets that agree with themselves alone."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, func, literal, or_, select, union_all

from central.store.tables import sheet, sheet_count, sheet_cut, sheet_transfer

CUT = "cut"


@dataclass(frozen=True, slots=True)
class SectionRow:
    """Pieces that left a section good, in one place on one day; of the section `cut`, pieces of lays."""

    section: str
    atelier: str
    day: date
    size: str
    colour: str
    pieces: int


@dataclass(frozen=True, slots=True)
class NoteRow:
    """What one side's sheet of a day says of one size and colour of a note. `direction`: sent, received. `other`: the other atelier."""

    atelier: str
    day: date
    note: str
    direction: str
    other: str
    size: str
    colour: str
    sent: int
    received: int
    state: str


@dataclass(frozen=True, slots=True)
class SheetRow:
    atelier: str
    day: date
    timezone: str
    clock: str
    counted: bool


def sections(db: Connection, order: str) -> list[SectionRow]:
    """By section, atelier, day, size and colour."""
    cut, count = sheet_cut.c, sheet_count.c
    cuts = select(
        literal(CUT).label("section"), cut.atelier, cut.day, cut.size, cut.colour, func.sum(cut.pieces).label("pieces")
    ).where(cut.order_code == order, cut.counted)
    counts = select(
        count.section, count.atelier, count.day, count.size, count.colour, func.sum(count.good + count.presumed)
    ).where(count.order_code == order, count.counted, count.section != CUT, or_(count.section_last, count.last))
    rows = db.execute(
        union_all(
            cuts.group_by(cut.atelier, cut.day, cut.size, cut.colour),
            counts.group_by(count.section, count.atelier, count.day, count.size, count.colour),
        )
    )
    found = (SectionRow(row[0], row[1], row[2], row[3], row[4], int(row[5])) for row in rows if row[5])
    return sorted(found, key=lambda row: (row.section, row.atelier, row.day, row.size, row.colour))


def notes(db: Connection, order: str) -> list[NoteRow]:
    table = sheet_transfer.c
    rows = db.execute(
        select(
            table.atelier,
            table.day,
            table.note,
            table.direction,
            table.other_atelier,
            table.size,
            table.colour,
            table.sent,
            table.received,
            table.state,
        )
        .where(table.order_code == order, table.counted)
        .order_by(table.day, table.atelier, table.note, table.size, table.colour)
    )
    return [NoteRow(*row) for row in map(tuple, rows)]


def sheets(db: Connection, ateliers: list[str], *, from_day: date, to_day: date) -> list[SheetRow]:
    """By atelier and day, both ends included."""
    rows = db.execute(
        select(sheet.c.atelier, sheet.c.day, sheet.c.timezone, sheet.c.clock, sheet.c.counted)
        .where(sheet.c.atelier.in_(ateliers), sheet.c.day.between(from_day, to_day))
        .order_by(sheet.c.atelier, sheet.c.day)
    )
    return [SheetRow(*row) for row in rows]


def gap_days(db: Connection, order: str) -> list[tuple[str, date]]:
    """(atelier, day) of sheets that speak of the order and do not agree with themselves: their figures are in no total."""
    found: set[tuple[str, date]] = set()
    for table in (sheet_cut, sheet_count, sheet_transfer):
        chosen = select(table.c.atelier, table.c.day).distinct()
        rows = db.execute(chosen.where(table.c.order_code == order, table.c.counted.is_(False)))
        found |= {(row[0], row[1]) for row in rows}
    return sorted(found)
