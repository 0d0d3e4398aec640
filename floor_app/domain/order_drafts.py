"""Orders while a sheet is being read, row after row: what is known so far, and what is wrong."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from floor_app.domain.order_cells import Cell, cell_text, read_due, within_line
from floor_app.domain.order_faults import FAULT_VALUE_LIMIT, Fault, FaultCode
from floor_app.domain.order_headings import HeadingValue
from floor_app.domain.order_table_rows import Place
from floor_app.domain.orders import CODE_LIMIT, LINES_LIMIT, TEXT_LIMIT, Order, OrderLine, clean_text, likeness

FAULTS_LIMIT = 500
ORDER_FIELDS = ("client", "contract", "style", "due")


@dataclass(slots=True)
class FaultList:
    """The faults found so far, 500 at most: nobody mends more at one go."""

    faults: list[Fault] = field(default_factory=list)
    seen: int = 0

    def add(self, place: Place, code: FaultCode, *, value: str = "") -> None:
        """Note a fault, once."""
        self.seen += 1
        if len(self.faults) > FAULTS_LIMIT:
            return
        column, value = (clean_text(text, limit=FAULT_VALUE_LIMIT) for text in (place.column, value))
        fault = Fault(place.row, column, code, value)
        if fault not in self.faults:
            self.faults.append(fault)

    def in_row_order(self) -> tuple[Fault, ...]:
        """By row; where some were left out, the last one says so."""
        ordered = sorted(self.faults, key=lambda fault: fault.row)
        if len(ordered) > FAULTS_LIMIT:
            ordered[FAULTS_LIMIT:] = [Fault(ordered[-1].row, "", FaultCode.TOO_MANY_FAULTS, str(FAULTS_LIMIT))]
        return tuple(ordered)


@dataclass(slots=True)
class OrderDraft:
    """One order being read; `row` is the first row (from 1) that names it."""

    code: str
    row: int
    heading: Mapping[str, HeadingValue]
    faults: FaultList
    given: dict[str, str | date] = field(default_factory=dict)
    lines: dict[tuple[str, str], tuple[int, OrderLine]] = field(default_factory=dict)
    spellings: dict[str, str] = field(default_factory=dict)
    colour: str = ""
    faulty: bool = False

    def fault(self, place: Place, code: FaultCode, *, value: str = "") -> None:
        """Note a fault of this order."""
        self.faulty = True
        self.faults.add(place, code, value=value)

    def text(self, place: Place, cell: Cell, *, limit: int = TEXT_LIMIT) -> str:
        """The text of a cell; "" and a fault where it is too long or Excel made a date of it."""
        code = text_fault(cell, limit=limit)
        if code:
            self.fault(place, code, value=cell_text(cell))
            return ""
        return cell_text(cell)

    def set_field(self, name: str, place: Place, *, cell: Cell) -> None:
        """Take a client, contract, style or due date; a blank changes nothing, another value is a conflict."""
        if not cell_text(cell):
            return
        value = self._due(place, cell) if name == "due" else self.text(place, cell)
        if not value:
            return
        first = self.given.setdefault(name, value)
        if _alike(first) != _alike(value):
            self.fault(place, FaultCode.FIELD_CONFLICT, value=f"{str(value)[:28]} ≠ {str(first)[:28]}")

    def add_line(self, place: Place, *, size: str, pieces: int) -> None:
        """Add a line in the colour of the row; size and colour keep the spelling they had first."""
        colour = self.spellings.setdefault(f"colour {likeness(self.colour)}", self.colour)
        size = self.spellings.setdefault(f"size {likeness(size)}", size)
        kind = (likeness(size), likeness(colour))
        counted = within_line(pieces)
        if isinstance(counted, FaultCode):
            self.fault(place, counted, value=str(pieces))
        elif kind in self.lines:
            self.fault(place, FaultCode.LINE_TWICE, value=str(self.lines[kind][0]))
        elif len(self.lines) == LINES_LIMIT:
            self.fault(place, FaultCode.TOO_MANY_LINES, value=self.code)
        else:
            self.lines[kind] = (place.row, OrderLine(size, colour, counted))

    def finish(self, colour_title: str) -> Order | None:
        """The order as read, fields left blank taken from above the table; None where it has no readable line."""
        for name in ORDER_FIELDS:
            if name not in self.given and name in self.heading:
                found = self.heading[name]
                self.set_field(name, Place(found.row + 1, found.title), cell=found.value)
        if not self.lines and not self.faulty:
            self.fault(Place(self.row), FaultCode.ORDER_EMPTY, value=self.code)
        lines = self._lines_with_colour(colour_title)
        return self._order(lines) if lines else None

    def take_heading_colour(self) -> None:
        """Start with the colour written above the table, where there is one."""
        found = self.heading.get("colour")
        if found:
            self.colour = self.text(Place(found.row + 1, found.title), found.value)

    def pieces(self, colour: str | None = None) -> int:
        """The pieces read, of one colour or of all."""
        lines = [line for _, line in self.lines.values()]
        return sum(line.quantity for line in lines if colour is None or likeness(line.colour) == likeness(colour))

    def _due(self, place: Place, cell: Cell) -> date | None:
        due = read_due(cell)
        if isinstance(due, FaultCode):
            self.fault(place, due, value=cell_text(cell))
            return None
        return due

    def _lines_with_colour(self, colour_title: str) -> tuple[OrderLine, ...]:
        bare = [row for row, line in self.lines.values() if not line.colour]
        if not bare or len(bare) == len(self.lines):
            return tuple(line for _, line in self.lines.values())
        for row in sorted(set(bare)):
            self.fault(Place(row, colour_title), FaultCode.COLOUR_MISSING)
        return tuple(line for _, line in self.lines.values() if line.colour)

    def _order(self, lines: tuple[OrderLine, ...]) -> Order:
        client, contract, style = (str(self.given.get(name, "")) for name in ("client", "contract", "style"))
        due = self.given.get("due")
        return Order(self.code, client, contract, style, due if isinstance(due, date) else None, lines)


@dataclass(frozen=True, slots=True)
class TotalCell:
    """A total written on a line: of the row, of its order or of a colour of its order."""

    place: Place
    written: int
    draft: OrderDraft
    colour: str
    row_pieces: int
    size_in_row: bool

    def check(self) -> None:
        """Note a fault where the total fits none of them."""
        if self.written in (self.row_pieces, self.draft.pieces(), self.draft.pieces(self.colour)):
            return
        # A sum over rows says nothing while one of these rows could not be read.
        if self.size_in_row and self.draft.faulty:
            return
        self.draft.fault(self.place, FaultCode.TOTAL_DIFFERS, value=f"{self.written} ≠ {self.row_pieces}")


def text_fault(cell: Cell, *, limit: int) -> FaultCode | None:
    """What keeps a cell from being a text of the order. « 10-12 » typed in Excel silently becomes 10 December."""
    if isinstance(cell, date):
        return FaultCode.TEXT_IS_DATE
    return FaultCode.TEXT_TOO_LONG if len(cell_text(cell)) > limit else None


def order_code(cell: Cell) -> str:
    """The code of an order, cut to what an order may have: for grouping the rows of a faulty one too."""
    return clean_text(cell_text(cell), limit=CODE_LIMIT)


def _alike(value: str | date) -> str | date:
    return likeness(value) if isinstance(value, str) else value
