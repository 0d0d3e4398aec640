"""The rows below the titles: which row is a line, a total, a heading or a note, and what each adds to the orders."""

from collections.abc import Mapping, Sequence

from floor_app.domain.order_cells import Cell, cell_text, read_pieces
from floor_app.domain.order_columns import SheetColumns, is_total
from floor_app.domain.order_drafts import (
    ORDER_FIELDS,
    FaultList,
    OrderDraft,
    Place,
    TotalCell,
    order_code,
    text_fault,
)
from floor_app.domain.order_faults import FaultCode
from floor_app.domain.order_headings import HeadingValue, is_heading, read_heading
from floor_app.domain.order_totals import ALL, RunningTotals
from floor_app.domain.orders import CODE_LIMIT, TEXT_LIMIT, Order, clean_text

# What a new heading inside the sheet does not unsay: two orders of one sheet often share these.
_HEADINGS_KEPT = ("client", "contract")


class RowReader:
    """Reads rows one by one, from the top; `columns` changes where the sheet has another title row."""

    def __init__(self, columns: SheetColumns, faults: FaultList, heading: Mapping[str, HeadingValue]) -> None:
        self.columns = columns
        self.faults = faults
        self.first_heading = heading
        self.rows_read = 0
        self._heading = heading
        self._in_heading = False
        self._below_table = ""
        self._drafts: dict[str, OrderDraft] = {}
        self._draft: OrderDraft | None = None
        self._totals = RunningTotals()
        self._total_cells: list[TotalCell] = []

    def read(self, number: int, row: Sequence[Cell]) -> None:
        """Take in one row; `number` counts from 1."""
        filled = [cell for cell in row if cell_text(cell)]
        if not filled:
            self._below_table = self._below_table or "blank"
        elif self._is_heading(row, filled):
            self._read_heading(number, row)
        elif self._is_total_row(row, filled):
            self._read_total_row(number, row)
        elif self._has_pieces(row) and not self._is_signature(row):
            self._read_line_row(number, row)
        else:
            self._read_bare_row(number, row, filled)

    def finish(self) -> tuple[Order, ...]:
        """The orders read; the checks that need every row are made here."""
        for total in self._total_cells:
            total.check()
        title = self.columns.name(self.columns.at.get("colour"))
        orders = [draft.finish(title) for draft in self._drafts.values()]
        return tuple(order for order in orders if order)

    def _is_heading(self, row: Sequence[Cell], filled: Sequence[Cell]) -> bool:
        """« OF : 2026-0118 » between two tables, but not the order code « OF: 12 » of a line."""
        if is_heading(row):
            return not self._has_pieces(row) or (len(filled) == 2 and ":" not in cell_text(filled[0]))
        return len(filled) == 1 and not self._cell_text(row, "code") and bool(read_heading([row], first_row=0))

    def _is_total_row(self, row: Sequence[Cell], filled: Sequence[Cell]) -> bool:
        """A sum is labelled in the size or colour column, or first in a row of nothing but numbers."""
        if any(is_total(self._cell_text(row, name)) for name in ("size", "colour")):
            return True
        code = self._cell_text(row, "code")
        if not is_total(cell_text(filled[0])) or (code and not is_total(code)):
            return False
        return all(_is_number(cell) for cell in filled[1:])

    def _has_pieces(self, row: Sequence[Cell]) -> bool:
        return any(cell_text(_at(row, index)) for index in self._piece_columns())

    def _piece_columns(self) -> tuple[int, ...]:
        """The columns that make a row a line of the order."""
        return self._columns("total") if self.columns.sizes else self._columns("size", "quantity")

    def _columns(self, *names: str) -> tuple[int, ...]:
        return (*self.columns.sizes, *(self.columns.at[name] for name in names if name in self.columns.at))

    def _is_signature(self, row: Sequence[Cell]) -> bool:
        """Below a total or a blank row, words alone in the columns of pieces: « Visa du chef d'atelier »."""
        texts = [cell_text(_at(row, index)) for index in self._piece_columns()]
        wordy = all(self._below_table == "total" or ":" in text or " " in text for text in texts if text)
        worded = not any(char.isdigit() for text in texts for char in text)
        return bool(self._below_table) and worded and wordy and not _may_be_code(self._cell_text(row, "code"))

    def _read_heading(self, number: int, row: Sequence[Cell]) -> None:
        if not self._in_heading:
            self._heading = {name: found for name, found in self._heading.items() if name in _HEADINGS_KEPT}
        self._in_heading = True
        found = read_heading([row], first_row=number - 1)
        self._heading = {**self._heading, **found}
        if "code" in found:
            self._draft = None

    def _read_total_row(self, number: int, row: Sequence[Cell]) -> None:
        self._below_table = "total"
        columns = self._columns("quantity", "total")
        read = {index: self._read_pieces(number, row, index) for index in columns}
        written = {index: pieces for index, pieces in read.items() if pieces is not None}
        known = {*columns, self.columns.at.get("code")}
        elsewhere = [index for index, cell in enumerate(row) if index not in known and _is_number(cell)]
        if not written and len(elsewhere) == 1:
            written = {ALL: self._read_pieces(number, row, elsewhere[0]) or 0}
        differing = self._totals.differing(written)
        for index, (pieces, counted) in differing.items() if not self.faults.seen else ():
            title = self.columns.name(elsewhere[0] if index == ALL else index)
            self.faults.add(number, title, FaultCode.TOTAL_DIFFERS, f"{pieces} ≠ {counted}")

    def _read_line_row(self, number: int, row: Sequence[Cell]) -> None:
        self._in_heading = False
        self._below_table = ""
        self.rows_read += 1
        seen = self.faults.seen
        draft = self._draft_of(number, row)
        if draft is None:
            return
        self._set_fields(draft, number, row)
        pieces = self._read_sizes(draft, number, row) if self.columns.sizes else self._read_size(draft, number, row)
        total = self._read_total(number, row)
        if total is not None and seen == self.faults.seen:
            place = Place(number, self.columns.name(self.columns.at["total"]))
            in_rows = not self.columns.sizes
            self._total_cells.append(TotalCell(place, total, draft, draft.colour, sum(pieces.values()), in_rows))
        self._totals.add(draft.code, self._with_sums(pieces))

    def _read_bare_row(self, number: int, row: Sequence[Cell], filled: Sequence[Cell]) -> None:
        """A row without pieces: the order of the rows below, their colour, or a note such as « Signature »."""
        code = self._cell_text(row, "code")
        if _may_be_code(code) and (len(filled) > 1 or any(map(str.isdigit, code))):
            draft = self._draft_of(number, row)
            if draft:
                self._set_fields(draft, number, row)
        elif self._draft and len(filled) == 1 and self._cell_text(row, "colour"):
            self._set_fields(self._draft, number, row)
        else:
            self._draft = None

    def _draft_of(self, number: int, row: Sequence[Cell]) -> OrderDraft | None:
        """The order a row belongs to: the one it names, else the one above, else the one of the heading."""
        cell = self._cell(row, "code")
        if cell_text(cell):
            self._draft = self._draft_named(self._place(number, "code"), cell)
        elif self._draft is None and "code" in self._heading:
            found = self._heading["code"]
            self._draft = self._draft_named(Place(found.row + 1, found.title), found.value)
        if self._draft is None and "code" in self.columns.at:
            self.faults.add(number, self.columns.name(self.columns.at["code"]), FaultCode.ORDER_MISSING)
        elif self._draft is None:
            self.faults.add(self.columns.row + 1, "", FaultCode.ORDER_COLUMN_MISSING)
        return self._draft

    def _draft_named(self, place: Place, cell: Cell) -> OrderDraft:
        code = order_code(cell)
        if code not in self._drafts:
            self._drafts[code] = OrderDraft(code, place.row, self._heading, self.faults)
            self._drafts[code].take_heading_colour()
        fault = text_fault(cell, limit=CODE_LIMIT)
        if fault:
            self._drafts[code].fault(place, fault, cell_text(cell))
        return self._drafts[code]

    def _set_fields(self, draft: OrderDraft, number: int, row: Sequence[Cell]) -> None:
        for name in ORDER_FIELDS:
            draft.set_field(self._place(number, name), name, self._cell(row, name))
        if self._cell_text(row, "colour"):
            draft.colour = draft.text(self._place(number, "colour"), self._cell(row, "colour"))

    def _read_sizes(self, draft: OrderDraft, number: int, row: Sequence[Cell]) -> Mapping[int, int]:
        """Sizes in columns: blank, dash and zero mean none of that size."""
        read: dict[int, int] = {}
        for index in self.columns.sizes:
            pieces = self._read_pieces(number, row, index, draft)
            if pieces:
                read[index] = pieces
                title = self.columns.title(index)
                draft.add_line(Place(number, title), clean_text(title, limit=TEXT_LIMIT), pieces)
        return read

    def _read_size(self, draft: OrderDraft, number: int, row: Sequence[Cell]) -> Mapping[int, int]:
        """A size in a row: it needs its quantity, and the quantity needs its size."""
        index = self.columns.at["quantity"]
        place = self._place(number, "quantity")
        seen = self.faults.seen
        size = draft.text(self._place(number, "size"), self._cell(row, "size"))
        pieces = self._read_pieces(number, row, index, draft)
        if seen != self.faults.seen:
            return {}
        if not pieces:
            draft.fault(place, FaultCode.QUANTITY_MISSING if pieces is None else FaultCode.QUANTITY_ZERO, size)
            return {}
        if not size:
            draft.fault(self._place(number, "size"), FaultCode.SIZE_MISSING, str(pieces))
            return {}
        draft.add_line(place, size, pieces)
        return {index: pieces}

    def _read_total(self, number: int, row: Sequence[Cell]) -> int | None:
        return self._read_pieces(number, row, self.columns.at["total"]) if "total" in self.columns.at else None

    def _read_pieces(self, number: int, row: Sequence[Cell], index: int, draft: OrderDraft | None = None) -> int | None:
        pieces = read_pieces(_at(row, index))
        if not isinstance(pieces, FaultCode):
            return pieces
        self.faults.add(number, self.columns.name(index), pieces, cell_text(_at(row, index)))
        if draft:
            draft.faulty = True
        return None

    def _with_sums(self, pieces: Mapping[int, int]) -> Mapping[int, int]:
        count = sum(pieces.values())
        total = {self.columns.at["total"]: count} if "total" in self.columns.at else {}
        return {**pieces, **total, ALL: count}

    def _place(self, number: int, name: str) -> Place:
        return Place(number, self.columns.name(self.columns.at.get(name)))

    def _cell(self, row: Sequence[Cell], name: str) -> Cell:
        return _at(row, self.columns.at.get(name, -1))

    def _cell_text(self, row: Sequence[Cell], name: str) -> str:
        return cell_text(self._cell(row, name))


def _is_number(cell: Cell) -> bool:
    return isinstance(read_pieces(cell), int)


def _may_be_code(text: str) -> bool:
    """An order code rather than a sentence: few words, no « title : value »."""
    return bool(text) and ":" not in text and len(text.split()) <= 3


def _at(row: Sequence[Cell], index: int) -> Cell:
    return row[index] if 0 <= index < len(row) else None
