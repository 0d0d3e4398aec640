"""One row below the titles of a table: what it holds, and whether it is a line, a sum, a heading or a note."""

from collections.abc import Sequence
from dataclasses import dataclass

from floor_app.domain.order_cells import Cell, cell_text, read_pieces
from floor_app.domain.order_columns import SheetColumns
from floor_app.domain.order_headings import is_heading, read_heading
from floor_app.domain.order_titles import is_total


@dataclass(frozen=True, slots=True)
class Place:
    """A cell of the sheet: its row, counting from 1, and the title of its column."""

    row: int
    column: str = ""


@dataclass(frozen=True, slots=True)
class TableRow:
    """Row `number` (from 1) of the sheet, read under `columns`."""

    number: int
    cells: Sequence[Cell]
    columns: SheetColumns

    @property
    def filled(self) -> list[Cell]:
        return [cell for cell in self.cells if cell_text(cell)]

    @property
    def has_pieces(self) -> bool:
        """Something stands where a line has its size, quantity or total."""
        return any(cell_text(self.cell(index)) for index in self._piece_columns())

    @property
    def is_heading(self) -> bool:
        """« OF : 2026-0118 » between two tables, but not the order code « OF: 12 » of a line."""
        filled = self.filled
        if is_heading(self.cells):
            return not self.has_pieces or (len(filled) == 2 and ":" not in cell_text(filled[0]))
        return len(filled) == 1 and not self.text("code") and bool(read_heading([self.cells], first_row=0))

    @property
    def is_total(self) -> bool:
        """A sum is labelled in the size or colour column, or first in a row of nothing but numbers."""
        if is_total(self.text("size")) or is_total(self.text("colour")):
            return True
        label, *others = self.filled
        code = self.text("code")
        return is_total(cell_text(label)) and (not code or is_total(code)) and all(map(is_number, others))

    @property
    def names_order(self) -> bool:
        """The code column holds a code rather than a note: few words, no « title : value », a digit where alone."""
        code = self.text("code")
        return _may_be_code(code) and (len(self.filled) > 1 or any(char.isdigit() for char in code))

    def is_signature(self, *, below_total: bool) -> bool:
        """Words alone in the columns of pieces, at the foot of a table: « Visa du chef d'atelier »."""
        texts = [text for index in self._piece_columns() if (text := cell_text(self.cell(index)))]
        wordy = all(below_total or ":" in text or " " in text for text in texts)
        return wordy and not any(map(str.isdigit, "".join(texts))) and not _may_be_code(self.text("code"))

    def counted_columns(self) -> tuple[int, ...]:
        """The columns whose numbers a total row adds up."""
        return self._columns("quantity", "total")

    def cell(self, index: int) -> Cell:
        return self.cells[index] if 0 <= index < len(self.cells) else None

    def cell_of(self, name: str) -> Cell:
        return self.cell(self.columns.at.get(name, -1))

    def text(self, name: str) -> str:
        return cell_text(self.cell_of(name))

    def place(self, name: str) -> Place:
        return Place(self.number, self.columns.name(self.columns.at.get(name)))

    def place_at(self, index: int) -> Place:
        return Place(self.number, self.columns.name(index))

    def _piece_columns(self) -> tuple[int, ...]:
        return self._columns("total") if self.columns.sizes else self._columns("size", "quantity")

    def _columns(self, *names: str) -> tuple[int, ...]:
        return (*self.columns.sizes, *(self.columns.at[name] for name in names if name in self.columns.at))


def is_number(cell: Cell) -> bool:
    return isinstance(read_pieces(cell), int)


def _may_be_code(text: str) -> bool:
    return bool(text) and ":" not in text and len(text.split()) <= 3
